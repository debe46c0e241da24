"""Every sample of `events/` goes through its real handler, once and twice. All of them together: `test_orders.py`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pointsman.core.phases import Phase
from tests.functions.account import ALARM, ENDPOINT, SAMPLES, VARIANT
from tests.functions.world import Here, require_whole_chain

OPENS = [
    "model_package_changed--approved.json",
    "model_package_changed--hostile-description.json",
    "model_package_changed--older-schema.json",
]
LOOKS = [name for name in SAMPLES if name.startswith("endpoint_changed--")]
DROPPED = {
    "alarm_changed--wrong-types.json": "alarmName is missing or no text",
    "endpoint_changed--hostile-name.json": "not an endpoint name",
    "endpoint_changed--sparse-nulls.json": "EndpointName is missing or no text",
    "model_package_changed--foreign-account.json": "no policy names group 999988887777/fraud-detector",
    "model_package_changed--unversioned.json": "ModelPackageGroupName is missing or no text",
    "rollout_due--hostile-body.json": "not an endpoint name",
}
OF_NOBODY_HERE = [
    "alarm_changed--anomaly.json",
    "alarm_changed--composite.json",
    "alarm_changed--composite-suppressed.json",
    "alarm_changed--hostile-name.json",
    "alarm_changed--metric-math.json",
    "alarm_changed--multi-time-series.json",
    "endpoint_changed--in-service-docs-minimal.json",
    "endpoint_changed--unknown-endpoint.json",
    "rollout_due--unknown-endpoint.json",
]
SAYS_NO_NEWS = ["model_package_changed--lifecycle.json", "model_package_changed--metadata-reemit.json"]
TAKES_BACK = [
    "alarm_changed--metric.json",
    "alarm_changed--metric-muted.json",
    "model_package_changed--rejected.json",
    "operator_request--abort.json",
]
LOOKS_AT_OURS = [name for name in LOOKS if name not in DROPPED and name not in OF_NOBODY_HERE]
PASSES = ["rollout_due--message.json", "rollout_due--redelivered.json"]
SWEEPS = [name for name in SAMPLES if name.startswith("registry_sweep--")]
TICKS = [name for name in SAMPLES if name.startswith("rollout_tick--")]
ANSWERED = ["operator_request--unknown-command.json"]
PEOPLE = [
    name for name in SAMPLES if name.startswith("operator_request--") and name not in (*TAKES_BACK, *ANSWERED)
]
"""What becomes of each: `test_people.py`."""
QUESTIONS = [name for name in SAMPLES if name.startswith("operator_query--")]
"""What they are answered: `test_operator_query.py`."""


def make_its_claim_true(here: Here, name: str) -> None:
    """Level, not edge: what a sample claims is done only if it is so."""
    if name.startswith("alarm_changed--"):
        here.set_alarm("ALARM")
    if name == "model_package_changed--rejected.json":
        here.judge_in_registry("Rejected")


def test_every_sample_has_its_expectation() -> None:
    expected = [*OPENS, *DROPPED, *OF_NOBODY_HERE, *SAYS_NO_NEWS, *TAKES_BACK]
    expected += [*LOOKS_AT_OURS, *PASSES, *TICKS, *ANSWERED, *PEOPLE, *SWEEPS, *QUESTIONS]
    assert sorted(expected) == SAMPLES


@pytest.mark.parametrize("name", OPENS)
@pytest.mark.parametrize("times", [1, 2])
def test_an_approval_opens_one_rollout(here: Here, name: str, times: int) -> None:
    here.judge_in_registry("Approved")
    for _ in range(times):
        here.deliver(name)
    assert (here.rollout().id, here.phase()) == ("Fraud-Prod.v7.20261120T140530Z", Phase.PENDING)
    assert len(here.records()) == 1
    require_whole_chain(here)


@pytest.mark.parametrize("name", OPENS)
def test_an_approval_that_the_registry_does_not_confirm_opens_nothing(here: Here, name: str) -> None:
    here.deliver(name)
    assert here.lane().rollout is None


@pytest.mark.parametrize("name", SAYS_NO_NEWS)
def test_a_repeated_word_on_an_approved_version_opens_nothing(here: Here, name: str) -> None:
    here.judge_in_registry("Approved")
    assert here.deliver(name) == []
    assert here.lane().rollout is None


@pytest.mark.parametrize("name", TAKES_BACK)
@pytest.mark.parametrize("times", [1, 2])
def test_what_takes_back_moves_traffic_once(baking: Here, name: str, times: int) -> None:
    make_its_claim_true(baking, name)
    before = baking.changing_calls()
    for _ in range(times):
        baking.deliver(name)
    baking.kernel.advance(timedelta(seconds=10))
    assert baking.phase() is Phase.ROLLING_BACK
    assert baking.changing_calls() == [*before, "UpdateEndpointWeightsAndCapacities"]
    assert baking.weights()[VARIANT] == 100
    require_whole_chain(baking)


@pytest.mark.parametrize("name", [each for each in TAKES_BACK if not each.startswith("operator_request")])
def test_an_event_whose_claim_is_not_so_any_more_takes_nothing_back(baking: Here, name: str) -> None:
    baking.deliver(name)
    assert baking.phase() is Phase.BAKING
    assert baking.weights()[VARIANT] == 50


@pytest.mark.parametrize("name", [*LOOKS_AT_OURS, *PASSES])
@pytest.mark.parametrize("times", [1, 2])
def test_a_look_at_the_endpoint_brings_an_opened_rollout_one_act_further(
    here: Here, name: str, times: int
) -> None:
    here.approve()
    for _ in range(times):
        here.deliver(name)
    assert here.phase() is Phase.PREPARING
    assert here.changing_calls() == ["UpdateEndpoint"]
    require_whole_chain(here)


@pytest.mark.parametrize("name", [*LOOKS_AT_OURS, *PASSES, *TAKES_BACK[:2], *TICKS])
def test_nothing_is_done_where_no_rollout_is_open(here: Here, name: str) -> None:
    make_its_claim_true(here, name)
    here.deliver(name)
    assert here.lane().fence == 0
    assert here.changing_calls() == []


@pytest.mark.parametrize("name", TICKS)
def test_a_tick_queues_every_open_rollout(here: Here, name: str) -> None:
    here.approve()
    here.drain()
    assert here.deliver(name)["due"] == 1
    assert here.drain() == [{"endpoint": ENDPOINT}]


@pytest.mark.parametrize("name", DROPPED)
def test_what_cannot_be_read_is_dropped_with_one_line_and_counted(here: Here, name: str) -> None:
    answer = here.deliver(name)
    [line] = here.said("event dropped")
    assert line["why"] == answer["dropped"]
    assert DROPPED[name] in line["why"]
    assert line["level"] == "WARNING"
    assert here.counted("EventDropped") == 1
    assert here.asked == []


@pytest.mark.parametrize("name", OF_NOBODY_HERE)
def test_what_concerns_no_policy_costs_no_call_to_sagemaker(baking: Here, name: str) -> None:
    before = baking.facts()
    calls = len(baking.kernel.calls)
    baking.deliver(name)
    assert baking.facts() == before
    assert len(baking.kernel.calls) == calls
    assert baking.counted("EventDropped") == 0


@pytest.mark.parametrize("name", ANSWERED)
def test_a_request_that_is_not_known_is_answered_with_what_is(baking: Here, name: str) -> None:
    answer = baking.deliver(name)
    assert answer["ok"] is False
    assert "there is: abort" in answer["message"]
    assert baking.phase() is Phase.BAKING


def test_an_abort_of_the_alarmed_endpoint_is_recorded_with_the_person_and_the_reason(baking: Here) -> None:
    baking.deliver("operator_request--abort.json")
    facts = baking.records()[-1].facts()
    assert facts["actor"] == "operator:arn:aws:iam::111122223333:user/alice"
    assert "latency looks wrong to me" in facts["reason"]
    assert facts["cause"] == "aborted"


def test_the_alarm_that_rolled_back_is_named(baking: Here) -> None:
    baking.set_alarm("ALARM")
    baking.deliver("alarm_changed--metric.json")
    assert f"alarm {ALARM} is in ALARM" in baking.records()[-1].facts()["reason"]
