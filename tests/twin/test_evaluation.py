"""How missing data decides an alarm's state: the tables of the CloudWatch user guide, line by line."""

from __future__ import annotations

import pytest

from twin.evaluation import judged

# Newest last, as the user guide prints them: 0 is within the threshold, X breaches, - is missing.
ALL_OF_THREE = [
    ("0-X-X", "OK", "OK", "OK", "OK"),
    ("0----", "OK", "OK", "OK", "OK"),
    ("-----", "INSUFFICIENT_DATA", None, "ALARM", "OK"),
    ("0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("--X--", "ALARM", None, "ALARM", "OK"),
]
TWO_OF_THREE = [
    ("0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("00X0X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("0-X--", "OK", "OK", "ALARM", "OK"),
    ("----0", "OK", "OK", "ALARM", "OK"),
    ("---X-", "ALARM", None, "ALARM", "OK"),
]
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")


def verdicts_of(line: str) -> list[bool | None]:
    return [{"0": False, "X": True, "-": None}[sign] for sign in reversed(line)]


@pytest.mark.parametrize("row", ALL_OF_THREE, ids=lambda row: row[0])
@pytest.mark.parametrize("column", range(4), ids=TREATMENTS.__getitem__)
def test_three_of_three(row: tuple[str, ...], column: int) -> None:
    assert judged(verdicts_of(row[0]), 3, 3, TREATMENTS[column]) == row[column + 1]


@pytest.mark.parametrize("row", TWO_OF_THREE, ids=lambda row: row[0])
@pytest.mark.parametrize("column", range(4), ids=TREATMENTS.__getitem__)
def test_two_of_three(row: tuple[str, ...], column: int) -> None:
    assert judged(verdicts_of(row[0]), 3, 2, TREATMENTS[column]) == row[column + 1]


def test_a_single_new_breach_is_not_enough_for_three_of_three() -> None:
    assert judged(verdicts_of("----X"), 3, 3, "missing") is None


def test_older_points_than_the_newest_n_do_not_count() -> None:
    assert judged(verdicts_of("XX0X0"), 3, 2, "missing") == "OK"
