"""What the demonstration shows while a story is played: the evidence as it grows, decisions in short, how strong it was."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

import pytest
from rich.console import Console

from cli.demo import POLICY
from cli.demo_panel import panel
from cli.demo_view import EVERY, PlainView
from cli.demo_words import in_short, on_the_way
from cli.policy_file import load_policy
from local.stories import STORIES, Ending, Frame, Stage, demo_policy, play
from local.trace import generate_trace
from tests.cli.pages import decision

ODDS = re.compile(r"evidence (?:against it )?([\d.,]+):1 of 50:1")


@dataclass
class Seen:
    """One story as it was shown: plain lines, and the panel of every minute."""

    text: str
    ending: Ending
    panels: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def failing() -> Seen:
    """The version that fails 3 % of its requests."""
    trace, out = generate_trace(7), io.StringIO()
    stage = Stage(demo_policy(load_policy(POLICY), trace), trace, 7, io.StringIO())
    view = PlainView(Console(file=out, width=200, highlight=False, soft_wrap=True))
    panels: list[str] = []

    def show(frame: Frame) -> None:
        view.frame(frame)
        shown = Console(file=io.StringIO(), width=100, record=True)
        shown.print(panel(frame, view.growing.step))
        panels.append(shown.export_text())

    view.begin(STORIES[1])
    ending = play(STORIES[1], stage, show)
    view.end(ending)
    return Seen(out.getvalue(), ending, panels)


def test_a_pipe_has_a_line_in_some_minutes_and_no_flood(failing: Seen) -> None:
    minutes = [int(each) for each in re.findall(r"step 1, minute (\d+) +5 % ", failing.text)]
    assert minutes[:2] == [EVERY, 2 * EVERY]
    assert len(minutes) < 10


def test_the_evidence_grows_to_what_takes_the_version_back(failing: Seen) -> None:
    grown = [float(each) for each in ODDS.findall(failing.text)]
    assert grown[0] < 1 < grown[-1] < 50
    (last,) = re.findall(
        r"=> ROLLED_BACK after .*; the evidence against it came to (\d+):1, and 50:1", failing.text
    )
    assert int(last) >= 50
    assert re.search(rf"BAKING -> ROLLING_BACK .* evidence {last}:1, needed 50:1\n", failing.text)


def test_the_panel_shows_evidence_and_proof_of_every_minute(failing: Seen) -> None:
    baking = [each for each in failing.panels if "\u2502 evidence " in each]
    assert len(baking) > 10
    assert [each for each in baking if "of 50:1 against it" not in each] == []
    assert [each for each in baking if "of 10:1 for it, least: " not in each] == []
    assert len({re.findall(r"[\d.]+:1 of 50:1", each)[0] for each in baking}) > 5
    assert max(len(line) for each in failing.panels for line in each.splitlines()) <= 100


def test_the_past_before_the_story_is_not_counted_with_it(failing: Seen) -> None:
    rpm = generate_trace(7).requests_per_minute
    minutes = failing.ending.took.total_seconds() / 60
    assert minutes * rpm * 0.8 < failing.ending.requests < (minutes + 15) * rpm * 1.2


def test_a_long_reason_is_its_leading_clause_and_the_odds_that_decided() -> None:
    reason = (
        "candidate failed 0 of 302 requests (0.00 %), baseline 0.10 %; " + "tolerated this and that; " * 9
    )
    numbers = {
        "verdict": "PASS",
        "evidence": 0.46,
        "evidence_needed": 50.0,
        "proof_errors": 22_100.0,
        "proof_p75": 14.6,
    }
    short = in_short(decision(9, "BAKING", "SHIFTING", 1000, "shift", reason=reason, numbers=numbers))
    assert short["reason"] == (
        "candidate failed 0 of 302 requests (0.00 %), baseline 0.10 %, evidence 0.46:1 of 50:1, "
        "least proved: 75th percentile, 15:1 of 10:1"
    )


def test_what_was_verified_is_never_left_out() -> None:
    reason = (
        "candidate failed; "
        + "and so on; " * 12
        + "evidence 65:1, needed 50:1. Verified: AllTraffic serves everything"
    )
    short = in_short(decision(9, "ROLLING_BACK", "ROLLED_BACK", 0, None, reason=reason))
    assert short["reason"] == "candidate failed. Verified: AllTraffic serves everything"


def test_a_short_reason_stays_as_it_is() -> None:
    facts = decision(9, "BAKING", "SHIFTING", 1000, "shift", reason="short; and whole")
    assert in_short(facts) == facts


@pytest.mark.parametrize(
    ("value", "bar", "part"),
    [(1, 50, 0), (0.01, 50, 0), (50, 50, 1), (1e30, 50, 1), (10**0.5, 10, 0.5), (0, 10, 0)],
)
def test_odds_come_their_way_on_a_logarithmic_scale(value: float, bar: float, part: float) -> None:
    assert on_the_way(value, bar) == pytest.approx(part)
