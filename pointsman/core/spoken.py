"""Durations, moments and sums of money as people read them in a plan. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MINUTE, HOUR, DAY = 60, 3_600, 86_400
LARGE_USD = 100
DAYS_TOLD_APART = 7


def duration(length: timedelta) -> str:
    """`45 s`, `12 min`, `2 h 05 min`, `3 d 4 h`."""
    seconds = round(length.total_seconds())
    whole = round(seconds / MINUTE)
    if seconds < MINUTE:
        return f"{seconds} s"
    if whole < HOUR // MINUTE:
        return f"{whole} min"
    if seconds < 2 * DAY:
        return f"{whole // 60} h {whole % 60:02d} min" if whole % 60 else f"{whole // 60} h"
    hours = round(seconds / HOUR)
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"


def clock(moment: datetime, today: datetime) -> str:
    """The time of day in UTC; with the weekday where it is another day than that of `today`, with the date after a week."""
    at, day = moment.astimezone(UTC), today.astimezone(UTC).date()
    if at.date() == day:
        return f"{at:%H:%M}"
    return f"{at:%a %H:%M}" if abs((at.date() - day).days) < DAYS_TOLD_APART else f"{at:%Y-%m-%d %H:%M}"


def money(usd: float) -> str:
    """USD with cents; without them from a hundred on."""
    return f"USD {usd:,.0f}" if abs(usd) >= LARGE_USD else f"USD {usd:,.2f}"


def tail_of(arn: str) -> str:
    """What tells an ARN from others in one account: `model-package/fraud/7`, `assumed-role/Board/dana`."""
    return arn.rpartition(":")[2] or arn


def count_of(number: int, noun: str) -> str:
    """`1 instance`, `3 instances`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
