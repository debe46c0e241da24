"""Carries out what a person asks for. The command line and the console hold no logic: they send requests that end here."""

from __future__ import annotations

from dataclasses import dataclass

from pointsman.core.phases import Cause, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.errors import Misconfigured, Transient
from pointsman.policy import EndpointName
from pointsman.reconcile import Outcome, reconcile
from pointsman.way_back import find_rollout
from pointsman.world import World

ABORTED = frozenset({Phase.ROLLING_BACK, Phase.ROLLED_BACK, Phase.SUPERSEDED})
"""Where a rollout is once an abort took effect."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a person. `target` is a rollout's id or an endpoint's name; `request_id` makes a repeat harmless."""

    command: str
    target: str
    reason: str
    by: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a request. `is_done` is True for a repeat as well."""

    is_done: bool
    message: str
    outcome: Outcome | None = None


def abort(world: World, request: Request) -> Reply:
    """Take a rollout back because a person says so. Aborting what is on its way back already changes nothing.

    Raises:
        Transient: the world does not answer.

    """
    endpoint = endpoint_of(request.target)
    rollout = _find_rollout(world, endpoint)
    if rollout is None:
        return Reply(is_done=False, message=f"no rollout is open on endpoint {endpoint}: nothing to abort")
    if request.target not in {rollout.id, endpoint}:
        return Reply(
            is_done=False, message=f"{request.target} is not open; open on {endpoint} is {rollout.id}"
        )
    if rollout.is_terminal:
        return Reply(
            is_done=rollout.phase is not Phase.SUCCEEDED, message=f"{rollout.id} has ended: {rollout.phase}"
        )
    if rollout.phase is Phase.ROLLING_BACK:
        return Reply(is_done=True, message=f"{rollout.id} is on its way back already")
    stop = Stop(Cause.ABORTED, request.by, f"{request.reason} (request {request.request_id})")
    outcome = reconcile(world, endpoint, stop, actor=f"operator:{request.by}")
    if outcome.phase not in ABORTED:
        why = (
            f"{rollout.id} was not aborted, it is in {outcome.phase or 'no phase any more'}: {outcome.reason}"
        )
        return Reply(is_done=False, message=why, outcome=outcome)
    return Reply(is_done=True, message=f"{rollout.id}: {outcome.reason}", outcome=outcome)


def _find_rollout(world: World, endpoint: EndpointName) -> Rollout | None:
    """The open rollout; where the table does not say, the one that the live endpoint shows: a person outranks it."""
    try:
        return world.store.get_lane(endpoint).rollout
    except (Transient, Misconfigured):
        rollout = find_rollout(world, endpoint, world.clock.now())
        if rollout is None:
            raise
        return rollout


def endpoint_of(target: str) -> EndpointName:
    """The endpoint that a rollout id or an endpoint name speaks of: names hold no dot, ids begin with the name and one."""
    return EndpointName(target.split(".", 1)[0])
