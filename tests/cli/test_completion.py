"""Completion as the shells do it: the scripts are loaded by the shell itself, where it is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cli.app import build_app
from cli.completion import BOTH, ENDPOINTS, names_part
from tests.cli.installation import run

ASK = """
source "$1"
ask() {
  COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=()
  _pointsman_with_names
  echo "${COMPREPLY[*]}"
}
ask pointsman stat
ask pointsman status ""
ask pointsman abort chat-llm.
ask pointsman status --wat
ask pointsman demo ""
"""
NAMES = """#!/bin/sh
[ "$1" = names ] || exit 1
echo chat-llm
[ "$2" = all ] && echo chat-llm.v2.20261120T141054Z
exit 0
"""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_a_script_with_all_commands_and_the_names(shell: str) -> None:
    ran = run(f"completion {shell}")
    assert ran.code == 0
    for command in ("status", "rollback", "policy"):
        assert command in ran.out
    assert "pointsman names" in ran.out


def test_bash_completes_commands_options_and_names(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    (tmp_path / "completion.sh").write_text(run("completion bash").out, encoding="utf-8")
    (tmp_path / "pointsman").write_text(NAMES, encoding="utf-8")
    (tmp_path / "pointsman").chmod(0o755)
    done = subprocess.run(  # noqa: S603 - our own script
        [bash, "-c", ASK, "ask", str(tmp_path / "completion.sh")],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "status",
        "chat-llm",
        "chat-llm.v2.20261120T141054Z",
        "--watch",
        "",
    ]


def test_names_are_completed_for_every_command_that_takes_one() -> None:
    there_are = {name for name in build_app() if not name.startswith("-")}
    assert set(ENDPOINTS) | set(BOTH) <= there_are
    assert all(f"{name}" in names_part("fish") for name in (*ENDPOINTS, *BOTH))


def test_another_shell_is_refused() -> None:
    ran = run("completion tcsh")
    assert ran.code == 2
    assert "tcsh" in ran.out + ran.err
