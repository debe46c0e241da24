"""`pointsman policy show` as people and pipelines call it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.app import main
from cli.policy_file import load_policies
from pointsman.policy_json import policy_from_json

POLICIES = Path(__file__).parents[2] / "policies"


def run(*argv: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["policy", "show", *argv])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for policy in POLICIES.glob("*.yaml"):
        shutil.copy(policy, tmp_path)
    return tmp_path


def test_a_folder_is_shown_policy_by_policy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(folder)) == 0

    out = capsys.readouterr().out
    assert f"Endpoint chat-llm  {folder / 'chat-llm.yaml'}\n" in out
    assert f"\n\nEndpoint fraud-prod  {folder / 'fraud-prod.yaml'}\n" in out
    assert "\n  It gets 1, 5, 25, 50, 100 % of the traffic, step by step.\n" in out


def test_one_endpoint_can_be_chosen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(folder), "--endpoint", "fraud-prod") == 0

    assert "chat-llm" not in capsys.readouterr().out


def test_json_gives_what_ships(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(folder), "--json") == 0

    compiled = json.loads(capsys.readouterr().out)
    assert compiled["schema"] == 1
    assert [policy_from_json(raw) for raw in compiled["policies"]] == load_policies(folder)


def test_in_a_pipe_every_sentence_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    assert run(str(folder)) == 0

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert max(map(len, lines)) > 120
    assert not [line for line in lines if line.startswith("   ")]


@pytest.mark.parametrize("columns", ["70", "140"])
def test_on_a_terminal_sentences_are_wrapped_below_their_heading(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")

    assert run(str(folder), "--endpoint", "chat-llm") == 0

    text = capsys.readouterr().out.partition("\n")[2]
    assert max(len(line.rstrip()) for line in text.splitlines()) <= int(columns)
    assert "  At least 2 ml.g5.2xlarge are started for it;" in text


def test_a_wrong_policy_is_told_and_the_right_ones_are_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "chat-llm.yaml").read_text()
    (folder / "chat-llm.yaml").write_text(text.replace("watch: 24h", "watch: 8d"))

    assert run(str(folder)) == 1

    told = capsys.readouterr()
    assert "chat-llm.yaml:" in told.err
    assert "watch: found '8d'" in told.err
    assert "Endpoint fraud-prod" in told.out
    assert run(str(folder), "--endpoint", "fraud-prod") == 0


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["empty"], "empty: no policies in this folder"),
        ([".", "--endpoint", "fraud-prd"], "did you mean fraud-prod? policies there: chat-llm, fraud-prod"),
        ([".", "--endpoint", "\x1b[31m"], "no policy for endpoint"),
    ],
)
def test_what_is_not_there_exits_with_2_and_says_so(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    argv: list[str],
    said: str,
) -> None:
    (folder / "empty").mkdir()
    monkeypatch.chdir(folder)

    assert run(*argv) == 2

    told = capsys.readouterr()
    assert said in told.err
    assert told.err.removesuffix("\n").isprintable()
    assert told.out == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\x89PNG\r\n\xff", "not UTF-8"), (b"a: [1\n", "cannot be read as YAML"), (b"", "the file is empty")],
)
def test_a_file_that_is_no_policy_exits_with_1_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    (tmp_path / "x.yaml").write_bytes(content)

    assert run(str(tmp_path / "x.yaml")) == 1

    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_the_example_of_the_help_works(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--help") == 0
    assert "pointsman policy show policies/ --endpoint fraud-prod" in capsys.readouterr().out

    monkeypatch.chdir(POLICIES.parent)
    assert run("policies/", "--endpoint", "fraud-prod") == 0
