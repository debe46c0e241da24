"""How release windows, dates and time zones are written in a policy. When a window is open is `pointsman/windows.py`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, Field

from cli.policy_values import InSchema, broken_rule, each_once
from pointsman.windows import DAY_NAMES, MIDNIGHT, Window

MAX_WINDOWS = 50
MAX_HOLIDAYS = 400
_WEEK = len(DAY_NAMES)
_SHORTEST_RANGE = 3
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS = "(?:{0})(?:-(?:{0}))?".format("|".join(DAY_NAMES))
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_WINDOW = re.compile(f"({_DAYS}(?:,{_DAYS})*) ({_CLOCK})-({_CLOCK}|24:00)")


def parse_window(text: str) -> Window:
    """Read `Mon-Thu 09:00-16:00` or `Sat,Sun 10:00-24:00`.

    Raises:
        ValueError: the text is no such window.
        PydanticCustomError: it is one, and breaks a rule that can be told: a range of days that runs over Sunday, an
            end that does not come after the start.

    """
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no window such as 'Mon-Thu 09:00-16:00'")
    days, start, end = _days(match[1]), _minutes(match[2]), _minutes(match[3])
    if end <= start:
        raise broken_rule(_over_midnight(days, start, end))
    return Window(days, start, end)


def format_window(window: Window) -> str:
    """Write what `parse_window` reads."""
    return f"{_format_days(window.days)} {_clock(window.start)}-{_clock(window.end)}"


def _days(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = DAY_NAMES.index(first), DAY_NAMES.index(last or first)
        if end < begin:
            over_sunday = _format_days({day % _WEEK for day in range(begin, end + _WEEK + 1)})
            raise broken_rule(f"a week goes from Mon to Sun: write {over_sunday} instead of {part}")
        found.update(range(begin, end + 1))
    return tuple(sorted(found))


def _over_midnight(days: tuple[int, ...], start: int, end: int) -> str:
    if end == start:
        return "the end must come after the start; a whole day is 00:00-24:00"
    evening = format_window(Window(days, start, MIDNIGHT))
    if end == 0:
        return f"the end of a day is written 24:00: write {evening!r}"
    morning = format_window(Window(tuple((day + 1) % _WEEK for day in days), 0, end))
    return f"a window ends on the day on which it starts: write two, {evening!r} and {morning!r}"


def _format_days(days: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_format_run(run) for run in runs)


def _format_run(run: list[int]) -> str:
    if len(run) < _SHORTEST_RANGE:
        return ",".join(DAY_NAMES[day] for day in run)
    return f"{DAY_NAMES[run[0]]}-{DAY_NAMES[run[-1]]}"


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _is_window(text: str) -> str:
    parse_window(text)
    return text


def _is_date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text!r} is no date such as 2026-12-24")
    date.fromisoformat(text)
    return text


def _is_zone(name: str) -> str:
    zones = _zones()
    if name in zones:
        return name
    by_lower = {zone.lower(): zone for zone in zones}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    meant = f"; did you mean {by_lower[close[0]]}?" if close else ""
    raise broken_rule(f"allowed: an IANA time zone such as Europe/Berlin or UTC{meant}")


@cache
def _zones() -> frozenset[str]:
    """Names that the functions know: they carry this package, and have no other time zones."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


Date = Annotated[
    str, AfterValidator(_is_date), InSchema({"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"})
]
Dates = Annotated[
    list[Date], Field(max_length=MAX_HOLIDAYS), AfterValidator(each_once), InSchema({"uniqueItems": True})
]
TimeZone = Annotated[
    str,
    AfterValidator(_is_zone),
    InSchema({"pattern": "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z][A-Za-z0-9_+-]*)*$"}),
]
WindowText = Annotated[str, AfterValidator(_is_window), InSchema({"pattern": f"^{_WINDOW.pattern}$"})]
WindowTexts = Annotated[
    list[WindowText],
    Field(min_length=1, max_length=MAX_WINDOWS),
    AfterValidator(each_once),
    InSchema({"uniqueItems": True}),
]
