"""docs/cost.md shows what the counts and the prices come to, and idle stays what was promised."""

from __future__ import annotations

import json

import pytest

from benchmarks.month_cost import COUNTS, USD, idle_parts, month, one_release, tables
from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
COUNTED = json.loads(COUNTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", tables(COUNTED).strip().split("\n\n"))
def test_the_page_shows_what_the_counts_come_to(table: str) -> None:
    assert table in PAGE, "renew it: python -m benchmarks.month_cost"


def test_a_release_costs_what_the_page_says() -> None:
    assert f"costs {one_release(COUNTED):.4f} USD" in PAGE
    assert f"{COUNTED['release']['minutes']:.0f} minutes long" in PAGE


def test_an_idle_month_is_below_five_dollars() -> None:
    assert sum(idle_parts(COUNTED).values()) < 5
    assert set(month(COUNTED, 0).values()) == {sum(idle_parts(COUNTED).values()), 0.0}


def test_the_page_shows_what_was_counted() -> None:
    hour, release = COUNTED["idle hour, 10 endpoints"], COUNTED["release"]
    rows = {
        "starts of functions": [sum(each["invocations"].values()) for each in (hour, release)],
        "DynamoDB, read units": [round(each["dynamodb_read_units"]) for each in (hour, release)],
        "DynamoDB, write units": [round(each["dynamodb_write_units"]) for each in (hour, release)],
        "SQS, requests of the functions": [
            sum(count for name, count in each["calls"].items() if name.startswith("sqs:"))
            for each in (hour, release)
        ],
        "metrics read": [each["metrics_read"] for each in (hour, release)],
        "messages published": [each["calls"].get("sns:Publish", 0) for each in (hour, release)],
        "events put on the bus": [each["events_put"] for each in (hour, release)],
        "log, KB": [round(each["log_bytes"] / 1000) for each in (hour, release)],
    }
    for name, (idle, released) in rows.items():
        assert f"| {name} | {idle} | {released} |" in PAGE


def test_every_price_that_is_used_is_above_nothing() -> None:
    assert all(usd > 0 for usd in USD.values())
