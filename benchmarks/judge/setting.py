"""What is fixed for every rollout of the bench: the plan, the traffic levels, the seeds, and how noisy the world is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pointsman.core.canary_evidence import Stage

HORIZON = 60
SHARES = (0.01, 0.05, 0.10, 0.25, 0.50)
PLAN = tuple(Stage(share, 5, 12) for share in SHARES)
ALPHA = 0.02
RPMS = (5, 60, 1_000, 50_000)
"""Requests a minute to the endpoint, both sides together."""
READ_DELAY = 2
"""Minutes until CloudWatch's minute is complete: they are added to what every judge takes, and to its harm."""
SEEDS = {"tune": 20_260_117, "measure": 20_261_125}
"""Parameters are chosen on `tune`; what is published is `measure`. No rule was ever changed on the second."""
FLEETS = {5: (1, 1), 60: (2, 1), 1_000: (4, 2), 50_000: (30, 10)}
"""Instances of the baseline and of the candidate at each traffic level."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation of a log rate: of one side as a whole, and of each instance, which a larger fleet averages out."""

    side: float = 0.0
    instance: float = 0.0

    def times(self, factor: float) -> Spread:
        """Both scaled."""
        return Spread(self.side * factor, self.instance * factor)


@dataclass(frozen=True, slots=True)
class Noise:
    """What moves rates although no version changed.

    `white` is drawn anew each minute, `drift` is an AR(1) of its own for each side, `shared` one that both sides feel.
    Latency moves with `latency_share` of each. `incident` is the chance that a shared one happens in the hour.
    `retries` is the chance that a failed request is sent again, to the same side. Users stay on the side they were
    given for `session_minutes`: 0 routes each request anew. `quality` is the standard deviation of a side's mean score.
    """

    name: str
    white: Spread = Spread()
    drift: Spread = Spread()
    drift_memory: float = 0.85
    shared: float = 0.0
    latency_share: float = 0.15
    incident: float = 0.0
    retries: float = 0.0
    session_minutes: float = 0.0
    quality: float = 0.0
    partial: float = 0.0
    """Chance that a minute was read before all of it had arrived."""
    missing: float = 0.0
    """Chance that a gap of one to four minutes begins."""
    traffic: float = 0.0


CLEAN = Noise("clean")
MODERATE = Noise(
    "moderate",
    white=Spread(0.15, 0.30),
    drift=Spread(0.06, 0.12),
    shared=0.4,
    incident=0.15,
    retries=0.3,
    session_minutes=10,
    quality=0.005,
    traffic=0.10,
)
HARSH = replace(
    MODERATE,
    name="harsh",
    white=Spread(0.35, 0.70),
    drift=Spread(0.14, 0.30),
    drift_memory=0.9,
    shared=0.7,
    incident=0.40,
    retries=0.5,
    quality=0.01,
    partial=0.03,
    missing=0.01,
    traffic=0.25,
)
NOISES = {noise.name: noise for noise in (CLEAN, MODERATE, HARSH)}
