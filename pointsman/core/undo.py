"""How a release is taken back at each point, how fast, and what that needs. Words for people; the way back itself is `backward.py`."""

from __future__ import annotations

from dataclasses import dataclass

from pointsman.core.peaks import Need, Stage
from pointsman.core.spoken import count_of


@dataclass(frozen=True, slots=True)
class Undo:
    """One point of a release: what takes it back there, and what users and the account notice."""

    when: str
    how: str


def ways_back(needs: tuple[Need, ...], endpoint: str) -> tuple[Undo, ...]:
    """From before the first request to after the watch."""
    fleets = {need.stage: need for need in needs}
    baseline = fleets[Stage.NOW].total
    return (
        Undo("before traffic", "the candidate is removed; no user has seen it"),
        Undo(
            "during steps",
            f"one weights call, seconds: the baseline keeps its {count_of(baseline, 'instance')} until the promotion",
        ),
        Undo(
            "after promotion",
            f"one UpdateEndpoint, minutes, by itself until the watch is over; it needs {count_of(baseline, 'instance')} "
            f"of capacity beside the {fleets[Stage.AFTER].total} that serve",
        ),
        Undo("after the watch", f"by hand: pointsman rollback {endpoint}; one UpdateEndpoint, minutes"),
    )
