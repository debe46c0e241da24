"""What idleness costs: instances of each type times their price, and no number where one is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pointsman.core.idle_cost import cost_of, has_accelerators
from pointsman.core.idle_finding import Finding, Verdict
from pointsman.hosted import Hosted, HostedVariant
from pointsman.policy import EndpointName
from pointsman.prices import Price

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PRICES = {"ml.g5.xlarge": Price(1.4, date(2026, 9, 27)), "ml.m5.large": Price(0.1, date(2026, 9, 1))}


def variant(name: str, *, is_shadow: bool = False, **by_type: int) -> HostedVariant:
    counts = {kind.replace("_", "."): count for kind, count in by_type.items()}
    return HostedVariant(name, sum(counts.values()), is_shadow=is_shadow, by_type=counts)


def idle(*variants: HostedVariant, is_async: bool = False, hours: float = 10) -> Finding:
    endpoint = Hosted(EndpointName("e"), "InService", NOW, NOW, "c", variants, is_async=is_async)
    return Finding(endpoint, Verdict.IDLE, "", idle_since=NOW - timedelta(hours=hours))


def test_every_variant_and_the_shadow_is_counted_by_its_type() -> None:
    finding = idle(
        variant("a", ml_g5_xlarge=2),
        variant("b", ml_m5_large=3),
        variant("copy", is_shadow=True, ml_g5_xlarge=1),
    )
    cost = cost_of(finding, PRICES.get, NOW)
    assert cost.per_hour == pytest.approx(3 * 1.4 + 3 * 0.1)
    assert cost.so_far == pytest.approx(45.0)
    assert cost.per_month == pytest.approx(4.5 * 730)
    assert cost.as_of == date(2026, 9, 1)


@pytest.mark.parametrize("kind", ["ml.p9.large", "ml.g5.tiny"])
def test_one_unknown_type_leaves_no_number(kind: str) -> None:
    odd = HostedVariant("a", 2, by_type={"ml.g5.xlarge": 1, kind: 1})
    cost = cost_of(idle(odd), PRICES.get, NOW)
    assert (cost.per_hour, cost.so_far, cost.per_month) == (None, None, None)
    assert cost.unpriced == (kind,)


def test_a_type_without_instances_needs_no_price() -> None:
    cost = cost_of(idle(variant("a", ml_g5_xlarge=1, ml_p9_large=0)), PRICES.get, NOW)
    assert cost.per_hour == pytest.approx(1.4)


def test_a_type_that_was_not_read_has_no_price() -> None:
    assert cost_of(idle(HostedVariant("a", 2)), PRICES.get, NOW).unpriced == ("types that were not read",)


def test_the_table_has_no_prices_of_asynchronous_hosting() -> None:
    cost = cost_of(idle(variant("a", ml_g5_xlarge=1), is_async=True), PRICES.get, NOW)
    assert (cost.per_hour, cost.unpriced) == (None, ("asynchronous hosting",))


@pytest.mark.parametrize(
    ("kind", "has"),
    [
        ("ml.g5.xlarge", True),
        ("ml.g6e.48xlarge", True),
        ("ml.p4de.24xlarge", True),
        ("ml.inf2.xlarge", True),
        ("ml.trn1.32xlarge", True),
        ("ml.m5.xlarge", False),
        ("ml.c7i.large", False),
        ("ml.r5.large", False),
        ("", False),
    ],
)
def test_accelerators_are_known_by_the_family(kind: str, has: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert has_accelerators(kind) is has
