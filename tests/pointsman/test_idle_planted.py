"""A bug in each rule, planted: a named endpoint of the fleet must be called wrong, or the rule would rest on nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from local.usages import USAGES
from pointsman import idle as finding
from pointsman.core import (
    idle,
    idle_async,
    idle_components,
    idle_instances,
    idle_rhythm,
    idle_spared,
    idle_underused,
)
from pointsman.core.idle_finding import Finding
from pointsman.hosted import Hosted
from tests.worlds.usages import Remembered, found, used

Patch = pytest.MonkeyPatch


def always(answer: Any) -> Callable[..., Any]:
    return lambda *_args, **_named: answer


@dataclass(frozen=True, slots=True)
class Planted:
    """A rule, what stands in its place, and whom that wrongs."""

    where: Any
    name: str
    put: Any
    wrongs: str
    days: int = 14


def _first_way_only(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda endpoint: list(real(endpoint))[:1]


def _without_extra(real: Callable[..., Any]) -> Callable[..., Any]:
    def bare(*given: Any) -> Any:
        way = real(*given)
        return type(way)(way.of, way.needed, (), way.any_will_do)

    return bare


def _all_needed(real: Callable[..., Any]) -> Callable[..., Any]:
    def strict(*given: Any) -> Any:
        way = real(*given)
        return type(way)(way.of, way.needed, way.extra, any_will_do=False)

    return strict


def _by_endpoint(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: real(*given)[:1]


PLANTED = (
    Planted(idle_instances, "of_variant", _by_endpoint, "llm-busy"),
    Planted(Hosted, "serving", property(lambda endpoint: endpoint.variants[:1]), "second-variant"),
    Planted(idle, "FRESH", timedelta(days=-1), "llm-zeros"),
    Planted(idle, "free", always(""), "on-demand"),
    Planted(idle, "free", always(""), "parts-at-zero"),
    Planted(idle, "_works", always(None), "llm-unseen"),
    Planted(idle, "_missing", always([]), "llm-silent"),
    Planted(idle, "_missing", always([]), "parts-unread"),
    Planted(idle, "_missing", always([]), "queue-unread"),
    Planted(idle, "_missing", always([]), "direct-unread"),
    Planted(idle, "_missing", always([]), "pools-unread"),
    Planted(idle, "_lifeless", always([]), "llm-fading"),
    Planted(idle, "_unread", always([]), "llm-failing"),
    Planted(idle, "_unread", always([]), "llm-partial"),
    Planted(idle, "_unread", always([]), "llm-forbidden"),
    Planted(idle, "_unread", always([]), "config-lost"),
    Planted(idle, "_unread", always([]), "model-lost"),
    Planted(idle, "comes_back", always(""), "job-month-end"),
    Planted(idle, "spared", always(""), "llm-rollout"),
    Planted(idle, "is_empty", always(answer=False), "parts-none"),
    Planted(finding, "sized", lambda found, *_rest: found, "llm-four-big"),
    Planted(idle_rhythm, "_weekly", always(""), "llm-holiday", days=3),
    Planted(idle_rhythm, "_after_pause", always(""), "job-every-17-days"),
    Planted(idle_rhythm, "_month_end", always(""), "job-month-end"),
    Planted(idle_rhythm, "_monthly", always(""), "job-mid-month"),
    Planted(idle_rhythm, "TRIED", timedelta(), "llm-tried-out"),
    Planted(idle_rhythm, "MONTH", timedelta(days=10), "job-mid-month"),
    Planted(idle_spared, "kept_by", always(""), "llm-kept"),
    Planted(idle_spared, "kept_by", always(""), "llm-kept-on"),
    Planted(idle_spared, "kept_by", always(""), "llm-kept-vaguely"),
    Planted(idle_spared, "NO", frozenset(), "llm-keep-false"),
    Planted(idle_spared, "ROLES", frozenset(), "llm-standby"),
    Planted(idle_spared, "_date", always(date.max), "llm-kept-once"),
    Planted(idle_spared, "_young", always(()), "llm-young"),
    Planted(idle_spared, "_young", always(()), "llm-updated"),
    Planted(idle_spared, "_young", always(()), "parts-updated"),
    Planted(idle_instances, "_way", _without_extra, "by-config"),
    Planted(idle_instances, "_way", _all_needed, "pools-quiet"),
    Planted(idle_components, "ways", _first_way_only, "parts-busy"),
    Planted(idle_async, "OUTCOMES", (), "queue-processed"),
    Planted(idle_underused, "RARELY", 0.0, "llm-rarely"),
    Planted(idle_underused, "FULL", 0.0, "llm-four-big"),
    Planted(idle_underused, "HALF_EMPTY", 0.0, "llm-one-big"),
)
FACTORIES = {_by_endpoint, _first_way_only, _without_extra, _all_needed}


@pytest.fixture(scope="module")
def remembered() -> Iterator[Remembered]:
    with used() as standing:
        yield Remembered(standing.account.hosting())


def is_right(findings: dict[str, Finding], name: str) -> bool:
    [usage] = [each for each in USAGES if each.name == name]
    told = findings[name]
    return told.verdict is usage.verdict and usage.says in f"{told.reason} {told.suggestion}"


def test_without_a_bug_everyone_is_called_right(remembered: Remembered) -> None:
    findings = found(remembered)
    assert [usage.name for usage in USAGES if not is_right(findings, usage.name)] == []


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: f"{bug.name}-{bug.wrongs}")
def test_a_rule_that_is_broken_is_found(remembered: Remembered, monkeypatch: Patch, bug: Planted) -> None:
    before = found(remembered, days=bug.days)[bug.wrongs]
    real = getattr(bug.where, bug.name)
    monkeypatch.setattr(bug.where, bug.name, bug.put(real) if bug.put in FACTORIES else bug.put)
    after = found(remembered, days=bug.days)[bug.wrongs]
    assert (after.verdict, after.suggestion) != (before.verdict, before.suggestion)
