"""The shell that runs the pages: it keeps its state, tells failures, and leaves nothing running."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, Step
from tests.docs.shell import Shell, clone, told


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with Shell(tmp_path) as opened:
        yield opened


def run(shell: Shell, command: str, *shown: str) -> str | None:
    step = Step(1, command, shown)
    return told(step, shell.run(step))


def begin(shell: Shell, command: str, *shown: str) -> str | None:
    step = Step(1, command, shown, stays=True)
    return told(step, shell.run(step))


@contextmanager
def ended_by_then(folder: Path) -> Iterator[str]:
    """Give a file that a process may open for writing; afterwards, nobody has it open any more."""
    pipe = folder / "held"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    hung_up = select.poll()
    hung_up.register(reader, select.POLLHUP)
    try:
        yield str(pipe)
        assert hung_up.poll(20_000), "still running"
    finally:
        os.close(reader)


def test_what_a_page_shows_is_what_is_printed(shell: Shell) -> None:
    assert run(shell, "echo a; echo b >&2; printf c", "a", "b", "c") is None


def test_a_later_command_finds_what_an_earlier_one_left(shell: Shell) -> None:
    assert run(shell, "export WORD=here; mkdir inner; cd inner") is None
    assert run(shell, "echo $WORD; basename $PWD", "here", "inner") is None


def test_other_output_is_told_with_the_line_and_the_command(shell: Shell) -> None:
    assert run(shell, "echo b", "a") == "line 1: $ echo b\ndid not print what the page shows, but:\n    b"


def test_a_failure_that_the_page_does_not_show_is_told(shell: Shell) -> None:
    assert "exit code 3" in (run(shell, "echo a; (exit 3)", "a") or "")


def test_a_command_that_asks_gets_no_answer(shell: Shell) -> None:
    assert run(shell, "read -r answer || echo nothing", "nothing") is None


def test_a_command_that_stays_is_waited_for_until_it_says_what_the_page_shows(shell: Shell) -> None:
    assert begin(shell, "bash -c 'echo starting; echo ready; exec sleep 600'", "...", "ready") is None


def test_a_command_that_stays_is_told_when_it_ends_early(shell: Shell) -> None:
    assert "starting" in (begin(shell, "echo starting", "ready") or "")


def test_what_stays_is_ended_even_when_the_page_fails(tmp_path: Path) -> None:
    with ended_by_then(tmp_path) as held, suppress(LookupError), Shell(tmp_path) as shell:
        assert begin(shell, f"bash -c 'exec 9>{held}; echo ready; sleep 600; true'", "ready") is None
        raise LookupError


def test_what_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    with ended_by_then(tmp_path) as held, Shell(tmp_path, end_s=0.2) as shell:
        deaf = f"bash -c 'trap \"\" TERM; exec 9>{held}; echo ready; sleep 600; sleep 600'"
        assert begin(shell, deaf, "ready") is None


def test_a_block_with_a_title_is_the_file_of_that_name(shell: Shell) -> None:
    block = Block(ROOT / "README.md", 1, "yaml", ("a: 1", "b: 2"), title="inner/a.yaml")

    assert list(shell.play(block)) == []
    assert run(shell, "cat inner/a.yaml", "a: 1", "b: 2") is None


def test_a_clone_runs_the_command_line_from_its_own_files(tmp_path: Path) -> None:
    with Shell(clone(tmp_path)) as shell:
        assert run(shell, "command -v pointsman", f"{tmp_path}/bin/pointsman") is None
        assert run(shell, "pointsman policy check policies/ | grep -c '^ok'", "2") is None
