"""The judge that decides rollouts: which minutes belong where, what passes under the policy, what fails, and what silence means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.judge import Evidence, begin, judge, open_window, take, window_of
from pointsman.core.minutes import Minute, Side
from pointsman.core.phases import Phase
from pointsman.core.usual import Usual
from pointsman.core.verdict import Counts, Opinion
from pointsman.policy import Comparison, Plan
from tests.core.builders import HEALTH, HOUR, MINUTE, NOW, PLAN, rollout_in
from tests.core.judged_minutes import (
    ALL,
    DARK,
    EVEN,
    FAILING,
    GOOD,
    HALF,
    LEAST,
    MINE,
    PAST,
    TENTH,
    THEIRS,
    Sides,
    at,
    begun,
    grown,
    in_second_step,
    verdict,
)


class TestWindow:
    @pytest.mark.parametrize(
        ("phase", "step", "window"),
        [
            (Phase.BAKING, 0, "step-0"),
            (Phase.AWAITING_APPROVAL, 1, "step-1"),
            (Phase.FINALIZING, 2, "step-2"),
            (Phase.WATCHING, 2, "watch"),
        ],
    )
    def test_it_is_the_step_or_the_watch_of_one_rollout(self, phase: Phase, step: int, window: str) -> None:
        rollout = rollout_in(phase, step=step)
        assert window_of(rollout) == f"{rollout.id}/{window}"

    def test_counts_begin_anew_and_evidence_goes_on(self) -> None:
        first = grown(begun(), *[GOOD] * LEAST)
        second = in_second_step(first)
        assert (second.candidate, second.baseline, second.minutes) == (Counts(), Counts(), 0)
        assert second.compared == first.compared
        assert second.reference == first.baseline
        grew = grown(second, EVEN, share_bps=HALF)
        assert grew.candidate == Counts(500, 1, 5)
        assert grew.compared is not None
        assert (grew.compared.stage, grew.compared.usable) == (1, LEAST + 1)

    def test_what_was_nearly_proved_in_one_step_is_proved_in_the_next(self) -> None:
        """Twice the requests fail: too little for one step, and the odds are not forgotten."""
        worse = Side(100, 2, 1, 100, 18, 1), Side(900, 6, 9, 900, 225, 9)
        worse_at_half = Side(500, 9, 5, 500, 100, 5), Side(500, 3, 5, 500, 125, 5)
        first = grown(begun(), *[worse] * 12)
        assert verdict(first).opinion is Opinion.NOT_ENOUGH
        kept = next(
            n
            for n in range(1, 99)
            if fails(grown(in_second_step(first), *[worse_at_half] * n, share_bps=HALF))
        )
        fresh = open_window(begun(), "r/step-1", NOW, 1)
        anew = next(n for n in range(1, 99) if fails(grown(fresh, *[worse_at_half] * n, share_bps=HALF)))
        assert kept < anew

    def test_a_window_never_begins_before_what_was_taken(self) -> None:
        first = grown(begun(), *[GOOD] * 3)
        assert open_window(first, "r/step-1", NOW, 1).until == first.until
        assert open_window(first, "r/step-1", NOW + HOUR, 1).until == NOW + HOUR

    def test_of_a_new_step_nothing_is_said_before_it_has_a_minute(self) -> None:
        """The state still holds the proofs of the step before; they prove nothing of this one."""
        proved = grown(begun(), *[GOOD] * 30)
        assert verdict(proved).opinion is Opinion.PASS
        assert verdict(in_second_step(proved), HALF).opinion is Opinion.NOT_ENOUGH
        none_asked = replace(HEALTH, min_requests=0)
        assert judge(in_second_step(proved), none_asked, HALF).opinion is Opinion.NOT_ENOUGH


def fails(evidence: Evidence) -> bool:
    return verdict(evidence, HALF).opinion is Opinion.FAIL


class TestMinutes:
    def test_a_minute_taken_twice_changes_nothing(self) -> None:
        evidence = grown(begun(), GOOD, FAILING)
        assert take(evidence, at(1, FAILING), TENTH, PLAN) == evidence
        assert take(evidence, at(0), TENTH, PLAN) == evidence

    def test_they_are_numbered_from_the_first_judged_one_on_through_all_steps(self) -> None:
        numbers = []
        evidence = begun()
        for number in (0, 1, 5):
            evidence = take(evidence, at(number), TENTH, PLAN)
            assert evidence.compared is not None
            numbers.append((evidence.compared.minute, evidence.compared.stage))
        later = take(in_second_step(evidence), at(9, EVEN), HALF, PLAN)
        assert later.compared is not None
        assert numbers == [(0, 0), (1, 0), (5, 0)]
        assert (later.compared.minute, later.compared.stage, later.compared.stage_since) == (9, 1, 9)

    def test_after_a_gap_of_hours_the_step_still_takes_its_minutes(self) -> None:
        """Nobody could look for six hours. The time is over by the clock; the evidence is not there."""
        gap = take(grown(begun(), *[GOOD] * 3), at(6 * 60), TENTH, PLAN)
        assert verdict(gap).opinion is Opinion.NOT_ENOUGH
        assert verdict(gap).sentence == "4 of the 15 minutes that this step takes have data"

    def test_with_all_traffic_the_comparison_stands_still(self) -> None:
        compared = grown(begun(), *[GOOD] * LEAST)
        alone = open_window(compared, "r/step-2", compared.until, 2)
        assert grown(alone, (MINE, None), (MINE, THEIRS), share_bps=ALL).compared == compared.compared

    def test_a_version_that_gets_all_traffic_at_once_is_compared_with_nothing(self) -> None:
        at_once = replace(PLAN, steps=(100,))
        evidence = grown(begun(at_once), (MINE, None), share_bps=ALL, plan=at_once)
        assert evidence.compared is None
        assert verdict(evidence, ALL).opinion is Opinion.PASS

    def test_evidence_of_an_older_judge_is_only_a_place(self) -> None:
        old = Evidence("r/step-0", NOW, None)
        assert grown(old, GOOD).compared is None

    def test_the_candidates_rate_of_requests_is_told(self) -> None:
        assert begun().requests_per_minute == 0.0
        assert grown(begun(), GOOD, DARK).requests_per_minute == 50.0


class TestPass:
    def test_it_takes_the_least_minutes_and_the_proof(self) -> None:
        said = [verdict(grown(begun(), *[GOOD] * minutes)).opinion for minutes in (1, LEAST - 1, LEAST)]
        assert said == [Opinion.NOT_ENOUGH, Opinion.NOT_ENOUGH, Opinion.PASS]
        passed = verdict(grown(begun(), *[GOOD] * LEAST))
        assert (passed.candidate, passed.baseline, passed.minutes) == (
            Counts(1500, 0, 15),
            Counts(13_500, 30, 135),
            LEAST,
        )
        assert passed.evidence < 2 < passed.needed == 50
        assert {each.name for each in passed.weighed} == {"gross", "errors", "p75", "p99", "quality"}
        assert [each.name for each in passed.weighed if each.proof is not None] == ["errors", "p75", "p99"]

    def test_it_needs_the_policys_requests(self) -> None:
        thin: Sides = (Side(6, 0, 0), Side(54, 0, 0))
        evidence = grown(begun(usual=Usual()), *[thin] * 40)
        waits = judge(evidence, replace(HEALTH, min_requests=241), TENTH)
        assert waits.opinion is Opinion.NOT_ENOUGH
        assert waits.sentence == "candidate answered 240 of the 241 requests that a pass needs"
        assert judge(evidence, replace(HEALTH, min_requests=240), TENTH).opinion is Opinion.PASS

    def test_above_the_policys_limit_nothing_passes_while_the_baseline_is_within_it(self) -> None:
        """1.1 % and 0.9 % cannot be told apart, and 1 % is what the policy tolerates."""
        near: Sides = (Side(1000, 11, 5, 1000, 180, 5), Side(9000, 81, 45, 9000, 2250, 45))
        within: Sides = (Side(1000, 10, 5, 1000, 180, 5), Side(9000, 81, 45, 9000, 2250, 45))
        said = verdict(grown(begun(), *[near] * 30))
        assert said.opinion is Opinion.NOT_ENOUGH
        assert said.sentence.startswith("candidate failed: 1.10 %, and the policy tolerates 1 %; ")
        assert not said.is_fix_forward
        assert verdict(grown(begun(), *[within] * 30)).opinion is Opinion.PASS

    def test_a_version_that_is_no_worse_than_a_bad_baseline_passes_and_that_is_said(self) -> None:
        both_bad: Sides = (Side(1000, 250, 5, 1000, 180, 5), Side(9000, 2700, 45, 9000, 2250, 45))
        said = verdict(grown(begun(), *[both_bad] * 30))
        assert said.opinion is Opinion.PASS
        assert said.is_fix_forward
        assert said.sentence.startswith(
            "candidate failed: 25.00 %, and the policy tolerates 1 %, but the baseline itself has 30.00 %: "
            "it is no worse than what serves. "
        )

    def test_an_excuse_for_errors_is_none_for_slow_answers(self) -> None:
        slow_too: Sides = (Side(1000, 250, 60, 1000, 180, 5), Side(9000, 2700, 45, 9000, 2250, 45))
        said = verdict(grown(begun(), *[slow_too] * 30))
        assert said.opinion is Opinion.NOT_ENOUGH
        assert said.sentence.startswith(
            "candidate answered slower than 2 s: 6.00 %, and the policy tolerates 5 %"
        )

    def test_both_excuses_are_said(self) -> None:
        both: Sides = (Side(1000, 250, 60, 1000, 180, 5), Side(9000, 2700, 900, 9000, 2250, 45))
        said = verdict(grown(begun(), *[both] * 30))
        assert (said.opinion, said.is_fix_forward) == (Opinion.PASS, True)
        assert "but the baseline itself has 10.00 %" in said.sentence


class TestFail:
    def test_many_more_errors_than_the_baselines_fail_and_the_numbers_are_told(self) -> None:
        said = verdict(grown(begun(), FAILING, FAILING))
        assert said.opinion is Opinion.FAIL
        assert said.evidence >= said.needed == 50
        assert said.candidate == Counts(200, 120, 2)
        assert "candidate failed 120 of 200" in said.sentence

    def test_it_waits_for_no_least_number_of_requests(self) -> None:
        thin: Sides = (Side(10, 10, 0), Side(90, 0, 0))
        said = verdict(grown(begun(), *[thin] * 4))
        assert said.opinion is Opinion.FAIL
        assert said.candidate.requests < HEALTH.min_requests

    def test_a_shock_on_both_sides_is_nobodys_fault(self) -> None:
        shock: Sides = (Side(100, 30, 1, 100, 18, 1), Side(900, 270, 9, 900, 225, 9))
        evidence = grown(begun(), *[GOOD] * 10, *[shock] * 10)
        assert verdict(evidence).opinion is not Opinion.FAIL

    def test_the_policy_says_how_many_good_versions_may_be_taken_back(self) -> None:
        strict = replace(PLAN, health=replace(HEALTH, comparison=Comparison(alpha=1e-9)))
        bad: Sides = (Side(100, 3, 1, 100, 18, 1), THEIRS)

        def minutes_to_fail(plan: Plan) -> int:
            taken = [grown(begun(plan), *[bad] * minutes) for minutes in range(99)]
            said = [judge(evidence, plan.health, TENTH) for evidence in taken]
            assert said[0].needed == pytest.approx(1 / plan.health.comparison.alpha)
            return [verdict.opinion for verdict in said].index(Opinion.FAIL)

        assert minutes_to_fail(PLAN) < minutes_to_fail(strict)

    def test_a_slower_candidate_fails(self) -> None:
        slow: Sides = (Side(100, 0, 1, 100, 60, 8), THEIRS)
        said = verdict(grown(begun(), *[slow] * 12))
        assert said.opinion is Opinion.FAIL
        assert "75th" in said.sentence or "p75" in said.sentence or "slower" in said.sentence


def test_a_rollout_opened_anew_has_evidence_of_its_own() -> None:
    fresh = begin(PLAN, PAST, "s/step-0", NOW + MINUTE)
    assert verdict(grown(fresh, GOOD)).minutes == 1
    assert take(fresh, Minute(NOW, *reversed(FAILING)), TENTH, PLAN) == fresh
