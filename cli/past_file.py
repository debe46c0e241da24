"""The past of an endpoint as a file: CSV or JSON lines, one row a minute (docs/backtest.md). What is made of it lives elsewhere."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pointsman.core.backtests import Incident
from pointsman.core.past import Past, PastMinute

OVER = "over_"
ALWAYS = ("time", "requests", "errors")
SOMETIMES = ("timed", "minutes", "incident")
ONE_MINUTE = timedelta(minutes=1)
Row = dict[str, Any]


class BadPast(ValueError):
    """The file cannot be read; says where, what was found, and what to write."""


def read_past(path: Path) -> tuple[Past, tuple[Incident, ...]]:
    """Read the minutes of a file, and the incidents that its column marks. Raises BadPast."""
    found: dict[datetime, PastMinute] = {}
    marks: list[tuple[datetime, str, int]] = []
    for line, row in _rows(path):
        try:
            minute = _minute(row)
            if minute is not None and minute.at in found:
                raise ValueError(f"{minute.at:%Y-%m-%dT%H:%M} is there twice")
        except ValueError as err:
            raise BadPast(f"{path}, line {line}: {err}") from None
        if minute is not None:
            found[minute.at] = minute
            marks.append((minute.at, _text(row, "incident"), minute.minutes))
    if not found:
        raise BadPast(f"{path}: no minute with requests in it; docs/backtest.md shows the format")
    fine = {at: each for at, each in sorted(found.items()) if each.minutes == 1}
    coarse = tuple(each for _, each in sorted(found.items()) if each.minutes > 1)
    last = max(found.values(), key=lambda each: each.at)
    past = Past(min(found), last.at + ONE_MINUTE * last.minutes, fine, coarse)
    return past, tuple(_incidents(sorted(marks)))


def write_past(past: Past, incidents: Iterable[Incident], path: Path) -> int:
    """Write it: JSON lines where the name ends in .jsonl, CSV otherwise. Returns how many rows. Raises OSError."""
    marked = tuple(incidents)
    rows = [*past.coarse, *past.minutes.values()]
    thresholds = sorted({each for row in rows for each in row.over})
    columns = [*ALWAYS, *SOMETIMES, *(f"{OVER}{each}" for each in thresholds)]
    with path.open("w", encoding="utf-8", newline="") as file:
        told = (_row(each, marked) for each in rows)
        if path.suffix == ".jsonl":
            file.writelines(json.dumps(row) + "\n" for row in told)
        else:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(told)
    return len(rows)


def moment(text: str) -> datetime:
    """A time in UTC unless it says otherwise. Raises ValueError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time: write it as 2026-11-24T08:00") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise BadPast(f"{path} cannot be read: {err}") from err
    if text.lstrip().startswith("{"):
        yield from _json_rows(path, text)
        return
    reader = csv.DictReader(text.splitlines())
    columns = reader.fieldnames or []
    missing = [each for each in ALWAYS if each not in columns]
    if missing:
        raise BadPast(
            f"{path}, line 1: no column {', '.join(missing)}; columns are {', '.join((*ALWAYS, *SOMETIMES))} and over_MICROSECONDS"
        )
    for row in reader:
        yield reader.line_num, row


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise BadPast(f"{path}, line {number}: not a JSON object")
        yield number, row


def _minute(row: Row) -> PastMinute | None:
    at = moment(_text(row, "time"))
    if at.second or at.microsecond:
        raise ValueError(f"{_text(row, 'time')} is not a whole minute")
    requests = _count(row, "requests")
    if not requests:
        return None
    errors = _count(row, "errors") or 0
    if errors > requests:
        raise ValueError(f"{errors} errors of {requests} requests")
    over = {
        _threshold(name): count
        for name in row
        if isinstance(name, str) and name.startswith(OVER) and (count := _count(row, name)) is not None
    }
    timed = _count(row, "timed")
    if timed is None:
        timed = requests if over else 0
    if any(count > timed for count in over.values()):
        raise ValueError(f"more slow requests than the {timed} that have a latency")
    return PastMinute(at, requests, errors, timed, over, _count(row, "minutes") or 1)


def _threshold(name: str) -> int:
    digits = name.removeprefix(OVER)
    if not digits.isascii() or not digits.isdigit() or not int(digits):
        raise ValueError(f"column {name}: write over_ and whole microseconds, as over_250000")
    return int(digits)


def _count(row: Row, name: str) -> int | None:
    text = _text(row, name)
    if not text:
        return None
    try:
        count = float(text)
    except ValueError:
        count = -1.0
    if count < 0 or count != int(count):
        raise ValueError(f"{name} is {text!r}: write a whole number, or nothing where there is no data")
    return int(count)


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _incidents(marks: list[tuple[datetime, str, int]]) -> Iterator[Incident]:
    """Rows that bear the same mark are one incident, from the first of them to the last."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for at, mark, minutes in marks:
        if mark:
            begun, _ended = spans.get(mark, (at, at))
            spans[mark] = begun, at + ONE_MINUTE * minutes
    yield from (Incident(*span) for _, span in sorted(spans.items(), key=lambda each: each[1]))


def _row(each: PastMinute, incidents: tuple[Incident, ...]) -> Row:
    end = each.at + ONE_MINUTE * each.minutes
    marks = [str(number) for number, one in enumerate(incidents, 1) if one.overlaps(each.at, end)]
    return {
        "time": f"{each.at:%Y-%m-%dT%H:%MZ}",
        "requests": each.requests,
        "errors": each.errors,
        "timed": each.timed,
        "minutes": each.minutes,
        "incident": marks[0] if marks else "",
    } | {f"{OVER}{threshold}": count for threshold, count in sorted(each.over.items())}
