"""Lets approvals in and takes rejected versions back. What then happens to a rollout is `reconcile.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pointsman.core.lane import Lane, admit, is_new_version
from pointsman.core.phases import Cause
from pointsman.core.rollout import Stop
from pointsman.errors import BadEvent, Conflict, NotFound, Transient
from pointsman.outbox import announce
from pointsman.policy import EndpointName, ModelGroup
from pointsman.ports import Package
from pointsman.reconcile import MAX_ROUNDS, Outcome, reconcile
from pointsman.record import Recorded, note
from pointsman.world import World


@dataclass(frozen=True, slots=True)
class Heard:
    """What an event said of a package: whether its approval changed (None: it does not say), and when."""

    package: str
    approval_changed: bool | None
    modified_at: datetime | None


def find_followers(world: World, group: ModelGroup) -> list[EndpointName]:
    """Endpoints whose policy releases versions of the group. `group`: with the account whose registry told of it.

    Raises:
        BadEvent: policies name a group of this name in another account. Who approves in this one decides nothing here.

    """
    found = world.policies.for_group(group)
    others = [str(each) for each in world.policies.groups() if each.name == group.name]
    if not found and others:
        raise BadEvent(f"no policy names group {group}, but there is one for {', '.join(others)}")
    return found


def find_package(world: World, group: ModelGroup, package: str) -> Package | None:
    """The version as the registry has it now; None where it was deleted, so that nothing can be done about it.

    Raises:
        BadEvent: the registry has it in another group, whose versions are none of this group's endpoints' business.

    """
    try:
        found = world.registry.describe(package)
    except NotFound:
        return None
    if found.group != group.name:
        raise BadEvent(f"{package} is of group {found.group}, not of {group.name}")
    return found


def hear(world: World, endpoint: EndpointName, package: Package, heard: Heard) -> Outcome | None:
    """Bring what the registry says now to one endpoint. None: nothing new.

    Raises:
        Transient: the lane is written all the time, or the world does not answer.
        Misconfigured: the endpoint's policy cannot be read.

    """
    for _ in range(MAX_ROUNDS):
        try:
            if package.is_rejected:
                return _reject(world, endpoint, package)
            return _approve(world, endpoint, package, heard) if package.is_approved else None
        except Conflict:
            continue
    raise Transient(f"endpoint {endpoint}: its lane is written all the time")


def _approve(world: World, endpoint: EndpointName, package: Package, heard: Heard) -> Outcome | None:
    plan = world.policies.get(endpoint).plan
    lane = world.store.get_lane(endpoint)
    version = package.approval.version
    if not _may_be_news(lane, heard, version):
        return None
    approval = replace(package.approval, at=heard.modified_at or package.approval.at)
    now = world.clock.now()
    admission = admit(lane, approval, plan, now)
    if admission is None:
        return None
    noted = note(world, lane, admission.lane, admission.reason)
    rollout = admission.lane.rollout
    outcome = Outcome(endpoint, rollout.phase if rollout else None, admission.reason, again=True)
    if admission.supersedes:
        outcome = reconcile(world, endpoint, Stop(Cause.SUPERSEDED, approval.by, admission.reason))
    announce(world, noted)
    return outcome


def _may_be_news(lane: Lane, heard: Heard, version: int) -> bool:
    """Whether the event can be of a new approval. Where it does not say that the approval changed, our memory decides."""
    if heard.approval_changed:
        return heard.modified_at is not None or version not in lane.approvals
    is_first = heard.approval_changed is None and not lane.approvals and lane.adopted is None
    return is_first or is_new_version(lane, version)


def _reject(world: World, endpoint: EndpointName, package: Package) -> Outcome | None:
    lane = world.store.get_lane(endpoint)
    version = package.approval.version
    noted: list[Recorded] = []
    if lane.queued is not None and lane.queued.version == version:
        noted.append(note(world, lane, replace(lane, queued=None), f"version {version} was rejected"))
        lane = world.store.get_lane(endpoint)
    outcome = None
    if lane.rollout is not None and lane.rollout.version == version and not lane.rollout.is_terminal:
        stop = Stop(Cause.REJECTED, package.approval.by, f"version {version} was rejected in the registry")
        outcome = reconcile(world, endpoint, stop)
    announce(world, *noted)
    return outcome
