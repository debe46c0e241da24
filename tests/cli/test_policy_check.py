"""`pointsman policy check` as people and pipelines call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.app import main

POLICIES = Path(__file__).parents[2] / "policies"
RIGHT = (POLICIES / "chat-llm.yaml").read_text(encoding="utf-8")


def run(*argv: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_right_policy_is_summed_up_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "x.yaml").write_text(RIGHT.replace("instance_count: 2", "instance_count: 1"))
    monkeypatch.chdir(tmp_path)

    assert run("policy", "check") == 0

    assert capsys.readouterr().out == (
        "ok    policies/x.yaml  endpoint chat-llm: 1 -> 5 -> 25 -> 50 -> 100 %, bakes 10m to 1h, watch 24h\n"
    )


def test_a_frozen_policy_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.yaml").write_text(RIGHT.replace("strategy: canary", "freeze: quarter end"))

    assert run("policy", "check", str(tmp_path)) == 0

    assert "watch 24h, frozen: quarter end" in capsys.readouterr().out


def test_a_fleet_beyond_the_default_quota_is_noted_but_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.yaml").write_text(RIGHT)

    assert run("policy", "check", str(tmp_path)) == 0

    assert "up to 6 ml.g5.2xlarge run at once" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("written", "found"),
    [("444455556666", "444455556666"), ("044455556666", "4910931382")],
)
def test_an_account_without_quotes_is_refused_with_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str, found: str
) -> None:
    keys = f"registry_account: {written}\nmodel_package_group:"
    (tmp_path / "x.yaml").write_text(RIGHT.replace("model_package_group:", keys))

    assert run("policy", "check", str(tmp_path)) == 1

    said = capsys.readouterr().out
    assert f"registry_account: found {found}; allowed: the account's 12 digits in quotes" in said
    assert "takes leading zeros away" in said


def test_approvals_windows_and_order_are_summed_up_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = "approve_before: [25, 100]\n  after: {endpoint: chat-first}\n  windows: {timezone: UTC, open: [Mon 09:00-10:00]}"
    (tmp_path / "x.yaml").write_text(RIGHT.replace("strategy: canary", keys))
    (tmp_path / "y.yaml").write_text(RIGHT.replace("endpoint: chat-llm", "endpoint: chat-first"))

    assert run("policy", "check", str(tmp_path)) == 0

    out = capsys.readouterr().out
    assert (
        "watch 24h, approved before 25 and 100 %, within windows (UTC), after chat-first (promoted)\n" in out
    )
    assert "check the whole folder" not in out


def test_a_file_alone_is_noted_where_it_waits_for_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.yaml").write_text(RIGHT.replace("strategy: canary", "after: {endpoint: chat-first}"))

    assert run("policy", "check", str(tmp_path / "x.yaml")) == 0
    assert "check the whole folder to see whether it holds a policy for chat-first" in capsys.readouterr().out
    assert run("policy", "check", str(tmp_path)) == 1


@pytest.mark.parametrize(
    ("tool", "notes"),
    [("cdk}", 1), ("none}", 0), ("cdk, read_by: dana, read_on: 2026-11-24}", 0)],
)
def test_a_tool_whose_next_deploy_nobody_has_read_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tool: str, notes: int
) -> None:
    (tmp_path / "x.yaml").write_text(f"{RIGHT}managed_by: {{tool: {tool}\n")

    assert run("policy", "check", str(tmp_path)) == 0
    assert capsys.readouterr().out.count("nobody has read yet") == notes


def test_every_mistake_is_one_line_and_the_exit_code_is_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yaml").write_text(RIGHT.replace("50, 100]", "50, 90]").replace("20s", "2 minutes"))
    (tmp_path / "good.yaml").write_text(RIGHT.replace("endpoint: chat-llm", "endpoint: other"))

    assert run("policy", "check", str(tmp_path)) == 1

    out = capsys.readouterr().out
    assert out.count("wrong ") == 2
    assert "rollout.steps[4]: found 90; the last step must be 100" in out
    assert "health.latency.slow_over: found '2 minutes'; allowed: a duration from 1ms to 60s" in out
    assert "endpoint other: 1 -> 5" in out
    assert out.endswith("2 mistakes in 1 of 2 files\n")


def test_one_file_can_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "check", str(POLICIES / "fraud-prod.yaml")) == 0
    assert "chat-llm" not in capsys.readouterr().out


def test_json_is_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.yaml").write_text(RIGHT.replace("watch: 24h", "watch: 8d"))

    assert run("policy", "check", str(tmp_path), "--json") == 1

    report = json.loads(capsys.readouterr().out)
    (problem,) = report["files"][0]["problems"]
    assert report["right"] is False
    assert (problem["where"], problem["found"]) == ("watch", "found '8d'")
    assert RIGHT.splitlines()[problem["line"] - 1].startswith("watch:")


@pytest.mark.parametrize(
    "argv", [["policy", "check", "--jsn"], ["policy", "chekc"], ["policy", "check", "a", "b"]]
)
def test_a_wrong_call_exits_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*argv) == 2
    assert capsys.readouterr().err


def test_nothing_to_check_exits_with_2_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("policy", "check", str(tmp_path)) == 2
    assert "no policies in this folder" in capsys.readouterr().err

    assert run("policy", "check", str(tmp_path / "nowhere")) == 2
    assert "no such file or folder" in capsys.readouterr().err


def test_text_from_files_is_never_read_as_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "[bold]x.yaml").write_text(RIGHT.replace("watch: 24h", "watch: '[red]:bomb:[/red]'"))

    assert run("policy", "check", str(tmp_path)) == 1

    out = capsys.readouterr().out
    assert "[bold]x.yaml" in out
    assert "'[red]:bomb:[/red]'" in out


def test_help_teaches_with_an_example_that_works(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("policy", "check", "--help") == 0
    assert "pointsman policy check policies/" in capsys.readouterr().out

    monkeypatch.chdir(POLICIES.parent)
    assert run("policy", "check", "policies/") == 0


def test_help_lists_the_commands_without_importing_them() -> None:
    code = (
        "import sys; from cli.app import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('imported', [name for name in sys.modules if name in "
        "('pydantic', 'yaml', 'moto', 'twin', 'cli.demo', 'cli.explain')])"
    )

    done = subprocess.run(  # noqa: S603  (the code is the line above)
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=POLICIES.parent
    )

    assert "imported []" in done.stdout
    assert all(name in done.stdout for name in ("demo", "explain", "policy"))


def test_the_policy_commands_are_listed_with_what_they_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("policy") == 0

    out = capsys.readouterr().out
    assert "show: Say in plain words what policies do." in out
    assert all(f"  {name}: " in out for name in ("check", "diff", "schema"))
