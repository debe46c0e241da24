"""`pointsman local up`: what it prints, how it ends, and what keeps it from coming up."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from cli.app import main
from cli.local_client import LocalWorld
from tests.cli.upkept import started, upkept


def typed(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["local", *words])
    return int(str(end.value.code))


def read_to(process: subprocess.Popen[str], end: str) -> str:
    """What it prints up to the line that holds `end`."""
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    while end not in lines[-1]:
        assert lines[-1], process.communicate()[1]
        lines.append(process.stdout.readline())
    return "".join(lines)


def test_it_says_how_to_reach_it_tells_what_happens_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    process = started(tmp_path, "--speed", "600")
    said = read_to(process, "Log lines and metrics of the functions")
    address = said.split()[6].removesuffix(":")
    LocalWorld(address).ask("approve", group="chat-llm", character="good")
    told = read_to(process, "PENDING -> PREPARING")
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "A local world is running at http://127.0.0.1:" in said
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:" in said
    assert "pointsman local approve chat-llm --failing" in said
    assert "version 2 was approved by" in told
    assert rest.endswith("nothing of it is left running.\n")
    assert err == ""
    assert "\x1b" not in said + told + rest
    assert not (tmp_path / ".pointsman" / "local.env").exists()
    assert '"Namespace":"Pointsman"' in (tmp_path / ".pointsman" / "local.log").read_text(encoding="utf-8")


def test_it_ends_when_it_is_told_to_by_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POINTSMAN_LOCAL", raising=False)
    with upkept(tmp_path) as world:
        assert typed("down") == 0

        assert f"the local world at {world.said['address']} has ended" in capsys.readouterr().out
        assert world.process.wait(timeout=60) == 0
        assert typed("status") == 3
    assert "start one with: pointsman local up" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--speed", "-1"), "--speed may be 0 to 3600"),
        (("--speed", "1e9"), "--speed may be 0 to 3600"),
        (("--port", "70000"), "--port 0 to 65535"),
        (("--policies", "absent"), "absent: no such file or folder"),
    ],
)
def test_what_is_wrong_is_said_before_anything_starts(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    assert typed("up", *words) == 2

    assert says in capsys.readouterr().err
    assert not (tmp_path / ".pointsman").exists()


def test_mistakes_in_policies_are_said_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "x.yaml").write_text("endpoint: x\ncolour: red\n", encoding="utf-8")

    assert typed("up") == 2

    err = capsys.readouterr().err
    assert "colour" in err
    assert "mend the policies first" in err
    assert len(err.splitlines()) > 2
