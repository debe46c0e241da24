"""Which rollouts a backtest pretends: one an hour of a past in which nothing was changed, and two for each marked incident. Playing one is `backtest.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pointsman.core.backtest import Ending, Played, Pretended, play
from pointsman.core.minutes import ONE_MINUTE
from pointsman.core.past import Past, PastMinute, slow_us
from pointsman.core.past_split import Chance
from pointsman.core.past_traffic import ONE_DAY, ONE_HOUR, floor_hour
from pointsman.core.verdict import Counts
from pointsman.policy import Plan, Policy
from pointsman.windows import is_open

Chances = Callable[[str], Chance]
"""Chance for one pretended rollout, by what it is called: the same name draws the same."""
LOOKS_BACK_DAYS = 7
ENOUGH_OF_IT = 0.8
"""So much of an incident's minutes must have data in the time that it is compared with."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Trouble that somebody marked, [start, end)."""

    start: datetime
    end: datetime

    def overlaps(self, since: datetime, until: datetime) -> bool:
        """Whether a minute of it lies there."""
        return self.start < until and since < self.end


@dataclass(frozen=True, slots=True)
class Rules:
    """What is played: the policy, a start each `every`, beside which marked incidents."""

    policy: Policy
    every: timedelta
    late_fill: timedelta
    chances: Chances
    incidents: tuple[Incident, ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan of the policy."""
        return self.policy.plan


@dataclass(frozen=True, slots=True)
class Found:
    """An incident as a candidate's doing: from the first step on, and in the watch. `beside`: how long before it the baseline is taken from.

    None: it could not be played. `really`: what happened to all requests of the time.
    """

    incident: Incident
    beside: timedelta | None
    first: Played | None
    watch: Played | None
    really: Counts


@dataclass(frozen=True, slots=True)
class Tally:
    """Pretended releases of a good version, by how they ended. `met`: those that ran into a marked incident, which count for nothing."""

    plays: tuple[Played, ...]
    met: tuple[Played, ...] = ()
    steps: int = 0
    outside_windows: int = field(default=0)

    def ended(self, ending: Ending) -> list[Played]:
        """Those that ended so."""
        return [each for each in self.plays if each.ending is ending]

    @property
    def beside(self) -> list[Played]:
        """Taken back while both sides had the same traffic: false for sure."""
        return [each for each in self.ended(Ending.ROLLED_BACK) if not self._is_alone(each)]

    @property
    def alone(self) -> list[Played]:
        """Taken back while it served alone, by the policy's limits: trouble nobody marked, or limits that are too narrow."""
        return [each for each in self.ended(Ending.ROLLED_BACK) if self._is_alone(each)]

    @property
    def proved(self) -> list[Played]:
        """Those that had every step proved."""
        return [each for each in self.plays if each.proved_at is not None]

    def _is_alone(self, played: Played) -> bool:
        return played.step >= self.steps


def starts(past: Past, rules: Rules) -> tuple[list[datetime], int]:
    """Full hours with data and a full hour before them; and how many of them the policy's release windows leave out."""
    first = past.first_minute
    if first is None:
        return [], 0
    hours, at = [], floor_hour(first) + 2 * ONE_HOUR
    while at < past.until:
        if at in past.hours:
            hours.append(at)
        at += rules.every
    windows = rules.policy.windows
    inside = [each for each in hours if windows is None or is_open(windows, each)]
    return inside, len(hours) - len(inside)


def play_good(past: Past, rules: Rules, start: datetime) -> Played:
    """A version as good as what served: both sides are drawn from the same minute."""

    def same(at: datetime) -> tuple[PastMinute | None, PastMinute | None]:
        minute = past.minutes.get(at)
        return minute, minute

    return play(
        Pretended(
            rules.plan,
            past.usual_before(start),
            start,
            past.until,
            same,
            rules.chances(f"good {start.isoformat()}"),
            rules.late_fill,
        )
    )


def tally(plays: list[Played], rules: Rules, outside_windows: int) -> Tally:
    """Put the pretended releases together; those that met a marked incident are set apart."""
    met = [each for each in plays if any(one.overlaps(each.start, each.at) for one in rules.incidents)]
    good = tuple(each for each in plays if each not in met)
    beside = sum(1 for step in rules.plan.steps if step < 100)  # noqa: PLR2004 - percent
    return Tally(good, tuple(met), beside, outside_windows)


def play_incident(past: Past, rules: Rules, incident: Incident) -> Found:
    """The candidate answers as everything did in the incident; the baseline as everything did some time before."""
    minutes = [past.minutes[at] for at in _minutes(incident) if at in past.minutes]
    limit = slow_us(rules.plan.health)
    really = Counts(
        sum(each.requests for each in minutes),
        sum(each.errors for each in minutes),
        sum(each.slower_than(limit) or 0 for each in minutes),
    )
    if not minutes:
        return Found(incident, None, None, None, really)
    beside = _before(past, rules, incident)
    first = None if beside is None else _played(past, rules, incident, beside, is_watch=False)
    watch = _played(past, rules, incident, beside or timedelta(0), is_watch=True)
    return Found(incident, beside, first, watch, really)


def _played(past: Past, rules: Rules, incident: Incident, beside: timedelta, *, is_watch: bool) -> Played:
    def apart(at: datetime) -> tuple[PastMinute | None, PastMinute | None]:
        ours = past.minutes.get(at)
        is_trouble = incident.start <= at < incident.end
        return (past.minutes.get(at - beside) if is_trouble else ours), ours

    least = -(-rules.plan.bake_min // ONE_MINUTE) * ONE_MINUTE
    begun = incident.start - len(rules.plan.steps) * least if is_watch else incident.start
    name = f"incident {incident.start.isoformat()} {'watch' if is_watch else 'first'}"
    return play(
        Pretended(
            rules.plan,
            past.usual_before(floor_hour(begun)),
            begun,
            min(past.until, incident.end + rules.plan.health.metric_delay),
            apart,
            rules.chances(name),
            rules.late_fill,
            is_waved=is_watch,
            counted_from=incident.start,
        )
    )


def _before(past: Past, rules: Rules, incident: Incident) -> timedelta | None:
    """The newest time before it that is like it: the same minutes of a day before, or else the hours right before it."""
    length = -(-(incident.end - incident.start) // ONE_HOUR) * ONE_HOUR
    for back in (*(ONE_DAY * days for days in range(1, LOOKS_BACK_DAYS + 1)), length):
        since, until = incident.start - back, incident.end - back
        wanted = list(_minutes(Incident(since, until)))
        present = sum(at in past.minutes for at in wanted)
        is_quiet = not any(each.overlaps(since, until) for each in rules.incidents)
        if back >= incident.end - incident.start and is_quiet and present >= ENOUGH_OF_IT * len(wanted):
            return back
    return None


def _minutes(incident: Incident) -> Iterator[datetime]:
    at = incident.start
    while at < incident.end:
        yield at
        at += ONE_MINUTE
