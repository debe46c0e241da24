"""Alarms that policies define stand in the local world as a deployment would make them, and take versions back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cli.policy_file import load_policy
from local.fleet import approve, serve
from local.installation import Installation, installed
from local.releases import SCORER
from pointsman.core.phases import Hold, Phase
from pointsman.policy import CreatedAlarm, ErrorKind, ErrorsAlarm, LatencyAlarm, Policy
from pointsman.policy_alarms import alarm_name, alarms_of
from twin.traffic import Profile, Request

FRAUD = load_policy(Path(__file__).parents[2] / "policies" / "fraud-prod.yaml")
MINUTE = timedelta(minutes=1)
ERRORS = ErrorsAlarm(ErrorKind.SERVER, 5.0, minutes=3, min_requests=20, variant="AllTraffic")
LATENCY = LatencyAlarm(90.0, timedelta(milliseconds=500), minutes=3, min_requests=20, variant="AllTraffic")


def asking_for(*alarms: CreatedAlarm, watch: timedelta = timedelta(hours=2)) -> Policy:
    """A policy whose releases take half an hour, and whose judge tolerates everything: what goes back, an alarm took."""
    plan = FRAUD.plan
    names = tuple(alarm_name(FRAUD.endpoint, alarm) for alarm in alarms)
    health = replace(
        plan.health, alarms=names, created=alarms, max_error_percent=100.0, max_slow_percent=100.0
    )
    steps = replace(plan, steps=(50, 100), gates=(), health=health, watch=watch, bake_min=5 * MINUTE)
    return replace(FRAUD, plan=steps, windows=None)


def one_each_second(begin: datetime) -> Iterator[Request]:
    for second in count():
        yield Request(begin + timedelta(seconds=second))


@pytest.fixture
def here() -> Iterator[Installation]:
    policy = asking_for(ERRORS, LATENCY)
    with installed([policy], io.StringIO()) as made:
        serve(made, policy, SCORER)
        made.dispatcher.start()
        made.kernel.traffic(policy.endpoint, one_each_second(made.kernel.now))
        made.pass_time(10 * MINUTE)
        yield made


def described(here: Installation) -> dict[str, dict[str, Any]]:
    found = here.client("cloudwatch").describe_alarms(AlarmNamePrefix="pointsman/")["MetricAlarms"]
    return {str(each["AlarmName"]): each for each in found}


def test_they_are_what_the_policy_defines_and_are_quiet_while_all_is_well(here: Installation) -> None:
    wanted = {each["AlarmName"]: each for each in alarms_of(asking_for(ERRORS, LATENCY))}
    found = described(here)
    assert set(found) == set(wanted) == {"pointsman/fraud-prod/5xx", "pointsman/fraud-prod/p90"}
    for name, alarm in wanted.items():
        assert {key: found[name][key] for key in alarm} == alarm
        assert found[name]["StateValue"] == "OK"


def test_another_policy_changes_one_and_takes_one_away(here: Installation) -> None:
    here.policies.replace([asking_for(replace(ERRORS, over_percent=9.0))])
    assert {name: each["Threshold"] for name, each in described(here).items()} == {
        "pointsman/fraud-prod/5xx": 9.0
    }


def test_one_that_somebody_took_away_by_hand_keeps_no_other_from_going(here: Installation) -> None:
    here.client("cloudwatch").delete_alarms(AlarmNames=["pointsman/fraud-prod/5xx"])
    here.policies.replace([])
    assert described(here) == {}


@pytest.mark.parametrize(
    ("character", "name"),
    [
        (replace(SCORER, error_rate=0.2), "pointsman/fraud-prod/5xx"),
        (replace(SCORER, base_ms=2_000.0), "pointsman/fraud-prod/p90"),
    ],
    ids=["failing", "slow"],
)
def test_a_version_that_turns_bad_after_its_promotion_is_taken_back_by_it(
    here: Installation, character: Profile, name: str
) -> None:
    package = approve(here, FRAUD.model_package_group, SCORER)
    until(here, Phase.WATCHING)
    assert described(here)[name]["StateValue"] == "OK"

    here.kernel.profiles[package] = character
    here.pass_time(15 * MINUTE)

    last = ended(here)
    assert last["after"] in {Phase.ROLLED_BACK, Phase.ROLLING_BACK}
    assert any(f"alarm {name} is in ALARM" in str(each["reason"]) for each in decided(here))


def test_a_good_version_is_promoted_past_it_though_the_last_step_leaves_the_variant_without_requests(
    here: Installation,
) -> None:
    approve(here, FRAUD.model_package_group, SCORER)
    until(here, Phase.WATCHING)
    here.pass_time(130 * MINUTE)
    assert ended(here)["after"] == Phase.SUCCEEDED


def test_a_rollout_waits_for_one_that_is_not_deployed_yet_and_says_so(here: Installation) -> None:
    here.client("cloudwatch").delete_alarms(AlarmNames=["pointsman/fraud-prod/p90"])
    approve(here, FRAUD.model_package_group, SCORER)
    here.pass_time(10 * MINUTE)

    rollout = here.world.store.get_lane(FRAUD.endpoint).rollout
    assert rollout is not None
    assert (rollout.phase, rollout.hold) == (Phase.PENDING, Hold.PREFLIGHT)
    assert "alarm pointsman/fraud-prod/p90 is not deployed yet: deploy the stack" in str(decided(here)[-1])

    here.client("cloudwatch").put_metric_alarm(**alarms_of(asking_for(LATENCY))[0])
    until(here, Phase.WATCHING)


def test_none_that_watches_a_variant_which_is_not_there_is_taken_for_healthy() -> None:
    policy = asking_for(replace(ERRORS, variant="main"))
    with installed([policy], io.StringIO()) as here:
        serve(here, policy, SCORER)
        here.dispatcher.start()
        approve(here, FRAUD.model_package_group, SCORER)
        here.pass_time(10 * MINUTE)
        rollout = here.world.store.get_lane(FRAUD.endpoint).rollout
        assert rollout is not None
        assert (rollout.phase, rollout.hold) == (Phase.NEEDS_HUMAN, Hold.NOT_ELIGIBLE)
        assert "watches variant main" in str(decided(here)[-1])


def until(here: Installation, phase: Phase) -> None:
    """Let time pass until the rollout is that far."""
    for _minute in range(180):
        rollout = here.world.store.get_lane(FRAUD.endpoint).rollout
        if rollout is not None and rollout.phase is phase:
            return
        here.pass_time(MINUTE)
    pytest.fail(f"never in {phase}: {decided(here)[-1]}")


def decided(here: Installation) -> list[dict[str, Any]]:
    facts = [dict(record.facts()) for record in here.records()]
    return [each for each in facts if each["kind"] == "decision"]


def ended(here: Installation) -> dict[str, Any]:
    """The last decision that moved the rollout."""
    return [each for each in decided(here) if each["before"] != each["after"]][-1]
