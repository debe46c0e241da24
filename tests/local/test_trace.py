"""Traces: read, looped, generated, refused with the line that is wrong."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from local.trace import BadTrace, generate_trace, read_trace

HEAD = "TIMESTAMP,ContextTokens,GeneratedTokens\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "trace.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_trace_in_the_azure_format_is_read_in_order(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + "2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:01.0000000,1,2\n")

    trace = read_trace(file)

    assert trace.rows == ((timedelta(0), 1, 2), (timedelta(seconds=2, microseconds=979960), 4808, 10))
    assert trace.length == timedelta(minutes=1)


def test_a_trace_is_looped_in_whole_minutes(tmp_path: Path) -> None:
    trace = read_trace(written(tmp_path, HEAD + "2023-11-16 18:00:00,1,1\n2023-11-16 18:00:30,2,2\n"))
    start = datetime(2026, 1, 1, tzinfo=UTC)

    moments = [request.at - start for request in islice(trace.looped(start), 4)]

    assert [moment.total_seconds() for moment in moments] == [0, 30, 60, 90]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "missing: TIMESTAMP"),
        (HEAD, "found 0 rows"),
        (HEAD + "2023-11-16 18:00:00,1,1\n", "found 1 rows"),
        (HEAD + "yesterday,1,1\n", "line 2"),
        (HEAD + "2023-11-16 18:00:00,1,1\n2023-11-16 18:00:01,x,1\n", "line 3"),
        (HEAD + "2023-11-16 18:00:00,1\n", "line 2"),
        (HEAD + "2023-11-16 18:00:00,-1,1\n", "token counts"),
    ],
)
def test_what_is_no_trace_is_refused_with_the_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadTrace, match=says):
        read_trace(written(tmp_path, text))


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")

    for name in ("absent", "binary"):
        with pytest.raises(BadTrace, match=name):
            read_trace(tmp_path / name)


def test_generated_traffic_depends_on_its_seed_alone() -> None:
    assert generate_trace(3) == generate_trace(3)
    assert generate_trace(3) != generate_trace(4)
    assert 150 < generate_trace(3).requests_per_minute < 350
