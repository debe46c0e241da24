"""The past as a file: what is written is read again, and what is wrong in one is named with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.past_file import BadPast, read_past, write_past
from pointsman.core.backtests import Incident
from pointsman.core.past import Past, PastMinute
from tests.core.pasts import BEGIN, past

MINUTE = timedelta(minutes=1)
TROUBLE = Incident(BEGIN + 10 * MINUTE, BEGIN + 20 * MINUTE)


@pytest.mark.parametrize("name", ["past.csv", "past.jsonl"])
def test_what_is_written_is_read_again_with_its_incidents(tmp_path: Path, name: str) -> None:
    whole = past(2)
    coarse = PastMinute(BEGIN - timedelta(hours=1), 50, 1, 50, {2_000_000: 3}, 5)
    known = Past(coarse.at, whole.until, whole.minutes, (coarse,))

    rows = write_past(known, (TROUBLE,), tmp_path / name)
    read, incidents = read_past(tmp_path / name)

    assert rows == 121
    assert read == known
    assert incidents == (TROUBLE,)


def test_three_columns_are_enough_and_empty_means_no_data(tmp_path: Path) -> None:
    file = tmp_path / "past.csv"
    file.write_text(
        "time,requests,errors\n2026-11-01T08:00,10,1\n2026-11-01T08:01,,\n2026-11-01T10:02+01:00,5,0\n"
    )

    read, incidents = read_past(file)

    at = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    assert {each.at: (each.requests, each.errors, each.timed) for each in read.minutes.values()} == {
        at: (10, 1, 0),
        at + timedelta(hours=1, minutes=2): (5, 0, 0),
    }
    assert incidents == ()


def test_requests_have_a_latency_where_thresholds_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "past.jsonl"
    file.write_text('{"time": "2026-11-01T08:00", "requests": 10, "errors": 1, "over_250000": 3}\n')

    [minute] = read_past(file)[0].minutes.values()

    assert (minute.timed, dict(minute.over)) == (10, {250_000: 3})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time,requests\n", "line 1: no column errors; columns are time, requests, errors, timed"),
        ("time,requests,errors\n", "no minute with requests in it"),
        ("time,requests,errors\nnoon,1,0\n", "line 2: 'noon' is not a time: write it as"),
        (
            "time,requests,errors\n2026-11-01T08:00:30,1,0\n",
            "line 2: 2026-11-01T08:00:30 is not a whole minute",
        ),
        ("time,requests,errors\n2026-11-01T08:00,1,2\n", "line 2: 2 errors of 1 requests"),
        (
            "time,requests,errors\n2026-11-01T08:00,many,2\n",
            "line 2: requests is 'many': write a whole number",
        ),
        ("time,requests,errors\n2026-11-01T08:00,1.5,0\n", "line 2: requests is '1.5'"),
        (
            "time,requests,errors\n2026-11-01T08:00,1,0\n2026-11-01T08:00,1,0\n",
            "line 3: 2026-11-01T08:00 is there twice",
        ),
        ("time,requests,errors,over_1s\n2026-11-01T08:00,1,0,1\n", "line 2: column over_1s: write over_"),
        ("time,requests,errors,over_9\n2026-11-01T08:00,1,0,2\n", "line 2: more slow requests than the 1"),
        ('{"time": "2026-11-01T08:00"\n', "line 1: not a JSON object"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "past.csv"
    file.write_text(text)

    with pytest.raises(BadPast) as told:
        read_past(file)

    assert says in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPast, match=r"none\.csv cannot be read"):
        read_past(tmp_path / "none.csv")
