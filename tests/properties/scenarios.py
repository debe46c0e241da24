"""The stories that schedules disturb: what happens when, under which policy, and how it ends when nothing goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pointsman.core.phases import Phase
from pointsman.policy import ErrorKind, Health, OnPatience, Owner, Plan, Policy, Serve, Strategy
from tests.worlds.account import ALARM, ENDPOINT, GOOD, GROUP, TYPE
from twin.errors import TwinError
from twin.traffic import Profile

if TYPE_CHECKING:
    from tests.properties.run import Run

Happening = Callable[["Run"], None]

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
    ),
)
SOON_OUT_OF_PATIENCE = replace(PLAN, patience=timedelta(minutes=9), bake_max=timedelta(minutes=8))
FAILING = replace(GOOD, error_rate=0.95)
NEVER_STARTS = replace(GOOD, starts=False)
DEAD = replace(GOOD, dead=True)
NEVER_ANSWERS = replace(GOOD, answers=False)


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

    @property
    def length(self) -> timedelta:
        """By then everything that the scenario does from outside has happened."""
        return timedelta(seconds=max(seconds for seconds, _ in self.happenings) + 30)


def policy_of(scenario: Scenario) -> Policy:
    """The endpoint's policy in a scenario."""
    plan = scenario.plan
    if scenario.has_alarm:
        plan = replace(plan, health=replace(plan.health, alarms=(ALARM,)))
    return Policy(ENDPOINT, GROUP, Owner("fraud"), plan)


def approve(version: int) -> Happening:
    """A person approves a version."""
    return lambda run: run.account.approve(version)


def reject(version: int) -> Happening:
    """A person rejects a version."""
    return lambda run: run.account.reject(version)


def behave(version: int, profile: Profile) -> Happening:
    """A version behaves differently from now on."""
    return lambda run: run.account.behave(version, profile)


def abort(run: Run) -> None:
    """A person aborts whatever is open."""
    run.ask(
        {
            "command": "abort",
            "target": ENDPOINT,
            "reason": "the numbers look odd to me",
            "by": "maria",
            "request_id": "1",
        }
    )


def set_alarm(state: str) -> Happening:
    """The alarm changes."""
    return lambda run: run.account.set_alarm(state)


def set_capacity(count: int) -> Happening:
    """The cloud has so many instances free for launches."""

    def happen(run: Run) -> None:
        run.account.kernel.capacity[TYPE] = count

    return happen


def set_quota(count: int) -> Happening:
    """The account may run so many instances."""

    def happen(run: Run) -> None:
        run.account.kernel.quota[TYPE] = count

    return happen


def deny(operation: str, times: int) -> Happening:
    """Permission for an operation is gone for some calls."""
    return lambda run: run.account.kernel.faults.fail(
        "sagemaker", operation, "AccessDeniedException", "is not authorized", times=times
    )


def set_status(status: str, reason: str) -> Happening:
    """The endpoint gets into a state."""
    return lambda run: run.account.kernel.set_endpoint_status(ENDPOINT, status, reason)


def change_by_hand(run: Run) -> None:
    """A person puts a config of their own live, unless the endpoint is in the middle of a change."""
    with suppress(TwinError):
        run.account.update_by_hand("made-by-hand")


S = Phase.SUCCEEDED
R = Phase.ROLLED_BACK
H = Phase.NEEDS_HUMAN
BAD = frozenset({2})

_ALL = (
    Scenario("good", ((0, approve(2)),), {2: S}),
    Scenario("turns-bad", ((0, approve(2)), (75, behave(2, FAILING))), {2: R}, BAD),
    Scenario("bad-at-full", ((0, approve(2)), (255, behave(2, FAILING))), {2: R}, BAD),
    Scenario(
        "late-failure",
        ((0, approve(2)), (530, behave(2, FAILING))),
        {2: R},
        BAD,
        plan=replace(PLAN, watch=timedelta(minutes=8)),
    ),
    Scenario("goes-dark", ((0, approve(2)), (75, behave(2, DEAD))), {2: R}, BAD, plan=SOON_OUT_OF_PATIENCE),
    Scenario("never-answers", ((0, behave(2, NEVER_ANSWERS)), (0, approve(2))), {2: R}, BAD),
    Scenario("never-healthy", ((0, behave(2, NEVER_STARTS)), (0, approve(2))), {2: R}, BAD),
    Scenario("no-capacity", ((0, set_capacity(3)), (0, approve(2))), {2: R}),
    Scenario(
        "no-capacity-at-the-end",
        ((0, approve(2)), (200, set_capacity(0)), (700, set_capacity(100))),
        {2: S},
    ),
    Scenario(
        "no-way-back",
        (
            (0, approve(2)),
            (75, behave(2, FAILING)),
            (75, set_capacity(0)),
            (600, set_capacity(100)),
        ),
        {2: R},
        BAD,
    ),
    Scenario("quota", ((0, set_quota(3)), (0, approve(2))), {2: R}),
    Scenario("denied", ((0, deny("UpdateEndpointWeightsAndCapacities", 1)), (0, approve(2))), {2: R}),
    Scenario("alarm", ((0, approve(2)), (90, set_alarm("ALARM"))), {2: R}, BAD, has_alarm=True),
    Scenario(
        "alarm-in-watch",
        ((0, approve(2)), (540, set_alarm("ALARM"))),
        {2: R},
        BAD,
        plan=replace(PLAN, watch=timedelta(minutes=3)),
        has_alarm=True,
    ),
    Scenario("abort", ((0, approve(2)), (235, abort)), {2: R}),
    Scenario("abort-early", ((0, approve(2)), (15, abort)), {2: R}),
    Scenario("rejected", ((0, approve(2)), (100, reject(2))), {2: R}),
    Scenario("superseded", ((0, approve(2)), (10, approve(3))), {2: Phase.SUPERSEDED, 3: S}),
    Scenario("queued", ((0, approve(2)), (80, behave(2, FAILING)), (90, approve(3))), {2: R, 3: S}, BAD),
    Scenario("autoscaled", ((0, approve(2)),), {2: S}, is_autoscaled=True),
    Scenario(
        "autoscaled-bad",
        ((0, approve(2)), (255, behave(2, FAILING))),
        {2: R},
        BAD,
        is_autoscaled=True,
    ),
    Scenario(
        "autoscaled-long",
        ((0, approve(2)), (1500, behave(2, FAILING))),
        {2: R},
        BAD,
        plan=replace(PLAN, steps=(100,), bake_min=timedelta(minutes=40), bake_max=timedelta(minutes=50)),
        is_autoscaled=True,
    ),
    Scenario("changed-by-hand", ((0, approve(2)), (120, change_by_hand)), {2: H}),
    Scenario("fails", ((0, approve(2)), (100, set_status("Failed", "it broke"))), {2: H}),
    Scenario("stuck", ((0, approve(2)), (100, set_status("UpdateRollbackFailed", "mixed"))), {2: H}),
)
SCENARIOS = {scenario.name: scenario for scenario in _ALL}
