"""`pointsman plan` as people call it: what it prints, how it exits, what it says to bad input."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from rich.console import Console

import cli.plan
from cli.options import Where
from cli.plan_view import print_plan
from pointsman.account import Account
from pointsman.adapters.aws.identity import Identity
from pointsman.core.guard_alarms import AlarmDetail
from pointsman.core.release_plan import plan_release
from tests.core.builders import plan as a_plan
from tests.core.plan_facts import around, facts, policy, watching
from tests.functions.account import ENDPOINT, package
from tests.functions.world import Here, installed

POLICY = f"""
endpoint: {ENDPOINT}
model_package_group: fraud-detector
owner: {{team: risk}}
serve: {{instance_type: ml.c7i.large, instance_count: 2}}
rollout:
  steps: [50, 100]
  bake: {{min: 5m, max: 30m}}
health:
  errors: {{max_percent: 5}}
  latency: {{slow_over: 5s, max_percent: 5}}
  min_requests: 20
"""


@dataclass(frozen=True, slots=True)
class There(Where):
    """The account of a world."""

    account: Account | None = None

    def open(self) -> Account:
        assert self.account is not None
        return self.account


@pytest.fixture
def here() -> Iterator[Here]:
    with installed() as installation:
        installation.kernel.advance(timedelta(hours=2))
        yield installation


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    (tmp_path / "fraud.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def ask(here: Here, policies: Path, endpoint: str = ENDPOINT, **options: Any) -> int:
    identity = Identity("111122223333", "arn:aws:iam::111122223333:user/approver", here.kernel.now)
    there = There(account=Account("us-east-1", identity, boto3.DEFAULT_SESSION))
    return cli.plan.plan(endpoint, policies=policies, where=there, **options)


def test_it_ends_in_ready_and_exits_with_0(
    here: Here, policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here.judge_in_registry("Approved")

    assert ask(here, policies) == 0

    said = capsys.readouterr()
    assert said.out.startswith(f"release    {ENDPOINT}: version 7 in place of 1, canary 50 -> 100 %\n")
    assert said.out.endswith("Ready.\n")
    assert said.err == ""
    assert here.changing_calls() == []


def test_what_is_missing_is_listed_and_it_exits_with_1(
    here: Here, policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here.kernel.quota["ml.c7i.large"] = 5

    assert ask(here, policies, version=4) == 1

    said = capsys.readouterr().out
    assert "Not ready: 2 things missing." in said
    assert "1. version 4 waits for its approval" in said
    assert "2. quota 'ml.c7i.large for endpoint usage' is 5; the peak needs 6" in said


def test_a_program_gets_one_object(here: Here, policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(here, policies, as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert told["ready"] is False
    assert told["version"]["package"] == package(7)
    assert told["instances"]["peak"] == 6
    assert [each["instances"] for each in told["instances"]["stages"]] == [2, 6, 4, 6, 2]
    assert told["times"]["expected"]["steps"][0]["percent"] == 50
    assert told["times"]["earliest"]["promoted"] < told["times"]["latest"]["promoted"]
    assert told["cost"]["earliest"]["usd"] < told["cost"]["latest"]["usd"]
    assert told["cost"]["list_price_of"] == "2026-09-27"
    assert told["fleet"] == {
        "low_s": 300,
        "usual_s": 480,
        "high_s": 900,
        "grounds": "assumed",
        "times_measured": 0,
    }


def test_what_is_known_better_can_be_given(
    here: Here, policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = f"{here.kernel.now + timedelta(hours=5):%Y-%m-%dT%H:%M}"

    ask(here, policies, fleet_minutes="3-4", price_per_hour=10.0, at=at)

    said = capsys.readouterr().out
    assert "a fleet starts in 3 min to 4 min (given)" in said
    assert "price as given" in said
    assert f"from Fri {at.replace('T', ' ')} UTC" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"at": "tomorrow"}, "--at tomorrow: write it as 2026-11-24T08:00"),
        ({"at": "2020-01-01T00:00"}, "--at 2020-01-01 00:00 UTC is over; now it is"),
        ({"fleet_minutes": "soon"}, "write minutes, as 6 or 4-8"),
        ({"fleet_minutes": "8-4"}, "the smaller number first"),
        ({"fleet_minutes": "0"}, "more than 0"),
        ({"price_per_hour": -1.0}, "not below 0"),
        ({"price_per_hour": float("nan")}, "not below 0"),
        ({"version": 99}, "has no version 99"),
        ({"endpoint": "Fraud-Prd"}, "no policy for endpoint Fraud-Prd; did you mean Fraud-Prod?"),
    ],
)
def test_a_wrong_call_is_told_in_one_line_and_exits_with_2(
    here: Here, policies: Path, options: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(here, policies, **options) == 2

    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_a_policy_with_mistakes_is_not_planned_on(
    here: Here, policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (policies / "fraud.yaml").write_text(POLICY.replace("[50, 100]", "[50, 90]"), encoding="utf-8")

    assert ask(here, policies) == 2

    assert "the policy of Fraud-Prod has mistakes" in capsys.readouterr().err


def test_mistakes_in_other_files_are_mentioned(
    here: Here, policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (policies / "other.yaml").write_text("endpoint: [", encoding="utf-8")

    ask(here, policies)

    told = capsys.readouterr()
    assert "1 of 2 policy files have mistakes" in told.err
    assert "Not ready" in told.out


def test_aws_that_may_not_be_asked_exits_with_3(
    here: Here, policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here.kernel.faults.fail("sagemaker", "DescribeEndpoint", "AccessDeniedException", "not yours", times=9)

    assert ask(here, policies) == 3

    assert "Ask for this permission" in capsys.readouterr().err


def test_a_quota_that_may_not_be_read_is_named(
    here: Here, policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here.judge_in_registry("Approved")
    here.kernel.faults.fail("service-quotas", "ListServiceQuotas", "AccessDeniedException", "no", times=9)

    assert ask(here, policies) == 0

    said = capsys.readouterr().out
    assert "limit not known: not checked" in said
    assert "not read   quotas: ListServiceQuotas sagemaker: AccessDeniedException: no" in said
    assert said.endswith("Ready, as far as could be read.\n")


@pytest.mark.parametrize("width", [60, 70, 100, 200])
def test_on_a_terminal_it_fits_any_width_and_loses_nothing(width: int) -> None:
    alarms = {"fraud-5xx": AlarmDetail(watching(), missing_data="breaching")}
    everything = facts(
        policy=policy(a_plan(gates=(50,))), around=around(alarms=alarms, unread=("quotas: denied",))
    )
    out = io.StringIO()

    print_plan(
        plan_release(everything), Console(file=out, width=width, force_terminal=True, color_system=None)
    )

    said = out.getvalue()
    assert max(len(line) for line in said.splitlines()) <= min(width, 160)
    assert "…" not in said
    words = " ".join(said.split())
    for expected in (
        "Instances",
        "Alarms",
        "Taken back",
        "To know",
        "Not read",
        "Not ready: 1 thing missing.",
    ):
        assert expected in words
