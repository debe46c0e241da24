"""What the search for what is missing rests on, and what it finds, as values. The search is `plan_findings.py`."""

from __future__ import annotations

from dataclasses import dataclass

from pointsman.core.fitting import Way
from pointsman.core.guard_alarms import Guard
from pointsman.core.peaks import Need
from pointsman.core.quota_check import Fit
from pointsman.core.release_facts import Facts
from pointsman.core.rollout import Rollout
from pointsman.core.timetable import Question, Timetable


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which the release cannot begin or cannot end well, and what to do about it."""

    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the search rests on. Without quotas to check there is no fleet: a canary cannot serve the endpoint."""

    facts: Facts
    rollout: Rollout
    quota: tuple[Fit, ...]
    guards: tuple[Guard, ...]
    question: Question
    times: Timetable
    grown: tuple[Need, ...]
    ways: tuple[Way, ...]
    """What would let every step prove itself in time; empty where each does."""
