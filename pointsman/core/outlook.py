"""What happens next to a rollout, when, and what otherwise, in words for people. It foretells `decide.py`; it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from pointsman.core.judge import Evidence
from pointsman.core.phases import FORWARD, Hold, Phase
from pointsman.core.proof_ahead import proof_ahead
from pointsman.core.rollout import Rollout
from pointsman.core.share import percent
from pointsman.core.verdict import Opinion, Verdict
from pointsman.policy import OnPatience

NEXT_LOOK = "at the next look, within a minute"


@dataclass(frozen=True, slots=True)
class Around:
    """What the outlook rests on beside the rollout: evidence so far, and what the policy says of now."""

    verdict: Verdict | None = None
    evidence: Evidence | None = None
    closed: str = ""
    """Why no new step begins now; empty while a release window is open."""
    opens_at: datetime | None = None
    waits_for: str = ""
    frozen: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes next. `at`: when at the earliest, as far as it can be said. `otherwise`: what comes if it does not."""

    says: str
    at: datetime | None = None
    otherwise: str = ""


def outlook(rollout: Rollout, around: Around, now: datetime) -> Outlook:
    """Say what a rollout waits for, and what happens then."""
    if rollout.paused:
        says = f"nothing goes forward until it is resumed; paused by {rollout.paused}"
        return Outlook(says, otherwise="alarms and evidence still take it back")
    if around.frozen and rollout.phase in FORWARD:
        return Outlook(f"nothing goes forward while the policy is frozen: {around.frozen}")
    if rollout.hold is Hold.ALARM_FIRING:
        return Outlook("it goes on by itself when the alarm is OK again")
    if rollout.hold is Hold.PREFLIGHT and rollout.phase is not Phase.PENDING:
        return Outlook("it goes on by itself when every alarm of the policy exists again")
    if rollout.hold in {Hold.CANNOT_READ, Hold.ACCESS_DENIED}:
        return Outlook("it goes on by itself when the permission is granted", rollout.retry_at)
    return _by_phase(rollout, around, now)


def moment(at: datetime, now: datetime) -> str:
    """A time as people read it; with its date where that is not today's (UTC)."""
    return f"{at:%H:%M} UTC" if at.date() == now.date() else f"{at:%a %Y-%m-%d %H:%M} UTC"


def _by_phase(rollout: Rollout, around: Around, now: datetime) -> Outlook:  # noqa: C901, PLR0911 - one line a phase
    match rollout.phase:
        case Phase.PENDING:
            return _pending(rollout, around, now)
        case Phase.PREPARING:
            says = "the candidate is sent a first request when all its instances stand"
            return Outlook(says, otherwise=_back_at(rollout, now))
        case Phase.VALIDATING:
            says = f"{_goal(rollout)} when the candidate has answered its first request"
            return Outlook(_within_window(says, rollout, around), around.opens_at, _back_at(rollout, now))
        case Phase.SHIFTING:
            says = f"the bake of {percent(rollout.share_bps)} begins when that share is observed"
            return Outlook(says, otherwise=_back_at(rollout, now))
        case Phase.BAKING:
            return _baking(rollout, around, now)
        case Phase.AWAITING_APPROVAL:
            return _awaiting(rollout, around, now)
        case Phase.FINALIZING:
            return _finalizing(rollout, now)
        case Phase.WATCHING:
            return _watching(rollout, now)
        case Phase.ROLLING_BACK:
            return _rolling_back(rollout, now)
        case Phase.NEEDS_HUMAN:
            return _needs_human(rollout)
        case Phase.SUCCEEDED | Phase.ROLLED_BACK | Phase.SUPERSEDED:
            return Outlook("nothing: it has ended")
    assert_never(rollout.phase)


def _pending(rollout: Rollout, around: Around, now: datetime) -> Outlook:
    starts = "the candidate's fleet is started"
    if around.waits_for:
        return Outlook(f"{starts} when its turn comes: {around.waits_for}")
    if around.closed and not rollout.waved:
        return Outlook(_within_window(starts, rollout, around), around.opens_at)
    if rollout.hold is Hold.PREFLIGHT:
        says = f"{starts} when every alarm of the policy exists and can protect it"
        return Outlook(says, otherwise=f"a person is asked at {_patience(rollout, now)}")
    return Outlook(f"{starts} {NEXT_LOOK}, if the pre-flight checks hold", now)


