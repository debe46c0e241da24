"""What another alpha would change, on the same rollouts."""

from __future__ import annotations

from benchmarks.judge import frontier
from benchmarks.judge.frontier import ALPHAS, Block
from benchmarks.judge.scenarios import SCENARIOS
from benchmarks.judge.setting import MODERATE, SEEDS
from benchmarks.judge.traffic import replay_of
from benchmarks.judge.world import BLOCK, Cell
from local.trace import generate_trace

BLOCK_OF_X5 = Block(
    Cell(SCENARIOS["err_x5"], MODERATE, 60), 0, SEEDS["tune"], replay_of(generate_trace(1, minutes=60))
)


def test_a_larger_alpha_takes_more_back_and_spoils_less() -> None:
    strict, usual, lax = frontier.played(BLOCK_OF_X5)

    assert [each.alpha for each in (strict, usual, lax)] == list(ALPHAS)
    assert strict.rolled_back < usual.rolled_back <= lax.rolled_back <= strict.runs == BLOCK
    assert strict.unjudged > strict.harm > usual.harm > lax.harm


def test_it_is_shown_with_a_row_for_each_alpha() -> None:
    shown = frontier.table(1, "tune", BLOCK_OF_X5.replay, 1, ((("few", 60),), (("dead", 60),)))

    assert [row[0] for row in shown.rows] == ["0.001", "0.02", "0.1"]
    assert [float(row[-1]) < 10 for row in shown.rows] == [True] * 3
    assert shown.headings[-1] == "dead@60: harm %"
