"""Hypothesis strategies: any rollout that can be stored, any look at any endpoint, likely and unlikely."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st

from pointsman.core.observed import AlarmReading, Answer, Endpoint, Mute, Observed, Status
from pointsman.core.phases import FORWARD, Act, Cause, Hold, Phase
from pointsman.core.rollout import Intent, Rollout, Stop
from pointsman.core.verdict import Opinion
from pointsman.policy import OnPatience
from tests.core.builders import NOW, OLD_CONFIG, PACKAGE, plan, rollout_in, variant, verdict

thorough = settings(max_examples=100, deadline=None)
"""For properties of single decisions, which are cheap: no time limit, since a busy machine is no failure."""

GATES = st.sampled_from([(), (), (50,), (10, 100)])
TEXTS = st.sampled_from(["", "no capacity left", "ping failed"])
ACTS = st.builds(
    Intent,
    act=st.sampled_from(Act),
    act_before=st.sampled_from([NOW - timedelta(minutes=9), NOW, NOW + timedelta(seconds=20)]),
    attempt=st.integers(1, 6),
    share_bps=st.sampled_from([0, 1000, 5000, 10_000]),
)
STOPS = st.builds(Stop, st.sampled_from(Cause), st.sampled_from(["", "dana"]), st.just("slow answers"))
LIKELY_STATUS = st.sampled_from([Status.IN_SERVICE] * 5 + list(Status))
"""Most of what can go wrong goes wrong on an endpoint that is in service."""
ALARMS = st.builds(
    AlarmReading,
    firing=st.sampled_from([(), (), ("fraud-5xx",)]),
    missing=st.sampled_from([(), (), ("gone",)]),
    blind=st.sampled_from(["", "", "throttled"]),
    mutes=st.sampled_from([(), (), (Mute("fraud-5xx", "is muted by rule night"),)]),
)


@st.composite
def rollouts(draw: st.DrawFn, phases: st.SearchStrategy[Phase] | None = None) -> Rollout:
    """A rollout that keeps the promises of its phase; everything else about it is free."""
    phase = draw(st.sampled_from(Phase) if phases is None else phases)
    usual = rollout_in(phase, minutes=draw(st.sampled_from([0, 3, 10, 30, 130, 300])))
    free: dict[str, object] = {
        "plan": plan(on_patience=draw(st.sampled_from(OnPatience)), gates=draw(GATES)),
        "gates_passed": draw(GATES),
        "waved": draw(st.sampled_from(["", "", "dana: ship it"])),
        "stood_for": draw(st.sampled_from([timedelta(), timedelta(minutes=3)])),
        "intent": draw(st.none() | ACTS),
        "update_was_seen": draw(st.booleans()),
        "failed_answers": draw(st.integers(0, 3)),
        "hold": draw(st.none() | st.sampled_from(Hold)),
        "retry_at": draw(st.sampled_from([None, NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)])),
    }
    if phase in FORWARD and draw(st.booleans()):
        free |= {"paused": "kim: lunch", "paused_at": NOW - timedelta(minutes=1)}
    if phase in {Phase.SHIFTING, Phase.BAKING, Phase.AWAITING_APPROVAL}:
        step = draw(st.integers(0, 2))
        free |= {"step": step, "share_bps": (1000, 5000, 10_000)[step]}
    if phase in {Phase.NEEDS_HUMAN, Phase.ROLLING_BACK}:
        free |= {"traffic_has_moved": draw(st.booleans()), "cause": draw(st.sampled_from(Cause))}
    if phase in {Phase.NEEDS_HUMAN, Phase.SUPERSEDED, Phase.ROLLED_BACK} and draw(st.booleans()):
        free |= {"baseline": None, "traffic_has_moved": False}
    return rollout_in(phase, minutes=(NOW - usual.entered_at) / timedelta(minutes=1), **free)


@st.composite
def endpoints(draw: st.DrawFn, rollout: Rollout) -> Endpoint:
    """Any status, any config (ours, the old, a stranger's), any split."""
    names = [OLD_CONFIG, rollout.canary_config, rollout.final_config, "a-stranger"]
    old = variant(weight=draw(st.sampled_from([0.0, 0.5, 0.9, 1.0])))
    new = variant(
        rollout.candidate_variant,
        draw(st.sampled_from([0.0, 0.1, 0.5, 1.0])),
        draw(st.integers(1, 3)),
        package=PACKAGE,
    )
    return Endpoint(
        status=draw(LIKELY_STATUS),
        config=draw(st.sampled_from(names)),
        variants=draw(st.sampled_from([(old,), (old, new), (old, new), (new,), ()])),
        pending_config=draw(st.sampled_from(["", *names])),
        failure_reason=draw(TEXTS),
        obstacles=draw(st.sampled_from([(), ("serverless endpoints take no second variant",)])),
    )


@st.composite
def looks(draw: st.DrawFn, rollout: Rollout) -> Observed:
    """What a pass may see while the rollout is as it is."""
    return Observed(
        endpoint=draw(endpoints(rollout)),
        alarms=draw(ALARMS),
        scale_in_suspended=draw(st.sampled_from([None, False, True])),
        answer=draw(st.none() | st.sampled_from(Answer)),
        answer_detail=draw(TEXTS),
        verdict=draw(st.none() | st.sampled_from(Opinion).map(verdict)),
        leftovers=draw(st.sampled_from([(), ("model x",)])),
        frozen=draw(st.sampled_from(["", "", "quarter end"])),
        closed=draw(st.sampled_from(["", "", "outside its release windows"])),
        waits_for=draw(st.sampled_from(["", "", "version 7 is in BAKING elsewhere"])),
        unread=draw(st.sampled_from(["", "", "denied"])),
        stop=draw(
            st.sampled_from([False, False, False, True]).flatmap(
                lambda is_asked: STOPS if is_asked else st.none()
            )
        ),
    )


@st.composite
def situations(draw: st.DrawFn, phases: st.SearchStrategy[Phase] | None = None) -> tuple[Rollout, Observed]:
    """A rollout and what is seen of its endpoint."""
    rollout = draw(rollouts(phases))
    return rollout, draw(looks(rollout))
