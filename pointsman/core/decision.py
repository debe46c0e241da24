"""A decision is a value with a reason. How decisions are put together; which one is made is `decide.py`, `forward.py`, `backward.py`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pointsman.core.judge import window_of
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Intent, Rollout, Stop, enter
from pointsman.core.verdict import Opinion, Verdict

ACT_WINDOW = timedelta(seconds=20)
"""How long the winner of a record may wait before it starts its act; shorter than the tick."""
RETRY_SOON = timedelta(minutes=3)
RETRY_LATER = timedelta(minutes=15)
SCALING_CATCHES_UP = timedelta(minutes=5)
"""Autoscaling decides on minutes that are past, in which the variant was without traffic: it must see some with it first."""

Numbers = dict[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Decision:
    """The rollout as it shall be remembered, what to do, and why. `is_told`: people hear of it."""

    rollout: Rollout
    reason: str
    act: Act | None = None
    numbers: Numbers = field(default_factory=dict)
    is_told: bool = False
    briefing: str = ""
    """What people are told beside the reason; it is no part of the record."""

    @property
    def phase(self) -> Phase:
        """Phase after this decision."""
        return self.rollout.phase


def stay(rollout: Rollout, reason: str, verdict: Verdict | None = None) -> Decision:
    """Nothing to do now. A rollout that differs from the stored one (a hold that ended) is still recorded."""
    return Decision(rollout, reason, numbers=numbers_of(verdict))


def drive(rollout: Rollout, act: Act, reason: str, now: datetime, *, is_told: bool = False) -> Decision:
    """Ask for an act, again if the last asking was not carried out before its deadline."""
    last = rollout.intent
    is_repeat = last is not None and last.act is act and last.share_bps == rollout.share_bps
    if is_repeat and last is not None and now < last.act_before:
        return stay(rollout, f"{act.value} is being carried out by another pass")
    attempt = last.attempt + 1 if is_repeat and last is not None else 1
    intent = Intent(act, now + ACT_WINDOW, attempt, rollout.share_bps)
    numbers: Numbers = {"attempt": attempt} if attempt > 1 else {}
    return Decision(
        replace(rollout, intent=intent, retry_at=None), reason, act, numbers, is_told=is_told and attempt == 1
    )


def move(
    rollout: Rollout, phase: Phase, reason: str, now: datetime, verdict: Verdict | None = None
) -> Decision:
    """Enter a phase without an act; people are told where it matters to them."""
    loud = phase in {Phase.WATCHING, Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.NEEDS_HUMAN}
    return Decision(enter(rollout, phase, now), reason, None, numbers_of(verdict), is_told=loud)


def hold(rollout: Rollout, why: Hold, reason: str, retry_at: datetime | None = None) -> Decision:
    """Stand still for a named reason. People are told when it begins, not again while it lasts."""
    if rollout.hold is why and retry_at is None:
        return stay(rollout, reason)
    held = replace(rollout, hold=why)
    if retry_at is not None:
        held = replace(held, retry_at=retry_at, intent=None, update_was_seen=False)
    return Decision(held, reason, is_told=rollout.hold is not why)


def need_human(rollout: Rollout, why: Hold, reason: str, now: datetime) -> Decision:
    """Hand over to a person."""
    return _named(move(rollout, Phase.NEEDS_HUMAN, reason, now), why)


def close(rollout: Rollout, stop: Stop, reason: str, now: datetime) -> Decision:
    """End a rollout on an endpoint that is lost, because a person says so: there is nothing left to restore."""
    ended = replace(
        enter(rollout, Phase.ROLLED_BACK, now), share_bps=0, cause=stop.cause, cause_reason=reason
    )
    return Decision(ended, f"closed by {stop.by or 'unknown'}: {reason}", is_told=True)


def go_back(
    rollout: Rollout, cause: Cause, reason: str, now: datetime, verdict: Verdict | None = None
) -> Decision:
    """Decide for the way back. What is undone first is found by the next look at the endpoint."""
    untouched = rollout.baseline is None
    if untouched:
        target = Phase.SUPERSEDED if cause is Cause.SUPERSEDED else Phase.ROLLED_BACK
    else:
        target = Phase.ROLLING_BACK
    marked = replace(enter(rollout, target, now), share_bps=0, cause=cause, cause_reason=reason)
    return Decision(marked, reason, None, numbers_of(verdict), is_told=True)


def reported(rollout: Rollout, verdict: Verdict) -> Decision | None:
    """Where the judge only reports, people hear once in a step or watch that it would have taken the rollout back."""
    window = window_of(rollout)
    if rollout.reported == window:
        return None
    reason = f"the judge only reports; it would have taken this back: {verdict.sentence}"
    return Decision(
        replace(rollout, reported=window),
        reason,
        numbers=numbers_of(verdict) | {"would": "roll back"},
        is_told=True,
    )


def numbers_of(verdict: Verdict | None) -> Numbers:
    """The numbers behind a verdict, as they are recorded."""
    if verdict is None:
        return {}
    numbers: Numbers = {"verdict": verdict.opinion.value, "minutes": verdict.minutes}
    if verdict.opinion is Opinion.BLIND:
        return numbers
    for side, counts in (("candidate", verdict.candidate), ("baseline", verdict.baseline)):
        numbers |= {
            f"{side}_requests": counts.requests,
            f"{side}_errors": counts.errors,
            f"{side}_slow": counts.slow,
        }
    if verdict.needed:
        numbers |= {"evidence": _short(verdict.evidence), "evidence_needed": _short(verdict.needed)}
    numbers |= {f"e_{each.name}": _short(each.e_value) for each in verdict.weighed}
    numbers |= {
        f"proof_{each.name}": _short(each.proof) for each in verdict.weighed if each.proof is not None
    }
    if verdict.is_fix_forward:
        numbers["fix_forward"] = "the baseline itself is above the policy's limits"
    if verdict.load_ratio is not None:
        numbers["load_ratio"] = verdict.load_ratio
    return numbers


def _short(number: float) -> float:
    """Three significant digits are what an e-value is good for."""
    return float(f"{number:.3g}")


def _named(decision: Decision, why: Hold) -> Decision:
    return replace(decision, rollout=replace(decision.rollout, hold=why))


def minutes(duration: timedelta) -> str:
    """A duration in whole minutes, as reasons say it."""
    return f"{duration.total_seconds() / 60:.0f} min"
