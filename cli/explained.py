"""One rollout as it is explained: its records, its minutes, what is tolerated, and the chain. Where it came from is forgotten here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
Counts = tuple[int, int, int]
"""Requests, failed ones, slow ones."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said when a minute was taken. Odds: `against` the candidate by process, and those of its `proofs`."""

    share_bps: int
    opinion: str
    evidence: float
    needed: float
    against: Mapping[str, float]
    proofs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """Some minutes of both sides, added up; None where there is no data.

    `judged` is of the newest of them; None in minutes that an older judge had taken.
    """

    window: str
    at: datetime
    length: timedelta
    candidate: Counts | None
    baseline: Counts | None
    judged: Judged | None = None

    @property
    def middle(self) -> datetime:
        """Where it is drawn."""
        return self.at + self.length / 2


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything that is told about one rollout. `facts`: its records, oldest first; `health`: None where nobody knows."""

    rollout: str
    endpoint: str
    facts: list[Json]
    chain: str
    problems: list[str]
    region: str = ""
    minutes: list[Row] = field(default_factory=list)
    health: Mapping[str, Any] | None = None
    health_of: str = "rollout"
    now: datetime | None = None

    @property
    def decisions(self) -> list[Json]:
        """Its records that are decisions."""
        return [each for each in self.facts if each.get("kind") == "decision"]

    @property
    def version(self) -> str:
        """Number of the version, as text."""
        return next((str(each["version"]) for each in self.facts if each.get("version")), "?")

    @property
    def approved_by(self) -> str:
        """Who approved it; empty where the records do not say."""
        return next((str(each["approved_by"]) for each in self.facts if each.get("approved_by")), "")

    @property
    def begin(self) -> datetime:
        """Time of its first record."""
        return time_of(self.facts[0])

    @property
    def end(self) -> datetime:
        """Time of its last record or minute; now, while it is open."""
        moments = [time_of(self.facts[-1]), *(each.at + each.length for each in self.minutes[-1:])]
        return max([*moments, self.now] if self.is_open and self.now else moments)

    @property
    def last(self) -> Json:
        """The newest decision, or the newest record where none is one."""
        return self.decisions[-1] if self.decisions else self.facts[-1]

    @property
    def is_open(self) -> bool:
        """It has not ended."""
        return self.last.get("after") not in {"SUCCEEDED", "ROLLED_BACK", "SUPERSEDED"}

    @property
    def watched_since(self) -> datetime | None:
        """When its watch began; None where it never came to one."""
        watching = [each for each in self.decisions if each["after"] == "WATCHING" != each["before"]]
        return time_of(watching[-1]) if watching else None


def time_of(facts: Mapping[str, Any]) -> datetime:
    """When a record was written."""
    return datetime.fromisoformat(str(facts["at"]))


def row_from(raw: Mapping[str, Any]) -> Row:
    """One stored minute as a row. Raises KeyError, TypeError or ValueError for what is none."""
    at = datetime.fromisoformat(str(raw["at"]))
    sides = [_counts(raw["candidate"]), _counts(raw["baseline"])]
    return Row(str(raw["window"]), at, timedelta(minutes=1), sides[0], sides[1], _judged(raw.get("judged")))


def gathered(rows: Sequence[Row], most: int) -> list[Row]:
    """The same minutes in at most about `most` rows of equal length; a row never reaches over two windows."""
    size = max(1, -(-len(rows) // most))
    found: list[Row] = []
    for row in rows:
        last = found[-1] if found else None
        if last is not None and last.window == row.window and last.length < size * row.length:
            found[-1] = _joined(last, row)
        else:
            found.append(row)
    return found


def _joined(one: Row, other: Row) -> Row:
    length = other.at + other.length - one.at
    return Row(
        one.window,
        one.at,
        length,
        _added(one.candidate, other.candidate),
        _added(one.baseline, other.baseline),
        other.judged or one.judged,
    )


def _added(one: Counts | None, other: Counts | None) -> Counts | None:
    if one is None or other is None:
        return one or other
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _counts(raw: Sequence[int] | None) -> Counts | None:
    return None if raw is None else (int(raw[0]), int(raw[1]), int(raw[2]))


def _judged(raw: Mapping[str, Any] | None) -> Judged | None:
    if raw is None:
        return None
    odds = {str(name): pair for name, pair in raw["e"].items()}
    return Judged(
        int(raw["share_bps"]),
        str(raw["opinion"]),
        float(raw["evidence"]),
        float(raw["needed"]),
        {name: float(pair[0]) for name, pair in odds.items()},
        {name: float(pair[1]) for name, pair in odds.items() if pair[1] is not None},
    )
