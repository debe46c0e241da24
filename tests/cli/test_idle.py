"""`pointsman idle report`: as text on every width, for programs, for spreadsheets, as a page; and what it leaves alone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli.idle import Shown, report
from cli.idle_page import page
from cli.idle_reading import looked
from cli.idle_report import print_report
from cli.idle_rows import report_of
from local.usages import USAGES
from pointsman.account import Account
from pointsman.core.idle_finding import Verdict
from pointsman.errors import Denied
from tests.cli.account_there import Remembering, There
from tests.cli.pages import parsed
from tests.worlds.fleet import Standing
from tests.worlds.usages import Remembered, used

Captured = pytest.CaptureFixture[str]
NAMES = {verdict: {usage.name for usage in USAGES if usage.verdict is verdict} for verdict in Verdict}


@pytest.fixture(scope="module")
def fleet() -> Iterator[Standing]:
    with used() as standing:
        real = standing.account
        known = Remembered(real.hosting())
        standing.account = Remembering(real.region, real.identity, real.session, remembered=known)
        yield standing


def told(fleet: Standing, capsys: Captured, **asked: Any) -> str:
    reach = asked.pop("reach", There(account=fleet.account))
    assert report(reach=reach, **asked) == 0
    return capsys.readouterr().out


def drawn(fleet: Standing, width: int) -> list[str]:
    screen = Console(
        file=io.StringIO(),
        force_terminal=True,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
        no_color=True,
    )
    found = looked(There(account=fleet.account).open(), 14, None, everything=False)
    print_report(screen, report_of(found, fleet.account, everything=False), fleet.account)
    text: str = screen.file.getvalue()  # type: ignore[attr-defined]
    return [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in text.splitlines()]


def test_a_pipe_gets_one_line_for_each_that_is_idle_underused_or_unknown(
    fleet: Standing, capsys: Captured
) -> None:
    out = told(fleet, capsys)
    heading, *lines = out.split("\n\n")[0].splitlines()
    shown = [line.split()[0] for line in lines]
    assert heading.split()[:2] == ["endpoint", "verdict"]
    assert set(shown) == NAMES[Verdict.IDLE] | NAMES[Verdict.UNDERUSED] | NAMES[Verdict.UNKNOWN]
    assert "  17 idle, 6 underused, 15 busy, 11 unknown, 13 exempt." in out
    assert "Nothing was changed, and nothing is stopped by this version." in out


def test_accelerators_come_first_and_the_dearest_before_the_others(fleet: Standing, capsys: Captured) -> None:
    rows = json.loads(told(fleet, capsys, as_json=True))["endpoints"]
    idle = [row for row in rows if row["verdict"] == "idle"]
    assert [row["accelerated"] for row in idle] == sorted((row["accelerated"] for row in idle), reverse=True)
    priced = [row["usd_per_month"] for row in idle if row["accelerated"] and row["usd_per_month"]]
    assert priced == sorted(priced, reverse=True)


def test_money_is_instances_times_price_and_nothing_where_there_is_none(
    fleet: Standing, capsys: Captured
) -> None:
    facts = json.loads(told(fleet, capsys, as_json=True))
    rows = {row["endpoint"]: row for row in facts["endpoints"]}
    assert rows["pools-quiet"]["instances"] == {"ml.g5.xlarge": 2}
    assert rows["pools-quiet"]["usd_per_month"] == pytest.approx(2 * 1.408 * 730, abs=0.01)
    assert rows["llm-stopped"]["usd_so_far"] == pytest.approx(20 * 24 * 1.408, abs=0.01)
    assert rows["shadowed"]["instances"] == {"ml.c7i.large": 3}
    assert rows["llm-unpriced"]["usd_per_month"] is None
    assert facts["unpriced"] == ["asynchronous hosting", "ml.g7e.48xlarge"]
    summed = sum(row["usd_per_month"] or 0 for row in rows.values() if row["verdict"] == "idle")
    assert facts["idle_usd_per_month"] == pytest.approx(summed, abs=0.1)


def test_json_tells_of_all_when_asked_to(fleet: Standing, capsys: Captured) -> None:
    facts = json.loads(told(fleet, capsys, as_json=True, shown=Shown(everything=True)))
    assert {row["endpoint"] for row in facts["endpoints"]} == {usage.name for usage in USAGES}
    assert facts["not_shown"] == 0


def test_a_spreadsheet_gets_a_line_for_each(fleet: Standing, capsys: Captured) -> None:
    lines = list(csv.DictReader(io.StringIO(told(fleet, capsys, shown=Shown(csv=True)))))
    found = {line["endpoint"]: line for line in lines}
    assert found["llm-zeros"]["verdict"] == "idle"
    assert found["llm-zeros"]["usd_per_month"] == "1027.84"
    assert found["llm-unpriced"]["usd_per_month"] == ""


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(fleet: Standing, width: int) -> None:
    longest = max(drawn(fleet, width), key=len)
    assert len(longest) <= width, longest


@pytest.mark.parametrize("width", [70, 200])
def test_every_row_can_be_read_on_every_width(fleet: Standing, width: int) -> None:
    text = "".join(" ".join(drawn(fleet, width)).split())
    for name in NAMES[Verdict.IDLE] | NAMES[Verdict.UNKNOWN]:
        assert name in text


def test_the_page_needs_nothing_else_and_shows_every_row(
    fleet: Standing, capsys: Captured, tmp_path: Path
) -> None:
    file = tmp_path / "idle.html"
    assert told(fleet, capsys, shown=Shown(html=file)) == f"Written: {file}\n"
    text = file.read_text(encoding="utf-8")
    found = parsed(text)
    assert "script" not in found.tags
    assert not {name for name, _ in found.attributes} & {"href", "src", "onclick", "onload"}
    assert all(name in found.text for name in NAMES[Verdict.IDLE])
    widths = [value for name, value in found.attributes if name == "style"]
    assert widths
    assert all(re.fullmatch(r"width: (100|\d{1,2})\.\d%", width) for width in widths)


def test_the_page_escapes_what_people_wrote(fleet: Standing) -> None:
    found = looked(There(account=fleet.account).open(), 14, None, everything=False)
    made = report_of(found, fleet.account, everything=False)
    for row in made.rows:
        object.__setattr__(row, "team", "</td><script>alert(1)</script>")
    assert "<script" not in page(made, fleet.account)


def test_a_rollout_under_way_is_left_alone(fleet: Standing, capsys: Captured) -> None:
    entry = {"endpoint": "llm-zeros", "rollout": "llm-zeros.v2", "phase": "NEEDS_HUMAN"}
    answer = {"ok": True, "rollouts": [entry], "next": None}
    out = told(
        fleet,
        capsys,
        as_json=True,
        shown=Shown(everything=True),
        reach=There(account=fleet.account, answer=answer),
    )
    [zeros] = [row for row in json.loads(out)["endpoints"] if row["endpoint"] == "llm-zeros"]
    assert (zeros["verdict"], zeros["reason"]) == (
        "exempt",
        "Pointsman is at work on it: rollout llm-zeros.v2 is NEEDS_HUMAN",
    )


def test_rollouts_that_may_not_be_read_are_said(fleet: Standing, capsys: Captured) -> None:
    reach = There(account=fleet.account, answer=Denied("lambda:InvokeFunction: no"))
    facts = json.loads(told(fleet, capsys, as_json=True, reach=reach))
    assert facts["unasked"].startswith("rollouts of installation pointsman not read: lambda:InvokeFunction")


def test_a_frozen_policy_leaves_its_endpoint_alone(fleet: Standing, capsys: Captured, tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[2] / "policies" / "chat-llm.yaml").read_text(encoding="utf-8")
    text = shipped.replace("endpoint: chat-llm", "endpoint: llm-zeros", 1)
    frozen = re.sub(r"^rollout:\n", "rollout:\n  freeze: year end\n", text, count=1, flags=re.MULTILINE)
    (tmp_path / "llm-zeros.yaml").write_text(frozen, encoding="utf-8")
    facts = json.loads(told(fleet, capsys, as_json=True, policies=tmp_path, shown=Shown(everything=True)))
    [zeros] = [row for row in facts["endpoints"] if row["endpoint"] == "llm-zeros"]
    assert zeros["reason"] == "Pointsman is at work on it: its policy is frozen: year end"


def test_policies_that_cannot_be_read_are_an_error(fleet: Standing, capsys: Captured, tmp_path: Path) -> None:
    assert report(policies=tmp_path / "none", reach=There(account=fleet.account)) == 3
    assert "pointsman policy check" in capsys.readouterr().err


def test_the_guide_names_every_permission_that_is_used(fleet: Standing, capsys: Captured) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "idle.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(?:sagemaker|cloudwatch):(\w+)` \|", guide, re.MULTILINE))
    fleet.begin()
    known = fleet.account
    afresh = Account(known.region, known.identity, known.session)
    told(fleet, capsys, shown=Shown(everything=True), reach=There(account=afresh))
    assert set(fleet.calls()) == named


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"days": 61},
        {"as_json": True, "shown": Shown(csv=True)},
        {"shown": Shown(csv=True, html=Path("x"))},
    ],
)
def test_a_wrong_call_says_what_is_wrong(fleet: Standing, capsys: Captured, wrong: dict[str, Any]) -> None:
    assert report(reach=There(account=fleet.account), **wrong) == 2
    assert capsys.readouterr().err.startswith("pointsman idle report: ")


def test_a_page_that_cannot_be_written_is_said(fleet: Standing, capsys: Captured, tmp_path: Path) -> None:
    assert report(reach=There(account=fleet.account), shown=Shown(html=tmp_path / "no" / "idle.html")) == 2
    assert "cannot be written" in capsys.readouterr().err
