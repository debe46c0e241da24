"""What the canary judge says, to the letter: what a proof says, what is wanting, and how long that may take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.canary_evidence import Plan, Side, Stage
from pointsman.core.canary_tracks import Lately, Sums
from pointsman.core.canary_words import Bad, Reading, against, odds, percent, proved, unproved
from pointsman.core.verdict import Opinion
from tests.core.canary_minutes import HALF, answers, at_half

ERRORS = Reading(
    "errors",
    1.0,
    Sums(1_000, 4, 2_000, 10),
    Lately(minutes=3, sums=Sums(300, 9, 600, 3)),
    1.5,
    0.001,
    Bad(2.0, 0.01, 4.0),
    "failed",
)


def test_a_proof_is_told_with_its_counts_its_bound_and_its_odds() -> None:
    assert (
        proved(ERRORS)
        == "failed 4 of 1,000 (0.40 %), baseline 0.50 %, proved below 2 times that plus 1.0 % (4.0:1)"
    )


@pytest.mark.parametrize("step", [Sums(), Sums(1_000, 4), Sums(0, 0, 2_000, 10)])
def test_without_a_request_on_a_side_no_proof_is_told(step: Sums) -> None:
    assert proved(replace(ERRORS, step=step)) == ""


def test_where_nothing_has_to_be_proved_nothing_is_told() -> None:
    asked_for_nothing = replace(ERRORS, bad=None)

    assert (proved(asked_for_nothing), unproved(asked_for_nothing, 5, 10.0)) == ("", "")


@pytest.mark.parametrize(
    ("e_value", "minutes", "more"),
    [
        (4.0, 5, ", about 4 more minutes like these"),  # 4 = 1.32 ^ 5; times 2.5 is 1.32 ^ 3.3
        (2.0, 1, ", about 3 more minutes like these"),
        (1.5, 10, ", about 47 more minutes like these"),
        (1.0, 5, ""),
        (0.5, 5, ""),
        (4.0, 0, ""),
    ],
)
def test_how_long_a_proof_may_take_is_told_from_how_fast_it_grew(
    e_value: float, minutes: int, more: str
) -> None:
    reading = replace(ERRORS, bad=Bad(2.0, 0.01, e_value))

    assert unproved(reading, minutes, 10.0) == (
        "candidate failed 4 of 1,000 requests (0.40 %) in this step, baseline 0.50 %; tolerated 0.85 %; "
        f"not proved to be below 2 times the baseline's plus 1.0 %: {e_value:.1f}:1, needed 10:1{more}"
    )


@pytest.mark.parametrize(("minutes", "when"), [(1, "the last minute"), (2, "the last 2 minutes")])
def test_evidence_is_told_over_the_minutes_that_it_rests_on(minutes: int, when: str) -> None:
    reading = replace(ERRORS, lately=replace(ERRORS.lately, minutes=minutes))

    assert against(reading) == (
        f"candidate failed 9 of 300 requests (3.0 %) in {when}, baseline 0.50 %; tolerated 0.85 %"
    )


@pytest.mark.parametrize("sums", [Sums(), Sums(300, 9), Sums(0, 0, 600, 3)])
def test_a_side_without_requests_is_compared_with_nothing(sums: Sums) -> None:
    reading = replace(ERRORS, lately=Lately(minutes=2, sums=sums))

    assert against(reading) == "nothing to compare in the last 2 minutes yet"


def test_no_more_than_everything_is_said_to_be_tolerated() -> None:
    assert against(replace(ERRORS, tolerated_points=1.0)).endswith("tolerated 100 %")


def test_time_for_a_token_and_a_score_are_told_in_their_units() -> None:
    tpot = Reading("tpot", 9.0, Sums(), Lately(0.5, 4, Sums(9_000, 216_000, 80_000, 1_600_000)), 3.0)
    quality = Reading("quality", 9.0, Sums(), Lately(0.5, 4, Sums(1_200, 48.0, 900)))

    assert against(tpot) == (
        "candidate took 24 ms for an output token in the last 4 minutes, baseline 20 ms; tolerated 200 % more"
    )
    assert against(quality) == (
        "candidate scored 0.040 less than the baseline over 1,200 answers in the last 4 minutes"
    )


@pytest.mark.parametrize(
    ("rate", "told"),
    [(0.0, "0.00 %"), (0.00994, "0.99 %"), (0.01, "1.0 %"), (0.0994, "9.9 %"), (0.1, "10 %"), (1.0, "100 %")],
)
def test_a_rate_has_two_digits(rate: float, told: str) -> None:
    assert percent(rate) == told


@pytest.mark.parametrize(
    ("e_value", "told"),
    [
        (1.04, "1.0:1"),
        (9.94, "9.9:1"),
        (10, "10:1"),
        (1_774.4, "1,774:1"),
        (1e6, "1,000,000:1"),
        (1e6 + 1, "over 1,000,000:1"),
    ],
)
def test_evidence_is_told_as_odds(e_value: float, told: str) -> None:
    assert odds(e_value) == told


# Whole answers.

QUIET = Side(500, 2, 500, {"p75": 125, "p75x1.1": 100, "p99": 5})


@pytest.mark.parametrize(
    ("candidate", "baseline", "whose"),
    [(None, None, "both sides"), (QUIET, None, "the baseline"), (None, QUIET, "the candidate")],
)
def test_whose_data_is_missing_is_told(candidate: Side | None, baseline: Side | None, whose: str) -> None:
    answer = answers(HALF, at_half(*[(QUIET, QUIET)] * 12, (candidate, baseline)))[-1]

    assert answer.opinion is Opinion.BLIND
    assert answer.sentence == f"no data of {whose} in this minute: nothing is taken from it"


def test_of_several_proofs_that_are_wanting_the_one_farthest_off_is_told() -> None:
    slower = replace(QUIET, slow={"p75": 125, "p75x1.1": 125, "p99": 12})
    answer = answers(HALF, at_half(*[(slower, QUIET)] * 12))[-1]
    wanting = min(
        (each for each in answer.readings if each.bad), key=lambda each: each.bad.e_value if each.bad else 0
    )

    assert wanting.name != "errors"
    assert answer.opinion is Opinion.NOT_ENOUGH
    assert answer.sentence.startswith(unproved(wanting, 12, 10.0))


def test_a_step_before_the_last_says_nothing_of_the_time_planned() -> None:
    """Its proofs are always the coarsest: it ends by the clock, and the last step does not."""
    plan = Plan((Stage(0.5, 5, 60), Stage(0.5, 5, 60)))
    answer = answers(plan, at_half(*[(Side(8, 1), Side(8, 1))] * 11))[-1]

    assert answer.opinion is Opinion.NOT_ENOUGH
    assert "not proved to be below 2 times the baseline's plus 5.0 %" in answer.sentence
    assert "hardly" not in answer.sentence


def test_errors_are_asked_about_though_latency_was_never_measured() -> None:
    answer = answers(HALF, at_half(*[(Side(60, 1), Side(60, 1))] * 12))[-1]

    assert answer.opinion is Opinion.NOT_ENOUGH
    assert answer.sentence.startswith("candidate failed 12 of 720 requests")
