"""Ten policies and endpoints, as unlike as releases come: counts, steps, types, traffic, autoscaling, windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pointsman.policy import (
    EndpointName,
    ErrorKind,
    Health,
    OnPatience,
    Owner,
    Plan,
    Policy,
    Serve,
    Strategy,
)
from pointsman.windows import Window, Windows

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ANY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Case:
    """One policy on one endpoint."""

    name: str
    steps: tuple[int, ...] = (10, 50, 100)
    bake: tuple[int, int] = (5, 30)
    patience: timedelta = 6 * HOUR
    min_requests: int = 50
    count: int = 2
    live: int = 2
    kind: str = "ml.m5.xlarge"
    live_kind: str = ""
    rpm: float = 60.0
    is_autoscaled: bool = False
    alarms: tuple[str, ...] = ()
    windows: Windows | None = None
    watch: timedelta = 20 * MINUTE
    has_a_week_behind: bool = True
    """Otherwise two hours of traffic are all that CloudWatch knows."""
    seed: int = 7

    def policy(self) -> Policy:
        health = Health(
            errors=(ErrorKind.SERVER,),
            max_error_percent=5.0,
            slow_over=timedelta(seconds=5),
            max_slow_percent=10.0,
            min_requests=self.min_requests,
            alarms=self.alarms,
        )
        plan = Plan(
            strategy=Strategy.CANARY,
            steps=self.steps,
            bake_min=self.bake[0] * MINUTE,
            bake_max=self.bake[1] * MINUTE,
            patience=self.patience,
            on_patience=OnPatience.ROLLBACK,
            watch=self.watch,
            serve=Serve(self.kind, self.count),
            health=health,
        )
        return Policy(EndpointName("kept"), "kept", Owner("team"), plan, windows=self.windows)


SOON_AND_LATER = Windows(
    "UTC", (Window(ANY_DAY, 14 * 60 + 30, 14 * 60 + 40), Window(ANY_DAY, 15 * 60 + 10, 24 * 60))
)

CASES = (
    Case("one small instance", count=1, live=1, kind="ml.c7i.large", rpm=30),
    Case("one step", steps=(100,), min_requests=200, rpm=40, has_a_week_behind=False),
    Case("many small steps of busy traffic", steps=(1, 2, 5, 10, 25, 40, 50, 100), rpm=300, bake=(3, 30)),
    Case(
        "thin traffic",
        steps=(20, 100),
        rpm=4,
        seed=2,
        patience=20 * HOUR,
        min_requests=20,
        bake=(5, 60),
        has_a_week_behind=False,
    ),
    Case("thinner traffic than minutes", steps=(10, 50, 100), rpm=1.5, min_requests=10, patience=8 * HOUR),
    Case("larger live fleet than the policy", count=1, live=4, rpm=100, seed=11),
    Case("smaller live fleet than the policy", count=3, live=1, kind="ml.g5.2xlarge", rpm=50),
    Case("another instance type", kind="ml.m6i.xlarge", live_kind="ml.m5.xlarge", rpm=80, seed=3),
    Case(
        "autoscaled and guarded", live=3, count=2, is_autoscaled=True, alarms=("kept-5xx",), rpm=170, seed=5
    ),
    Case("windows in between", windows=SOON_AND_LATER, rpm=60, bake=(10, 40)),
)
