"""What the canary judge thinks at the edges of its rules: of evidence, of silence, and of the time that a step takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.canary_evidence import Plan, Side, Stage
from pointsman.core.canary_judge import answer, begin
from pointsman.core.canary_odds import Wealth
from pointsman.core.canary_state import State
from pointsman.core.canary_words import odds, unproved
from pointsman.core.verdict import Opinion
from tests.core.canary_minutes import HALF, after, at_half, in_stage, judged

GOOD = Side(500, 2, 500, {"p75": 125, "p75x1.1": 100, "p99": 5})


def with_evidence(state: State, evidence: float) -> State:
    """The same state, in which all processes are worth so much together."""
    each = Wealth(evidence, ())
    tracks = tuple(replace(track, wealth=each) for track in state.tracks)
    return replace(state, tracks=tracks, quality=replace(state.quality, wealth=each))


def test_one_over_alpha_fails_and_two_to_one_holds() -> None:
    state = after(*[(GOOD, GOOD)] * 30)
    said = [answer(with_evidence(state, each)) for each in (1.99, 2.0, 49.9, 50.0)]
    assert [each.opinion for each in said] == [Opinion.PASS, *[Opinion.NOT_ENOUGH] * 2, Opinion.FAIL]
    assert [each.decision for each in said] == ["promote", "continue", "continue", "rollback"]
    assert {each.needed for each in said} == {50.0}


def test_all_weights_are_one() -> None:
    assert with_evidence(after((GOOD, GOOD)), 1.0).evidence == pytest.approx(1.0)


def test_three_requests_decide_nothing_and_four_may() -> None:
    state = with_evidence(after(*[(GOOD, GOOD)] * 30), 1e6)
    assert answer(replace(state, requests=3)).opinion is not Opinion.FAIL
    assert answer(replace(state, requests=4)).opinion is Opinion.FAIL


@pytest.mark.parametrize(("requests", "minutes"), [(10, 10), (100, 10), (9, 12), (1_000, 10)])
def test_ten_silent_minutes_and_a_hundred_requests_are_death(requests: int, minutes: int) -> None:
    said = [answer.opinion for _state, answer in judged(HALF, at_half(*[(None, Side(requests))] * 14))]
    assert said.index(Opinion.FAIL) + 1 == minutes


@pytest.mark.parametrize(("requests", "opinion"), [(5, Opinion.BLIND), (4, Opinion.NOT_ENOUGH)])
def test_a_silence_where_five_requests_were_to_come_is_missing_data(requests: int, opinion: Opinion) -> None:
    state = in_stage(after(*[(GOOD, GOOD)] * 3), 0, (None, Side(requests)))
    assert answer(state).opinion is opinion


def test_five_requests_that_did_not_come_hold_what_would_pass() -> None:
    state = after(*[(GOOD, GOOD)] * 30)
    four = in_stage(state, 0, (None, Side(4)))
    five = in_stage(four, 0, (None, Side(1)))
    assert answer(four).opinion is Opinion.PASS
    assert answer(five).opinion is Opinion.NOT_ENOUGH
    assert answer(five).sentence == "candidate has answered no request for 2 minutes"


def test_what_a_silence_predicts_follows_from_the_share() -> None:
    state = in_stage(after(*[(GOOD, GOOD)] * 3), 0, (None, Side(900)), 0.1)
    assert state.silent == 1
    assert state.silent_requests == pytest.approx(100.0)


def test_a_step_lasts_its_least_minutes_and_the_first_one_its_cold_start_besides() -> None:
    plan = Plan((Stage(0.5, 5, 60), Stage(0.5, 4, 60)), usual_rpm=1_000)
    said = [each.opinion for _state, each in judged(plan, at_half(*[(GOOD, GOOD)] * 10))]
    assert said.index(Opinion.PASS) == 9
    state = after(*[(GOOD, GOOD)] * 10, plan=plan)
    for minute in range(1, 5):
        state = in_stage(state, 1, (GOOD, GOOD))
        told = f"{minute} of the 4 minutes that this step takes have data"
        assert (answer(state).sentence == told) is (minute < 4)


def test_a_step_before_the_last_ends_after_its_longest_time_without_its_proof() -> None:
    plan = Plan((Stage(0.5, 5, 12), Stage(0.5, 5, 60)))
    said = [each for _state, each in judged(plan, at_half(*[(Side(26, 2), Side(26, 1))] * 12))]
    assert [each.opinion for each in said[9:]] == [Opinion.NOT_ENOUGH, Opinion.NOT_ENOUGH, Opinion.PASS]
    assert said[11].sentence == "nothing stands against it after 12 minutes; this step proves no more"


def test_the_first_minute_with_data_ends_a_blindness() -> None:
    blind = after(*[(GOOD, GOOD)] * 30, (GOOD, None))
    assert answer(blind).opinion is Opinion.BLIND
    assert answer(in_stage(blind, 0, (GOOD, GOOD))).opinion is Opinion.PASS


def test_a_minute_that_few_requests_were_to_come_in_counts_as_one_with_data() -> None:
    state = after(*[(GOOD, GOOD)] * 3, (None, Side(4)))
    assert (state.usable, state.requests, state.silent) == (4, 1_500, 1)
    assert state.rpm == pytest.approx(0.9 * 1_000 + 0.1 * 4)


def test_an_answer_ends_a_silence() -> None:
    state = after(*[(GOOD, GOOD)] * 3, *[(None, GOOD)] * 4)
    assert (state.silent, state.silent_requests) == (4, 2_000)
    answered = in_stage(state, 0, (GOOD, GOOD))
    assert (answered.silent, answered.silent_requests) == (0, 0)


def test_a_pass_tells_each_of_its_proofs() -> None:
    said = answer(after(*[(GOOD, GOOD)] * 30))
    errors, p75, p99 = (reading.bad for reading in said.readings[1:4])
    assert errors
    assert p75
    assert p99
    assert said.sentence == (
        f"candidate failed 60 of 15,000 (0.40 %), baseline 0.40 %, "
        f"proved below 2 times that plus 0.05 % ({odds(errors.e_value)}); "
        "answered slower than 1.1 times the baseline's usual 75th percentile: 3,000 of 15,000 (20 %), baseline 25 %, "
        f"proved below 1.3 times that plus 0.05 % ({odds(p75.e_value)}); "
        "answered slower than the baseline's usual 99th percentile: 150 of 15,000 (1.0 %), baseline 1.0 %, "
        f"proved below 2 times that plus 0.05 % ({odds(p99.e_value)})"
    )


def test_a_pass_of_a_step_that_is_asked_for_no_proof_says_so() -> None:
    plan = Plan((Stage(0.5, 5, 12), Stage(0.5, 5, 60)))
    said = answer(after(*[(Side(8), Side(8))] * 10, plan=plan))
    assert said.opinion is Opinion.PASS
    assert said.sentence == "nothing stands against it after 10 minutes; this step proves no more"


def test_what_is_told_to_be_tolerated_is_what_was_tolerated_in_this_minute() -> None:
    cold, warm = (answer(after(*[(GOOD, GOOD)] * minutes)).readings[0] for minutes in (5, 6))
    assert (cold.tolerated_points, warm.tolerated_points) == (0.25, 0.05)


def test_nothing_passes_that_was_never_asked_anything() -> None:
    """One request a minute to the baseline: its absence at the candidate's tenth says nothing, and no proof is none."""
    plan = Plan((Stage(0.1, 5, 60),))
    state = begin(plan)
    for _ in range(30):
        state = in_stage(state, 0, (None, Side(1)), 0.1)
    assert (state.usable, state.missing) == (30, "")
    assert state.silent_requests < 5
    assert answer(state).opinion is Opinion.NOT_ENOUGH


def test_what_is_wanting_is_told_with_the_minutes_that_it_may_take() -> None:
    said = answer(after(*[(Side(30, 1), Side(30, 1))] * 12))
    errors = said.readings[1]
    assert said.opinion is Opinion.NOT_ENOUGH
    assert said.sentence == unproved(errors, 12, 10.0)
    assert said.sentence.endswith(" more minutes like these")


def test_no_name_stays_of_whose_data_was_missing() -> None:
    assert after((GOOD, None), (GOOD, GOOD)).missing == ""
