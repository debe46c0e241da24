"""The page keeps what was measured, and what it says of it holds for the figures it keeps."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from benchmarks.page import END
from benchmarks.tick.measure import Measured
from benchmarks.tick.process import Taken
from benchmarks.tick.report import BEGIN, shown

PAGE = (Path(__file__).parents[2] / "docs" / "benchmarks" / "tick.md").read_text(encoding="utf-8")
FLAT = 1.5
"""So many times the first row's figure is what the page calls flat."""
Row = dict[str, str]


def took(calls: dict[str, int], ms: float, queried_bytes: int = 0, metrics: tuple[int, ...] = ()) -> Taken:
    return Taken({}, Counter(calls), metrics, queried_bytes, 2 * ms, ms, 44.0)


def measured(count: int, cpu_ms: float) -> Measured:
    tick = took({"Query": 2, "SendMessageBatch": count // 10}, cpu_ms, 100 * count)
    sending = took({"Query": 2, "SendMessageBatch": count // 10, "Publish": count}, cpu_ms + count)
    a_pass = took({"GetItem": 2, "GetMetricData": 1}, cpu_ms, metrics=(10,))
    return Measured(count, tick, (tick, tick), sending, (a_pass, a_pass))


def tables() -> dict[str, list[Row]]:
    """The tables of the page by title, without what stands behind a comma in it."""
    found = {}
    for part in PAGE.partition(BEGIN)[2].partition(END)[0].split("\n**")[1:]:
        title, *lines = [line for line in part.splitlines() if line]
        cells = [[each.strip() for each in line.strip("|").split("|")] for line in lines]
        headings, _, *rows = cells
        found[title.strip("*").partition(",")[0]] = [dict(zip(headings, row, strict=True)) for row in rows]
    return found


def test_what_each_further_rollout_takes_is_the_difference_by_their_number() -> None:
    ticks, each, sending, passes, _ = shown([measured(10, 5.0), measured(110, 15.0), measured(1110, 215.0)])
    assert [row[:2] for row in ticks.rows] == [("10", "3"), ("110", "13"), ("1,110", "113")]
    assert each.rows == [
        ("10 and 110", "0.10", "0.20", "1.00", "0.10", "1.00", "100"),
        ("110 and 1,110", "0.10", "0.40", "2.00", "0.20", "2.00", "100"),
    ]
    assert sending.rows[0][:3] == ("10", "1.00", "1.00")
    assert passes.rows[1] == ("110", "3", "1", "10", "30.0", "3.00", "15.0", "3.00", "44.0")


def test_an_operation_that_is_not_always_called_counts_by_its_average() -> None:
    few, many = measured(10, 5.0), measured(110, 15.0)
    odd = replace(many, passes=(many.passes[0], took({"GetItem": 3, "GetMetricData": 1}, 1.0, metrics=(10,))))
    rows = {row[0]: row[1:] for row in shown([few, odd])[-1].rows}
    assert rows["GetItem"] == ("0", "0", "2", "2.5")
    assert rows["SendMessageBatch"] == ("1", "11", "0", "0")


def test_the_page_has_a_place_for_the_figures() -> None:
    assert (PAGE.count(BEGIN), PAGE.count(END)) == (1, 1)
    assert [row["open rollouts"] for row in tables()["The tick"]] == ["1", "100", "1,000"]


def test_in_the_figures_nothing_is_scanned_and_a_tick_queries_twice() -> None:
    calls = {row["operation"]: row for row in tables()["Calls by operation"]}
    assert "Scan" not in calls
    assert {value for name, value in calls["Query"].items() if name.startswith("tick")} == {"2"}


def test_in_the_figures_each_further_rollout_takes_as_much_among_many_as_among_few() -> None:
    for row in tables()["Each further open rollout"]:
        assert float(row["calls"]) <= 0.1
        assert max(float(row["wall of first"]), float(row["CPU of first"])) < FLAT


def test_in_the_figures_a_pass_is_the_same_with_one_open_rollout_and_with_a_thousand() -> None:
    rows = tables()["The passes that it starts"]
    assert {(row["calls"], row["metric reads"], row["metrics in each"]) for row in rows} == {("9", "1", "10")}
    assert max(float(row[f"{what} of first"]) for row in rows for what in ("wall", "CPU")) < FLAT


def test_in_the_figures_no_function_needs_half_of_the_least_memory_that_lambda_offers() -> None:
    found = [float(row["peak MiB"]) for rows in tables().values() for row in rows if "peak MiB" in row]
    assert max(found) < 64
