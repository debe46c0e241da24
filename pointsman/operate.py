"""Carries out what a person asks for. The command line and the console hold no logic: they send requests that end here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pointsman.core.decision import Decision
from pointsman.core.lane import Lane, remember
from pointsman.core.phases import Cause, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.core.steer import Answer, Word, approve, pause, promote, resume
from pointsman.errors import Conflict, Misconfigured, Transient
from pointsman.outbox import announce
from pointsman.policy import EndpointName
from pointsman.reconcile import MAX_ROUNDS, Outcome, reconcile
from pointsman.record import record
from pointsman.way_back import find_rollout
from pointsman.world import World

ABORTED = frozenset({Phase.ROLLING_BACK, Phase.ROLLED_BACK, Phase.SUPERSEDED})
"""Where a rollout is once an abort took effect."""


class Command(StrEnum):
    """What a person may ask for."""

    ABORT = "abort"
    APPROVE = "approve"
    PAUSE = "pause"
    PROMOTE = "promote"
    RESUME = "resume"
    RETRY = "retry"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a person. `target` is a rollout's id or an endpoint's name; `request_id` makes a repeat harmless.

    `step` (percent) and `version` say what the person has in mind, so that two persons at once do not both win.
    `is_preview` asks what would be done, and does nothing.
    """

    command: str
    target: str
    reason: str
    by: str
    request_id: str
    step: int | None = None
    version: int | None = None
    is_preview: bool = False

    @property
    def actor(self) -> str:
        """As records name whoever decided."""
        return f"operator:{self.by}"

    @property
    def word(self) -> Word:
        """For the decision core."""
        return Word(self.by, f"{self.reason} (request {self.request_id})", self.step)


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a request. `is_done` is True for a repeat as well."""

    is_done: bool
    message: str
    outcome: Outcome | None = None
    rollout: str = ""


STEERING: dict[str, Callable[[Rollout, Word, datetime], Decision | Answer]] = {
    Command.APPROVE: approve,
    Command.PAUSE: pause,
    Command.PROMOTE: promote,
    Command.RESUME: resume,
}


def abort(world: World, request: Request) -> Reply:
    """Take a rollout back because a person says so. Aborting what is on its way back already changes nothing.

    Raises:
        Transient: the world does not answer.

    """
    endpoint = endpoint_of(request.target)
    rollout = _find_rollout(world, endpoint)
    refusal = _not_open(request, endpoint, rollout)
    if rollout is None or refusal is not None:
        return refusal or Reply(is_done=False, message=f"no rollout is open on endpoint {endpoint}")
    if rollout.is_terminal:
        is_back = rollout.phase is not Phase.SUCCEEDED
        return Reply(is_back, f"{rollout.id} has ended: {rollout.phase}", rollout=rollout.id)
    if rollout.phase is Phase.ROLLING_BACK:
        return Reply(is_done=True, message=f"{rollout.id} is on its way back already", rollout=rollout.id)
    if request.is_preview:
        return Reply(is_done=True, message=_what_goes_back(rollout), rollout=rollout.id)
    stop = Stop(Cause.ABORTED, request.by, request.word.reason)
    outcome = reconcile(world, endpoint, stop, actor=request.actor)
    if outcome.phase not in ABORTED:
        why = (
            f"{rollout.id} was not aborted, it is in {outcome.phase or 'no phase any more'}: {outcome.reason}"
        )
        return Reply(is_done=False, message=why, outcome=outcome, rollout=rollout.id)
    return Reply(is_done=True, message=f"{rollout.id}: {outcome.reason}", outcome=outcome, rollout=rollout.id)


def steer(world: World, request: Request) -> Reply:
    """Pause, resume, promote or approve the open rollout: recorded first, then carried out by the next pass.

    Raises:
        Transient: the world does not answer, or the lane is written all the time.

    """
    for _ in range(MAX_ROUNDS):
        try:
            return _steer(world, request)
        except Conflict:
            continue
    raise Transient(f"endpoint {endpoint_of(request.target)}: its lane is written all the time")


def _steer(world: World, request: Request) -> Reply:
    endpoint = endpoint_of(request.target)
    lane = world.store.get_lane(endpoint)
    rollout = lane.rollout
    done = was_carried_out(lane, request)
    if done is not None:
        return done
    refusal = _not_open(request, endpoint, rollout)
    if rollout is None or refusal is not None:
        return refusal or Reply(is_done=False, message=f"no rollout is open on endpoint {endpoint}")
    now = world.clock.now()
    decision = STEERING[request.command](rollout, request.word, now)
    if isinstance(decision, Answer):
        return Reply(decision.is_done, decision.message, rollout=rollout.id)
    if request.is_preview:
        return Reply(is_done=True, message=f"{rollout.id}: {decision.reason}", rollout=rollout.id)
    return put_down(world, remember(lane, request.request_id), decision, request)


def put_down(world: World, lane: Lane, decision: Decision, request: Request) -> Reply:
    """Record what a person decided, tell people, and let a pass look at it at once.

    Raises:
        Conflict: somebody else wrote first.

    """
    recorded = record(world, lane, decision, world.clock.now(), request.actor)
    announce(world, recorded)
    rollout = decision.rollout
    outcome = Outcome(rollout.endpoint, rollout.phase, decision.reason, rollout=rollout.id, again=True)
    return Reply(
        is_done=True, message=f"{rollout.id}: {decision.reason}", outcome=outcome, rollout=rollout.id
    )


def was_carried_out(lane: Lane, request: Request) -> Reply | None:
    """The answer to a repeat, whatever has become of the endpoint since; None for what is new."""
    if request.is_preview or request.request_id not in lane.requests:
        return None
    rollout = lane.rollout.id if lane.rollout else ""
    return Reply(
        is_done=True, message=f"request {request.request_id} was carried out before", rollout=rollout
    )


def _not_open(request: Request, endpoint: EndpointName, rollout: Rollout | None) -> Reply | None:
    if rollout is None:
        message = f"no rollout is open on endpoint {endpoint}: nothing to {request.command}"
        return Reply(is_done=False, message=message)
    if request.target not in {rollout.id, endpoint}:
        message = f"{request.target} is not open; open on {endpoint} is {rollout.id}"
        return Reply(is_done=False, message=message, rollout=rollout.id)
    return None


def _what_goes_back(rollout: Rollout) -> str:
    """What an abort would do, for a preview."""
    if rollout.baseline is None:
        return (
            f"{rollout.id} ends before anything was changed; version {rollout.version} goes into quarantine"
        )
    return (
        f"{rollout.id} ({rollout.phase}) is taken back: all traffic to {rollout.baseline.variant} of config "
        f"{rollout.baseline.config}, then what was made for it is removed; version {rollout.version} goes into quarantine"
    )


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
