"""Evidence as it is drawn: read back from the drawing it is what was given, against its bar."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from cli.page import page
from cli.page_odds import odds_up_to, processes
from tests.cli.pages import drawings, judged, row, told, told_with_odds

EVIDENCE, PROOFS = "Evidence against it, odds to 1", "Proved to be good in the step, odds to 1"
MINUTES = [replace(row(8 + n, "step-0"), judged=judged(n)) for n in range(10)]


def panel(title: str, text: str) -> ET.Element:
    """The group of one chart in the widest drawing."""
    drawn = list(drawings(text))[-1]
    return next(
        group for group in drawn.iter("g") if any(each.text == title for each in group.findall("text"))
    )


def odds_at(chart: ET.Element, y: float) -> float:
    """What a height means, by the labels of the chart's own grid."""
    labels = {
        text.text: float(text.attrib["y"]) for text in chart.iter("text") if text.get("class") == "tick"
    }
    one, ten = labels["1"] - 4, labels["10"] - 4
    return float(10 ** ((y - one) / (ten - one)))


def drawn_odds(chart: ET.Element, style: str) -> list[float]:
    paths = [each for each in chart.iter("path") if each.get("class") == style]
    line = max(paths, key=lambda each: len(each.attrib["d"]))
    return [odds_at(chart, float(y)) for _x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", line.attrib["d"])]


@pytest.mark.parametrize(("name", "style"), [("errors", "p-errors"), ("gross", "p-gross"), ("p99", "p-p99")])
def test_each_process_is_drawn_with_the_odds_it_was_given(name: str, style: str) -> None:
    chart = panel(EVIDENCE, page(told(minutes=MINUTES)))
    given = [each.judged.against[name] for each in MINUTES if each.judged]
    assert drawn_odds(chart, style) == pytest.approx(given, rel=0.01)


def test_the_sum_that_decides_is_drawn_against_what_it_needs() -> None:
    chart = panel(EVIDENCE, page(told(minutes=MINUTES)))
    given = [each.judged.evidence for each in MINUTES if each.judged]
    assert drawn_odds(chart, "sum") == pytest.approx(given, rel=0.01)
    bars = [float(each.attrib["y1"]) for each in chart.iter("line") if each.get("class") == "limit"]
    assert [odds_at(chart, y) for y in bars] == [pytest.approx(50, rel=0.01)]
    assert "50:1 takes it back" in [each.text for each in chart.iter("text")]


def test_proofs_are_drawn_against_what_lets_a_candidate_go_on() -> None:
    chart = panel(PROOFS, page(told(minutes=MINUTES)))
    given = [each.judged.proofs["p75"] for each in MINUTES if each.judged]
    assert drawn_odds(chart, "p-p75") == pytest.approx(given, rel=0.01)
    bars = [float(each.attrib["y1"]) for each in chart.iter("line") if each.get("class") == "proof"]
    assert [odds_at(chart, y) for y in bars] == [pytest.approx(10, rel=0.01)]


def test_minutes_of_an_older_judge_are_drawn_without_odds() -> None:
    text = page(told())
    assert EVIDENCE not in text
    assert PROOFS not in text
    assert "Failed requests" in text


def test_where_the_odds_begin_late_their_line_begins_late() -> None:
    mixed = [replace(each, judged=None) if number < 4 else each for number, each in enumerate(MINUTES)]
    assert len(drawn_odds(panel(EVIDENCE, page(told(minutes=mixed))), "sum")) == 6


def test_names_are_words_and_a_process_that_was_told_nothing_is_left_out() -> None:
    assert processes(told_with_odds().minutes) == ["gross", "errors", "p75", "p99", "slow"]
    names = [each.text for each in panel(EVIDENCE, page(told_with_odds())).iter("text")]
    assert {"gross failures", "75th percentile", "slow requests", "weighted sum, which decides"} <= {*names}
    assert "quality score" not in names


@pytest.mark.parametrize(
    ("highest", "top"), [(0.0, 10), (10, 10), (11, 100), (50, 100), (2_201_707, 1e6), (1e300, 1e6)]
)
def test_a_scale_of_odds_holds_the_highest_up_to_a_million(highest: float, top: float) -> None:
    scale = odds_up_to(highest)
    assert scale.ticks[0] == pytest.approx(0.1)
    assert scale.ticks[-1] == pytest.approx(top)
    assert [scale.share(each) for each in (0.0, 0.1, top, 1e308)] == pytest.approx([0, 0, 1, 1])
