"""The fleet of used and unused endpoints: no wrong verdict, each with its reason, on different windows and when calls fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from local.usages import USAGES, Usage
from pointsman.core.idle_finding import Finding, Verdict, window_of
from pointsman.errors import Denied, Transient
from pointsman.idle import Search, find
from tests.worlds.fleet import Standing
from tests.worlds.usages import NOW, Remembered, found, silently, used

FOUND = {Verdict.IDLE, Verdict.UNDERUSED, Verdict.BUSY, Verdict.UNKNOWN, Verdict.EXEMPT}


@pytest.fixture(scope="module")
def fleet() -> Iterator[Standing]:
    with used() as standing:
        yield standing


@pytest.fixture
def account(fleet: Standing) -> Iterator[Standing]:
    yield fleet
    fleet.allow()


@pytest.fixture(scope="module")
def remembered(fleet: Standing) -> Remembered:
    return Remembered(fleet.account.hosting())


@pytest.fixture(scope="module")
def findings(remembered: Remembered) -> dict[str, Finding]:
    return found(remembered)


def test_every_verdict_is_met() -> None:
    assert {usage.verdict for usage in USAGES} == FOUND


@pytest.mark.parametrize("usage", USAGES, ids=lambda usage: usage.name)
def test_each_endpoint_is_called_what_it_is_with_its_reason(
    findings: dict[str, Finding], usage: Usage
) -> None:
    finding = findings[usage.name]
    assert finding.verdict is usage.verdict, finding.reason
    assert usage.says in f"{finding.reason} {finding.suggestion}"


def test_nothing_is_found_twice_or_left_out(findings: dict[str, Finding]) -> None:
    assert sorted(findings) == sorted(usage.name for usage in USAGES)


def test_what_is_idle_says_what_it_rests_on_and_since_when(findings: dict[str, Finding]) -> None:
    idle = [finding for finding in findings.values() if finding.verdict is Verdict.IDLE]
    assert all(finding.rests_on and finding.idle_since is not None for finding in idle)
    stopped, never = findings["llm-stopped"], findings["llm-never-asked"]
    assert stopped.idle_since == (NOW - timedelta(days=20)).replace(hour=12)
    assert not stopped.is_longer
    assert never.idle_since == never.endpoint.made
    assert findings["llm-zeros"].is_longer


def test_the_same_hour_of_past_weeks_is_waited_for(remembered: Remembered) -> None:
    weekly = found(remembered, days=3)["job-weekly"]
    assert weekly.verdict is Verdict.BUSY
    assert "it is asked every week on Thursday at 02:00 UTC, next on 2026-11-26" in weekly.reason


def test_on_a_short_window_nothing_that_is_used_is_called_idle(remembered: Remembered) -> None:
    idle = {name for name, finding in found(remembered, days=1).items() if finding.verdict is Verdict.IDLE}
    assert idle <= {usage.name for usage in USAGES if usage.verdict is Verdict.IDLE} | {
        "llm-young",
        "llm-updated",
    }


def test_what_pointsman_is_at_work_on_is_spared(remembered: Remembered) -> None:
    search = Search(window_of(NOW, 14), {"llm-zeros": "rollout llm-zeros.v2 is NEEDS_HUMAN"})
    [zeros] = [each for each in find(remembered, search, silently) if each.name == "llm-zeros"]
    assert (zeros.verdict, zeros.reason) == (
        Verdict.EXEMPT,
        "Pointsman is at work on it: rollout llm-zeros.v2 is NEEDS_HUMAN",
    )


def test_where_rollouts_are_not_known_nothing_that_was_ever_rolled_out_is_idle(
    remembered: Remembered,
) -> None:
    known = {str(each.name): each for each in find(remembered, Search(window_of(NOW, 14), None), silently)}
    assert known["llm-promoted"].reason == "signals not read: whether Pointsman is at work on it"
    assert (known["llm-promoted"].verdict, known["llm-zeros"].verdict) == (Verdict.UNKNOWN, Verdict.IDLE)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("cloudwatch", "GetMetricData"),
        ("sagemaker", "DescribeEndpoint"),
        ("sagemaker", "DescribeEndpointConfig"),
    ],
)
@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_without_an_answer_nothing_is_idle(
    account: Standing, service: str, operation: str, code: str
) -> None:
    account.kernel.faults.fail(service, operation, code, "no", times=10_000)
    unread = {usage.name for usage in USAGES if usage.verdict is Verdict.IDLE}
    for name, finding in found(account.account.hosting()).items():
        assert finding.verdict is not Verdict.IDLE
        assert name not in unread or finding.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("operation", "hidden"),
    [("DescribeModel", "pipeline"), ("ListInferenceComponents", "parts-quiet")],
)
def test_what_a_verdict_needs_and_nobody_answered_is_named(
    account: Standing, operation: str, hidden: str
) -> None:
    account.deny("sagemaker", operation)
    finding = found(account.account.hosting())[hidden]
    assert finding.verdict is Verdict.UNKNOWN
    assert f"sagemaker:{operation} is not allowed" in finding.reason


def test_without_the_list_of_endpoints_nothing_is_found(account: Standing) -> None:
    account.deny("sagemaker", "Search")
    with pytest.raises(Denied):
        found(account.account.hosting())
    account.allow()
    account.kernel.faults.fail("sagemaker", "Search", "ThrottlingException", "slow down", times=100)
    with pytest.raises(Transient):
        found(account.account.hosting())


def test_nothing_is_changed_and_the_rest_costs_few_calls(account: Standing) -> None:
    account.begin()
    found(account.account.hosting())
    assert account.writes() == []
    assert account.calls().count("Search") == 1
    assert account.calls().count("GetMetricData") <= 4
