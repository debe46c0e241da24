"""What a pass reads of windows, of the endpoint that goes first, and of the candidate, and in which phases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from pointsman.core.judge import begin, take, window_of
from pointsman.core.lane import Lane
from pointsman.core.minutes import ONE_MINUTE, Minute, Side
from pointsman.core.observed import Answer
from pointsman.core.phases import Cause, Hold, Phase
from pointsman.core.rollout import Approval, Rollout, open_rollout
from pointsman.core.usual import Usual
from pointsman.core.verdict import Opinion
from pointsman.errors import Denied, Transient
from pointsman.observe import observe
from pointsman.policy import After, EndpointName, Policy, Version
from pointsman.windows import Window, Windows
from tests.pointsman.readings import Asked, Reported
from tests.worlds.account import ENDPOINT, START
from tests.worlds.memory import FixedPolicies, MemoryStore
from tests.worlds.quick import PLAN, POLICY, Quick

STAGING = EndpointName("fraud-staging")
AFTER = replace(POLICY, after=After(STAGING))
MONDAYS = replace(POLICY, windows=Windows("UTC", (Window((0,), 0, 1440),)))
GATED_FIRST = replace(POLICY, plan=replace(PLAN, gates=(50,)))
BEGIN_STEPS = {Phase.PENDING, Phase.VALIDATING, Phase.BAKING, Phase.AWAITING_APPROVAL}


def opened(policy: Policy = POLICY, phase: Phase = Phase.PENDING) -> Quick:
    quick = Quick((policy,))
    quick.approve(2)
    quick.drive_to(phase)
    return quick


def there(quick: Quick, phase: Phase | None, **changes: object) -> None:
    """The endpoint that goes first stands so."""
    approval = Approval(Version(2), "", quick.rollout().approval.at)
    rollout = replace(open_rollout(STAGING, approval, PLAN, START), phase=phase) if phase else None
    lane = Lane(STAGING, rollout=rollout, approvals={2: approval.at})
    quick.store.lanes[STAGING] = replace(lane, **changes)  # type: ignore[arg-type]


class TestWindows:
    @pytest.mark.parametrize("phase", sorted(set(Phase)))
    def test_they_are_read_where_a_step_may_begin(self, phase: Phase) -> None:
        quick = opened(MONDAYS)
        rollout = replace(quick.rollout(), phase=phase)
        closed = observe(quick.world, rollout, START).closed
        assert bool(closed) is (phase in BEGIN_STEPS)

    def test_they_hold_a_rollout_until_they_open(self) -> None:
        quick = opened(MONDAYS)
        quick.due()
        assert (quick.phase(), quick.rollout().hold) == (Phase.PENDING, Hold.OUTSIDE_WINDOW)
        assert "the next one opens Mon 2026-11-23 00:00 UTC" in quick.facts()[-1]["reason"]
        quick.account.kernel.advance(timedelta(days=3))
        assert quick.due().phase is Phase.PREPARING

    def test_a_newer_approval_replaces_what_waits_for_them(self) -> None:
        quick = opened(MONDAYS)
        quick.due()
        quick.account.kernel.advance(timedelta(minutes=1))
        quick.approve(3)
        quick.account.kernel.advance(timedelta(minutes=3))
        quick.due()
        assert (quick.rollout().version, quick.phase()) == (3, Phase.PENDING)
        assert quick.lane().quarantined == {}


class TestOrder:
    def test_before_it_begins_the_endpoint_that_goes_first_is_looked_at(self) -> None:
        quick = opened(AFTER)
        there(quick, Phase.BAKING)
        quick.due()
        assert quick.rollout().hold is Hold.WAITS_FOR_ENDPOINT
        there(quick, Phase.WATCHING)
        assert quick.due().phase is Phase.PREPARING

    def test_a_version_that_failed_there_ends_here(self) -> None:
        quick = opened(AFTER)
        there(quick, None, quarantined={2: "40 of 1,000 failed"})
        assert quick.due().phase is Phase.ROLLED_BACK
        assert quick.rollout().cause is Cause.FAILED_ELSEWHERE
        assert "40 of 1,000 failed" in quick.lane().quarantined[2]

    def test_a_version_that_failed_there_before_it_was_approved_anew_waits(self) -> None:
        quick = opened(AFTER)
        there(quick, None, quarantined={2: "old"}, approvals={2: START - timedelta(days=1)})
        quick.due()
        assert quick.rollout().hold is Hold.WAITS_FOR_ENDPOINT

    def test_once_begun_the_other_endpoint_does_not_matter_any_more(self) -> None:
        quick = opened(AFTER)
        there(quick, Phase.WATCHING)
        quick.drive_to(Phase.BAKING)
        there(quick, None, quarantined={2: "late failure"})
        quick.drive_to(Phase.SUCCEEDED)

    def test_nothing_begins_while_the_other_endpoints_state_cannot_be_read(self) -> None:
        quick = opened(AFTER)
        quick.world = replace(quick.world, store=Unreadable(lanes=quick.store.lanes))
        with pytest.raises(Transient):
            quick.due()
        assert quick.phase() is Phase.PENDING


class TestFirstAnswer:
    @pytest.mark.parametrize(
        "changes",
        [{"paused": "kim: lunch"}, {"hold": Hold.OUTSIDE_WINDOW}, {"phase": Phase.AWAITING_APPROVAL}],
    )
    def test_who_cannot_go_on_is_not_asked(self, changes: dict[str, object]) -> None:
        quick = opened(phase=Phase.VALIDATING) if "hold" not in changes else validating(MONDAYS)
        prober = Asked(Answer.FAILED)
        rollout = replace(quick.rollout(), **changes)  # type: ignore[arg-type]
        seen = observe(replace(quick.world, prober=prober), rollout, quick.account.kernel.now)
        assert (seen.answer, prober.variants) == (None, [])

    def test_a_night_of_failed_requests_does_not_add_up_before_the_window_opens(self) -> None:
        quick = validating(MONDAYS)
        quick.due()
        assert quick.rollout().hold is Hold.OUTSIDE_WINDOW
        quick.world = replace(quick.world, prober=Asked(Answer.FAILED))
        quick.wait(minutes=10)
        assert (quick.phase(), quick.rollout().failed_answers) == (Phase.VALIDATING, 0)


def validating(policy: Policy) -> Quick:
    """The candidate stands while the windows of the policy are closed."""
    quick = opened(phase=Phase.VALIDATING)
    quick.world = replace(quick.world, policies=FixedPolicies(policy))
    return quick


class TestJudging:
    def test_before_any_traffic_nobody_gathers_evidence(self) -> None:
        quick = opened(GATED_FIRST, phase=Phase.AWAITING_APPROVAL)
        quick.account.kernel.calls.clear()
        quick.wait(minutes=10)
        assert quick.store.find_evidence(ENDPOINT) is None
        assert not [name for *_, name, _ in quick.account.kernel.calls if name == "GetMetricData"]

    def test_bad_evidence_that_was_stored_counts_while_metrics_cannot_be_read(self) -> None:
        quick = opened(phase=Phase.BAKING)
        store_bad_evidence(quick, quick.rollout())
        unreadable = Unread(Denied("GetMetricData"))
        verdict = observe(
            replace(quick.world, metrics=unreadable),
            quick.rollout(),
            quick.account.kernel.now + timedelta(minutes=10),
        ).verdict
        assert verdict is not None
        assert verdict.opinion is Opinion.FAIL

    def test_good_evidence_that_was_stored_does_not(self) -> None:
        quick = opened(phase=Phase.BAKING)
        unreadable = Unread(Denied("GetMetricData"))
        late = quick.account.kernel.now + timedelta(minutes=5)
        verdict = observe(replace(quick.world, metrics=unreadable), quick.rollout(), late).verdict
        assert verdict is not None
        assert verdict.opinion is Opinion.BLIND

    def test_a_version_that_waits_too_long_for_its_approval_is_judged_on(self) -> None:
        quick = opened(phase=Phase.BAKING)
        failing = Reported(lambda at: Minute(at, Side(10, 0, 0), Side(10, 10, 0)))
        waiting = replace(quick.rollout(), phase=Phase.NEEDS_HUMAN, hold=Hold.APPROVAL_WAITED_FOR)
        world = replace(quick.world, metrics=failing)
        verdict = observe(world, waiting, quick.account.kernel.now + timedelta(minutes=10)).verdict
        assert verdict is not None
        assert verdict.opinion is Opinion.FAIL


def store_bad_evidence(quick: Quick, rollout: Rollout) -> None:
    evidence = begin(rollout.plan, Usual(), window_of(rollout), rollout.entered_at)
    for number in range(4):
        failing = Minute(rollout.entered_at + number * ONE_MINUTE, Side(20, 0, 0), Side(20, 20, 0))
        evidence = take(evidence, failing, rollout.share_bps, rollout.plan)
    quick.store.evidence[ENDPOINT] = evidence


class Unread:
    """Implements `ports.Metrics`: nothing can be read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, *_asked: object) -> list[Minute]:
        raise self._error

    def read_usual(self, *_asked: object) -> Usual:
        raise self._error


@dataclass(slots=True)
class Unreadable(MemoryStore):
    """A store in which the lane of one endpoint cannot be read."""

    endpoint: EndpointName = STAGING

    def get_lane(self, endpoint: EndpointName) -> Lane:
        if endpoint == self.endpoint:
            raise Transient("throttled")
        return self.lanes.get(endpoint) or Lane(endpoint)
