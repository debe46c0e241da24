"""A person brings a version back: the one that served before (`rollback`), or one from quarantine (`retry`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pointsman.core.decision import go_back
from pointsman.core.lane import Lane, admit, remember
from pointsman.core.phases import Cause, Phase
from pointsman.core.rollout import Approval, Rollout
from pointsman.errors import Conflict, Transient
from pointsman.operate import Reply, Request, abort, endpoint_of, put_down
from pointsman.policy import Version
from pointsman.reconcile import MAX_ROUNDS, Outcome
from pointsman.record import note
from pointsman.world import World

Attempt = Callable[[World, Request, Lane], Reply]


def rollback(world: World, request: Request) -> Reply:
    """Return to what served before; with a version, to that one.

    An open rollout is aborted. At rest the last good version comes back by one update of the endpoint; an older one is
    released like any version, step by step.

    Raises:
        Transient: the world does not answer, or the lane is written all the time.
        NotFound, Misconfigured: the endpoint has no policy, or one that cannot be read.

    """
    return _until_written(world, request, _rollback)


def retry(world: World, request: Request) -> Reply:
    """Roll a quarantined version out again, because a person says that its cause is mended.

    Raises:
        Transient: the world does not answer, or the lane is written all the time.
        NotFound, Misconfigured: the endpoint has no policy, or one that cannot be read.

    """
    return _until_written(world, request, _retry)


def _until_written(world: World, request: Request, attempt: Attempt) -> Reply:
    for _ in range(MAX_ROUNDS):
        lane = world.store.get_lane(endpoint_of(request.target))
        if request.request_id in lane.requests:
            return Reply(is_done=True, message=f"request {request.request_id} was carried out before")
        try:
            return attempt(world, request, lane)
        except Conflict:
            continue
    raise Transient(f"endpoint {endpoint_of(request.target)}: its lane is written all the time")


def _rollback(world: World, request: Request, lane: Lane) -> Reply:
    rollout = lane.rollout
    if rollout is not None and not rollout.is_terminal:
        serves_before = _version_before(rollout)
        if request.version in {None, serves_before}:
            return abort(world, request)
        why = f"{rollout.id} is open ({rollout.phase}): abort it first, then roll back to version {request.version}"
        return Reply(is_done=False, message=why, rollout=rollout.id)
    last = rollout if rollout is not None and rollout.phase is Phase.SUCCEEDED else lane.last
    if request.version is not None and (last is None or request.version != _version_before(last)):
        return _release(world, request, lane)
    if last is None or last.baseline is None:
        why = f"no release of endpoint {lane.endpoint} is known that could be taken back: name a version with --to"
        return Reply(is_done=False, message=why)
    return _return(world, request, lane, last)


def _return(world: World, request: Request, lane: Lane, last: Rollout) -> Reply:
    """One UpdateEndpoint to the config that served before, by the way back that every rollout has."""
    live = world.serving.observe(lane.endpoint)
    if live.config != last.final_config:
        why = (
            f"endpoint {lane.endpoint} serves config {live.config}, not {last.final_config} of {last.id}: somebody "
            f"changed it since, so there is no release to take back. Name a version with --to"
        )
        return Reply(is_done=False, message=why)
    reason = f"rolled back by {request.by}: {request.word.reason}"
    decision = go_back(last, Cause.ABORTED, reason, world.clock.now())
    if request.is_preview:
        before = last.baseline.config if last.baseline else ""
        message = (
            f"endpoint {lane.endpoint} returns from version {last.version} to config {before}, which served before: one "
            f"UpdateEndpoint, minutes; version {last.version} goes into quarantine"
        )
        return Reply(is_done=True, message=message, rollout=last.id)
    return put_down(world, remember(replace(lane, rollout=last), request.request_id), decision, request)


def _retry(world: World, request: Request, lane: Lane) -> Reply:
    version = request.version
    if version is None:
        return Reply(is_done=False, message="retry needs a version")
    if lane.rollout is not None and lane.rollout.version == version and not lane.rollout.is_terminal:
        return Reply(is_done=True, message=f"version {version} is under way: {lane.rollout.id}")
    if version not in lane.quarantined:
        held = ", ".join(str(each) for each in sorted(lane.quarantined)) or "none"
        why = f"version {version} is not in quarantine on {lane.endpoint} (in quarantine: {held})"
        return Reply(is_done=False, message=why)
    return _release(world, request, lane)


def _release(world: World, request: Request, lane: Lane) -> Reply:
    policy = world.policies.get(lane.endpoint)
    version = Version(request.version or 0)
    package = world.registry.find_approved(policy.model_package_group).get(version)
    if package is None:
        why = (
            f"version {version} is not approved in group {policy.model_package_group}: approve it there first"
        )
        return Reply(is_done=False, message=why)
    now = world.clock.now()
    approval = Approval(version, package, now, f"{request.by} ({request.command}: {request.word.reason})")
    admission = admit(lane, approval, policy.plan, now)
    if admission is None:
        return Reply(is_done=False, message=f"version {version} was approved at this very moment: ask again")
    if request.is_preview:
        return Reply(
            is_done=True, message=f"{admission.reason}; it is released step by step, like any version"
        )
    note(world, lane, remember(admission.lane, request.request_id), admission.reason, request.actor)
    opened = admission.lane.rollout
    outcome = Outcome(
        lane.endpoint,
        opened.phase if opened else None,
        admission.reason,
        rollout=opened.id if opened else "",
        again=True,
    )
    return Reply(is_done=True, message=admission.reason, outcome=outcome, rollout=outcome.rollout)


def _version_before(rollout: Rollout) -> int | None:
    """The version that served before a rollout; None where it came from no package of a group."""
    tail = rollout.baseline.package.rpartition("/")[2] if rollout.baseline else ""
    return int(tail) if tail.isdigit() else None
