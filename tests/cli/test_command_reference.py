"""docs/commands.md is what the commands say of themselves, and their examples are real."""

from __future__ import annotations

import re

import pytest

from cli.app import build_app
from cli.command_reference import PAGE, commands_of, reference
from tests.docs.calls import calls_in, wrong_with

SECTIONS = {
    head.removeprefix("pointsman "): body
    for head, body in re.findall(
        r"^### (.*?)\n(.*?)(?=^##|\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
}


def examples_in(section: str) -> list[list[str]]:
    """The calls that a help text shows: lines of their own, and those in the running text."""
    shown = re.findall(r"^(?:    |Example: )(pointsman .*)", section, re.MULTILINE)
    return calls_in(shown + re.findall(r"`(pointsman [^`]*)`", section))


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "renew it: python -m cli.command_reference"


def test_every_command_has_its_section() -> None:
    assert set(SECTIONS) == {" ".join(path) for path, _ in commands_of(build_app())}


@pytest.mark.parametrize("command", SECTIONS)
def test_the_help_shows_an_example_of_the_command(command: str) -> None:
    words = command.split()

    assert [call for call in examples_in(SECTIONS[command]) if call[: len(words)] == words]


@pytest.mark.parametrize("command", SECTIONS)
def test_every_example_of_the_help_is_one_that_the_command_line_takes(command: str) -> None:
    calls = [call for call in examples_in(SECTIONS[command]) if " ".join(call) not in SECTIONS]

    assert [wrong for call in calls if (wrong := wrong_with(call))] == []


@pytest.mark.parametrize(
    "line",
    [
        "pointsman policy chekc policies/",
        "pointsman demo --story many",
        "pointsman explain",
        "pointsman policy check policies/none.yaml",
    ],
)
def test_a_call_that_is_wrong_is_found(line: str) -> None:
    (words,) = calls_in([line])

    assert wrong_with(words)


def test_a_call_is_read_up_to_where_the_shell_takes_over() -> None:
    lines = [
        "$ bin/pointsman policy diff <(git show main:a.yaml) policies/chat-llm.yaml > out",
        "pointsman explain x \\",
        "    --json | jq .   # comment",
        "an old pointsman told me",
    ]

    assert calls_in(lines) == [
        ["policy", "diff", "bin/pointsman", "policies/chat-llm.yaml"],
        ["explain", "x", "--json"],
    ]
