"""What a person's word does to a rollout: pause, resume, promote, approve. Pure; carrying requests is `operate.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pointsman.core.decide import FORWARD
from pointsman.core.decision import Decision
from pointsman.core.phases import Hold, Phase
from pointsman.core.rollout import Rollout, enter
from pointsman.core.share import percent

NO_WAY_ON = "its cause is outside Pointsman. Look at the endpoint, then abort the rollout"


@dataclass(frozen=True, slots=True)
class Word:
    """Who says it, why, and which step (in percent) is meant; None: whichever it is."""

    by: str
    reason: str
    step: int | None = None

    @property
    def said(self) -> str:
        """As records say it."""
        return f"{self.by}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Nothing is changed: because it is so already (`is_done`), or because it cannot be; in words."""

    is_done: bool
    message: str


def pause(rollout: Rollout, word: Word, now: datetime) -> Decision | Answer:
    """Let nothing go forward until it is resumed. Evidence is still gathered, and whatever goes back still does."""
    if rollout.paused:
        return Answer(is_done=True, message=f"{rollout.id} is paused already, by {rollout.paused}")
    if rollout.phase not in FORWARD:
        why = f"{rollout.id} is in {rollout.phase}: only what goes forward can be paused"
        return Answer(is_done=False, message=why)
    paused = replace(rollout, paused=word.said, paused_at=now, hold=Hold.PAUSED)
    return Decision(paused, f"paused in {rollout.phase} by {word.said}", is_told=True)


def resume(rollout: Rollout, word: Word, now: datetime) -> Decision | Answer:
    """Go on: after a pause where it stood, after a hand-over to a person at the point that was asked about."""
    if rollout.paused and rollout.paused_at is not None:
        # The time of the pause counts neither as baked nor against the policy's patience.
        since = rollout.entered_at + (now - rollout.paused_at)
        goes_on = replace(rollout, paused="", paused_at=None, hold=None, entered_at=since)
        return Decision(goes_on, f"resumed in {rollout.phase} by {word.said}", is_told=True)
    if rollout.phase is not Phase.NEEDS_HUMAN:
        return Answer(is_done=True, message=f"{rollout.id} is not paused; it is in {rollout.phase}")
    phase = _phase_after(rollout)
    if phase is None:
        return Answer(
            is_done=False, message=f"{rollout.id} cannot be resumed from {rollout.hold}: {NO_WAY_ON}"
        )
    return Decision(
        enter(rollout, phase, now), f"resumed from {rollout.hold} into {phase} by {word.said}", is_told=True
    )


def promote(rollout: Rollout, word: Word, now: datetime) -> Decision | Answer:
    """Skip the rest of the current wait: of a bake, a watch, a closed release window. Alarms and a FAIL still go back."""
    if word.step is not None and word.step * 100 != rollout.share_bps:
        return Answer(
            is_done=word.step * 100 < rollout.share_bps,
            message=f"{rollout.id} is at {percent(rollout.share_bps)}, not at {word.step} % any more or yet",
        )
    if rollout.waved:
        return Answer(is_done=True, message=f"{rollout.id} is waved through already, by {rollout.waved}")
    if rollout.phase is Phase.NEEDS_HUMAN and _phase_after(rollout) is Phase.BAKING:
        entered = replace(enter(rollout, Phase.BAKING, now), waved=word.said)
        return Decision(entered, f"waved through from {rollout.hold} by {word.said}", is_told=True)
    refusal = _cannot_wave(rollout)
    if refusal:
        return Answer(is_done=False, message=f"{rollout.id} {refusal}")
    waved = replace(rollout, waved=word.said)
    return Decision(waved, f"the rest of {rollout.phase} is skipped by {word.said}", is_told=True)


def approve(rollout: Rollout, word: Word, now: datetime) -> Decision | Answer:  # noqa: ARG001 - the words of a person share one shape
    """Approve a step that the policy puts behind a gate; also before it is reached, if the step is named."""
    step = word.step if word.step is not None else rollout.gate if not rollout.is_terminal else None
    if step is None:
        return Answer(is_done=False, message=f"{rollout.id} in {rollout.phase} waits for no approval")
    if step in rollout.gates_passed:
        return Answer(is_done=True, message=f"{step} % of {rollout.id} is approved already")
    if step not in rollout.plan.gates:
        return Answer(is_done=False, message=f"the policy asks for no approval before {step} %")
    if rollout.phase not in FORWARD:
        return Answer(
            is_done=False, message=f"{rollout.id} is in {rollout.phase}: nothing goes forward in it"
        )
    hold = None if rollout.hold is Hold.APPROVAL_WAITED_FOR else rollout.hold
    approved = replace(rollout, gates_passed=(*rollout.gates_passed, step), hold=hold)
    return Decision(approved, f"{step} % is approved by {word.said}", is_told=True)


def _phase_after(rollout: Rollout) -> Phase | None:
    """Where a rollout that waits for a person goes on; None where only the way back is left."""
    if rollout.baseline is None:
        return Phase.PENDING if rollout.hold in {Hold.PATIENCE_OVER, Hold.NOT_ELIGIBLE} else None
    match rollout.hold:
        case Hold.PATIENCE_OVER if rollout.traffic_has_moved:
            return Phase.BAKING
        case Hold.PATIENCE_OVER:
            return Phase.AWAITING_APPROVAL
        case Hold.SHARE_CHANGED:
            return Phase.SHIFTING
        case _:
            return None


def _cannot_wave(rollout: Rollout) -> str:
    """Why there is no wait to skip, in words; empty where there is one."""
    if rollout.paused:
        return f"is paused by {rollout.paused}: resume it first"
    if rollout.phase is Phase.AWAITING_APPROVAL and rollout.gate is not None:
        return f"waits for the approval of {rollout.gate} %: approve that instead"
    is_held_by_window = rollout.hold is Hold.OUTSIDE_WINDOW
    if rollout.phase in {Phase.BAKING, Phase.WATCHING} or is_held_by_window:
        return ""
    return f"is in {rollout.phase}, where no bake can be skipped"
