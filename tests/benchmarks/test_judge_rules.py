"""Every rule of the bench of judges, on minutes made by hand: it does what its documentation says."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.judge.minutes import SLOW_KEYS, Decision, Latency, Minute, Quality, Side, Start, StartJudge
from benchmarks.judge.posted import SETS, Posted, answered
from benchmarks.judge.rules.alarms import documented, template, tight
from benchmarks.judge.rules.argo import argo, argo_tight
from benchmarks.judge.rules.every import RULES
from benchmarks.judge.rules.evidence import evidence
from benchmarks.judge.rules.flagger import flagger
from benchmarks.judge.rules.kayenta import is_high, kayenta
from benchmarks.judge.rules.plain import plain
from benchmarks.judge.setting import ALPHA, HORIZON, PLAN
from pointsman.core.canary_evidence import Mode

HISTORY = {
    "error_rate": 0.005,
    "rpm": 2_000.0,
    "avg": 120.0,
    "p50": 100.0,
    "p75": 150.0,
    "p90": 200.0,
    "p99": 400.0,
}
ROLLBACK, PROMOTE, CONTINUE = Decision.ROLLBACK, Decision.PROMOTE, Decision.CONTINUE
Sides = tuple[Side | None, Side | None]


def side(
    errors: int = 0, requests: int = 1_000, p99: float = 400.0, avg: float = 120.0, score: float = 0.8
) -> Side:
    slow = dict.fromkeys(SLOW_KEYS, requests // 100)
    return Side(
        requests, errors, Latency(requests, avg, 100.0, 200.0, p99), slow, Quality(requests // 5, score)
    )


def answers(start: StartJudge, minutes: Sequence[Sides], mode: Mode = Mode.FIXED) -> list[Decision]:
    """One stage of the plan: what the judge says to each minute, until it goes back."""
    judge = start(Start(ALPHA, HORIZON, PLAN, mode, {"p75": 150.0, "p90": 200.0, "p99": 400.0}, HISTORY))
    said: list[Decision] = []
    for number, (baseline, canary) in enumerate(minutes):
        said.append(judge.minute(Minute(number, 4, number, 0.5, baseline, canary)))
        if said[-1] is ROLLBACK:
            break
    return said


def rolled_back_after(start: StartJudge, minutes: Sequence[Sides]) -> int | None:
    said = answers(start, minutes)
    return len(said) if said[-1] is ROLLBACK else None


GOOD: Sides = (side(), side())
FAILING: Sides = (side(5), side(30))
DEAD: Sides = (side(5), side(1_000))
SILENT: Sides = (side(), None)


class TestGuardrails:
    def test_one_error_of_the_old_fleet_takes_the_new_one_back(self) -> None:
        assert rolled_back_after(template, [GOOD, GOOD, (side(1), side())]) == 3

    def test_silence_lets_the_bake_end_and_promotes(self) -> None:
        assert answers(template, [(None, None)] * 12)[-1] is PROMOTE
        assert answers(tight, [SILENT] * 12)[-1] is PROMOTE

    def test_the_documented_alarm_needs_two_whole_periods(self) -> None:
        assert rolled_back_after(documented, [FAILING] * 40) == 20
        assert rolled_back_after(documented, [FAILING] * 10 + [GOOD] * 30) is None

    def test_the_documented_alarm_on_latency_needs_ten_minutes(self) -> None:
        assert rolled_back_after(documented, [(side(), side(avg=200.0))] * 40) == 10

    def test_the_tight_one_needs_two_minutes_in_a_row(self) -> None:
        assert rolled_back_after(tight, [GOOD, FAILING, GOOD, FAILING, FAILING]) == 5
        assert rolled_back_after(tight, [(side(), side(p99=601.0))] * 5) == 2


class TestFlagger:
    def test_the_fifth_failed_check_rolls_back_wherever_it_comes(self) -> None:
        assert rolled_back_after(flagger, [FAILING, GOOD] * 10) == 9

    def test_no_values_are_failed_checks(self) -> None:
        assert rolled_back_after(flagger, [SILENT] * 10) == 5

    def test_exactly_99_percent_passes(self) -> None:
        assert rolled_back_after(flagger, [(side(), side(10))] * 20) is None

    def test_it_advances_at_the_end_of_the_least_time_only_on_a_good_minute(self) -> None:
        assert answers(flagger, [GOOD] * 5)[-1] is PROMOTE
        assert answers(flagger, [GOOD] * 4 + [FAILING])[-1] is CONTINUE


class TestArgo:
    def test_the_fourth_failed_measurement_is_more_than_the_limit_of_three(self) -> None:
        assert rolled_back_after(argo, [(side(), side(60))] * 40) == 20

    def test_four_percent_of_errors_pass_for_ever(self) -> None:
        assert rolled_back_after(argo, [(side(), side(40))] * 60) is None

    def test_without_a_limit_the_first_failure_aborts(self) -> None:
        assert rolled_back_after(argo_tight, [GOOD, GOOD, FAILING]) == 3

    def test_the_fifth_query_in_a_row_without_a_result_aborts(self) -> None:
        assert rolled_back_after(argo_tight, [SILENT] * 4 + [GOOD] + [SILENT] * 5) == 10


class TestKayenta:
    def test_a_shift_of_all_points_is_high(self) -> None:
        assert is_high([2.0 + 0.01 * each for each in range(30)], [1.0 + 0.01 * each for each in range(30)])

    def test_the_same_points_are_not(self) -> None:
        assert not is_high([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])

    def test_a_lower_metric_is_not(self) -> None:
        assert not is_high(
            [1.0 + 0.01 * each for each in range(30)], [2.0 + 0.01 * each for each in range(30)]
        )

    def test_a_jump_in_seven_of_ten_points_is_not_high(self) -> None:
        assert not is_high([100.0] * 7 + [1.0] * 3, [1.0] * 10)
        assert is_high([100.0] * 10, [1.0] * 10)

    def test_without_data_of_one_side_nothing_is_said(self) -> None:
        assert not is_high([], [1.0])
        assert not is_high([1.0], [])

    def test_it_looks_every_half_hour(self) -> None:
        assert rolled_back_after(kayenta, [(side(5), side(50 + number % 3)) for number in range(60)]) == 30

    def test_a_lower_score_is_worse(self) -> None:
        minutes = [
            (side(score=0.80 + 0.001 * (n % 5)), side(score=0.60 + 0.001 * (n % 4))) for n in range(30)
        ]
        assert rolled_back_after(kayenta, minutes) == 30

    def test_a_stage_of_its_own_is_judged_where_it_drives(self) -> None:
        assert answers(kayenta, [GOOD] * 12, Mode.ADAPTIVE)[-1] is PROMOTE


class TestOurs:
    @pytest.mark.parametrize("start", [plain, evidence])
    def test_what_fails_everything_goes_back_within_minutes(self, start: StartJudge) -> None:
        taken = rolled_back_after(start, [DEAD] * 20)
        assert taken is not None
        assert taken <= 3

    @pytest.mark.parametrize("start", [plain, evidence])
    def test_a_good_candidate_stays(self, start: StartJudge) -> None:
        assert rolled_back_after(start, [(side(5), side(5))] * 60) is None

    def test_the_plain_judge_passes_a_stage_after_its_least_time(self) -> None:
        assert answers(plain, [GOOD] * 5) == [CONTINUE] * 4 + [PROMOTE]


def test_every_rule_is_told_of_a_rollout_anew() -> None:
    for rule in RULES.values():
        first = answers(rule.start, [DEAD] * 12)
        assert answers(rule.start, [DEAD] * 12) == first


@pytest.mark.parametrize("posted", SETS, ids=lambda posted: posted.thread)
def test_what_users_posted_has_a_right_answer_that_somebody_gives(posted: Posted) -> None:
    given = {name: answered(posted, rule.start) for name, rule in RULES.items()}
    assert any(said in posted.right for said in given.values())
    assert any(said not in posted.right for said in given.values())


def test_the_rank_test_passes_what_users_complained_about() -> None:
    said: dict[str, Decision] = {posted.thread: answered(posted, kayenta) for posted in SETS}
    assert said["spinnaker#6278"] is PROMOTE
    assert said["kayenta#426"] is PROMOTE
