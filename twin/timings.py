"""How long things take in the simulated cloud. Only durations live here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class Timings:
    """Durations; those of fleets and changes vary by `spread` to both sides, by the seed of the world."""

    fleet: timedelta = timedelta(minutes=5)
    weights: timedelta = timedelta(seconds=30)
    scale_out: timedelta = timedelta(minutes=4)
    component: timedelta = timedelta(minutes=3)
    idle_release: timedelta = timedelta(minutes=10)
    no_capacity: timedelta = timedelta(minutes=6)
    health_check: timedelta = timedelta(minutes=8)
    deletion: timedelta = timedelta(seconds=30)
    metric_lag: timedelta = timedelta(seconds=90)
    event_delay: timedelta = timedelta(seconds=1)
    search_lag: timedelta = timedelta(0)
    spread: float = 0.2

    def varied(self, duration: timedelta, rng: Random) -> timedelta:
        """Return `duration` times a seeded factor between 1 - spread and 1 + spread, in whole milliseconds."""
        factor = 1.0 + self.spread * (2.0 * rng.random() - 1.0)
        return timedelta(milliseconds=round(duration.total_seconds() * 1000 * factor))
