"""The ledger: limits on totals, and how long instances ran."""

from __future__ import annotations

import pytest

from tests.twin.cloud import ENDPOINT, TYPE, Cloud, refused, variant

IN_ACCOUNT = "Number of instances across active endpoints"
PER_ENDPOINT = "Maximum number of instances per endpoint"


def test_old_and_new_fleet_count_against_the_totals(live: Cloud) -> None:
    live.config("next", variant("stable", "new", 2))
    for name in (IN_ACCOUNT, PER_ENDPOINT):
        live.kernel.quota[name] = 3
        error = refused(lambda: live.update("next"))
        assert (error.code, name in error.message) == ("ResourceLimitExceeded", True)
        live.kernel.quota[name] = 4
    live.update("next")


def test_the_total_of_the_account_counts_every_endpoint_that_of_one_its_own(live: Cloud) -> None:
    live.kernel.quota[PER_ENDPOINT] = 2
    live.call("CreateEndpoint", EndpointName="other", EndpointConfigName="first")
    live.kernel.quota[IN_ACCOUNT] = 5
    third = {"EndpointName": "third", "EndpointConfigName": "first"}
    assert refused(lambda: live.call("CreateEndpoint", **third)).code == "ResourceLimitExceeded"
    assert refused(lambda: live.resize("stable", 3)).code == "ResourceLimitExceeded"


def test_hours_are_counted_from_each_launch_to_each_end(live: Cloud) -> None:
    assert live.kernel.instance_hours(ENDPOINT) == {TYPE: pytest.approx(2 * 10 / 60)}
    live.config("next", variant("stable", "new", 3, InstanceType="ml.g5.xlarge"))
    live.update("next")
    started = live.kernel.now
    while live.status() == "Updating":
        live.kernel.advance_to(live.kernel.next_due() or live.kernel.now)
    both = (live.kernel.now - started).total_seconds() / 3600
    live.pass_minutes(60)
    assert live.kernel.instance_hours(ENDPOINT) == {
        TYPE: pytest.approx(2 * (10 / 60 + both)),
        "ml.g5.xlarge": pytest.approx(3 * (both + 1)),
    }
    assert live.kernel.peak_of(ENDPOINT, TYPE) == 2
    assert live.kernel.peak_of(ENDPOINT, "ml.g5.xlarge") == 3
    assert live.kernel.peak_instances(ENDPOINT) == 5


def test_hours_stay_when_the_endpoint_is_gone(live: Cloud) -> None:
    live.call("DeleteEndpoint", EndpointName=ENDPOINT)
    before = live.kernel.instance_hours(ENDPOINT)
    live.pass_minutes(60)
    assert live.kernel.instance_hours(ENDPOINT) == before
    assert live.kernel.instance_hours("nobody") == {}
    assert live.kernel.peak_of("nobody", TYPE) == 0
