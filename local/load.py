"""Traffic whose rate can be changed while time passes: seeded requests with long-tailed token counts. Who answers them is the twin's business."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from twin.kernel import Kernel
from twin.traffic import Request

MAX_CONTEXT, MAX_GENERATED = 8_000, 1_000


@dataclass(slots=True)
class Flow:
    """Requests to one endpoint, so many a minute on average, until it is stopped."""

    requests_per_minute: float
    is_stopped: bool = False


@dataclass(slots=True)
class Load:
    """The traffic of every endpoint. The same seed and the same changes at the same times give the same requests."""

    kernel: Kernel
    seed: int
    _flows: dict[str, Flow] = field(default_factory=dict)
    _changes: int = 0

    def rate(self, endpoint: str) -> float:
        """Requests a minute as set; 0 where none was ever set."""
        flow = self._flows.get(endpoint)
        return flow.requests_per_minute if flow else 0.0

    def set_rate(self, endpoint: str, requests_per_minute: float) -> None:
        """Let so many requests a minute come from now on; 0 ends them."""
        if endpoint in self._flows:
            self._flows[endpoint].is_stopped = True
        self._changes += 1
        flow = self._flows[endpoint] = Flow(requests_per_minute)
        if requests_per_minute > 0:
            rng = random.Random(f"load:{self.seed}:{endpoint}:{self._changes}")  # noqa: S311 - traffic, no secret
            self.kernel.traffic(endpoint, self._requests(flow, rng))

    def _requests(self, flow: Flow, rng: random.Random) -> Iterator[Request]:
        at = self.kernel.now
        while not flow.is_stopped:
            at += timedelta(seconds=rng.expovariate(flow.requests_per_minute / 60))
            context = min(MAX_CONTEXT, round(rng.lognormvariate(6.6, 0.9)))
            generated = max(1, min(MAX_GENERATED, round(rng.lognormvariate(4.9, 0.7))))
            yield Request(at, context, generated)
