"""A backtest as one JSON object; the shape is described in docs/backtest.md. For people it is `backtest_words.py`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cli.backtest_run import Backtested
from pointsman.core.backtest import Ending, Played
from pointsman.core.backtests import Found
from pointsman.core.past import PastMinute

Json = dict[str, Any]


def backtest_as_json(told: Backtested) -> Json:
    """For programs."""
    tally, asked, past = told.tally, told.asked, told.past
    return {
        "endpoint": asked.endpoint,
        "policy": asked.policy_file,
        "source": told.source,
        "seed": asked.seed,
        "every_s": _seconds(asked.every),
        "past": {
            "since": past.since.isoformat(),
            "until": past.until.isoformat(),
            "minutes": len(past.minutes),
            "minutes_since": _moment(past.first_minute),
            "coarse_points": len(past.coarse),
        },
        "good": {
            "played": len(tally.plays),
            "met_incident": len(tally.met),
            "outside_windows": tally.outside_windows,
            "rolled_back_beside": len(tally.beside),
            "rolled_back_alone": len(tally.alone),
            **{each.value: len(tally.ended(each)) for each in Ending},
            "proved": len(tally.proved),
        },
        "limits": {
            "hours": told.looked,
            "above_errors": [_hour(each) for each in told.failing],
            "above_slow": [_hour(each) for each in told.slow],
        },
        "incidents": [_found(told, each) for each in told.found],
        "releases": [_played(told, each) for each in tally.plays],
    }


def _found(told: Backtested, found: Found) -> Json:
    return {
        "start": found.incident.start.isoformat(),
        "end": found.incident.end.isoformat(),
        "requests": found.really.requests,
        "errors": found.really.errors,
        "slow": found.really.slow,
        "beside_s": _seconds(found.beside),
        "from_first_step": _seen(told, found, found.first),
        "in_watch": _seen(told, found, found.watch),
    }


def _seen(told: Backtested, found: Found, played: Played | None) -> Json | None:
    if played is None:
        return None
    is_found = played.ending is Ending.ROLLED_BACK and played.at > found.incident.start
    after = played.at - found.incident.start
    return _played(told, played) | {"found_after_s": _seconds(after) if is_found else None}


def _played(told: Backtested, played: Played) -> Json:
    steps = told.asked.policy.plan.steps
    proved = played.proved_at
    return {
        "start": played.start.isoformat(),
        "ending": played.ending.value,
        "at": played.at.isoformat(),
        "step_percent": steps[played.step] if played.step < len(steps) else None,
        "proved_after_s": _seconds(proved - played.start) if proved else None,
        "requests": played.served.requests,
        "errors": played.served.errors,
        "slow": played.served.slow,
        "sentence": played.sentence,
    }


def _hour(each: PastMinute) -> Json:
    return {"at": each.at.isoformat(), "requests": each.requests, "errors": each.errors}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _seconds(length: timedelta | None) -> int | None:
    return round(length.total_seconds()) if length is not None else None
