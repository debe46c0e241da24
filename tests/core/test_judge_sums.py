"""Adding up thin traffic, over any history: nothing is lost, nothing counted twice, and what is enough is recent."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.judge import WINDOW_MINUTES, Evidence, Row, judge, open_window, take
from pointsman.core.minutes import Minute, Side
from pointsman.core.verdict import Opinion
from tests.core.builders import HEALTH, MINUTE, NOW
from tests.core.strategies import thorough

TENTH = 1000
COUNTS = st.integers(0, 3)
ROWS = st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), max_size=130)
"""Up to two hours and a bit of thin traffic: every minute a row of (candidate, baseline) counts."""


def gathered(rows: list[Row], enough: int) -> list[Evidence]:
    """The evidence after each minute."""
    evidence, grown = open_window(None, "step-0", NOW), []
    for number, row in enumerate(rows):
        minute = Minute(NOW + number * MINUTE, Side(*row[3:]), Side(*row[:3]))
        evidence = take(evidence, minute, TENTH, enough)
        grown.append(evidence)
    return grown


def total(rows: list[Row]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*rows, strict=True)) if rows else ()


@thorough
@given(ROWS, st.integers(0, 200))
def test_evidence_is_the_exact_sum_of_its_last_minutes(rows: list[Row], enough: int) -> None:
    for taken, evidence in enumerate(gathered(rows, enough), start=1):
        minutes = len(evidence.rows) + evidence.merged_minutes
        assert total(list(evidence.rows)) == total(rows[taken - minutes : taken])
        assert judge(evidence, HEALTH, TENTH).minutes == minutes


@thorough
@given(ROWS)
def test_nothing_is_forgotten_while_it_is_never_enough(rows: list[Row]) -> None:
    for taken, evidence in enumerate(gathered(rows, enough=10_000), start=1):
        assert len(evidence.rows) == min(taken, WINDOW_MINUTES)
        assert evidence.merged_minutes == max(0, taken - WINDOW_MINUTES)


@thorough
@given(ROWS, st.integers(0, 200))
def test_beyond_the_hour_only_what_is_needed_is_kept(rows: list[Row], enough: int) -> None:
    for evidence in gathered(rows, enough):
        assert len(evidence.rows) <= WINDOW_MINUTES
        recent = sum(row[0] for row in evidence.rows[1:])
        assert not evidence.merged_minutes or recent < enough


def test_patience_pays_where_traffic_is_thin() -> None:
    thin: list[Row] = [(1, 0, 0, 9, 0, 0)] * 100
    bad: list[Row] = [(1, 1, 0, 9, 0, 0)] * 100

    assert judge(gathered(thin, enough=0)[-1], HEALTH, TENTH).opinion is Opinion.NOT_ENOUGH
    assert judge(gathered(thin, HEALTH.min_requests)[-1], HEALTH, TENTH).opinion is Opinion.PASS
    assert judge(gathered(thin, HEALTH.min_requests)[-2], HEALTH, TENTH).opinion is Opinion.NOT_ENOUGH
    assert judge(gathered(bad, HEALTH.min_requests)[-1], HEALTH, TENTH).opinion is Opinion.FAIL


def test_one_bad_answer_of_a_small_baseline_is_no_shock() -> None:
    evidence = replace(open_window(None, "step-0", NOW), rows=((1000, 60, 0, 24, 1, 0),))

    assert judge(evidence, HEALTH, TENTH).opinion is Opinion.FAIL
