"""A person brings a version back: the one that served before (`rollback`), or one from quarantine (`retry`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pointsman.core.decision import go_back
from pointsman.core.lane import Lane, admit, is_settled, remember, serving
from pointsman.core.observed import Endpoint
from pointsman.core.phases import Cause
from pointsman.core.rollout import Approval, Rollout
from pointsman.errors import Conflict, Misconfigured, Transient
from pointsman.operate import Reply, Request, abort, endpoint_of, put_down, was_carried_out
from pointsman.outbox import announce
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
    try:
        world.store.get_lane(endpoint_of(request.target))
    except (Transient, Misconfigured):
        if request.version is not None:
            raise
        # Back does not need the table where a rollout is open: the endpoint itself shows it.
        return abort(world, request)
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
        done = was_carried_out(lane, request)
        if done is not None:
            return done
        try:
            return attempt(world, request, lane)
        except Conflict:
            continue
    raise Transient(f"endpoint {endpoint_of(request.target)}: its lane is written all the time")


def _rollback(world: World, request: Request, lane: Lane) -> Reply:
    rollout = lane.rollout
    if rollout is not None and not rollout.is_terminal:
        return _leave(world, request, rollout)
    last = serving(lane)
    if request.version is not None and (last is None or request.version != _version_before(last)):
        return _release(world, request, lane)
    if last is None or last.baseline is None:
        why = f"no release of endpoint {lane.endpoint} is known that could be taken back: name a version"
        return Reply(is_done=False, message=why)
    if request.target not in {lane.endpoint, last.id}:
        why = f"{request.target} is not what serves; on {lane.endpoint} that is {last.id}"
        return Reply(is_done=False, message=why, rollout=last.id)
    if rollout is not None and rollout.id != last.id and not is_settled(lane, world.clock.now()):
        why = f"{rollout.id} ended a moment ago, and its last call may still land: ask again in two minutes"
        return Reply(is_done=False, message=why, rollout=rollout.id)
    why = _cannot_return(world, last)
    if why:
        return Reply(is_done=False, message=why, rollout=last.id)
    return _return(world, request, lane, last)


def _leave(world: World, request: Request, rollout: Rollout) -> Reply:
    """Take the open rollout back; it leads to the version that served before, and to no other."""
    if request.version in {None, _version_before(rollout)}:
        return abort(world, request)
    why = (
        f"{rollout.id} is open ({rollout.phase}): abort it first, then roll back to version {request.version}"
    )
    return Reply(is_done=False, message=why, rollout=rollout.id)


def _cannot_return(world: World, last: Rollout) -> str:
    """Why the release cannot be taken back by one update, in words; empty where it can."""
    live = world.serving.observe(last.endpoint)
    if live.config != last.final_config:
        serves = f"serves config {live.config}" if live.config else "does not exist"
        return (
            f"endpoint {last.endpoint} {serves}; {last.final_config} of {last.id} is not live: somebody changed it "
            f"since, so there is no release to take back. Name a version to release that one"
        )
    lost = world.serving.find_lost(last)
    if lost:
        return (
            f"endpoint {last.endpoint} cannot return to what served before {last.id}: {'; '.join(lost)}. "
            f"Create it again under this name, or name a version to release that one"
        )
    return ""


def _return(world: World, request: Request, lane: Lane, last: Rollout) -> Reply:
    """One UpdateEndpoint to the config that served before, by the way back that every rollout has."""
    if request.is_preview:
        before = last.baseline.config if last.baseline else ""
        message = (
            f"endpoint {lane.endpoint} returns from version {last.version} to config {before}, which served before: one "
            f"UpdateEndpoint, minutes; version {last.version} goes into quarantine"
        )
        return Reply(is_done=True, message=message, rollout=last.id)
    reason = f"rolled back by {request.by}: {request.word.reason}"
    decision = go_back(_at_rest(last), Cause.ABORTED, reason, world.clock.now())
    return put_down(world, remember(replace(lane, rollout=last), request.request_id), decision, request)


def _at_rest(last: Rollout) -> Rollout:
    """The autoscaling was given back when the release ended; however it is today, it is not ours to restore."""
    baseline = last.baseline
    return replace(last, baseline=replace(baseline, scale_in_suspended=None) if baseline else None)


def _retry(world: World, request: Request, lane: Lane) -> Reply:
    version, rollout = request.version, lane.rollout
    if version is None:
        return Reply(is_done=False, message="retry needs a version")
    if version not in lane.quarantined:
        if rollout is not None and rollout.version == version and not rollout.is_terminal:
            return Reply(
                is_done=True, message=f"version {version} is under way: {rollout.id}", rollout=rollout.id
            )
        held = ", ".join(str(each) for each in sorted(lane.quarantined)) or "none"
        why = f"version {version} is not in quarantine on {lane.endpoint} (in quarantine: {held})"
        return Reply(is_done=False, message=why)
    return _release(world, request, lane)


def _release(world: World, request: Request, lane: Lane) -> Reply:
    policy = world.policies.get(lane.endpoint)
    version = Version(request.version or 0)
    package = world.registry.find_approved(policy.group).get(version)
    if package is None:
        why = f"version {version} is not approved in group {policy.group}: approve it there first"
        return Reply(is_done=False, message=why)
    is_at_rest = lane.rollout is None or lane.rollout.is_terminal
    if is_at_rest and _serves(world.serving.observe(lane.endpoint, with_packages=True), package):
        return Reply(is_done=True, message=f"version {version} serves on {lane.endpoint} already")
    now = world.clock.now()
    approval = Approval(version, package, now, f"{request.by} ({request.command}: {request.word.reason})")
    admission = admit(lane, approval, policy.plan, now)
    if admission is None or not _is_let_in(admission.lane, approval):
        why = admission.reason if admission else f"version {version} was approved at this very moment"
        return Reply(is_done=False, message=f"{why}: ask again")
    if request.is_preview:
        return Reply(
            is_done=True, message=f"{admission.reason}; it is released step by step, like any version"
        )
    noted = note(world, lane, remember(admission.lane, request.request_id), admission.reason, request.actor)
    announce(world, noted)
    opened = admission.lane.rollout
    rollout = opened.id if opened else ""
    phase = opened.phase if opened else None
    outcome = Outcome(lane.endpoint, phase, admission.reason, rollout=rollout, again=True)
    return Reply(is_done=True, message=admission.reason, outcome=outcome, rollout=rollout)


def _is_let_in(lane: Lane, approval: Approval) -> bool:
    is_open = lane.rollout is not None and lane.rollout.approval == approval
    return is_open or lane.queued == approval


def _serves(live: Endpoint, package: str) -> bool:
    # SageMaker lower-cases names in some of its ARNs (facts/aws.md, 1.3).
    return {each.package.lower() for each in live.variants} == {package.lower()}


def _version_before(rollout: Rollout) -> int | None:
    """The version that served before a rollout; None where it came from no package of a group."""
    tail = rollout.baseline.package.rpartition("/")[2] if rollout.baseline else ""
    return int(tail) if tail.isdigit() else None
