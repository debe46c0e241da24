"""The page of a rollout: parsed as a browser would, and measured: no label outside, nothing from elsewhere, nothing unescaped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cli.page import page
from cli.page_ink import width_of
from cli.page_panels import WIDTHS, marks_of
from tests.cli.pages import (
    BEGIN,
    MINUTE,
    WAY,
    decision,
    drawings,
    judged,
    parsed,
    row,
    told,
    told_with_odds,
)

HOSTILE = "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>\x1b[2J"
CASES = {
    "a long watch": told(),
    "no minutes": told(minutes=[]),
    "no plan": told(health=None),
    "a policy of today": told(health_of="policy"),
    "taken back at once": told(
        facts=[decision(0, "PENDING", "ROLLED_BACK", 0, None, cause="rejected")], minutes=[], now=None
    ),
    "no decision yet": told(
        facts=[decision(0, "PENDING", "PENDING", 0, None) | {"kind": "lane"}], minutes=[]
    ),
    "one minute": told(minutes=[row(8, "step-0")]),
    "many thousand requests": told(minutes=[replace(row(8, "step-0"), candidate=(1_234_567, 9, 9))]),
    "many decisions at once": told(
        facts=[decision(0, "BAKING", "BAKING", 500, None, hold=str(n)) for n in range(120)]
    ),
    "a decision at the very end": told(
        facts=[decision(9 * n, "BAKING", "BAKING", 500, None, hold=str(n)) for n in range(110)],
        minutes=[],
        now=None,
    ),
    "odds": told_with_odds(),
    "one minute with odds": told(minutes=[replace(row(8, "step-0"), judged=judged(3))]),
    "odds of an older judge and gaps": told(
        minutes=[
            each if number > 5 else replace(each, judged=None, baseline=None)
            for number, each in enumerate(told_with_odds().minutes[:31])
            if number not in {3, 4, 9}
        ]
    ),
    "odds beyond all measure": told(
        minutes=[
            replace(
                row(8 + n, "step-0"), judged=judged(n, evidence=10.0 ** (300 - 99 * n), proofs={"p99": 0.0})
            )
            for n in range(6)
        ]
    ),
    "processes nobody knows": told(
        minutes=[
            replace(row(8 + n, "step-0"), judged=judged(n, against={HOSTILE: 3.0, "x" * 30: 0.1}, proofs={}))
            for n in range(6)
        ]
    ),
    "a broken chain": told(problems=["rollouts#chat-llm #3: its body was changed"]),
}


@pytest.mark.parametrize("case", list(CASES))
def test_it_is_a_whole_page_that_needs_nothing_else(case: str) -> None:
    found = parsed(page(CASES[case]))
    assert "script" not in found.tags
    assert not {name for name, _ in found.attributes} & {"href", "src", "style", "onclick", "onload"}
    assert not [value for _, value in found.attributes if "//" in value or "javascript:" in value]
    assert "url(" not in page(CASES[case])
    assert "@import" not in page(CASES[case])


@pytest.mark.parametrize("case", list(CASES))
def test_every_label_lies_inside_its_drawing_and_covers_no_other(case: str) -> None:
    for drawn in drawings(page(CASES[case])):
        left, top, width, height = (float(each) for each in drawn.attrib["viewBox"].split())
        places = []
        for text in drawn.iter("text"):
            x, y, wide = float(text.attrib["x"]), float(text.attrib["y"]), width_of(text.text or "")
            begin = (
                x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.attrib.get("text-anchor", "start")]
            )
            assert left <= begin + 0.1, text.text
            assert begin + wide <= left + width + 0.1, text.text
            assert top + 10 <= y <= top + height - 2, text.text
            places.append((y, begin, begin + wide, text.text))
        for y, begin, end, said in places:
            over = [
                other for other in places if other[0] == y and other[1] < end - 0.5 and begin < other[2] - 0.5
            ]
            assert [each[3] for each in over] == [said]


@pytest.mark.parametrize("case", list(CASES))
def test_every_number_of_a_path_is_finite_and_inside(case: str) -> None:
    for drawn in drawings(page(CASES[case])):
        width, height = (float(each) for each in drawn.attrib["viewBox"].split()[2:])
        for path in drawn.iter("path"):
            for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.attrib["d"]):
                assert 0 <= float(x) <= width
                assert 0 <= float(y) <= height


def test_there_is_a_drawing_for_every_width() -> None:
    boxes = [drawn.attrib["viewBox"].split()[2] for drawn in drawings(page(told()))]
    assert boxes == [str(width) for width in WIDTHS]
    for width in WIDTHS:
        assert f"svg.w{width}" in page(told())


def test_what_comes_from_outside_is_escaped_wherever_it_stands() -> None:
    numbers = {
        "verdict": HOSTILE,
        "evidence": 2.0,
        "evidence_needed": 50.0,
        f"e_{HOSTILE}": 2.0,
        HOSTILE: HOSTILE,
    }
    facts = [decision(*step, reason=HOSTILE, actor=HOSTILE, hold=HOSTILE, numbers=numbers) for step in WAY]
    minutes = [replace(row(8, HOSTILE), judged=judged(3, opinion=HOSTILE, against={HOSTILE: 3.0}))]
    hostile = told(
        minutes=minutes,
        facts=facts,
        rollout=HOSTILE,
        endpoint=HOSTILE,
        region=HOSTILE,
        problems=[HOSTILE],
        chain="whole",
    )
    text = page(hostile)
    found = parsed(text)
    assert "<script" not in text
    assert "<img" not in text
    assert "\x1b" not in text
    assert {"script", "img"}.isdisjoint(found.tags)
    assert found.text.count("alert(1)") > 20, "it is shown, as text"


def test_it_says_what_was_decided_on_which_numbers_against_what() -> None:
    numbers = {
        "verdict": "FAIL",
        "minutes": 3,
        "candidate_requests": 180,
        "candidate_errors": 9,
        "candidate_slow": 2,
        "baseline_requests": 3420,
        "baseline_errors": 9,
        "baseline_slow": 27,
        "attempt": 2,
    }
    back = decision(46, "WATCHING", "ROLLING_BACK", 0, "shift", numbers=numbers, reason="9 of 180 failed")
    said = " ".join(parsed(page(told(facts=[*told().facts, back]))).text.split())
    assert "FAIL over 3 min: candidate 180 requests, 9 failed (5.00 %), 2 slow (1.11 %)" in said
    assert "baseline 3,420 requests, 9 failed (0.26 %), 27 slow (0.79 %)" in said
    assert "tolerated 1 % failed, 5 % slower than 6.79 s, from 50 requests on" in said
    assert "attempt 2" in said
    assert "shift, decided by pointsman" in said


def test_a_long_watch_has_its_own_scale_and_says_so() -> None:
    assert "time scale of its own" in page(told())
    short = told(minutes=told().minutes[:40], now=BEGIN + 60 * MINUTE)
    assert "time scale of its own" not in page(short)


def test_marks_bear_the_numbers_of_the_table_and_the_tone_of_what_happened() -> None:
    held = decision(41, "FINALIZING", "FINALIZING", 10_000, None, hold="cannot_finalize")
    back = decision(46, "WATCHING", "ROLLING_BACK", 0, "shift")
    repeat = decision(47, "ROLLING_BACK", "ROLLING_BACK", 0, "remove")
    marks = marks_of(told(facts=[*told().facts[:7], held, told().facts[7], back, repeat]))
    assert [(mark.number, mark.tone) for mark in marks[6:]] == [
        (7, "plain"),
        (8, "warn"),
        (9, "good"),
        (10, "bad"),
    ]


def test_the_page_stays_small_however_long_the_watch() -> None:
    assert len(page(told_with_odds())) < 120_000
