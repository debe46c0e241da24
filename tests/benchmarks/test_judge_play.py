"""How the bench of judges plays a rollout: who ends a stage, when harm stops, and what a wrong promote costs."""

from __future__ import annotations

import pytest

from benchmarks.judge.minutes import Decision, Judge, Minute, Start
from benchmarks.judge.play import play, unjudged
from benchmarks.judge.scenarios import SCENARIOS
from benchmarks.judge.setting import CLEAN, HORIZON, PLAN, READ_DELAY, SEEDS
from benchmarks.judge.shown import Run
from benchmarks.judge.traffic import replay_of
from benchmarks.judge.world import Cell, draw
from local.trace import generate_trace
from pointsman.core.canary_evidence import Mode

REPLAY = replay_of(generate_trace(1, minutes=60))


class Scripted:
    """Says what it was told to say at a minute, and keeps what it saw."""

    def __init__(self, says: dict[int, Decision], *, usually: Decision = Decision.CONTINUE) -> None:
        self.says, self.usually = says, usually
        self.seen: list[Minute] = []

    def minute(self, minute: Minute) -> Decision:
        self.seen.append(minute)
        return self.says.get(minute.minute, self.usually)

    def start(self, _start: Start) -> Judge:
        return self


@pytest.fixture(scope="module")
def run() -> Run:
    return Run(draw(Cell(SCENARIOS["err_x5"], CLEAN, 1_000), SEEDS["tune"], 0, REPLAY), 0)


class TestPlay:
    def test_a_fixed_plan_ends_its_stages_itself_whatever_is_promoted(self, run: Run) -> None:
        judge = Scripted({}, usually=Decision.PROMOTE)
        ended = play(run, judge.start, Mode.FIXED)
        assert (ended.decision, ended.minutes) == (Decision.CONTINUE, HORIZON)
        assert ended.harm == pytest.approx(unjudged(run))
        assert [each.stage for each in judge.seen] == [number // 12 for number in range(HORIZON)]

    def test_going_back_stops_the_harm_after_the_delay(self, run: Run) -> None:
        early, late = (play(run, Scripted({at: Decision.ROLLBACK}).start, Mode.FIXED) for at in (3, 30))
        assert (early.minutes, late.minutes) == (4 + READ_DELAY, 31 + READ_DELAY)
        assert 0 < early.harm < late.harm < unjudged(run)

    def test_where_the_judge_drives_a_stage_ends_with_its_promote_but_not_before_the_least_time(
        self, run: Run
    ) -> None:
        judge = Scripted({}, usually=Decision.PROMOTE)
        ended = play(run, judge.start, Mode.ADAPTIVE)
        least = sum(stage.bake_min for stage in PLAN)
        assert (ended.decision, ended.minutes) == (Decision.PROMOTE, least + READ_DELAY)
        assert [each.share for each in judge.seen] == [
            stage.share for stage in PLAN for _ in range(stage.bake_min)
        ]

    def test_a_wrong_promote_spoils_all_traffic_until_the_hour_is_over(self, run: Run) -> None:
        promoted = play(run, Scripted({}, usually=Decision.PROMOTE).start, Mode.ADAPTIVE)
        assert promoted.harm > unjudged(run)

    def test_a_judge_that_never_promotes_stays_at_the_first_share(self, run: Run) -> None:
        judge = Scripted({})
        assert play(run, judge.start, Mode.ADAPTIVE).decision is Decision.CONTINUE
        assert {each.stage for each in judge.seen} == {0}
        assert [each.stage_minute for each in judge.seen] == list(range(HORIZON))
