"""What silence means: beside a baseline that is not silent, beside one that is, and alone."""

from __future__ import annotations

import pytest

from pointsman.core.judge import open_window
from pointsman.core.minutes import Side
from pointsman.core.usual import Usual
from pointsman.core.verdict import Counts, Opinion, silent_and_failing
from tests.core.builders import NOW
from tests.core.judged_minutes import (
    ALL,
    DARK,
    EVEN,
    FAILING,
    GOOD,
    HALF,
    SILENT,
    UNSEEN,
    Sides,
    begun,
    grown,
    in_second_step,
    verdict,
)


class TestSilence:
    def test_three_minutes_of_it_are_asked_about(self) -> None:
        before, asked = (verdict(grown(begun(), *[GOOD] * 5, *[SILENT] * minutes)) for minutes in (2, 3))
        assert (before.opinion, before.is_silent) == (Opinion.BLIND, False)
        assert (asked.opinion, asked.is_silent) == (Opinion.NOT_ENOUGH, True)
        assert asked.sentence == (
            "candidate has reported nothing for 3 minutes in which its share predicts 300 requests"
        )

    def test_ten_minutes_of_it_are_a_dead_candidate(self) -> None:
        said = verdict(grown(begun(), *[GOOD] * 5, *[SILENT] * 10))
        assert verdict(grown(begun(), *[GOOD] * 5, *[SILENT] * 9)).opinion is Opinion.NOT_ENOUGH
        assert (said.opinion, said.is_silent) == (Opinion.FAIL, False)
        assert "it is dead" in said.sentence

    def test_where_few_requests_are_to_be_expected_nobody_is_asked(self) -> None:
        few: Sides = (None, Side(9, 0, 0))
        said = verdict(grown(begun(usual=Usual()), *[few] * 4))
        assert not said.is_silent
        assert verdict(grown(begun(usual=Usual()), *[few] * 5)).is_silent

    def test_one_answer_ends_it(self) -> None:
        assert not verdict(grown(begun(), *[SILENT] * 5, GOOD)).is_silent

    def test_who_fails_when_asked_is_dead(self) -> None:
        said = silent_and_failing(verdict(grown(begun(), *[SILENT] * 3)), "500")
        assert said.opinion is Opinion.FAIL
        assert said.sentence.endswith("300 requests, and fails when it is asked: 500")

    def test_a_silent_version_that_failed_before_stays_failed(self) -> None:
        assert verdict(grown(begun(), *[FAILING] * 4, *[SILENT] * 4)).opinion is Opinion.FAIL

    @pytest.mark.parametrize("nothing", [DARK, (Side(0, 0, 0), Side(0, 0, 0)), (None, Side(0, 0, 0))])
    def test_without_a_request_to_either_side_there_is_not_enough(self, nothing: Sides) -> None:
        said = verdict(grown(begun(), GOOD, nothing))
        assert said.opinion is Opinion.NOT_ENOUGH
        assert said.sentence == "no request reached either side in the newest minute"

    def test_a_baseline_that_reports_nothing_leaves_the_judge_blind(self) -> None:
        said = verdict(grown(begun(), *[GOOD] * 20, UNSEEN))
        assert said.opinion is Opinion.BLIND
        assert "no data of the baseline" in said.sentence


class TestAlone:
    """In the step with all traffic and in the watch, the policy's limits are all there is."""

    def test_the_baselines_last_counts_are_remembered_through_both(self) -> None:
        beside = in_second_step(grown(begun(), *[GOOD] * 3))
        beside = grown(beside, *[EVEN] * 3, share_bps=HALF)
        last = open_window(beside, "r/step-2", beside.until, 2)
        last = grown(last, (EVEN[0], None), share_bps=ALL)
        watch = open_window(last, "r/watch", last.until, 2)
        assert last.reference == watch.reference == Counts(1500, 3, 15)

    def test_a_stray_request_to_the_baseline_does_not_replace_them(self) -> None:
        """Somebody names the variant that has no share any more. Otherwise a fix would be taken back in its watch."""
        bad: Sides = (Side(1000, 100, 0), Side(9000, 1200, 0))
        beside = grown(begun(), *[bad] * 3)
        last = open_window(beside, "r/step-2", beside.until, 2)
        last = grown(last, (Side(1000, 100, 0), Side(1, 0, 0)), share_bps=ALL)
        watch = open_window(last, "r/watch", last.until, 2)
        assert watch.reference == Counts(27_000, 3600, 0)

    def test_a_fix_passes_there_as_well_and_that_is_said(self) -> None:
        bad: Sides = (Side(1000, 100, 0), Side(9000, 1200, 0))
        beside = grown(begun(), *[bad] * 3)
        last = open_window(beside, "r/step-2", beside.until, 2)
        said = verdict(grown(last, *[(Side(1000, 100, 0), None)] * 9, share_bps=ALL), ALL)
        assert (said.opinion, said.is_fix_forward) == (Opinion.PASS, True)

    def test_bets_begin_anew_in_the_watch(self) -> None:
        bad = (Side(300, 9, 0), None)
        last = grown(open_window(begun(), "r/step-2", NOW, 2), bad, bad, share_bps=ALL)
        watch = open_window(last, "r/watch", last.until, 2)
        assert verdict(last, ALL).evidence > 1
        assert verdict(watch, ALL).evidence == 1
        assert verdict(watch, ALL).opinion is Opinion.NOT_ENOUGH

    def test_a_silence_goes_on_from_one_into_the_other(self) -> None:
        last = grown(open_window(begun(), "r/step-2", NOW, 2), EVEN, *[(None, None)] * 6, share_bps=ALL)
        watch = open_window(last, "r/watch", last.until, 2)
        said = verdict(grown(watch, *[(None, None)] * 4, share_bps=ALL), ALL)
        assert (said.opinion, said.is_silent) == (Opinion.NOT_ENOUGH, True)

    def test_who_falls_silent_with_the_first_minute_alone_was_busy_before(self) -> None:
        last = open_window(grown(begun(), *[GOOD] * 3), "r/step-2", NOW, 2)
        said = verdict(grown(last, *[(None, None)] * 10, share_bps=ALL), ALL)
        assert said.is_silent