def _baking(rollout: Rollout, around: Around, now: datetime) -> Outlook:
    goal, verdict = _goal(rollout), around.verdict
    opinion = verdict.opinion if verdict is not None else None
    if opinion is Opinion.FAIL:
        return Outlook(f"all traffic goes back {NEXT_LOOK}", now)
    if rollout.hold is Hold.OUTSIDE_WINDOW:
        return Outlook(_within_window(f"{goal}: the step is proved", rollout, around), around.opens_at)
    if rollout.waved:
        if opinion is Opinion.BLIND:
            return Outlook(f"{goal} when metrics can be read again: waved through by {rollout.waved}")
        return Outlook(f"{goal} {NEXT_LOOK}: waved through by {rollout.waved}", now)
    ahead = proof_ahead(rollout, verdict, around.evidence, now)
    condition, proved_at = ahead.condition, ahead.at
    earliest = _begun(rollout, now) + rollout.plan.bake_min
    at = max(each for each in (earliest, proved_at, around.opens_at) if each is not None)
    says = f"{goal} {condition}" if condition else f"{goal} {NEXT_LOOK}"
    if at > now:
        says = f"{says}, at the earliest {moment(at, now)}" if condition else f"{goal} at {moment(at, now)}"
    otherwise = "" if opinion is Opinion.PASS else _without_proof(rollout, now)
    return Outlook(_within_window(says, rollout, around), max(at, now), otherwise)


def _awaiting(rollout: Rollout, around: Around, now: datetime) -> Outlook:
    gate, verdict = rollout.gate, around.verdict
    if gate is None and verdict is not None and verdict.opinion is Opinion.BLIND:
        return Outlook(f"{_goal(rollout)} when metrics can be read again")
    if gate is None:
        says = _within_window(f"{_goal(rollout)} {NEXT_LOOK}", rollout, around)
        return Outlook(says, around.opens_at or now)
    says = f"{percent(rollout.share_bps)} -> {gate} % when a person approves it"
    until = moment(_begun(rollout, now) + rollout.plan.gate_wait, now)
    return Outlook(says, otherwise=f"not approved by {until}: {_given_up(rollout)}")


def _finalizing(rollout: Rollout, now: datetime) -> Outlook:
    says = f"version {rollout.version} takes the place of the old one when its config is live: minutes"
    if rollout.retry_at and rollout.retry_at > now:
        return Outlook(f"finalizing is tried again at {moment(rollout.retry_at, now)}", rollout.retry_at)
    return Outlook(says)


def _watching(rollout: Rollout, now: datetime) -> Outlook:
    if rollout.waved:
        return Outlook(f"succeeds {NEXT_LOOK}: the watch is ended early by {rollout.waved}", now)
    ends = rollout.entered_at + rollout.plan.watch
    late = "a late failure still takes it back"
    if rollout.hold is Hold.THIN_EVIDENCE:
        return Outlook("succeeds when metrics and alarms can be read again", max(ends, now), late)
    return Outlook(f"succeeds at {moment(ends, now)}, when its watch ends", ends, late)


def _rolling_back(rollout: Rollout, now: datetime) -> Outlook:
    if rollout.retry_at and rollout.retry_at > now:
        return Outlook(f"the way back is tried again at {moment(rollout.retry_at, now)}", rollout.retry_at)
    config = rollout.baseline.config if rollout.baseline else "what served before"
    return Outlook(f"ends when {config} is seen to serve everything, and what was made for it is removed")


def _needs_human(rollout: Rollout) -> Outlook:
    if rollout.hold is Hold.APPROVAL_WAITED_FOR and rollout.gate is not None:
        return Outlook(f"nothing by itself: a person approves {rollout.gate} %, or aborts it")
    return Outlook("nothing by itself: a person resumes it, or aborts it")


def _goal(rollout: Rollout) -> str:
    """The next move: `5 % -> 25 %`, or what it is instead."""
    if rollout.traffic_has_moved and rollout.is_last_step:
        return "finalizes: the version takes the old one's place"
    if rollout.gate is not None:
        return f"a person is asked to approve {rollout.gate} %"
    return f"{percent(rollout.share_bps)} -> {rollout.plan.steps[rollout.next_step]} %"


def _within_window(says: str, rollout: Rollout, around: Around) -> str:
    return f"{says}; now {around.closed}" if around.closed and not rollout.waved else says


def _begun(rollout: Rollout, now: datetime) -> datetime:
    """When its phase would have begun if nobody had held it: what the policy's times count from."""
    return now - rollout.lasted(now)


def _patience(rollout: Rollout, now: datetime) -> str:
    return moment(_begun(rollout, now) + rollout.plan.patience, now)


def _back_at(rollout: Rollout, now: datetime) -> str:
    return f"given up and taken back at {_patience(rollout, now)}"


def _without_proof(rollout: Rollout, now: datetime) -> str:
    return f"no proof by {_patience(rollout, now)}: {_given_up(rollout)}"


def _given_up(rollout: Rollout) -> str:
    return "taken back" if rollout.plan.on_patience is OnPatience.ROLLBACK else "a person is asked"
