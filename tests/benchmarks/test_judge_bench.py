"""The bench of judges around simulator and rules: how rollouts are counted, chosen, kept and shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.judge import kept
from benchmarks.judge.__main__ import app
from benchmarks.judge.choice import Choice, modes_of, wrong_in
from benchmarks.judge.minutes import Decision
from benchmarks.judge.page import BEGIN, END, PAGE, renewed
from benchmarks.judge.picture import COLOURS, picture
from benchmarks.judge.play import Ended
from benchmarks.judge.rules.every import OURS, RULES
from benchmarks.judge.runner import Work, begins, blocks_of, played
from benchmarks.judge.scenarios import SCENARIOS
from benchmarks.judge.setting import MODERATE, SEEDS
from benchmarks.judge.table import Table
from benchmarks.judge.tables import false_rate, lost_cells, tables_of
from benchmarks.judge.tally import Tallies, Tally, bounds, merged
from benchmarks.judge.traffic import replay_of
from benchmarks.judge.world import BLOCK, Cell
from local.trace import generate_trace
from pointsman.core.canary_evidence import Mode

REPLAY = replay_of(generate_trace(1, minutes=60))


class TestTally:
    def test_what_goes_back_before_the_fault_was_not_detected(self) -> None:
        tally = Tally(onset=30)
        for minutes in (10, 40):
            tally.add(Ended(Decision.ROLLBACK, minutes, 1.0), 4.0)
        assert (tally.rolled_back, tally.detected, tally.minutes, tally.harm_percent) == (2, 0.5, 10, 25.0)

    def test_blocks_add_up(self) -> None:
        one, other = Tally(), Tally()
        one.add(Ended(Decision.PROMOTE, 27, 2.0), 4.0)
        other.add(Ended(Decision.CONTINUE, 60, 4.0), 4.0)
        whole = merged([{("clean", "aa", 5, "plain", Mode.FIXED): each} for each in (one, other)])
        tally = whole["clean", "aa", 5, "plain", Mode.FIXED]
        assert (tally.runs, tally.promoted_at, tally.harm_percent) == (2, [27], 75.0)

    @pytest.mark.parametrize(
        ("count", "runs", "low", "high"),
        [
            (0, 400, 0.0, 0.00918),
            (8, 400, 0.00868, 0.03902),
            (20, 20, 0.83157, 1.0),
            (5, 10, 0.18709, 0.81291),
        ],
    )
    def test_bounds_are_those_of_clopper_and_pearson(
        self, count: int, runs: int, low: float, high: float
    ) -> None:
        assert list(bounds(count, runs)) == pytest.approx([low, high], abs=1e-4)


class TestChoice:
    def test_faults_are_played_under_moderate_noise(self) -> None:
        cells = list(Choice(50, "tune").cells_of())
        assert {cell.noise.name for cell in cells if cell.scenario.fault} == {"moderate"}
        assert {cell.noise.name for cell in cells if not cell.scenario.fault} == {
            "clean",
            "moderate",
            "harsh",
        }

    def test_or_under_what_is_named_alone(self) -> None:
        cells = list(Choice(50, "tune", ("err_*",), ("harsh",), (60,)).cells_of())
        assert {(cell.noise.name, cell.rpm) for cell in cells} == {("harsh", 60)}
        assert all(cell.scenario.name.startswith("err_") for cell in cells)

    def test_what_is_kept_is_not_played_again_but_for_ours(self) -> None:
        choice = Choice(60, "tune", ("aa",), ("moderate",), (60,))
        cell = next(choice.cells_of())
        known: Tallies = {
            ("moderate", "aa", 60, rule, mode): Tally(runs=2 * BLOCK)
            for rule in RULES
            for mode in modes_of(cell)
        }
        assert {work.rules for work in choice.work(known, REPLAY)} == {("plain", "evidence")}
        assert {work.rules for work in choice.work({}, REPLAY)} == {tuple(RULES)}

    @pytest.mark.parametrize("wrong", [(("nothing",), (), ()), ((), ("loud",), ()), ((), (), ("oracle",))])
    def test_a_name_that_does_not_exist_is_answered_by_those_that_do(
        self, wrong: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    ) -> None:
        assert "there are" in wrong_in(*wrong)

    def test_runs_come_in_whole_blocks(self) -> None:
        assert [len(blocks_of(runs)) for runs in (1, BLOCK, BLOCK + 1)] == [1, 1, 2]


def test_a_fault_of_load_begins_with_its_stage_of_the_fixed_plan() -> None:
    assert begins(SCENARIOS["load25"], Mode.FIXED) == 36
    assert begins(SCENARIOS["err_x5_late"], Mode.FIXED) == 30
    assert begins(SCENARIOS["aa"], Mode.FIXED) == 0


@pytest.fixture(scope="module")
def tallies() -> Tallies:
    rules = ("kayenta", OURS)
    work = [
        Work(Cell(SCENARIOS[name], MODERATE, 1_000), 0, SEEDS["tune"], rules, tuple(Mode), REPLAY)
        for name in ("aa", "err_x5")
    ]
    return merged(map(played, work))


def test_figures_are_kept_as_they_were(tallies: Tallies, tmp_path: Path) -> None:
    kept.save(tmp_path / "of" / "tune.json", tallies)
    again = kept.load(tmp_path / "of" / "tune.json")
    assert again.keys() == tallies.keys()
    for key, tally in tallies.items():
        assert again[key].rolled_back_at == tally.rolled_back_at
        assert again[key].harm == pytest.approx(tally.harm, abs=0.001)
    assert kept.load(tmp_path / "nothing.json") == {}


def test_another_seed_or_trace_is_kept_elsewhere() -> None:
    assert len({kept.file_of("tune", "a"), kept.file_of("measure", "a"), kept.file_of("tune", "b")}) == 3


def test_our_judge_beats_the_rank_test_at_a_thousand_requests(tallies: Tallies) -> None:
    assert false_rate(tallies, "moderate", OURS) == 0.0
    harm = {
        rule: tallies["moderate", "err_x5", 1_000, rule, Mode.FIXED].harm_percent
        for rule in ("kayenta", OURS)
    }
    assert harm[OURS] < harm["kayenta"]
    assert lost_cells(tallies, "moderate").rows == []


def test_tables_show_every_rule_that_was_played_and_the_picture_a_dot_for_each(tallies: Tallies) -> None:
    for table in tables_of(tallies)[:-1]:
        assert "kayenta" in table.text()
        assert OURS in table.markdown()
    drawn = picture(tallies, "moderate")
    assert drawn.count("<circle") == 2 + 2 + 2  # legend, false rollbacks, harm
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_every_rule_has_a_colour() -> None:
    assert COLOURS.keys() == RULES.keys()


def test_a_table_is_in_line() -> None:
    table = Table("Title", ("rule", "rate"), (("a", "1"), ("longer", "10")))
    assert table.text().splitlines()[2:] == ["rule    rate", "a          1", "longer    10"]
    assert "| a | 1 |" in table.markdown()


def test_new_figures_take_the_place_of_the_old_ones_and_of_nothing_else() -> None:
    page = f"# A bench\n\n{BEGIN}\nold\n{END}\n\nWhat it says.\n"
    again = renewed(page, "new")
    assert again == f"# A bench\n\n{BEGIN}\n\nnew\n\n{END}\n\nWhat it says.\n"
    assert renewed(again, "new") == again
    assert PAGE.read_text(encoding="utf-8").count(BEGIN) == 1


def test_several_cells_rules_and_levels_are_taken_as_the_page_writes_them() -> None:
    _bench, taken, _ignored = app.parse_args(
        "--cells replay err_x5_replay --rpm 60 1000 --rules evidence plain", exit_on_error=False
    )
    assert taken.arguments == {
        "cells": ("replay", "err_x5_replay"),
        "rpm": (60, 1000),
        "rules": ("evidence", "plain"),
    }
