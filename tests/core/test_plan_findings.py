"""What is missing for a release, each with what to do, and what an approver ought to know beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.guard_alarms import AlarmDetail
from pointsman.core.lane import Lane
from pointsman.core.observed import AlarmReading, Observed, Status
from pointsman.core.phases import Phase
from pointsman.core.plan_findings import WAIT_FOR_IT
from pointsman.core.quota_check import InUse, Quotas
from pointsman.core.release_facts import Candidate, Facts, Standing
from pointsman.core.release_plan import plan_release
from pointsman.policy import After, EndpointName, ManagedBy, Serve, Tool
from pointsman.windows import Window, Windows
from tests.core.builders import (
    ENDPOINT,
    NOW,
    PACKAGE,
    TYPE,
    approval,
    plan,
    rollout_in,
    serving_old,
    variant,
)
from tests.core.plan_facts import around, facts, health, policy, watching


def missing(found: Facts) -> list[str]:
    return [f"{each.what} -> {each.do}" for each in plan_release(found).missing]


def notes(found: Facts) -> str:
    return "\n".join(plan_release(found).notes)


def observed(**changes: Any) -> Observed:
    return Observed(serving_old(**changes), scale_in_suspended=False)


def test_nothing_is_missing_where_everything_is_there() -> None:
    made = plan_release(facts())

    assert made.missing == ()
    assert made.is_ready


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"status": Status.FAILED},
            "endpoint is Failed; SageMaker allows only DeleteEndpoint -> recreate it",
        ),
        ({"variants": (variant(package=PACKAGE),)}, "version 7 serves already -> name another one"),
        ({"variants": (variant(), variant("B"))}, "needs exactly one -> finish or remove"),
        (
            {"obstacles": ("it has a shadow variant: end the shadow test first",)},
            "-> end the shadow test first",
        ),
        (
            {"variants": (variant(instance_type="ml.m5.large"),)},
            "it to ml.c7i.large -> deregister the target",
        ),
    ],
)
def test_what_the_endpoint_lacks(changes: dict[str, Any], said: str) -> None:
    assert said in " | ".join(missing(facts(observed=observed(**changes))))


def test_a_model_that_was_deleted() -> None:
    [said] = missing(facts(around=around(deleted_models=("fraud-detector-6",))))

    assert said.startswith("model fraud-detector-6, which serves, was deleted -> create it again")


@pytest.mark.parametrize(
    ("standing", "said"), [(Standing.PENDING, "waits for its approval"), (Standing.REJECTED, "is rejected")]
)
def test_a_version_that_is_not_approved(standing: Standing, said: str) -> None:
    [found] = missing(facts(candidate=Candidate(approval(), standing)))

    assert said in found


def test_a_version_in_quarantine() -> None:
    lane = Lane(ENDPOINT, quarantined={7: "3 % failed"})

    assert missing(facts(around=around(lane=lane))) == [
        "version 7 is in quarantine: 3 % failed -> approve it anew once that is mended"
    ]


def test_another_rollout_under_way() -> None:
    other = replace(rollout_in(Phase.BAKING), id="fraud-prod.v6.x", approval=approval(6))

    [said] = missing(facts(around=around(lane=Lane(ENDPOINT, rollout=other))))

    assert said.startswith("fraud-prod.v6.x is under way on this endpoint, in BAKING -> wait for its end")


def test_one_that_has_ended_or_is_the_very_same_stands_in_no_way() -> None:
    ended = replace(rollout_in(Phase.SUCCEEDED), id="fraud-prod.v6.x")

    assert missing(facts(around=around(lane=Lane(ENDPOINT, rollout=ended)))) == []
    assert missing(facts(around=around(lane=Lane(ENDPOINT, rollout=rollout_in(Phase.PENDING))))) == []


def test_a_candidate_beside_the_baseline_is_a_rollout_under_way_and_no_experiment() -> None:
    rollout = rollout_in(Phase.BAKING)
    both = observed(variants=(variant(), variant(rollout.candidate_variant)))

    assert missing(facts(observed=both)) == [
        f"a candidate runs beside the baseline: a rollout is under way -> {WAIT_FOR_IT}"
    ]
    known = replace(rollout, id="fraud-prod.v6.x", approval=approval(6))
    [said] = missing(facts(observed=both, around=around(lane=Lane(ENDPOINT, rollout=known))))
    assert said.startswith("fraud-prod.v6.x is under way")


def test_what_the_policy_forbids() -> None:
    assert "the policy is frozen: quarter end" in missing(facts(policy=policy(freeze="quarter end")))[0]
    assert "no release window ever opens" in missing(facts(policy=policy(windows=Windows("UTC", ()))))[0]


def test_code_that_owns_the_endpoint_and_that_nobody_has_read() -> None:
    unread, read = ManagedBy(Tool.TERRAFORM), ManagedBy(Tool.TERRAFORM, "kim", "2026-11-01")

    assert "terraform owns this endpoint in code" in missing(facts(policy=policy(managed_by=unread)))[0]
    assert missing(facts(policy=policy(managed_by=read))) == []
    assert missing(facts(policy=policy(managed_by=ManagedBy(Tool.NONE)))) == []


def test_alarms_that_are_not_there_fire_or_would_harm() -> None:
    assert missing(facts(around=around(alarms={}))) == [
        "alarm fraud-5xx does not exist -> create it, or take it out of health.alarms"
    ]
    firing = AlarmDetail(watching(state="ALARM"))
    assert "alarm fraud-5xx is in ALARM" in missing(facts(around=around(alarms={"fraud-5xx": firing})))[0]
    harmful = AlarmDetail(watching(), missing_data="breaching")
    [said] = missing(facts(around=around(alarms={"fraud-5xx": harmful})))
    assert said.startswith("alarm fraud-5xx would end the release: in the last step")
    assert said.endswith("-> set TreatMissingData to notBreaching or ignore")


def test_alarms_that_could_not_be_read_are_not_called_missing() -> None:
    blind = replace(observed(), alarms=AlarmReading(blind="alarms: denied"))

    assert missing(facts(observed=blind, around=around(alarms={}))) == []


def test_a_quota_that_the_peak_exceeds() -> None:
    tight = around(quotas=Quotas({TYPE: 8}), in_use=InUse({TYPE: 3}))

    [said] = missing(facts(around=tight))

    assert said.startswith(
        f"quota '{TYPE} for endpoint usage' is 8; the peak needs 6, beside 3 of other endpoints"
    )
    assert said.endswith("-> ask Service Quotas for 9, or release with fewer instances")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": Status.BUSY}, "being updated now"),
        ({"failure_reason": "InsufficientInstanceCapacity error"}, "failed for lack of capacity"),
        ({"variants": (variant(package=PACKAGE.replace("/7", "/9")),)}, "older than version 9, which serves"),
    ],
)
def test_what_is_to_be_known_of_the_endpoint(changes: dict[str, Any], said: str) -> None:
    assert said in notes(facts(observed=observed(**changes)))


def test_newer_versions_that_wait_are_named() -> None:
    assert "version 9, 8" in notes(facts(candidate=Candidate(approval(), waiting=(9, 8))))


def test_people_and_other_endpoints_that_it_waits_for() -> None:
    gated = policy(plan(gates=(50,), gate_wait=timedelta(hours=24)))
    assert "plus the time until somebody approves 50 %; it waits 24 h for that" in notes(facts(policy=gated))

    ordered = policy(after=After(EndpointName("fraud-canary")))
    first = Lane(EndpointName("fraud-canary"))
    assert "endpoint fraud-canary goes first: version 7 has not been" in notes(
        facts(policy=ordered, around=around(goes_first=first))
    )


def test_a_start_outside_the_windows_is_told_with_the_next_opening() -> None:
    later = Windows("UTC", (Window((0,), 14 * 60, 15 * 60),))

    assert "it begins 14:00 UTC" in notes(facts(policy=policy(windows=later)))
    assert NOW.hour < 14


def test_fleets_that_may_grow_change_or_stay_larger() -> None:
    grown = facts(around=around(scaling_most=6))
    assert "may grow the baseline to 6; then the peak is 18 instances" in notes(grown)
    assert "grow" not in notes(facts(around=around(scaling_most=2)))

    larger = policy(plan(serve=Serve(TYPE, 3)))
    assert "keeps 1 instance more than serve today" in notes(facts(policy=larger))

    other = replace(observed(variants=(variant(instance_type="ml.m5.large"),)), scale_in_suspended=None)
    assert "moves from ml.m5.large to ml.c7i.large" in notes(facts(observed=other))


def test_a_policy_without_alarms_is_told_so() -> None:
    assert "no alarm guards it" in notes(facts(policy=policy(plan(health=health(alarms=())))))
