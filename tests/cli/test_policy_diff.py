"""`pointsman policy diff` as people and pipelines call it."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from cli.app import main

POLICIES = Path(__file__).parents[2] / "policies"
CHAT = (POLICIES / "chat-llm.yaml").read_text(encoding="utf-8")


def run(*argv: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["policy", "diff", *map(str, argv)])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        for policy in POLICIES.glob("*.yaml"):
            shutil.copy(policy, tmp_path / name)
    return tmp_path / "old", tmp_path / "new"


def test_the_same_policies_have_no_difference(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (folders[1] / "chat-llm.yaml").write_text(f"# another comment\n{CHAT}")

    assert run(*folders) == 0
    assert capsys.readouterr().out == "No difference: the same releases, in the same way.\n"


def test_each_change_is_a_line_with_its_key_and_its_pull(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    changed = CHAT.replace("[1, 5, 25, 50, 100]", "[5, 50, 100]").replace(
        "max_percent: 1.0", "max_percent: 2"
    )
    (folders[1] / "chat-llm.yaml").write_text(changed.replace("  strategy: canary", "  freeze: quarter end"))

    assert run(*folders) == 1

    assert capsys.readouterr().out == (
        f"Endpoint chat-llm changes  {folders[1] / 'chat-llm.yaml'}\n"
        "\n"
        "From the next rollout on; one that is under way keeps its plan\n"
        "  rollout.steps: 1, 5, 25, 50, 100 % become 5, 50, 100 %: 2 steps fewer, "
        "the first reaches 5 times as many requests (looser, faster)\n"
        "  health.errors.max_percent: tolerated errors rise from 1 % to 2 % (looser)\n"
        "\n"
        "At once, for a rollout that is under way as well\n"
        "  rollout.freeze: frozen, so that nothing automatic moves forward: quarter end (slower)\n"
        "\n"
        "1 policy changed, 3 changes (2 looser, 1 faster, 1 slower)\n"
    )


def test_policies_that_come_and_go_are_told(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (folders[0] / "chat-llm.yaml").unlink()
    (folders[1] / "fraud-prod.yaml").unlink()

    assert run(*folders) == 1

    out = capsys.readouterr().out
    assert "Endpoint chat-llm gets a policy" in out
    assert "1 -> 5 -> 25 -> 50 -> 100 %, bakes 10m to 1h" in out
    assert "Endpoint fraud-prod loses its policy" in out
    assert out.endswith("1 policy added, 1 policy removed\n")


def test_a_policy_is_found_again_under_another_file_name(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (folders[1] / "chat-llm.yaml").rename(folders[1] / "zzz.yml")

    assert run(*folders) == 0


def test_an_endpoint_is_the_same_in_upper_and_lower_case(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (folders[0] / "chat-llm.yaml").write_text(CHAT.replace("endpoint: chat-llm", "endpoint: Chat-LLM"))

    assert run(*folders) == 1
    assert "endpoint: written chat-llm instead of Chat-LLM" in capsys.readouterr().out


def test_two_files_are_compared_even_where_they_are_for_different_endpoints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(POLICIES / "chat-llm.yaml", POLICIES / "fraud-prod.yaml") == 1

    out = capsys.readouterr().out
    assert "endpoint: the policy is for fraud-prod instead of chat-llm, which has none any more" in out
    assert "rollout.bake.min: the least time that a step is held shrinks from 10 min to 5 min" in out


def test_json_is_for_programs(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    (folders[0] / "fraud-prod.yaml").unlink()
    (folders[1] / "chat-llm.yaml").write_text(CHAT.replace("watch: 24h", "watch: 0s"))

    assert run(*folders, "--json") == 1

    report = json.loads(capsys.readouterr().out)
    chat, fraud = report["endpoints"]
    assert report["same"] is False
    assert (chat["endpoint"], chat["change"]) == ("chat-llm", "changed")
    assert chat["changes"] == [
        {
            "key": "watch",
            "old": "24h",
            "new": "0s",
            "words": "the watch after a promotion shrinks from 24 h to 0 s",
            "effects": ["faster", "looser"],
            "at_once": False,
        }
    ]
    assert (fraud["endpoint"], fraud["change"], fraud["old_file"]) == ("fraud-prod", "added", None)
    assert fraud["new_file"] == str(folders[1] / "fraud-prod.yaml")


def test_json_of_no_difference_says_the_same(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*folders, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"same": True, "endpoints": []}


def test_a_policy_can_come_out_of_a_pipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(CHAT,))
    writer.start()

    assert run(pipe, POLICIES / "chat-llm.yaml") == 0
    writer.join()


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ("old nowhere", "nowhere: no such file or folder"),
        ("old old/chat-llm.yaml", "old is a folder and old/chat-llm.yaml a file"),
        ("old/chat-llm.yaml old", "old is a folder and old/chat-llm.yaml a file"),
        ("empty old", "empty: no policies in this folder"),
        ("binary binary", "not UTF-8"),
        ("broken old/chat-llm.yaml", "cannot be read as YAML"),
    ],
)
def test_what_cannot_be_compared_exits_with_2_and_says_why(
    folders: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    paths: str,
    said: str,
) -> None:
    monkeypatch.chdir(folders[0].parent)
    Path("empty").mkdir()
    Path("binary").write_bytes(b"\xff\xd8")
    Path("broken").write_text("a: [1\n")

    assert run(*paths.split()) == 2

    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_a_mistake_is_no_difference(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    (folders[1] / "chat-llm.yaml").write_text(CHAT.replace("watch: 24h", "watch: 8d"))

    assert run(*folders) == 2

    err = capsys.readouterr().err
    assert "watch: found '8d'" in err
    assert "correct them first" in err


@pytest.mark.parametrize("argv", [[], ["policies"], ["a", "b", "c"], ["a", "b", "--jsn"]])
def test_a_wrong_call_exits_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*argv) == 2
    assert capsys.readouterr().err


def test_the_example_of_the_help_works(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--help") == 0
    assert "pointsman policy diff policies/chat-llm.yaml policies/fraud-prod.yaml" in capsys.readouterr().out

    monkeypatch.chdir(POLICIES.parent)
    assert run("policies/chat-llm.yaml", "policies/fraud-prod.yaml") == 1
