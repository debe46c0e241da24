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
from pointsman.policy import After, EndpointName, Judging, ManagedBy, OnPatience, Serve, Tool
from pointsman.windows import Window, Windows
from tests.core.builders import (
    ENDPOINT,
    HEALTH,
    HOUR,
    NOW,
    PACKAGE,
    TYPE,
    approval,
    plan,
    rollout_in,
    serving_old,
    variant,
)
from tests.core.plan_facts import around, facts, health, policy, steady, watching


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


def test_traffic_too_thin_for_the_patience_with_what_would_do() -> None:
    thin = plan(patience=1 * HOUR, bake_max=1 * HOUR)

    [said] = missing(facts(policy=policy(thin), around=around(traffic=steady(10))))

    assert said.startswith("step 10 % finds no proof within the patience of 1 h, and then goes back: ")
    assert (
        "candidate answered 58 of the 100 requests that a pass needs. At the traffic of these hours it"
        in said
    )
    assert (
        "takes some 1 h 43 min and 100 requests of the candidate -> set rollout.steps to [30, 50, 100]"
        in said
    )
    assert "; or set rollout.patience to" in said


def test_no_traffic_at_all() -> None:
    waits = plan(on_patience=OnPatience.HOLD)

    [said] = missing(facts(policy=policy(waits), around=around(traffic=steady(0))))

    assert "no requests in the past 7 days" in said
    assert "each waits for 2 h and then waits for a person" in said


def test_traffic_that_may_be_too_thin_is_a_note_with_the_safe_way() -> None:
    thin = facts(around=around(traffic=steady(10)))

    assert missing(thin) == []
    assert "with less traffic than expected step 10 % may find no proof in time. To be safe: " in notes(thin)


def test_a_step_that_may_last_longer_than_its_longest_bake() -> None:
    patient = policy(plan(patience=8 * HOUR))

    assert "may take longer than bake.max" in notes(facts(policy=patient, around=around(traffic=steady(20))))
    assert "bake.max" not in notes(facts(around=around(traffic=steady(600))))


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


def test_how_fine_the_last_proof_is() -> None:
    fine, coarse = (
        notes(facts()),
        notes(facts(around=around(traffic=steady(4)), policy=policy(plan(patience=12 * HOUR)))),
    )

    assert (
        "step 50 % proves that it fails less than twice as often as the baseline, plus 1.7 percentage points"
        in fine
    )
    assert "not ruled out" not in fine
    assert (
        "plus 20 percentage points: with this little traffic a smaller difference is not ruled out" in coarse
    )


def test_load_that_differs_by_more_than_a_factor_of_two_is_told() -> None:
    told = notes(facts(policy=policy(plan(steps=(10, 40, 80, 100)))))

    assert "an instance of the candidate does not carry the load of one of the baseline" in told
    assert "0.11 times at 10 %, 4 times at 80 %. A latency" in told
    assert "does not carry" not in notes(facts(policy=policy(plan(steps=(50, 100)))))


def test_a_judge_that_only_reports_is_told_and_needs_no_proof() -> None:
    reports = replace(HEALTH, comparison=replace(HEALTH.comparison, mode=Judging.REPORT))
    thin = facts(policy=policy(plan(health=reports)), around=around(traffic=steady(0.1)))

    assert missing(thin) == []
    assert "the judge only reports" in notes(thin)
