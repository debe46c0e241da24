"""`pointsman adopt --report`: the account in rows, what is left out, what to do first; on every width, in a pipe, for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console

from cli.adopt import Asked, adopt
from cli.adopt_report import print_report
from cli.adopt_rows import report_of
from local.kinds import SAMPLES
from pointsman.account import Account
from pointsman.adapters.aws.identity import Identity
from tests.worlds.fleet import NOW, Here, Standing, standing
from tests.worlds.kernel_client import KernelClient
from twin.kernel import Kernel

Captured = pytest.CaptureFixture[str]
HIDDEN = {sample.name for sample in SAMPLES if not sample.takes_canary and not sample.risks}


@pytest.fixture(scope="module")
def fleet() -> Iterator[Standing]:
    with standing() as here:
        yield here


@pytest.fixture
def account(fleet: Standing) -> Iterator[Standing]:
    yield fleet
    fleet.allow()


def report(account: Standing, **asked: Any) -> int:
    as_json = asked.pop("as_json", False)
    return adopt(asked=Asked(report=True, **asked), as_json=as_json, where=account.where)


def drawn(account: Standing, width: int) -> list[str]:
    """The report on a terminal of that width."""
    screen = Console(
        file=io.StringIO(),
        force_terminal=True,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
        no_color=True,
    )
    sights = account.account.survey().look_at_all(lambda *_: None)
    print_report(screen, report_of(sights, everything=True), account.account)
    text: str = screen.file.getvalue()  # type: ignore[attr-defined]
    return text.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()


def test_a_pipe_gets_one_line_for_each_endpoint_under_a_heading(account: Standing, capsys: Captured) -> None:
    assert report(account) == 0
    heading, *lines = capsys.readouterr().out.split("\n\n")[0].splitlines()
    assert heading.split("  ")[0] == "endpoint"
    shown = [line.split("  ")[0] for line in lines]
    assert shown == sorted({sample.name for sample in SAMPLES} - HIDDEN)
    row = next(line for line in lines if line.startswith("lab-alone"))
    assert [cell.strip() for cell in row.split("  ") if cell.strip()] == [
        "lab-alone",
        "autoscaled",
        "1 x ml.c7i.large",
        "canary with limits",
        "unknown",
        "none",
        "alarm never fires, one instance, scaling cannot scale, no owner",
    ]


def test_the_rest_is_counted_and_shown_on_request(account: Standing, capsys: Captured) -> None:
    report(account)
    assert f"Not shown: {len(HIDDEN)} endpoints that cannot be adopted yet" in capsys.readouterr().out
    report(account, everything=True)
    out = capsys.readouterr().out
    assert "Not shown" not in out
    assert "ranking-shadow" in out


def test_it_ends_with_what_to_do_first_the_worst_first(account: Standing, capsys: Captured) -> None:
    report(account)
    ending = capsys.readouterr().out.partition("What to do first\n")[2].splitlines()
    assert ending[0] == (
        "  1. failed: tax-failed. It serves nobody, and SageMaker allows nothing but deleting it: delete it and create it anew."
    )
    assert ending[1].startswith("  2. mixed: tax-mixed. ")
    assert any(
        "22 of 39" in line or "endpoints can be rolled out by canary as they are" in line for line in ending
    )
    assert ending[-1].endswith("Nothing was changed.")


@pytest.mark.parametrize("width", [60, 70, 120, 200])
def test_no_line_is_wider_than_the_terminal_but_those_to_be_copied_whole(
    account: Standing, width: int
) -> None:
    lines = drawn(account, width)
    longest = max((line.rstrip() for line in lines if not line.startswith("Not shown")), key=len)
    assert len(longest) <= width, longest


@pytest.mark.parametrize("width", [70, 200])
def test_every_endpoint_and_every_risk_can_be_read_on_every_width(account: Standing, width: int) -> None:
    text = " ".join(" ".join(drawn(account, width)).split())
    for sample in SAMPLES:
        assert sample.name in text
        assert all(risk.value in text for risk in sample.risks)


def test_json_tells_of_every_endpoint_and_what_to_do_first(account: Standing, capsys: Captured) -> None:
    assert report(account, everything=True, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["account"], told["region"], told["not_shown"], told["unread"]) == (
        "111122223333",
        "us-east-1",
        0,
        [],
    )
    assert told["read_at"] == "2026-11-20T14:20:00+00:00"
    rows = {row["endpoint"]: row for row in told["endpoints"]}
    assert len(rows) == len(SAMPLES)
    assert rows["by-terraform"]["owned_by"]["name"] == "Terraform"
    assert rows["reports-async"]["takes_canary"] is False
    assert rows["reports-async"]["strategy"] == "none yet (rolling, blue/green, linear)"
    assert told["do_first"][0]["endpoints"] == ["tax-failed"]
    assert "fraud-plain" in told["adoptable"]


def test_csv_has_a_line_for_each_endpoint(account: Standing, capsys: Captured) -> None:
    assert report(account, everything=True, csv=True) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["endpoint"] for row in rows] == sorted(sample.name for sample in SAMPLES)
    alone = next(row for row in rows if row["endpoint"] == "lab-alone")
    assert alone["at_risk"].split("; ")[1:3] == [
        "it runs on one instance",
        "variant AllTraffic is scaled between 1 and 1",
    ]


def test_a_spreadsheet_is_given_no_formula(account: Standing, capsys: Captured) -> None:
    arn = account.kernel.call("sagemaker", "DescribeEndpoint", {"EndpointName": "by-nobody"})["EndpointArn"]
    account.kernel.stamp_tags(arn, {"team": "=1+2"})
    report(account, csv=True)
    assert "'=1+2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("service", "operation", "costs"),
    [
        ("sagemaker", "ListTags", "sagemaker:ListTags: owned in code by, team"),
        ("cloudwatch", "DescribeAlarms", "cloudwatch:DescribeAlarms: at risk (alarms)"),
        ("sagemaker", "DescribeModelPackage", "sagemaker:DescribeModelPackage: at risk (versions"),
    ],
)
def test_a_denied_call_costs_its_column_and_not_the_report(
    account: Standing, capsys: Captured, service: str, operation: str, costs: str
) -> None:
    account.deny(service, operation)
    assert report(account, everything=True) == 0
    out = capsys.readouterr().out
    assert costs in out
    assert all(sample.name in out for sample in SAMPLES)


def test_without_tags_owner_and_team_say_that_they_were_not_read(account: Standing, capsys: Captured) -> None:
    account.deny("sagemaker", "ListTags")
    report(account)
    rows = capsys.readouterr().out.split("\n\n")[0].splitlines()[1:]
    assert all(row.count("not read") == 2 for row in rows)


def test_without_the_list_there_is_no_report_and_it_says_what_to_ask_for(
    account: Standing, capsys: Captured
) -> None:
    account.deny("sagemaker", "ListEndpoints")
    assert report(account) == 3
    assert "sagemaker:ListEndpoints is not allowed. Ask for this permission" in capsys.readouterr().err


def test_the_report_changes_nothing(account: Standing, capsys: Captured) -> None:
    account.begin()
    report(account, everything=True)
    assert account.writes() == []
    assert len(account.calls()) > len(SAMPLES)


def test_an_empty_account_says_where_it_looked(capsys: Captured) -> None:
    class Session:
        def client(self, service: str, config: object = None) -> KernelClient:
            return KernelClient(Kernel(), service)

    nobody = Account("eu-west-3", Identity("111122223333", "arn", NOW), Session())
    assert adopt(asked=Asked(report=True), where=Here(account=nobody)) == 0
    assert "No endpoints in account 111122223333, eu-west-3" in capsys.readouterr().out
