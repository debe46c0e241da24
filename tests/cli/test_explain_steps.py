"""The steps of a rollout in text: what the minutes came to, on what evidence, and what ended them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli.explain_steps import steps_lines, steps_of
from cli.explain_words import odds_of
from cli.odds_words import odds
from cli.tell import decision_lines
from tests.cli.pages import decision, judged, row, told, told_with_odds

LONG = "; ".join(
    f"candidate failed {n} of 1,915 requests (0.10 %), baseline 0.11 %; tolerated 0.11 %" for n in range(3)
)


def test_each_step_says_its_requests_rates_evidence_proofs_and_end() -> None:
    lines = list(steps_lines(told_with_odds()))
    assert lines[0] == "  step 1, 5 %, 13 min with counts"
    assert lines[1].startswith("    candidate  780 requests, 1.67 % (0.98 to 2.83) failed, 5.38 % (")
    assert lines[2].startswith("    baseline   14,820 requests, 0.26 % (")
    assert lines[3] == "    evidence   0.45:1 -> 10:1; 50:1 takes it back"
    assert lines[4].endswith(
        "errors 0.8:1, 75th percentile 3.1:1, 99th percentile 4,096:1; 10:1 lets it go on"
    )
    assert lines[5] == "    ended      00:00:00  BAKING -> SHIFTING"
    assert "  watch, 100 %, 2880 min with counts" in lines


def test_evidence_that_was_higher_in_between_says_how_high() -> None:
    values = (1.0, 7.5, 0.5)
    rows = [replace(row(8 + n, "step-0"), judged=judged(n, evidence=each)) for n, each in enumerate(values)]
    lines = list(steps_lines(told(minutes=rows)))
    assert "    evidence   1:1 -> 0.5:1, highest 7.5:1; 50:1 takes it back" in lines


def test_minutes_of_an_older_judge_have_rates_and_no_odds() -> None:
    lines = list(steps_lines(told(minutes=told().minutes[:13])))
    assert [line.split()[0] for line in lines] == ["step", "candidate", "baseline", "ended"]


def test_steps_come_in_the_order_of_time() -> None:
    assert [step.name for step in steps_of(told().minutes)] == ["step 1", "step 2", "watch"]


def test_the_odds_of_a_decision_are_told_by_process_in_words() -> None:
    numbers = {
        "verdict": "FAIL",
        "evidence": 65.1,
        "evidence_needed": 50.0,
        "e_errors": 144.0,
        "e_gross": 0.0004,
        "e_quality": 1.0,
        "proof_p75": 2.9,
    }
    facts = decision(9, "BAKING", "ROLLING_BACK", 0, None, numbers=numbers)
    assert odds_of(facts) == (
        "evidence 65:1 of 50:1; against it: gross failures under 0.01:1, errors 144:1; proved: 75th percentile 2.9:1"
    )
    assert odds_of(decision(9, "BAKING", "BAKING", 0, None, numbers={"attempt": 2})) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "under 0.01:1"), (0.42, "0.42:1"), (9.94, "9.9:1"), (412.4, "412:1"), (2e9, "over 1,000,000:1")],
)
def test_odds_are_short_however_large_or_small(value: float, said: str) -> None:
    assert odds(value) == said


def test_a_long_reason_is_a_line_for_each_clause_in_a_pipe() -> None:
    lines = decision_lines(decision(9, "BAKING", "SHIFTING", 1000, "shift", reason=LONG), None)
    assert len(lines) == 7
    assert " ".join(" ".join(lines[1:]).split()) == LONG


@pytest.mark.parametrize("width", [60, 80, 120])
def test_on_a_terminal_it_stays_within_the_columns_and_no_number_is_cut(width: int) -> None:
    lines = decision_lines(decision(9, "BAKING", "SHIFTING", 1000, "shift", reason=LONG), width)
    assert max(len(line) for line in lines) <= width
    assert " ".join(" ".join(lines[1:]).split()) == LONG
    assert not [line for line in lines if line.strip().startswith("%")]


def test_a_short_reason_stays_on_the_line_of_its_decision() -> None:
    assert len(decision_lines(decision(9, "BAKING", "SHIFTING", 1000, "shift"), 80)) == 1
