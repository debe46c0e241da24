"""What is said of a release's proofs before it starts."""

from __future__ import annotations

from dataclasses import replace

from pointsman.policy import Judging, OnPatience
from tests.core.builders import HEALTH, HOUR, plan
from tests.core.plan_facts import around, facts, policy, steady
from tests.core.test_plan_findings import missing, notes


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
        "plus 5.0 percentage points: with this little traffic a smaller difference is not ruled out" in coarse
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
