"""`pointsman demo` and `pointsman explain` as a user types them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.run(  # noqa: S603 - our own command line
        command,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, run(folder, "demo", "--story", "4")


def test_a_story_is_told_in_plain_lines_and_ends_well(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = played

    assert done.returncode == 0, done.stderr
    assert "Story 4" in done.stdout
    assert "PREPARING -> ROLLING_BACK" in done.stdout
    assert "Audit chains: whole." in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_what_it_says_about_looking_further_works(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = played
    command = next(line.split() for line in done.stdout.splitlines() if "pointsman explain" in line)

    told = run(folder, *command[1:])

    assert told.returncode == 0, told.stderr
    assert "did not pass the ping health check" in told.stdout
    assert "the chain they stand in is whole" in told.stdout


def test_explain_finds_a_record_that_was_changed(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = played
    text = (folder / ".pointsman" / "demo.jsonl").read_text(encoding="utf-8")
    (folder / "changed.jsonl").write_text(text.replace("PREPARING", "SUCCEEDED"), encoding="utf-8")

    told = run(folder, "explain", "chat-llm", "--from", "changed.jsonl")

    assert told.returncode == 1
    assert "THE CHAIN IS BROKEN" in told.stdout


def test_json_is_records_and_nothing_else(tmp_path: Path) -> None:
    done = run(tmp_path, "demo", "--story", "4", "--json")

    records = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 0
    assert [record["seq"] for record in records] == list(range(1, len(records) + 1))
    assert all(len(record["hash"]) == 64 for record in records)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["demo", "--story", "9"], "there is no story 9"),
        (["demo", "--trace", "absent.csv"], "absent.csv"),
        (["demo", "--story", "many"], "story"),
        (["explain", "x", "--from", "absent.jsonl"], "write it with: pointsman demo"),
        (["explain"], "ROLLOUT"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_do(tmp_path: Path, words: list[str], says: str) -> None:
    done = run(tmp_path, *words)

    assert done.returncode == 2
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_explain_names_what_there_is_when_asked_for_what_is_not(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = played

    told = run(folder, "explain", "other-endpoint.v1", "--from", ".pointsman/demo.jsonl")

    assert told.returncode == 2
    assert "chat-llm.v2." in told.stderr


@pytest.fixture(scope="module")
def taken_back(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("taken-back")
    return folder, run(folder, "demo", "--story", "2")


def test_the_page_of_a_demonstration_shows_its_minutes(
    taken_back: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """Story 2 has both sides' minutes; the file says what is tolerated."""
    folder, played = taken_back
    assert played.returncode == 0

    told = run(folder, "explain", "chat-llm", "--from", ".pointsman/demo.jsonl", "--html", "page.html")

    page = (folder / "page.html").read_text(encoding="utf-8")
    assert told.returncode == 0, told.stderr
    assert told.stdout == "Written: page.html\n"
    assert "Failed requests, % of each side&#39;s requests" in page
    assert "1 % failed, 5 % slower than 6.79 s, from 50 requests on" in page
    assert "50:1 takes it back" in page
    assert "10:1 lets it go on" in page


def test_explain_tells_why_a_story_ended_on_the_evidence_of_its_minutes(
    taken_back: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, played = taken_back

    told = run(folder, "explain", "chat-llm", "--from", ".pointsman/demo.jsonl")

    (reached,) = re.findall(r"=> ROLLED_BACK after .* came to (\d+):1, and 50:1 was needed", played.stdout)
    assert f"-> {reached}:1; 50:1 takes it back" in told.stdout
    assert re.search(r"ended +\d\d:\d\d:\d\d  BAKING -> ROLLING_BACK on FAIL", told.stdout)
    assert f"evidence {reached}:1, needed 50:1" in told.stdout


def test_explain_refuses_a_file_that_holds_no_records(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"kind": "record", "stream": 1}\n', encoding="utf-8")

    told = run(tmp_path, "explain", "x", "--from", "bad.jsonl")

    assert told.returncode == 2
    assert "line 1" in told.stderr
