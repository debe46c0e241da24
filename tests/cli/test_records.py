"""`history`, `releases`, `explain`, `names` and `version` as people call them, against one installation with two releases behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pointsman import __version__
from tests.cli.installation import ENDPOINT, World, running

GOOD_ID = "chat-llm.v2.20261120T141054Z"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Version 2 was promoted; version 3 was taken back. Only read by the tests that share it."""
    with running(steps=(50, 100), watch=timedelta(minutes=10)) as installation:
        installation.approve()
        installation.pass_minutes(60)
        installation.approve(bad=True)
        installation.pass_minutes(40)
        yield installation


class TestHistory:
    def test_it_is_newest_first_with_numbers_and_who_decided(self, world: World) -> None:
        ran = world.run(f"history {ENDPOINT} --limit 12")
        assert ran.code == 0
        assert ran.out.startswith("2026-11-20, UTC\n")
        numbers = [int(each) for each in re.findall(r" #(\d+)", ran.out)]
        assert numbers == sorted(numbers, reverse=True)
        assert len(numbers) == 12
        assert "FAIL over" in ran.out
        assert f"pointsman history {ENDPOINT} --limit 24" in ran.out

    def test_all_of_them_come_however_many_answers_that_takes(self, world: World) -> None:
        told = json.loads(world.run(f"history {ENDPOINT} --limit 1000 --json").out)
        assert [each["seq"] for each in told["records"]] == list(range(len(told["records"]), 0, -1))
        assert told["next"] is None

    def test_an_endpoint_without_records_says_so(self, world: World) -> None:
        assert world.run("history other").out == "No record of endpoint other is kept.\n"


class TestReleases:
    @pytest.mark.parametrize("line", ["releases", "releases --all", f"releases {ENDPOINT}"])
    def test_each_release_is_one_line(self, world: World, line: str) -> None:
        newer, older = world.run(line).out.splitlines()
        assert newer.startswith("chat-llm.v3.")
        assert "ROLLED_BACK (judged_bad)" in newer
        assert older.startswith(f"{GOOD_ID}  v2  2026-11-20 14:10 UTC  ")
        assert "SUCCEEDED  100 %  arn:aws:sts::111122223333:assumed-role/ModelOwner/session" in older

    def test_on_a_narrow_terminal_each_is_a_block(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "70")
        monkeypatch.setenv("TERM", "xterm")
        out = re.sub(r"\x1b\[[0-9;]*m", "", world.run("releases", typed="").out)
        assert max(len(line.rstrip()) for line in out.splitlines()) <= 70
        assert f"{GOOD_ID}  v2" in out

    def test_json_has_durations_in_seconds(self, world: World) -> None:
        rows = json.loads(world.run("releases --json --limit 1").out)["releases"]
        assert [row["version"] for row in rows] == [3]
        assert rows[0]["took_s"] > 60


class TestExplain:
    def test_every_decision_is_told_with_its_numbers_and_the_chain(self, world: World) -> None:
        ran = world.run("explain chat-llm.v3")
        assert ran.code == 0
        assert "Endpoint chat-llm, version 3: ROLLED_BACK" in ran.out
        assert re.search(r"Tolerated 1 % failed, 5 % slower than [\d.]+ s, from 50 requests on\n", ran.out)
        assert re.search(r"FAIL over \d+ min: candidate [\d,]+ requests, \d+ failed \(\d+\.\d\d %\)", ran.out)
        assert "BAKING -> ROLLING_BACK" in ran.out
        assert re.search(
            r"the chain they stand in is whole from record \d+ to \d+, up to the newest one", ran.out
        )

    def test_an_endpoint_means_its_newest_rollout(self, world: World) -> None:
        assert world.run(f"explain {ENDPOINT}").out.startswith("Rollout chat-llm.v3.")

    def test_json_is_a_record_a_line(self, world: World) -> None:
        lines = world.run("explain chat-llm.v2 --json").out.splitlines()
        assert {json.loads(line)["rollout"] for line in lines} == {GOOD_ID}

    def test_the_page_is_written_with_the_minutes(self, world: World, tmp_path: Path) -> None:
        ran = world.run(f"explain chat-llm.v2 --html {tmp_path / 'page.html'}")
        assert (ran.code, ran.out) == (0, f"Written: {tmp_path / 'page.html'}\n")
        page = (tmp_path / "page.html").read_text(encoding="utf-8")
        assert page.count("<svg") == 3
        assert "Requests a minute" in page

    def test_a_broken_chain_ends_with_1_and_says_where(self, world: World, tmp_path: Path) -> None:
        table, key = world.here.client("dynamodb"), {"pk": {"S": "rollouts#chat-llm"}, "sk": {"N": "5"}}
        item = table.get_item(TableName="pointsman-audit", Key=key)["Item"]
        table.delete_item(TableName="pointsman-audit", Key=key)
        ran = world.run("explain chat-llm.v2")
        page = world.run(f"explain chat-llm.v2 --html {tmp_path / 'page.html'}")
        table.put_item(TableName="pointsman-audit", Item=item)
        assert ran.code == 1
        assert "THE CHAIN IS BROKEN:" in ran.out
        assert "records 5 to 5 are missing" in ran.out
        assert (page.code, "the chain is broken" in page.err) == (1, True)


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("history", 2, "ENDPOINT"),
        (f"history {ENDPOINT} --limit 0", 2, "--limit must be 1 or more"),
        (f"history {ENDPOINT} --limit many", 2, "many"),
        (f"releases {ENDPOINT} --all", 2, "not both"),
        ("releases --limit 0", 2, "--limit must be 1 or more"),
        ("explain", 2, "ROLLOUT"),
        ("explain other", 2, "no rollout of endpoint other is recorded"),
        ("explain chat-llm.v9", 2, f"there is: chat-llm.v3.20261120T151054Z, {GOOD_ID}"),
        ('explain "a b"', 2, "rollout must be a rollout's id"),
        (f"explain {ENDPOINT} --html absent/page.html", 2, "cannot be written"),
        ("explain x --from absent.jsonl", 2, "write it with: pointsman demo"),
        ("names --installation other", 3, "no installation of Pointsman"),
        ("names others", 2, "others"),
    ],
)
def test_wrong_use_says_what_to_do(world: World, line: str, code: int, says: str) -> None:
    ran = world.run(line)
    assert ran.code == code, ran
    assert says in " ".join((ran.err + ran.out).split())
    assert "Traceback" not in ran.err


def test_names_are_lines_for_a_shell(world: World) -> None:
    assert world.run("names").out == f"{ENDPOINT}\n"
    silent = world.run("names --quiet --installation other")
    assert (silent.code, silent.out, silent.err) == (3, "", "")


def test_the_version_here_and_there(world: World) -> None:
    told = json.loads(world.run("version --json").out)
    assert told["pointsman"] == __version__
    assert told["installation"] == {"version": __version__, "region": "us-east-1", "account": "111122223333"}
    assert "there     not read: no installation" in world.run("version --installation other").out


def test_the_version_is_the_projects() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{__version__}"\n' in project
