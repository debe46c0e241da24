"""The `pointsman local` commands as a user types them, against a world that runs in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.app import main
from tests.cli.upkept import Upkept, upkept

POLICIES = Path(__file__).parents[2] / "policies"
Ran = tuple[int, str, str]
Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upkept]:
    """One world for all of them, with policies in a folder of its own. Tests run in any order: each finds its own version."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "policies").mkdir()
    (folder / "policies" / "chat-llm.yaml").write_bytes((POLICIES / "chat-llm.yaml").read_bytes())
    with upkept(folder) as world:
        yield world


@pytest.fixture
def run(up: Upkept, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in the world's folder: exit code, standard output, standard error."""
    monkeypatch.chdir(up.folder)
    monkeypatch.delenv("POINTSMAN_LOCAL", raising=False)

    def typed(*words: str) -> Ran:
        with pytest.raises(SystemExit) as end:
            main(["local", *words])
        out, err = capsys.readouterr()
        return int(str(end.value.code)), out, err

    return typed


def test_what_it_prints_when_it_is_up_is_what_the_file_exports(up: Upkept) -> None:
    lines = (up.folder / ".pointsman" / "local.env").read_text(encoding="utf-8").splitlines()

    assert lines[1:] == [f"export {name}={value}" for name, value in up.said["env"].items()]
    assert "AWS_PROFILE" in lines[0]


def test_an_approved_version_is_told_of_and_advance_tells_what_follows(run: Run) -> None:
    code, out, _ = run("approve", "chat-llm", "--failing", "20")
    assert code == 0
    assert "is approved (failing)" in out
    assert "arn:aws:sagemaker:us-east-1:111122223333:model-package/chat-llm/" in out

    code, out, _ = run("advance", "1h")
    assert code == 0
    assert "PENDING -> PREPARING" in out
    assert "candidate failed" in out
    assert "1h passed, it is 2026-11-17" in out

    code, out, _ = run("messages")
    assert code == 0
    assert ": ROLLING_BACK" in out
    assert "    Why       candidate failed" in out


def test_each_answer_is_one_object_for_programs(run: Run) -> None:
    asked = (
        ("approve", "chat-llm", "--good"),
        ("advance", "1m"),
        ("reject", "chat-llm", "1"),
        ("traffic", "fraud-prod", "250"),
        ("status",),
        ("messages",),
        ("fault", "lose-events", "1"),
        ("fault", "--list"),
        ("fault", "clear"),
        ("reload",),
    )

    answers = {}
    for words in asked:
        code, out, err = run(*words, "--json")
        assert (code, err) == (0, "")
        answers[words] = json.loads(out)

    assert set(answers[asked[0]]) == {"group", "version", "package", "character", "now"}
    assert answers[asked[1]]["advanced_s"] == 60
    assert answers[asked[1]]["records"][0]["endpoint"] == "chat-llm"
    assert answers[asked[3]]["requests_per_minute"] == 250
    assert {each["endpoint"] for each in answers[asked[4]]["endpoints"]} > {"chat-llm", "fraud-prod"}
    assert set(answers[asked[5]]) == {"messages", "next"}
    assert answers[asked[6]]["planned"] == answers[asked[7]]["planned"] == ["1 SageMaker events get lost"]
    assert answers[asked[8]]["planned"] == []
    assert answers[asked[9]]["policy_problems"] == []


def test_status_shows_what_stands_and_what_will_fail(run: Run) -> None:
    run("fault", "capacity", "ml.g5.2xlarge", "3")

    code, out, _ = run("status")

    assert code == 0
    assert "it stands still until `local advance`" in out
    assert "planned: capacity of ml.g5.2xlarge: 3 free" in out
    run("fault", "clear")


def test_faults_are_listed_with_what_they_take(run: Run) -> None:
    code, out, _ = run("fault", "--list")

    assert code == 0
    for kind in (
        "lose-events",
        "delay-events",
        "fail",
        "capacity",
        "quota",
        "endpoint-status",
        "alarm",
        "clear",
    ):
        assert f"\n{kind} " in f"\n{out}"
    assert "planned: nothing" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("duplicate-events", "2"), "the next 2 events arrive twice"),
        (("delay-events", "5m", "1"), "300 s late"),
        (("fail", "sqs", "*", "ServiceUnavailable", "--times", "2"), "the next 2 calls of sqs * fail"),
        (("quota", "ml.g5.2xlarge", "4"), "may run 4 ml.g5.2xlarge at once"),
        (("alarm", "fraud-prod-p99", "OK"), "alarm fraud-prod-p99 is OK"),
        (("endpoint-status", "by-nobody", "SystemUpdating"), "endpoint by-nobody is SystemUpdating"),
    ],
)
def test_each_fault_says_what_will_happen(run: Run, words: tuple[str, ...], says: str) -> None:
    code, out, _ = run("fault", *words)

    assert code == 0
    assert says in out
    run("fault", "clear")


def test_a_policy_that_is_put_into_the_folder_counts_at_once(run: Run, up: Upkept) -> None:
    added = up.folder / "policies" / "fraud-prod.yaml"
    added.write_bytes((POLICIES / "fraud-prod.yaml").read_bytes())
    try:
        code, out, _ = run("reload")
        assert (code, out) == (0, "endpoints with a policy: chat-llm, fraud-prod\n")

        added.write_text("endpoint: fraud-prod\n", encoding="utf-8")
        code, out, _ = run("reload")
        assert code == 1
        assert "endpoints with a policy: chat-llm, fraud-prod" in out
        assert "policy wrong: policies/fraud-prod.yaml" in out
        assert "policy wrong" in run("advance", "1s")[1]
    finally:
        added.unlink()

    assert run("reload")[1] == "endpoints with a policy: chat-llm\n"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("advance", "soon"), 2, "no duration"),
        (("advance", "0s"), 1, "at most 30 days"),
        (("approve", "nobody"), 1, "nobody"),
        (("approve", "chat-llm", "--good", "--slow"), 2, "choose one of --good and --slow"),
        (("approve", "chat-llm", "5"), 2, "belongs to --failing"),
        (("reject", "chat-llm", "99"), 1, "has no version 99"),
        (("traffic", "nobody", "5"), 1, "nobody"),
        (("fault", "fire"), 2, "fault --list"),
        (("fault", "delay-events", "soon", "1"), 2, "no duration"),
        (("fault", "lose-events", "0"), 1, "events"),
        (("fault", "alarm", "nobody", "ALARM"), 1, "nobody"),
    ],
)
def test_what_makes_no_sense_ends_with_a_line_that_says_so(
    run: Run, words: tuple[str, ...], code: int, says: str
) -> None:
    ended, out, err = run(*words)

    assert ended == code
    assert out == ""
    assert says in err
    assert err.startswith("pointsman local ")
    assert len(err.splitlines()) == 1


def test_another_world_in_the_same_folder_is_refused(run: Run, up: Upkept) -> None:
    code, _, err = run("up")

    assert code == 1
    assert f"a local world runs already at {up.said['address']}" in err


def test_a_taken_port_is_named(run: Run, up: Upkept, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    code, _, err = run("up", "--port", up.said["address"].rpartition(":")[2])

    assert code == 1
    assert "a local world runs there; choose another --port" in err


def test_a_shell_that_still_names_a_world_that_is_gone_is_told_where_the_new_one_is(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POINTSMAN_LOCAL", "http://127.0.0.1:9")

    code, _, err = run("status")

    assert code == 3
    assert "another world runs: source .pointsman/local.env" in err
