"""What is foretold of a rollout, in every phase and hold, and that the times are those that decisions go by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.decide import decide
from pointsman.core.judge import Evidence, begin, take
from pointsman.core.minutes import Minute, Side
from pointsman.core.outlook import Around, Outlook, moment, outlook
from pointsman.core.phases import Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.core.usual import Usual
from pointsman.core.verdict import Counts, Opinion, Verdict, Weighed
from pointsman.policy import Judging, OnPatience
from tests.core.builders import GATED, HEALTH, HOUR, MINUTE, NOW, PLAN, plan, rollout_in, seen

CLOSED = "outside its release windows; the next one opens Tue 2026-11-24 09:00 Europe/Berlin"
OPENS_AT = NOW + 20 * HOUR


def verdict(opinion: Opinion, requests: int) -> Verdict:
    return Verdict(opinion, "the sentence", Counts(requests, 0, 0), Counts(900, 1, 2), 10)


def gathered(requests: int, minutes: int, share_bps: int = 1_000, errors: int = 0) -> Evidence:
    """So many requests of the candidate in so many minutes, the last of them two minutes ago, and nine times as many beside it."""
    since, each = NOW - (minutes + 2) * MINUTE, requests // minutes
    evidence = begin(PLAN, Usual(), "w", since)
    for number in range(minutes):
        baseline = Side(9 * each, 0, 0, 9 * each, None, 0) if share_bps < 10_000 else None
        at = since + number * MINUTE
        evidence = take(evidence, Minute(at, baseline, Side(each, errors, 0, each, None, 0)), share_bps, PLAN)
    return evidence


def judged(opinion: Opinion, requests: int = 40, minutes: int = 10) -> Around:
    """What the judge said, and the minutes that it rests on."""
    return Around(verdict(opinion, requests), gathered(requests, minutes))


def foretold(rollout: Rollout, around: Around | None = None) -> Outlook:
    return outlook(rollout, around or Around(), NOW)


class TestBake:
    def test_without_evidence_the_next_step_waits_for_the_proof_and_the_least_bake(self) -> None:
        said = foretold(rollout_in(Phase.BAKING, minutes=1))
        assert said == Outlook(
            "10 % -> 50 % when it is proved to be no worse, at the earliest 12:09 UTC",
            NOW + 9 * MINUTE,
            "no proof by 13:59 UTC: taken back",
        )

    def test_the_judge_goes_on_with_minutes_like_those_of_the_step(self) -> None:
        """4 a minute, 60 missing: 15 minutes more, on top of the delay of metrics and one for a thin minute."""
        said = foretold(rollout_in(Phase.BAKING, minutes=12), judged(Opinion.NOT_ENOUGH))
        assert said.says == "10 % -> 50 % when it is proved to be no worse, at the earliest 12:16 UTC"
        assert said.at == NOW + 16 * MINUTE

    def test_minutes_that_speak_against_it_are_not_hoped_away(self) -> None:
        failing = Around(verdict(Opinion.NOT_ENOUGH, 400), gathered(400, 10, errors=2))
        said = foretold(rollout_in(Phase.BAKING, minutes=12), failing)
        assert "minutes like these do not bring before its patience is over" in said.says

    def test_each_proof_that_is_wanting_has_its_odds(self) -> None:
        proofs = (Weighed("errors", 1.0, 3.25), Weighed("p75", 1.0, 20.0), Weighed("p99", 1.0, 1.5))
        around = Around(replace(verdict(Opinion.NOT_ENOUGH, 120), weighed=proofs), gathered(120, 10))
        said = foretold(rollout_in(Phase.BAKING, minutes=12), around)
        assert "no worse (failures 3.2:1, slowest requests 1.5:1; needed 10:1)" in said.says

    def test_a_version_that_serves_alone_waits_for_its_requests(self) -> None:
        """4 a minute, 60 missing: 15 minutes more, on top of the delay of metrics."""
        last = rollout_in(Phase.BAKING, minutes=12, step=2, share_bps=10_000)
        alone = Around(verdict(Opinion.NOT_ENOUGH, 40), gathered(40, 10, 10_000))
        said = foretold(last, alone)
        assert "when 100 requests are answered (40 so far), at the earliest 12:15 UTC" in said.says
        assert said.at == NOW + 15 * MINUTE

    def test_a_judge_that_only_reports_leaves_it_to_the_clock(self) -> None:
        reports = replace(HEALTH, comparison=replace(HEALTH.comparison, mode=Judging.REPORT))
        baking = rollout_in(Phase.BAKING, minutes=4, plan=plan(health=reports))
        assert foretold(baking, judged(Opinion.NOT_ENOUGH)).says == "10 % -> 50 % at 12:06 UTC"

    def test_a_pass_waits_for_the_rest_of_the_bake_only(self) -> None:
        said = foretold(rollout_in(Phase.BAKING, minutes=4), judged(Opinion.PASS, 120))
        assert (said.says, said.otherwise) == ("10 % -> 50 % at 12:06 UTC", "")

    def test_a_pass_after_the_bake_goes_on_at_the_next_look(self) -> None:
        said = foretold(rollout_in(Phase.BAKING, minutes=11), judged(Opinion.PASS, 120))
        assert (said.says, said.at) == ("10 % -> 50 % at the next look, within a minute", NOW)

    def test_the_last_step_is_followed_by_finalizing(self) -> None:
        last = rollout_in(Phase.BAKING, minutes=11, step=2, share_bps=10_000)
        assert foretold(last, judged(Opinion.PASS, 120)).says.startswith("finalizes: ")

    @pytest.mark.parametrize(
        ("opinion", "requests", "says"),
        [
            (Opinion.BLIND, 0, "10 % -> 50 % when metrics can be read again"),
            (Opinion.FAIL, 120, "all traffic goes back at the next look, within a minute"),
        ],
    )
    def test_other_opinions_have_their_words(self, opinion: Opinion, requests: int, says: str) -> None:
        assert foretold(rollout_in(Phase.BAKING, minutes=11), judged(opinion, requests)).says == says

    def test_a_policy_that_holds_asks_a_person(self) -> None:
        asks = rollout_in(Phase.BAKING, plan=plan(on_patience=OnPatience.HOLD))
        assert foretold(asks).otherwise == "no proof by 13:59 UTC: a person is asked"

    def test_a_closed_window_moves_the_step_to_its_opening(self) -> None:
        around = replace(judged(Opinion.PASS, 120), closed=CLOSED, opens_at=OPENS_AT)
        said = foretold(rollout_in(Phase.BAKING, minutes=11), around)
        assert said.says == f"10 % -> 50 % at Tue 2026-11-24 08:00 UTC; now {CLOSED}"
        assert said.at == OPENS_AT

    def test_a_step_held_by_its_window_is_proved(self) -> None:
        held = rollout_in(Phase.BAKING, minutes=11, hold=Hold.OUTSIDE_WINDOW)
        said = foretold(held, Around(closed=CLOSED, opens_at=OPENS_AT))
        assert said == Outlook(f"10 % -> 50 %: the step is proved; now {CLOSED}", OPENS_AT)

    def test_what_is_waved_through_waits_for_nothing_but_sight(self) -> None:
        waved = rollout_in(Phase.BAKING, waved="dana: urgent")
        assert (
            foretold(waved).says
            == "10 % -> 50 % at the next look, within a minute: waved through by dana: urgent"
        )
        blind = foretold(waved, judged(Opinion.BLIND))
        assert blind.says == "10 % -> 50 % when metrics can be read again: waved through by dana: urgent"

    def test_a_gate_before_the_next_step_asks_a_person(self) -> None:
        gated = rollout_in(Phase.BAKING, minutes=11, plan=GATED)
        said = foretold(gated, judged(Opinion.PASS, 120))
        assert said.says == "a person is asked to approve 50 % at the next look, within a minute"

    def test_time_in_which_people_held_it_is_added(self) -> None:
        held = rollout_in(Phase.BAKING, minutes=60, stood_for=timedelta(minutes=55))
        assert foretold(held, judged(Opinion.PASS, 120)).says == "10 % -> 50 % at 12:05 UTC"


@pytest.mark.parametrize("opinion", [Opinion.PASS, Opinion.NOT_ENOUGH])
@pytest.mark.parametrize("minutes", [3, 9.5, 10, 119, 120])
def test_what_is_foretold_for_now_is_what_is_decided_now(opinion: Opinion, minutes: float) -> None:
    """The outlook may not say `later` where the decision is made at this look, nor the reverse."""
    baking = rollout_in(Phase.BAKING, minutes=minutes)
    around = judged(opinion, 120 if opinion is Opinion.PASS else 0)
    said = foretold(baking, around)

    decided = decide(baking, seen(baking, verdict=around.verdict), NOW)

    goes_on = decided.phase is Phase.SHIFTING
    assert goes_on == (opinion is Opinion.PASS and said.at == NOW)
    is_given_up = decided.phase is Phase.ROLLING_BACK
    assert is_given_up == (said.otherwise == "no proof by 12:00 UTC: taken back")


class TestGate:
    def test_it_names_the_step_and_the_end_of_the_wait(self) -> None:
        said = foretold(rollout_in(Phase.AWAITING_APPROVAL, minutes=60))
        assert said.says == "10 % -> 50 % when a person approves it"
        assert said.otherwise == "not approved by Tue 2026-11-24 11:00 UTC: taken back"

    def test_an_approved_step_begins_at_the_next_look(self) -> None:
        approved = rollout_in(Phase.AWAITING_APPROVAL, gates_passed=(50,))
        assert foretold(approved).says == "10 % -> 50 % at the next look, within a minute"

    def test_an_approved_step_is_not_begun_unseen(self) -> None:
        approved = rollout_in(Phase.AWAITING_APPROVAL, gates_passed=(50,))
        assert foretold(approved, judged(Opinion.BLIND)).says == "10 % -> 50 % when metrics can be read again"

    def test_one_that_waited_too_long_says_so(self) -> None:
        waits = rollout_in(Phase.NEEDS_HUMAN, hold=Hold.APPROVAL_WAITED_FOR, plan=GATED)
        assert "a person approves 50 %" in foretold(waits).says


@pytest.mark.parametrize(
    ("phase", "changes", "around", "says"),
    [
        (Phase.PENDING, {}, {}, "the candidate's fleet is started at the next look"),
        (
            Phase.PENDING,
            {},
            {"waits_for": "version 7 is in BAKING on eu"},
            "when its turn comes: version 7 is in",
        ),
        (Phase.PENDING, {}, {"closed": CLOSED}, f"is started; now {CLOSED}"),
        (Phase.PENDING, {"waved": "dana: now"}, {"closed": CLOSED}, "is started at the next look"),
        (Phase.PENDING, {"hold": Hold.PREFLIGHT}, {}, "when every alarm of the policy exists"),
        (Phase.PREPARING, {}, {}, "when all its instances stand"),
        (Phase.VALIDATING, {"plan": GATED}, {}, "0 % -> 10 % when the candidate has answered"),
        (Phase.SHIFTING, {}, {}, "the bake of 10 % begins when that share is observed"),
        (Phase.FINALIZING, {}, {}, "version 7 takes the place of the old one"),
        (Phase.FINALIZING, {"retry_at": NOW + 9 * MINUTE}, {}, "finalizing is tried again at 12:09 UTC"),
        (Phase.WATCHING, {}, {}, "succeeds at 15:59 UTC, when its watch ends"),
        (Phase.WATCHING, {"waved": "dana: fine"}, {}, "the watch is ended early by dana: fine"),
        (Phase.WATCHING, {"hold": Hold.THIN_EVIDENCE}, {}, "when metrics and alarms can be read again"),
        (Phase.ROLLING_BACK, {}, {}, "ends when fraud-prod-2026-10 is seen to serve everything"),
        (Phase.ROLLING_BACK, {"retry_at": NOW + 3 * MINUTE}, {}, "the way back is tried again at 12:03 UTC"),
        (Phase.NEEDS_HUMAN, {}, {}, "nothing by itself: a person resumes it, or aborts it"),
        (Phase.SUCCEEDED, {}, {}, "nothing: it has ended"),
        (Phase.BAKING, {"hold": Hold.ALARM_FIRING}, {}, "when the alarm is OK again"),
        (Phase.BAKING, {"hold": Hold.PREFLIGHT}, {}, "when every alarm of the policy exists again"),
        (Phase.BAKING, {"hold": Hold.CANNOT_READ}, {}, "when the permission is granted"),
        (Phase.BAKING, {"paused": "dana: mail"}, {}, "until it is resumed; paused by dana: mail"),
        (Phase.BAKING, {}, {"frozen": "quarter end"}, "while the policy is frozen: quarter end"),
        (Phase.WATCHING, {}, {"frozen": "quarter end"}, "when its watch ends"),
    ],
)
def test_every_phase_and_hold_is_put_in_words(
    phase: Phase, changes: dict[str, Any], around: dict[str, Any], says: str
) -> None:
    assert says in foretold(rollout_in(phase, **changes), Around(**around)).says


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("hold", [None, *Hold])
def test_there_are_words_for_everything(phase: Phase, hold: Hold | None) -> None:
    said = foretold(rollout_in(phase, hold=hold))
    assert said.says
    assert "None" not in said.says + said.otherwise


def test_a_time_of_another_day_has_its_date() -> None:
    assert moment(NOW + 5 * MINUTE, NOW) == "12:05 UTC"
    assert moment(NOW + 13 * HOUR, NOW) == "Tue 2026-11-24 01:00 UTC"
