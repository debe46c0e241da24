"""What a story is: what happens when, under which policy, and how it ends when nothing goes wrong. Which there are: `scenarios.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from pointsman.core.phases import Phase
from pointsman.policy import Comparison, ErrorKind, Health, OnPatience, Owner, Plan, Policy, Serve, Strategy
from pointsman.windows import Windows
from tests.properties.happenings import Happening
from tests.worlds.account import ALARM, ENDPOINT, GROUP, TYPE

PLAN = Plan(
    strategy=Strategy.CANARY,
    steps=(50, 100),
    bake_min=timedelta(minutes=1),
    bake_max=timedelta(minutes=10),
    patience=timedelta(minutes=20),
    on_patience=OnPatience.ROLLBACK,
    watch=timedelta(minutes=1),
    serve=Serve(TYPE, 1),
    health=Health(
        errors=(ErrorKind.SERVER,),
        max_error_percent=10.0,
        slow_over=timedelta(seconds=5),
        max_slow_percent=10.0,
        min_requests=3,
        comparison=Comparison(warm_up=timedelta(minutes=2)),
    ),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story. `ends` are the last phases of the versions without faults; `bad` must never serve in the end."""

    name: str
    happenings: tuple[tuple[int, Happening], ...]
    ends: dict[int, Phase]
    bad: frozenset[int] = frozenset()
    plan: Plan = PLAN
    is_autoscaled: bool = False
    has_alarm: bool = False
    is_swept: bool = False
    """The registry is swept. Not in every story: calls are numbered, and recorded schedules name them by number."""
    is_briefed: bool = False
    """A forecast is made when the release starts. It reads a lot and decides nothing, so few stories have it."""
    windows: Windows | None = None

    @property
    def length(self) -> timedelta:
        """By then everything that the scenario does from outside has happened."""
        return timedelta(seconds=max(seconds for seconds, _ in self.happenings) + 30)


def policy_of(scenario: Scenario) -> Policy:
    """The endpoint's policy in a scenario."""
    plan = scenario.plan
    if scenario.has_alarm:
        plan = replace(plan, health=replace(plan.health, alarms=(ALARM,)))
    return Policy(ENDPOINT, GROUP, Owner("fraud"), plan, windows=scenario.windows)
