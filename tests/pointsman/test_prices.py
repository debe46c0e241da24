"""List prices and accelerators that ship with the product: dated, with their source, and none made up."""

import json
import re
from datetime import date
from typing import Any

import pytest

from pointsman.prices import SHIPPED, Accelerators, Price, find_accelerators, find_price

SHIPPED_PRICES: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
LISTS = [(region, each) for region, lists in SHIPPED_PRICES["regions"].items() for each in lists]


def test_a_price_is_found_with_its_date() -> None:
    assert find_price("us-east-1", "ml.m5.xlarge") == Price(0.23, date(2026, 9, 27))


def test_what_was_not_found_for_hosting_itself_has_no_price() -> None:
    assert find_price("eu-west-3", "ml.g4dn.xlarge") == Price(0.861, date(2026, 10, 4))
    assert find_price("eu-west-3", "ml.m5.xlarge") is None


@pytest.mark.parametrize(
    ("region", "kind"),
    [("mars-north-1", "ml.m5.xlarge"), ("us-east-1", "ml.unheard.large"), ("us-east-1", "")],
)
def test_what_is_not_known_has_no_price(region: str, kind: str) -> None:
    assert find_price(region, kind) is None


def test_accelerators_are_known_by_type() -> None:
    assert find_accelerators("ml.g5.12xlarge") == Accelerators(4, "NVIDIA A10G")
    assert find_accelerators("ml.m5.xlarge") is None


@pytest.mark.parametrize(("region", "listed"), LISTS, ids=[f"{r}-{each['as_of']}" for r, each in LISTS])
def test_every_list_is_dated_sourced_and_plausible(region: str, listed: dict[str, Any]) -> None:
    assert date.fromisoformat(listed["as_of"]) <= date(2026, 11, 30)
    assert listed["source"]
    assert all(re.fullmatch(r"ml\.[a-z0-9]+\.[a-z0-9]+", kind) for kind in listed["usd_per_hour"])
    assert all(0.01 < usd < 200 for usd in listed["usd_per_hour"].values())


def test_a_region_lists_no_type_twice() -> None:
    for region, lists in SHIPPED_PRICES["regions"].items():
        kinds = [kind for each in lists for kind in each["usd_per_hour"]]
        assert len(kinds) == len(set(kinds)), region
