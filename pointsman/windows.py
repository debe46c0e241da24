"""Release windows: when automatic moves may go forward, in a policy's own time zone. Pure: the moment is an argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LOOK_AHEAD_DAYS = 400
MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """On these weekdays (0 is Monday) from `start` until before `end`, both minutes since midnight; 1440 is the day's end."""

    days: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Windows:
    """All windows of a policy. `holidays` are days without any."""

    timezone: str
    open: tuple[Window, ...]
    holidays: tuple[date, ...] = ()


def is_open(windows: Windows, now: datetime) -> bool:
    """Whether `now` lies in a window. Wall-clock time counts: a window moves with daylight saving."""
    local = now.astimezone(ZoneInfo(windows.timezone))
    minute = local.hour * 60 + local.minute
    if local.date() in windows.holidays:
        return False
    return any(local.weekday() in each.days and each.start <= minute < each.end for each in windows.open)


def next_opening(windows: Windows, now: datetime) -> datetime | None:
    """When it is open next: `now` itself while it is; None where no window opens within 400 days."""
    if is_open(windows, now):
        return now
    return next((moment for moment in _openings(windows, now) if moment > now), None)


def closed_because(windows: Windows | None, now: datetime) -> str:
    """Why nothing moves forward now, and when it will again; empty while a window is open, or where there are none."""
    if windows is None or is_open(windows, now):
        return ""
    opening = next_opening(windows, now)
    if opening is None:
        return f"outside its release windows, and none opens within {LOOK_AHEAD_DAYS} days"
    local = opening.astimezone(ZoneInfo(windows.timezone))
    return f"outside its release windows; the next one opens {local:%a %Y-%m-%d %H:%M} {windows.timezone}"


def windows_to_json(windows: Windows | None) -> dict[str, Any] | None:
    """Windows as JSON."""
    if windows is None:
        return None
    return {
        "timezone": windows.timezone,
        "open": [[list(each.days), each.start, each.end] for each in windows.open],
        "holidays": [day.isoformat() for day in windows.holidays],
    }


def windows_from_json(raw: dict[str, Any] | None) -> Windows | None:
    """Read what `windows_to_json` wrote. Raises KeyError, TypeError or ValueError where it is broken."""
    if raw is None:
        return None
    ZoneInfo(str(raw["timezone"]))
    return Windows(
        timezone=str(raw["timezone"]),
        open=tuple(Window(tuple(int(day) for day in days), int(s), int(e)) for days, s, e in raw["open"]),
        holidays=tuple(date.fromisoformat(day) for day in raw["holidays"]),
    )


def _openings(windows: Windows, now: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(windows.timezone)
    today = now.astimezone(zone).date()
    for offset in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=offset)
        begins, ends = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        if ends - begins == timedelta(days=1):
            yield from _starts(windows, day, zone)
        else:
            # The clock is changed on this day: it shows some minutes twice, or never.
            moments = (
                begins + timedelta(minutes=count)
                for count in range(int((ends - begins) / timedelta(minutes=1)))
            )
            yield from (moment for moment in moments if is_open(windows, moment))


def _starts(windows: Windows, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    if day in windows.holidays:
        return
    for start in sorted({each.start for each in windows.open if day.weekday() in each.days}):
        yield datetime.combine(day, time(start // 60, start % 60), zone).astimezone(UTC)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
