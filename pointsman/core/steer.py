"""What a person's word does to a rollout: pause, resume, promote, approve. Pure; carrying requests is `operate.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pointsman.core.decision import Decision
from pointsman.core.phases import FORWARD, Hold, Phase
from pointsman.core.rollout import Rollout, enter, keep_time
from pointsman.core.share import percent

BAKED = frozenset({Phase.FINALIZING, Phase.WATCHING, Phase.SUCCEEDED})
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
    hold = Hold.FROZEN if rollout.hold is Hold.FROZEN else Hold.PAUSED
    paused = replace(rollout, paused=word.said, paused_at=now, hold=hold)
    return Decision(keep_time(paused, now), f"paused in {rollout.phase} by {word.said}", is_told=True)


def resume(rollout: Rollout, word: Word, now: datetime) -> Decision | Answer:
    """Go on: after a pause where it stood, after a hand-over to a person at the point that was asked about."""
    if rollout.paused:
        hold = None if rollout.hold is Hold.PAUSED else rollout.hold
        goes_on = keep_time(replace(rollout, paused="", paused_at=None, hold=hold), now)
        return Decision(goes_on, f"resumed in {rollout.phase} by {word.said}", is_told=True)
    if rollout.phase is not Phase.NEEDS_HUMAN:
        return Answer(is_done=True, message=f"{rollout.id} is not paused; it is in {rollout.phase}")
    phase = phase_after(rollout)
    if phase is None:
        why = f"{rollout.id} cannot be resumed from {rollout.hold}: {NO_WAY_ON}"
        return Answer(is_done=False, message=why)
    entered = enter(rollout, phase, now)
    return Decision(entered, f"resumed from {rollout.hold} into {phase} by {word.said}", is_told=True)


def promote(rollout: Rollout, word: Word, now: datetime) -> Decision | Answer:
    """Skip the rest of the current wait: of a bake, a watch, a closed release window.

    Never past an alarm, a FAIL, a freeze, or what cannot be seen; and one wait only, the one that was meant.
    """
    refusal = _not_that_step(rollout, word)
    if refusal is not None:
        return refusal
    if rollout.waved:
        return Answer(is_done=True, message=f"{rollout.id} is waved through already, by {rollout.waved}")
    if rollout.phase is Phase.NEEDS_HUMAN and phase_after(rollout) is Phase.BAKING:
        entered = replace(enter(rollout, Phase.BAKING, now), waved=word.said)
        return Decision(entered, f"waved through from {rollout.hold} by {word.said}", is_told=True)
    why_not = _cannot_wave(rollout)
    if why_not:
        return Answer(is_done=False, message=f"{rollout.id} {why_not}")
    later = "; it goes on when the freeze is lifted" if rollout.hold is Hold.FROZEN else ""
    skipped = f"the rest of {rollout.phase} is skipped by {word.said}{later}"
    return Decision(replace(rollout, waved=word.said), skipped, is_told=True)


def approve(rollout: Rollout, word: Word, now: datetime) -> Decision | Answer:
    """Approve a step that the policy puts behind a gate; also before it is reached, if the step is named."""
    step = word.step if word.step is not None else _asked(rollout)
    if step is None:
        early = f"; to approve {rollout.gate} % before it is reached, name it" if _gate_ahead(rollout) else ""
        return Answer(
            is_done=False, message=f"{rollout.id} in {rollout.phase} waits for no approval now{early}"
        )
    if step in rollout.gates_passed:
        return Answer(is_done=True, message=f"{step} % of {rollout.id} is approved already")
    if step not in rollout.plan.gates:
        return Answer(is_done=False, message=f"the policy asks for no approval before {step} %")
    is_given_up = rollout.phase is Phase.NEEDS_HUMAN and rollout.hold is Hold.APPROVAL_WAITED_FOR
    if rollout.phase not in FORWARD and not (is_given_up and step == rollout.gate):
        why = f"{rollout.id} is in {rollout.phase}: nothing goes forward in it"
        return Answer(is_done=False, message=why)
    goes_on = enter(rollout, Phase.AWAITING_APPROVAL, now) if is_given_up else rollout
    hold = None if goes_on.hold is Hold.APPROVAL_WAITED_FOR else goes_on.hold
    approved = replace(goes_on, gates_passed=(*goes_on.gates_passed, step), hold=hold)
    return Decision(approved, f"{step} % is approved by {word.said}", is_told=True)


def _asked(rollout: Rollout) -> int | None:
    """The step that a person was asked to approve, and has not yet."""
    is_given_up = rollout.phase is Phase.NEEDS_HUMAN and rollout.hold is Hold.APPROVAL_WAITED_FOR
    return rollout.gate if is_given_up or rollout.phase is Phase.AWAITING_APPROVAL else None


def _gate_ahead(rollout: Rollout) -> bool:
    return rollout.phase in FORWARD and rollout.gate is not None


def phase_after(rollout: Rollout) -> Phase | None:
    """Where a rollout that waits for a person goes on; None where only the way back is left."""
    if rollout.baseline is None:
        # Nothing was changed: the checks before the first change are made again, whatever it was.
        return Phase.PENDING
    match rollout.hold:
        case Hold.PATIENCE_OVER if rollout.traffic_has_moved:
            return Phase.BAKING
        case Hold.APPROVAL_WAITED_FOR:
            return Phase.AWAITING_APPROVAL
        case Hold.SHARE_CHANGED:
            return Phase.SHIFTING if rollout.traffic_has_moved else Phase.AWAITING_APPROVAL
        case _:
            return None


def _not_that_step(rollout: Rollout, word: Word) -> Answer | None:
    """The step that a person means is over, or not reached. The bake of the last one is over once it is being promoted."""
    if word.step is None:
        return None
    if rollout.phase in BAKED:
        why = (
            f"the bake at {percent(rollout.share_bps)} is over, {rollout.id} is in {rollout.phase}; "
            f"to end the watch, promote it without a step"
        )
        return Answer(is_done=True, message=why)
    if word.step * 100 == rollout.share_bps:
        return None
    is_over = word.step * 100 < rollout.share_bps
    why = f"{rollout.id} is at {percent(rollout.share_bps)}, {'not at' if is_over else 'not yet at'} {word.step} %"
    return Answer(is_done=is_over, message=why + (" any more" if is_over else ""))


def _cannot_wave(rollout: Rollout) -> str:
    """Why there is no wait to skip, in words; empty where there is one."""
    if rollout.paused:
        return f"is paused by {rollout.paused}: resume it first"
    asked = _asked(rollout)
    if asked is not None:
        return f"waits for the approval of {asked} %: approve that instead"
    is_held_by_window = rollout.hold is Hold.OUTSIDE_WINDOW
    if rollout.phase in {Phase.BAKING, Phase.WATCHING} or is_held_by_window:
        return ""
    held = f" ({rollout.hold})" if rollout.hold else ""
    return f"is in {rollout.phase}{held}: only a bake, a watch or a closed release window can be skipped"
