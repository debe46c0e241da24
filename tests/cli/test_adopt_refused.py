"""What `pointsman adopt` says to a wrong call, an unknown name, missing permissions and no account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cli.adopt import Writing, adopt
from cli.app import main
from local.kinds import SAMPLES
from tests.worlds.fleet import Standing, standing

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def fleet() -> Iterator[Standing]:
    with standing([sample for sample in SAMPLES if sample.name == "fraud-plain"]) as here:
        yield here


@pytest.fixture
def account(fleet: Standing) -> Iterator[Standing]:
    yield fleet
    fleet.allow()


def run(account: Standing, name: str, **given: Any) -> int:
    writing = Writing(**{key: given.pop(key) for key in list(given) if key in Writing.__slots__})
    return adopt(name, writing=writing, where=account.where, **given)


def test_a_name_that_is_not_there_brings_close_ones(account: Standing, capsys: Captured) -> None:
    assert run(account, "fraud-plane") == 2
    assert capsys.readouterr().err == (
        "pointsman adopt: endpoint fraud-plane does not exist in account 111122223333, us-east-1; "
        "did you mean fraud-plain? pointsman adopt --report lists them\n"
    )


def test_close_names_need_a_permission_and_the_answer_does_not(account: Standing, capsys: Captured) -> None:
    account.deny("sagemaker", "ListEndpoints")
    assert run(account, "fraud-plane") == 2
    assert capsys.readouterr().err.endswith("does not exist in account 111122223333, us-east-1\n")


def test_what_may_not_be_read_is_named_with_what_it_would_tell(account: Standing, capsys: Captured) -> None:
    account.deny("cloudwatch", "GetMetricData")
    account.deny("sagemaker", "ListTags")
    assert run(account, "fraud-plain", team="risk") == 0
    out, err = capsys.readouterr()
    assert "sagemaker:ListTags: owner, team and tool" in err
    assert "guess: traffic was not read: cloudwatch:GetMetricData, so it rests on nothing" in out


def test_without_permission_for_the_endpoint_it_is_said_what_to_ask_for(
    account: Standing, capsys: Captured
) -> None:
    account.deny("sagemaker", "DescribeEndpoint")
    assert run(account, "fraud-plain") == 3
    assert "sagemaker:DescribeEndpoint is not allowed. Ask for this permission" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a b", "-x", "x" * 64, "a/b"])
def test_what_is_no_name_is_not_asked_for(account: Standing, capsys: Captured, name: str) -> None:
    account.begin()
    assert run(account, name) == 2
    assert "is no name of an endpoint" in capsys.readouterr().err
    assert account.calls() == []


@pytest.mark.parametrize(
    "argv",
    [
        ["adopt"],
        ["adopt", "x", "--report"],
        ["adopt", "--matrix", "--permissions"],
        ["adopt", "x", "--reprot"],
        ["adopt", "x", "--csv"],
        ["adopt", "x", "--all"],
        ["adopt", "--report", "--csv", "--json"],
        ["adopt", "--report", "--out", "x.yaml"],
        ["adopt", ""],
        ["adopt", "a", "b"],
    ],
)
def test_a_wrong_call_exits_with_2(argv: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_without_an_account_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(SystemExit) as ended:
        main(["adopt", "chat-llm", "--region", "eu-central-1"])
    assert ended.value.code == 3
    assert "no AWS credentials: give --profile" in capsys.readouterr().err
