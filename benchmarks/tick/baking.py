"""Rollouts in the middle of a bake, brought there by the real handlers in the local world. Nothing is measured here."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cli.demo import POLICY
from cli.policy_file import load_policy
from local.fleet import approve, serve
from local.installation import Installation, installed
from local.load import Load
from local.releases import LLM
from pointsman.core.judge import Evidence
from pointsman.core.lane import Lane
from pointsman.core.phases import Phase
from pointsman.policy import EndpointName, Policy
from twin.kernel import Kernel

SEED = 7
MINUTE = timedelta(minutes=1)
FLEET_STARTS_WITHIN = 8 * MINUTE
BEFORE, RELEASE = 10 * MINUTE, 40 * MINUTE
"""So long traffic flows before versions are approved; and so long ago that is when the measuring begins."""
REQUESTS_PER_MINUTE = 120.0
PLENTY = 100_000
STEPS, BAKE_MIN, BAKE_MAX = (10, 50, 100), timedelta(hours=6), timedelta(hours=8)
"""The first step brings requests in every minute, and is held for longer than anything is measured."""
Steps = Callable[[Iterable[int]], Iterable[int]]
"""Takes steps of work and yields them again while they are done: progress, for whoever waits."""


class NotBaking(Exception):
    """A rollout did not come to its bake; the message says where it is instead."""


@dataclass(frozen=True, slots=True)
class Baking:
    """A simulated account on whose endpoints rollouts bake, and what was remembered of each: its lane and its evidence."""

    kernel: Kernel
    policies: tuple[Policy, ...]
    lanes: tuple[Lane, ...]
    evidence: tuple[Evidence, ...]


def policies_of(count: int) -> tuple[Policy, ...]:
    """As many policies, each for an endpoint, a group and an alarm of its own: one of `policies/`, with a long bake."""
    policy = load_policy(Path(POLICY))
    health = policy.plan.health
    plan = replace(policy.plan, steps=STEPS, bake_min=BAKE_MIN, bake_max=BAKE_MAX)
    names = [EndpointName(f"bench-{number:04}") for number in range(1, count + 1)]
    return tuple(
        replace(
            policy,
            endpoint=name,
            model_package_group=name,
            plan=replace(plan, health=replace(health, alarms=(f"{name}-5xx",))),
        )
        for name in names
    )


def bake(policies: Sequence[Policy], now: datetime, steps: Steps = iter) -> Baking:
    """Bring a rollout on every endpoint to its bake, which it is in at `now`; the account lives on.

    Raises:
        NotBaking: one of them does not bake.

    """
    with brought_to_bake(policies, now, steps) as here:
        lanes = tuple(here.world.store.get_lane(policy.endpoint) for policy in policies)
        return Baking(here.kernel, tuple(policies), lanes, tuple(_evidence(here, lane) for lane in lanes))


@contextmanager
def brought_to_bake(policies: Sequence[Policy], now: datetime, steps: Steps = iter) -> Iterator[Installation]:
    """Release a version on every endpoint in time for all of them to bake at their first step at `now`."""
    start = now - RELEASE - BEFORE - len(policies) * FLEET_STARTS_WITHIN
    with installed(policies, io.StringIO(), SEED, start) as here:
        for kind in {policy.plan.serve.instance_type for policy in policies}:
            here.kernel.quota[kind] = PLENTY
        for policy in policies:
            serve(here, policy, LLM)
        here.kernel.advance_to(now - RELEASE - BEFORE)
        _release(here, policies, steps)
        yield here


def _release(here: Installation, policies: Sequence[Policy], steps: Steps) -> None:
    load = Load(here.kernel, SEED)
    for policy in policies:
        load.set_rate(policy.endpoint, REQUESTS_PER_MINUTE)
    here.dispatcher.start()
    here.pass_time(BEFORE)
    for policy in policies:
        approve(here, policy.model_package_group, LLM)
    for _ in steps(range(RELEASE // MINUTE)):
        here.pass_time(MINUTE)


def _evidence(here: Installation, lane: Lane) -> Evidence:
    rollout, evidence = lane.rollout, here.world.store.find_evidence(lane.endpoint)
    if rollout is None or rollout.phase is not Phase.BAKING or evidence is None:
        phase = rollout.phase if rollout else "without a rollout"
        raise NotBaking(f"{lane.endpoint} is {phase}, with {'some' if evidence else 'no'} evidence")
    return evidence
