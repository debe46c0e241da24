"""What the canary judge answers: to good and bad candidates, to silence, and to little traffic."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.canary_evidence import Plan, Side, Stage
from pointsman.core.canary_judge import begin, take
from pointsman.core.verdict import Opinion
from tests.core.canary_minutes import HALF, PLAN, answers, at_half, judged, opinions, rollout

GOOD = 0.005


# Whole rollouts.


@pytest.mark.parametrize("rpm", [5, 60, 1_000])
@pytest.mark.parametrize("seed", range(5))
def test_a_candidate_like_the_baseline_is_not_taken_back(rpm: int, seed: int) -> None:
    assert Opinion.FAIL not in opinions(rollout(seed, rpm, GOOD))


@pytest.mark.parametrize("seed", range(5))
def test_five_times_the_errors_at_a_thousand_requests_a_minute_are_found_and_never_promoted(
    seed: int,
) -> None:
    found = opinions(rollout(seed, 1_000, 5 * GOOD))

    assert found.index(Opinion.FAIL) < 36
    assert Opinion.PASS not in found[48:]


@pytest.mark.parametrize("seed", range(3))
def test_a_candidate_twice_as_slow_is_found(seed: int) -> None:
    assert Opinion.FAIL in opinions(rollout(seed, 1_000, GOOD, slow=2.5))


def test_a_fault_that_begins_late_is_found_as_fast_as_an_early_one() -> None:
    early, late = rollout(1, 1_000, 8 * GOOD), rollout(1, 1_000, GOOD)
    found = opinions(late[:36] + early[36:])

    assert Opinion.FAIL not in found[:36]
    assert found.index(Opinion.FAIL) < 36 + 12


def test_what_hits_both_sides_is_nobodys_fault() -> None:
    quiet, shock = (Side(500, 2), Side(500, 3)), (Side(500, 90), Side(500, 88))

    assert Opinion.FAIL not in opinions(at_half(*[quiet] * 10, *[shock] * 8, *[quiet] * 10), HALF)


def test_a_better_candidate_beside_a_failing_baseline_passes() -> None:
    assert opinions(at_half(*[(Side(500, 5), Side(500, 200))] * 30), HALF)[-1] is Opinion.PASS


def test_a_candidate_that_fails_everything_is_found_in_its_first_minutes() -> None:
    assert opinions(at_half(*[(Side(30, 30), Side(30, 0))] * 3), HALF)[-1] is Opinion.FAIL


def test_a_cold_start_is_no_fault() -> None:
    cold, warm = (Side(500, 60), Side(500, 3)), (Side(500, 3), Side(500, 3))

    assert Opinion.FAIL not in opinions(at_half(*[cold] * 3, *[warm] * 20), HALF)


def test_a_lower_quality_is_found() -> None:
    found = []
    for minute in rollout(3, 1_000, GOOD):
        candidate = minute.candidate
        assert candidate is not None
        assert candidate.quality is not None
        worse = replace(candidate.quality, mean=candidate.quality.mean - 0.2)
        found.append(replace(minute, candidate=replace(candidate, quality=worse)))

    answer = next(answer for answer in answers(PLAN, found) if answer.opinion is Opinion.FAIL)
    assert answer.sentence.startswith("candidate scored 0.")


# What decides nothing.


@given(bad=st.integers(0, 3), baseline=st.integers(1, 1_000))
def test_three_requests_decide_nothing(bad: int, baseline: int) -> None:
    found = opinions(at_half((Side(3, bad), Side(baseline, 0)), *[(Side(0), Side(baseline, 0))] * 20), HALF)

    assert Opinion.FAIL not in found[:5]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.none(), st.none()),
            st.tuples(st.builds(lambda bad: Side(500, bad), st.integers(0, 500)), st.none()),
        ),
        max_size=80,
    )
)
def test_without_a_baseline_there_is_no_verdict(sides: list[tuple[Side | None, Side | None]]) -> None:
    assert set(opinions(at_half(*sides), HALF)) <= {Opinion.BLIND}


@given(st.lists(st.sampled_from([None, Side(0)]), min_size=1, max_size=9))
def test_some_minutes_without_the_candidate_are_no_verdict(silence: list[Side | None]) -> None:
    usual = (Side(500, 2), Side(500, 2))
    minutes = at_half(*[usual] * 20, *[(mine, Side(500, 2)) for mine in silence])

    assert set(opinions(minutes, HALF)[20:]) == {Opinion.BLIND}


@given(st.lists(st.booleans(), min_size=60, max_size=60))
def test_a_minute_without_data_changes_neither_the_evidence_nor_the_proof(kept: list[bool]) -> None:
    minutes = rollout(2, 60, GOOD)
    gaps = [
        minute if keep else replace(minute, baseline=None) for keep, minute in zip(kept, minutes, strict=True)
    ]
    before = begin(PLAN)
    for minute in gaps:
        after, answer = take(before, minute)
        if minute.baseline is None:
            assert answer.opinion is not Opinion.PASS
            assert [track.wealth for track in after.tracks] == [track.wealth for track in before.tracks]
            assert after.usable_in_stage in {before.usable_in_stage, 0}
        before = after


def test_a_candidate_that_goes_silent_under_load_is_dead() -> None:
    minutes = at_half(*[(Side(500, 2), Side(500, 2))] * 5, *[(None, Side(500, 2))] * 10)
    answer = answers(HALF, minutes)[-1]

    assert answer.opinion is Opinion.FAIL
    assert answer.sentence == (
        "candidate reported nothing for 10 minutes in which its share of the traffic predicts 5,000 requests: it is dead"
    )


def test_silence_is_no_death_where_few_requests_were_to_be_expected() -> None:
    assert Opinion.FAIL not in opinions(at_half(*[(None, Side(1, 0))] * 60), HALF)


# Promotion.


def test_a_good_candidate_is_promoted_with_a_proof_that_is_told() -> None:
    answer = answers(HALF, at_half(*[(Side(500, 2), Side(500, 2))] * 30))[-1]

    assert answer.opinion is Opinion.PASS
    assert "candidate failed 60 of 15,000 (0.40 %), baseline 0.40 %" in answer.sentence
    assert "proved below 2 times that plus 0.05 %" in answer.sentence


def test_the_last_step_waits_for_its_proof_and_says_how_long_that_may_take() -> None:
    found = answers(HALF, at_half(*[(Side(25, 1), Side(25, 1))] * 20))

    assert {answer.opinion for answer in found} == {Opinion.NOT_ENOUGH}
    assert "not proved to be below 2 times the baseline's plus" in found[-1].sentence


def test_a_step_with_too_few_requests_for_any_proof_ends_after_its_least_time() -> None:
    found = opinions(rollout(1, 60, GOOD))

    assert found[8] is Opinion.NOT_ENOUGH
    assert found[9] is Opinion.PASS


def test_traffic_that_proves_nothing_in_the_time_given_is_said_to() -> None:
    plan = Plan((Stage(0.5, 5, 12),), horizon_min=12)
    answer = answers(plan, at_half(*[(Side(1), Side(1))] * 12))[-1]

    assert answer.opinion is Opinion.NOT_ENOUGH
    assert answer.sentence.endswith("with this little traffic it will hardly be proved in the time planned")


def test_what_stands_against_a_candidate_holds_it() -> None:
    state, answer = judged(
        HALF, at_half(*[(Side(40, 0), Side(40, 0))] * 10, *[(Side(40, 4), Side(40, 0))] * 1)
    )[-1]

    assert 2 < answer.evidence < answer.needed
    assert answer.opinion is Opinion.NOT_ENOUGH
    assert answer.sentence.endswith("needed 50:1: too much to go on with")
    assert state.requests == 440


# What it says and keeps.


def test_a_failure_is_told_with_its_numbers() -> None:
    answer = next(
        answer
        for answer in answers(HALF, at_half(*[(Side(300, 12), Side(300, 1))] * 20))
        if answer.opinion is Opinion.FAIL
    )
    errors = answer.readings[1].lately

    assert answer.sentence.startswith(
        f"candidate failed {errors.sums.bad} of {errors.sums.requests:,} requests (4.0 %) in the last {errors.minutes} minutes, "
        "baseline 0.33 %; tolerated 0."
    )
    assert errors.sums.requests == 300 * errors.minutes
    assert answer.sentence.endswith(f"evidence {answer.evidence:,.0f}:1, needed 50:1")
    assert answer.decision == "rollback"


def test_a_failure_that_began_late_is_told_over_the_minutes_that_show_it() -> None:
    plan = Plan((Stage(0.25, 5, 20), Stage(0.5, 5, 60)))
    good, bad = (Side(300, 1), Side(300, 1)), (Side(300, 12), Side(300, 1))
    minutes = [
        replace(minute, stage=int(minute.number >= 32)) for minute in at_half(*[good] * 30, *[bad] * 8)
    ]
    found = answers(plan, minutes)
    errors = next(answer for answer in found if answer.opinion is Opinion.FAIL).readings[1]

    assert errors.lately.sums.bad / errors.lately.sums.requests == pytest.approx(0.04)
    assert errors.lately.sums.requests > errors.step.requests
    assert found[-1].readings[1].lately.minutes == 8


def test_a_smaller_alpha_needs_more_evidence() -> None:
    minutes = at_half(*[(Side(300, 12), Side(300, 1))] * 20)
    lax, strict = (
        opinions(minutes, replace(HALF, alpha=alpha)).index(Opinion.FAIL) for alpha in (0.02, 0.0001)
    )

    assert lax < strict


def test_a_minute_is_taken_once() -> None:
    minutes = at_half(*[(Side(300, 3), Side(300, 1))] * 8)
    state, answer = judged(HALF, minutes)[-1]

    assert take(state, minutes[-1]) == (state, answer)
    assert take(state, minutes[2])[0] == state
