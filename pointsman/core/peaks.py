"""How many instances a release needs, moment by moment: pure arithmetic on the two fleets. Quotas are `quota_check.py`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Stretches of a release in which the same instances run."""

    NOW = "now"
    START = "start"
    STEPS = "steps"
    END = "end"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Fleet:
    """So many instances of one type."""

    instance_type: str
    count: int


@dataclass(frozen=True, slots=True)
class Need:
    """What runs in one stage: each fleet with what it is for."""

    stage: Stage
    parts: tuple[tuple[str, Fleet], ...]

    @property
    def total(self) -> int:
        """Instances of all types."""
        return sum(fleet.count for _what, fleet in self.parts)

    @property
    def by_type(self) -> dict[str, int]:
        """Instances by type."""
        counts: Counter[str] = Counter()
        for _what, fleet in self.parts:
            counts[fleet.instance_type] += fleet.count
        return dict(counts)


def needs_of(baseline: Fleet, candidate: Fleet) -> tuple[Need, ...]:
    """Every stage of a weighted canary, in order.

    UpdateEndpoint builds a whole new fleet before it lets the old one go, whatever differs between the two configs
    (facts/aws.md, 2.2): at the start the baseline runs twice, at the end the version does.
    """
    old, new = ("baseline", baseline), ("candidate", candidate)
    final = ("final fleet", Fleet(candidate.instance_type, max(baseline.count, candidate.count)))
    return (
        Need(Stage.NOW, (old,)),
        Need(Stage.START, (old, ("baseline again", baseline), new)),
        Need(Stage.STEPS, (old, new)),
        Need(Stage.END, (old, new, final)),
        Need(Stage.AFTER, (("version", final[1]),)),
    )


def peak_by_type(needs: tuple[Need, ...]) -> dict[str, int]:
    """The most instances of each type that run at once."""
    types = {kind for need in needs for kind in need.by_type}
    return {kind: max(need.by_type.get(kind, 0) for need in needs) for kind in sorted(types)}


def peak_total(needs: tuple[Need, ...]) -> int:
    """The most instances of all types that run at once."""
    return max(need.total for need in needs)
