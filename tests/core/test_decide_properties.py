"""What holds for every decision, whatever was stored and whatever is seen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from pointsman.core.decide import LOST, WITH_TRAFFIC, decide
from pointsman.core.decision import ACT_WINDOW, Decision
from pointsman.core.observed import AlarmReading, Observed, Status
from pointsman.core.phases import FORWARD, STANDING, TRANSITIONS, Act, Cause, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.core.verdict import Opinion
from tests.core.builders import NOW, verdict
from tests.core.strategies import STOPS, situations, thorough

QUIET = AlarmReading()
BLIND = AlarmReading(blind="throttled")
FIRING = AlarmReading(firing=("fraud-5xx",))
FORWARD_PHASES = st.sampled_from(sorted(FORWARD))
MOVING = st.sampled_from(sorted(FORWARD | WITH_TRAFFIC))
TRAFFIC_PHASES = st.sampled_from(sorted(WITH_TRAFFIC))
Situation = tuple[Rollout, Observed]


def raises_traffic(decision: Decision) -> bool:
    return decision.act is Act.FINALIZE or (decision.act is Act.SHIFT and decision.rollout.share_bps > 0)


@thorough
@given(situations())
def test_decide_is_total_and_takes_documented_transitions_only(situation: Situation) -> None:
    rollout, observed = situation

    decision = decide(rollout, observed, NOW)

    assert decision.reason
    assert decision.phase is rollout.phase or decision.phase in TRANSITIONS[rollout.phase]


@thorough
@given(situations())
def test_the_same_look_gives_the_same_decision(situation: Situation) -> None:
    rollout, observed = situation

    assert decide(rollout, observed, NOW) == decide(rollout, observed, NOW)


@thorough
@given(situations())
def test_an_act_goes_with_an_intent_that_nobody_may_start_late(situation: Situation) -> None:
    rollout, observed = situation

    decision = decide(rollout, observed, NOW)

    if decision.act is not None:
        intent = decision.rollout.intent
        assert intent is not None
        assert intent.act is decision.act
        assert intent.act_before == NOW + ACT_WINDOW
        assert intent.share_bps == decision.rollout.share_bps


@thorough
@given(situations(MOVING))
def test_it_never_raises_traffic_while_an_alarm_fires(situation: Situation) -> None:
    rollout, observed = situation

    assert not raises_traffic(decide(rollout, replace(observed, alarms=FIRING), NOW))


@thorough
@given(situations(MOVING))
def test_nothing_moves_forward_under_a_freeze(situation: Situation) -> None:
    rollout, observed = situation

    decision = decide(rollout, replace(observed, frozen="quarter end", alarms=QUIET, stop=None), NOW)

    assert not raises_traffic(decision)
    assert decision.act is not Act.PREPARE


@thorough
@given(situations(MOVING))
def test_nothing_moves_forward_while_alarms_cannot_be_read(situation: Situation) -> None:
    rollout, observed = situation

    decision = decide(rollout, replace(observed, alarms=BLIND, stop=None, frozen=""), NOW)

    assert not raises_traffic(decision)
    assert decision.act is not Act.PREPARE


@thorough
@given(situations())
def test_a_busy_endpoint_is_asked_for_nothing(situation: Situation) -> None:
    rollout, observed = situation
    busy = replace(observed.endpoint, status=Status.BUSY)

    assert decide(rollout, replace(observed, endpoint=busy), NOW).act is None


@thorough
@given(situations(), STOPS)
def test_a_stop_leads_back_from_every_open_phase(situation: Situation, stop: Stop) -> None:
    rollout, observed = situation
    assume(not rollout.is_terminal and observed.endpoint.status not in LOST)
    assume(Cause.SUPERSEDED not in {stop.cause, rollout.cause})

    decision = decide(rollout, replace(observed, stop=stop), NOW)

    assert decision.phase in {Phase.ROLLING_BACK, Phase.ROLLED_BACK}
    assert not raises_traffic(decision)


@thorough
@given(situations(TRAFFIC_PHASES))
def test_traffic_on_a_candidate_that_was_judged_bad_goes_back(situation: Situation) -> None:
    rollout, observed = situation
    assume(observed.endpoint.status not in LOST)

    decision = decide(rollout, replace(observed, verdict=verdict(Opinion.FAIL)), NOW)

    assert decision.phase is Phase.ROLLING_BACK


@thorough
@given(situations())
def test_a_way_back_never_turns_forward(situation: Situation) -> None:
    rollout, observed = situation
    assume(rollout.phase in {Phase.ROLLING_BACK, Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.NEEDS_HUMAN})

    decision = decide(rollout, observed, NOW)

    assert decision.phase not in FORWARD
    assert not raises_traffic(decision)


@thorough
@given(situations(MOVING))
def test_nothing_moves_forward_in_a_pause(situation: Situation) -> None:
    rollout, observed = situation
    assume(rollout.phase in FORWARD)
    paused = replace(rollout, paused="kim: lunch", paused_at=NOW)

    decision = decide(paused, replace(observed, alarms=QUIET, stop=None), NOW)

    assert not raises_traffic(decision)
    assert decision.act is not Act.PREPARE


@thorough
@given(situations(FORWARD_PHASES))
def test_no_step_begins_outside_a_window_unless_a_person_waved_it(situation: Situation) -> None:
    rollout, observed = situation
    closed = replace(observed, closed="until Monday")

    decision = decide(rollout, closed, NOW)

    begins = raises_traffic(decision) and decision.phase is not rollout.phase
    assert not (begins and decision.rollout.step > rollout.step) or bool(rollout.waved)


@thorough
@given(situations(MOVING))
def test_no_gate_is_passed_without_its_approval(situation: Situation) -> None:
    rollout, observed = situation
    asked = rollout.gate

    decision = decide(rollout, observed, NOW)

    assert asked is None or not raises_traffic(decision) or decision.rollout.share_bps != asked * 100


@thorough
@given(situations())
def test_the_clock_of_a_phase_stands_exactly_while_people_or_the_policy_hold_it(situation: Situation) -> None:
    rollout, observed = situation

    after = decide(rollout, observed, NOW).rollout

    assert (after.stands_since is not None) is (after.hold in STANDING)
    assert after.lasted(NOW) <= NOW - after.entered_at


@thorough
@given(situations(FORWARD_PHASES))
def test_only_proof_or_a_person_raises_the_share(situation: Situation) -> None:
    rollout, observed = situation

    decision = decide(rollout, observed, NOW)

    if raises_traffic(decision) and decision.rollout.step > rollout.step:
        if rollout.phase is Phase.AWAITING_APPROVAL:
            assert rollout.gate is None
            return
        assert observed.verdict is not None
        assert observed.verdict.opinion in (
            {Opinion.PASS, Opinion.NOT_ENOUGH} if rollout.waved else {Opinion.PASS}
        )
        assert rollout.waved or rollout.lasted(NOW) >= rollout.plan.bake_min
