"""What the judge that decides hands to the two judges behind it, and what of their answers it hands on."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import timedelta

import pytest

from pointsman.core.canary_tracks import Sums
from pointsman.core.judge import open_window
from pointsman.core.minutes import Side
from pointsman.core.usual import Usual
from pointsman.core.verdict import Opinion
from tests.core.builders import NOW, PLAN
from tests.core.judged_minutes import (
    ALL,
    DARK,
    GOOD,
    HALF,
    MINE,
    SILENT,
    THEIRS,
    Sides,
    begun,
    grown,
    in_second_step,
    verdict,
)

BAD_ALONE: Sides = (Side(300, 9, 0), None)


class TestCounts:
    def test_each_side_is_counted_over_its_own_thresholds(self) -> None:
        state = grown(begun(), GOOD, GOOD).compared
        assert state is not None
        assert [track.sums for track in state.tracks] == [
            Sums(200, 0, 1800, 4),
            Sums(200, 0, 1800, 4),
            Sums(200, 36, 1800, 450),
            Sums(200, 2, 1800, 18),
        ]

    def test_without_thresholds_of_the_past_the_tail_alone_is_counted(self) -> None:
        sides: Sides = (replace(MINE, over_p75=None), replace(THEIRS, over_p75=None))
        state = grown(begun(usual=Usual()), sides).compared
        assert state is not None
        assert [track.sums for track in state.tracks][2:] == [Sums(), Sums(100, 1, 900, 9)]

    def test_scores_are_handed_on(self) -> None:
        sides: Sides = (replace(MINE, score=(0.75, 80)), replace(THEIRS, score=(0.8, 700)))
        state = grown(begun(), sides).compared
        assert state is not None
        assert astuple(state.quality.sums) == pytest.approx((80, 0.05 * 80, 700, 0))

    def test_output_is_handed_on_and_judged_in_place_of_latency(self) -> None:
        sides: Sides = (
            replace(MINE, output=(9_000, 180_000.0)),
            replace(THEIRS, output=(80_000, 1_700_000.0)),
        )
        state = grown(begun(), sides).compared
        assert state is not None
        assert state.by_token
        assert state.tpot.sums == Sums(9_000, 180_000.0, 80_000, 1_700_000.0)

    def test_what_both_sides_get_a_minute_follows_slowly_and_stands_still_in_the_dark(self) -> None:
        usual = [evidence.alone.usual_rpm for evidence in (
            grown(begun(), GOOD),
            grown(begun(), GOOD, (Side(50, 0, 0), Side(450, 0, 0))),
            grown(begun(), GOOD, SILENT),
            grown(begun(), GOOD, DARK),
            grown(begun(), DARK),
        )]  # fmt: skip
        assert usual == pytest.approx([1000.0, 950.0, 990.0, 1000.0, 0.0])


class TestWindows:
    def test_it_is_the_one_that_was_opened(self) -> None:
        assert begun().window == "r/step-0"
        assert in_second_step(begun()).window == "r/step-1"

    def test_bad_minutes_of_the_window_before_do_not_count(self) -> None:
        last = grown(open_window(begun(), "r/step-2", NOW, 2), (Side(300, 9, 60), None), share_bps=ALL)
        assert last.alone.bad_minutes == (1, 1)
        assert open_window(last, "r/watch", last.until, 2).alone.bad_minutes == (0, 0)

    def test_a_hundred_requests_of_the_baseline_replace_its_counts_of_the_step_before(self) -> None:
        first = grown(begun(), GOOD)
        for requests, kept in ((100, 100), (99, 900)):
            second = grown(in_second_step(first), (MINE, Side(requests, 0, 0)), share_bps=HALF)
            assert open_window(second, "r/step-2", second.until, 2).reference.requests == kept

    @pytest.mark.parametrize(
        ("bake_max", "watch", "minutes"),
        [(30, 240, 240), (180, 60, 180), (10, 0, 60)],
        ids=["the watch", "the step", "an hour at least"],
    )
    def test_alone_the_stake_is_spread_over_the_longest_window(
        self, bake_max: int, watch: int, minutes: int
    ) -> None:
        plan = replace(PLAN, bake_max=timedelta(minutes=bake_max), watch=timedelta(minutes=watch))
        alone = grown(
            open_window(begun(plan), "r/step-2", NOW, 2), *[BAD_ALONE] * 2, share_bps=ALL, plan=plan
        )
        assert alone.alone.bets[0].cash == pytest.approx(0.5 - 0.5 / minutes)

    def test_a_share_below_all_in_the_last_step_is_compared_as_in_the_step_before(self) -> None:
        """Somebody moved traffic back by hand."""
        evidence = grown(open_window(begun(), "r/step-2", NOW, 2), GOOD, share_bps=HALF)
        assert evidence.compared is not None
        assert evidence.compared.stage == 1

    def test_and_where_no_step_compares_it_is_compared_with_nothing(self) -> None:
        at_once = replace(PLAN, steps=(100,))
        assert grown(begun(at_once), GOOD, plan=at_once).compared is None


class TestAnswers:
    def test_alone_the_numbers_of_the_bets_are_handed_on(self) -> None:
        said = verdict(grown(open_window(begun(), "r/step-2", NOW, 2), *[BAD_ALONE] * 4, share_bps=ALL), ALL)
        assert said.opinion is Opinion.FAIL
        assert said.needed == pytest.approx(100)
        assert [each.name for each in said.weighed] == ["errors", "slow"]
        assert said.evidence == pytest.approx(sum(each.e_value for each in said.weighed) / 2)
        assert said.sentence.startswith("candidate failed: 36 of 1,200 (3.0 %), tolerated 1.0 %; evidence ")

    def test_only_a_pass_is_a_fix(self) -> None:
        bad: Sides = (Side(1000, 100, 0), Side(9000, 1200, 0))
        beside = grown(begun(), *[bad] * 3)
        last = open_window(beside, "r/step-2", beside.until, 2)
        failed = verdict(grown(last, *[(Side(1000, 500, 0), None)] * 3, share_bps=ALL), ALL)
        assert (failed.opinion, failed.is_fix_forward) == (Opinion.FAIL, False)
        no_excuse = verdict(grown(open_window(begun(), "r/step-2", NOW, 2), (MINE, None), share_bps=ALL), ALL)
        assert (no_excuse.opinion, no_excuse.is_fix_forward) == (Opinion.PASS, False)

    def test_beside_the_baseline_the_evidence_is_the_weighted_sum_of_what_is_handed_on(self) -> None:
        weights = {"gross": 0.04, "errors": 0.52, "p75": 0.2, "p99": 0.13, "quality": 0.11}
        said = verdict(grown(begun(), *[GOOD] * 10, *[(Side(100, 4, 1, 100, 30, 2), THEIRS)] * 3))
        assert said.evidence == pytest.approx(sum(weights[each.name] * each.e_value for each in said.weighed))
        assert said.evidence != pytest.approx(1.0)

    def test_a_slow_candidate_is_told_the_threshold_of_this_rollout(self) -> None:
        slow: Sides = (Side(100, 0, 1, 100, 60, 1), THEIRS)
        said = verdict(grown(begun(), *[slow] * 12))
        assert said.opinion is Opinion.FAIL
        assert said.sentence.startswith("candidate answered slower than 567 ms (75th percentile plus 10 %): ")

    def test_of_a_step_without_a_minute_that_is_told(self) -> None:
        said = verdict(in_second_step(grown(begun(), *[GOOD] * 30)), HALF)
        assert said.sentence == "no minute of this step is complete yet"


class TestLimits:
    """What the comparison would let pass."""

    def test_each_limit_holds_though_the_other_is_kept(self) -> None:
        """6 % are slower than the policy's limit, 4.5 % of the baseline's; none failed."""
        slow: Sides = (Side(1000, 0, 60, 1000, 180, 5), Side(9000, 0, 405, 9000, 2250, 45))
        said = verdict(grown(begun(), *[slow] * 30))
        assert said.opinion is Opinion.NOT_ENOUGH
        assert said.sentence.startswith(
            "candidate answered slower than 2 s: 6.00 %, and the policy tolerates 5 %; "
        )

    @pytest.mark.parametrize(("failed", "opinion"), [(90, Opinion.NOT_ENOUGH), (91, Opinion.PASS)])
    def test_a_baseline_at_the_limit_excuses_nothing(self, failed: int, opinion: Opinion) -> None:
        near: Sides = (Side(1000, 11, 5, 1000, 180, 5), Side(9000, failed, 45, 9000, 2250, 45))
        assert verdict(grown(begun(), *[near] * 30)).opinion is opinion

    def test_two_excuses_are_one_sentence(self) -> None:
        both: Sides = (Side(1000, 250, 60, 1000, 180, 5), Side(9000, 2700, 900, 9000, 2250, 45))
        said = verdict(grown(begun(), *[both] * 30))
        assert said.sentence.startswith(
            "candidate failed: 25.00 %, and the policy tolerates 1 %, but the baseline itself has 30.00 %; "
            "candidate answered slower than 2 s: 6.00 %, and the policy tolerates 5 %, but the baseline itself has 10.00 %: "
            "it is no worse than what serves. candidate failed 7,500 of 30,000"
        )
