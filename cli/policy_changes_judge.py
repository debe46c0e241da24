"""What changes where the judge compares something else, key by key. The other keys are in `policy_changes`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cli.policy_change import (
    LOOSER,
    NEITHER,
    SLOWER,
    STRICTER,
    Rule,
    Said,
    amount,
    collection,
    replaced,
    section,
)
from cli.policy_words import lasting, metric_words, percent
from pointsman.policy import Comparison, CustomMetric, Judging, Policy


def _compares(policy: Policy) -> Comparison:
    return policy.plan.health.comparison


def _mode(_old: Policy, new: Policy) -> Said:
    if _compares(new).mode is Judging.REPORT:
        return Said(
            "the judge only reports; until now it decided: only alarms and people take a version back", LOOSER
        )
    return Said("the judge decides; until now it only reported", STRICTER)


def _metric_rules(key: str, what: str, get: Callable[[Policy], CustomMetric | None]) -> dict[str, Rule]:
    """A metric that is named, or is not any more, and each of its keys."""

    def of(name: str) -> Callable[[Policy], Any]:
        return lambda policy: getattr(get(policy), name, "")

    return {
        key: section(
            get,
            lambda _old, new: Said(f"{what} is compared: {metric_words(get(new))}"),
            lambda old, _new: Said(f"{what} is compared no more: {metric_words(get(old))}"),
            NEITHER,
        ),
        f"{key}.namespace": replaced(f"the namespace of {what}", of("namespace"), str),
        f"{key}.metric": replaced(f"the metric of {what}", of("name"), str),
        f"{key}.dimensions": replaced(
            f"the dimensions of {what}",
            of("dimensions"),
            lambda pairs: ", ".join(f"{name}={value}" for name, value in pairs),
        ),
    }


HEALTH_RULES: Mapping[str, Rule] = {
    "health.errors.margin_percent": amount(
        "what is tolerated above the baseline's error rate",
        lambda p: _compares(p).error_margin_percent,
        percent,
        LOOSER,
    ),
    "health.errors.metrics": collection(
        "metrics that count as errors",
        lambda p: [metric_words(each) for each in _compares(p).failures],
        STRICTER,
    ),
    "health.latency.margin_percent": amount(
        "what is tolerated above the baseline's latency",
        lambda p: _compares(p).slower_percent,
        percent,
        LOOSER,
    ),
    **_metric_rules(
        "health.latency.output_tokens", "the time for an output token", lambda p: _compares(p).output_tokens
    ),
    **_metric_rules("health.quality", "the quality score", lambda p: _compares(p).quality),
    "health.judge.mode": _mode,
    "health.judge.warm_up": amount(
        "the time for which a cold start is no fault",
        lambda p: _compares(p).warm_up,
        lasting,
        LOOSER | SLOWER,
    ),
    "health.judge.alpha": amount(
        "the part of good releases that may be taken back by chance",
        lambda p: 100 * _compares(p).alpha,
        percent,
        STRICTER,
    ),
}
