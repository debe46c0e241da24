"""`pointsman status` as people call it: once, for programs, followed, narrow and wide."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from cli.reach import Reach
from cli.status import _Follower, ask
from pointsman.adapters.aws.functions import Functions
from pointsman.errors import Transient
from tests.cli.installation import ENDPOINT, World, running

Printed = pytest.CaptureFixture[str]
ID = "chat-llm.v2.20261120T141054Z"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Version 2 bakes with 5 % of the traffic. Only read by the tests that share it."""
    with running() as installation:
        installation.approve()
        installation.pass_minutes(11)
        yield installation


def test_a_line_for_each_open_rollout_says_everything_that_matters(world: World) -> None:
    ran = world.run("status")
    [line] = ran.out.splitlines()
    assert ran.code == 0
    for part in (ENDPOINT, "us-east-1", "v1 -> v2", "5 %", "1/5", "BAKING", " min", "NOT_ENOUGH"):
        assert part in line
    assert "5 % -> 10 % when it is proved to be no worse (failures " in line
    assert "at the earliest 14:" in line
    assert "\x1b" not in ran.out


def test_one_endpoint_is_told_with_everything_that_is_known(world: World) -> None:
    told = world.run(f"status {ENDPOINT}").out
    for part in (
        f"rollout     {ID}",
        "by arn:aws:sts::111122223333:assumed-role/ModelOwner/session",
        "step 1 of 5 (5, 10, 25, 50, 100 %)",
        "verdict     NOT_ENOUGH: ",
        "no proof by 16:15 UTC: taken back",
        "AllTraffic 95 % on 2 x ml.g5.2xlarge",
    ):
        assert part in told


def test_json_is_the_answer_itself(world: World) -> None:
    told = json.loads(world.run("status --json").out)
    [entry] = told["rollouts"]
    assert (entry["phase"], entry["share_percent"]) == ("BAKING", 5)
    assert (told["ok"], told["next"]) == (True, None)


@pytest.mark.parametrize("width", [60, 100, 160])
@pytest.mark.parametrize("what", ["status", f"status {ENDPOINT}"])
def test_on_a_terminal_nothing_is_cut_and_nothing_runs_over(
    world: World, monkeypatch: pytest.MonkeyPatch, width: int, what: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    out = re.sub(r"\x1b\[[0-9;]*m", "", world.run(what, typed="").out)
    assert max(len(line.rstrip()) for line in out.splitlines()) <= width
    assert "\N{HORIZONTAL ELLIPSIS}" not in out
    words = " ".join(out.split()).replace("\N{NO-BREAK SPACE}", " ")
    for part in (ENDPOINT, "us-east-1", "5 % -> 10 %", "BAKING", "NOT_ENOUGH"):
        assert part in words


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("status nobody", 2, "no policy names endpoint nobody"),
        ('status "a b"', 2, "not an endpoint name"),
        ("status --every 0 --watch", 2, "--every must be 1 second or more"),
        ("status --every soon", 2, "soon"),
        ("status --installation other", 3, "no installation of Pointsman"),
        ("status one two", 2, "two"),
    ],
)
def test_wrong_use_says_what_to_do(world: World, line: str, code: int, says: str) -> None:
    ran = world.run(line)
    assert ran.code == code, ran
    assert says in ran.err + ran.out


class TestFollowing:
    """The waiting between two looks is what the test does in the meantime; the last wait is Ctrl-C. It comes last: time passes."""

    def test_a_line_comes_only_when_something_changed(self, world: World, capsys: Printed) -> None:
        turns = [lambda: world.pass_minutes(0.1), lambda: world.pass_minutes(12)]
        lines, _ = follow(turns, capsys)
        assert [" 5 %" in lines[0], " 10 %" in lines[1]] == [True, True]
        assert len(lines) == 2

    def test_a_look_that_fails_is_told_once_and_looked_again(self, world: World, capsys: Printed) -> None:
        lines, trouble = follow([lambda: None] * 3, capsys, silent=2)
        assert trouble == "pointsman status: no answer: Lambda does not answer\n"
        assert len(lines) == 1

    def test_json_lines_are_whole_objects(self, world: World, capsys: Printed) -> None:
        lines, _ = follow([lambda: None], capsys, as_json=True)
        [told] = [json.loads(line) for line in lines]
        assert told["rollouts"][0]["rollout"] == ID
        assert told["gone"] == []


class Flaky:
    """The functions of an installation, silent for so many calls behind the first."""

    def __init__(self, functions: Functions, silent: int) -> None:
        self._functions = functions
        self._silent = range(1, 1 + silent)
        self._calls = 0

    def call(self, trigger: str, event: Any) -> Any:
        self._calls += 1
        if self._calls - 1 in self._silent:
            raise Transient("Lambda does not answer")
        return self._functions.call(trigger, event)


def follow(
    turns: list[Callable[[], None]], capsys: Printed, *, as_json: bool = False, silent: int = 0
) -> tuple[list[str], str]:
    """Follow while each turn is taken between two looks; then Ctrl-C. Lines printed, and what went to stderr."""

    def wait(_seconds: float) -> None:
        if not turns:
            raise KeyboardInterrupt
        turns.pop(0)()

    reached = Reach(region="us-east-1").open()
    flaky: Any = Flaky(reached.functions, silent)
    reached = replace(reached, functions=flaky)
    assert _Follower(reached, None, as_json=as_json).follow(ask(reached, None), 5, wait) == 0
    printed = capsys.readouterr()
    return printed.out.splitlines(), printed.err
