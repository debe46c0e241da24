"""What the benchmark claims of calls holds in the local world too: the same handlers, counted by the same tally."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.tick.baking import MINUTE, brought_to_bake, policies_of
from benchmarks.tick.measure import due_event, tick_event
from benchmarks.tick.worker import Tally, measured
from functions import rollout_due, rollout_tick
from local.installation import Installation, KernelClock
from pointsman import wiring
from pointsman.core.phases import Phase

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Json = dict[str, Any]


class Counted:
    """An installation in which rollouts bake, its world made anew of clients that are counted."""

    def __init__(self, here: Installation) -> None:
        self.here, self.tally = here, Tally()
        clock = KernelClock(here.kernel)
        world = wiring.build(
            here.settings,
            lambda service, _: self.tally.listen(here.wire.client(service)),
            clock,
            here.policies,
        )
        wiring.install(world)

    def tick(self) -> Json:
        return measured(rollout_tick.handler, tick_event(), self.tally)

    def passes(self) -> list[Json]:
        """A minute later, as the next tick asks for them."""
        self.here.kernel.advance(MINUTE)
        endpoints = self.here.policies.endpoints()
        return [measured(rollout_due.handler, due_event(each), self.tally) for each in endpoints]


@pytest.fixture(scope="module", params=[1, 3])
def counted(request: pytest.FixtureRequest) -> Iterator[Counted]:
    with brought_to_bake(policies_of(request.param), NOW) as here:
        yield Counted(here)


def test_a_tick_asks_for_every_rollout_and_makes_the_same_few_calls(counted: Counted) -> None:
    ticked = counted.tick()
    assert ticked["answer"] == {"due": len(counted.here.policies.endpoints()), "sent": 0, "journalled": 0}
    assert ticked["calls"] == {"ReceiveMessage": 1, "Query": 2, "SendMessageBatch": 1}
    assert ticked["queried_bytes"] > 0


def test_every_pass_reads_all_of_its_metrics_in_one_call(counted: Counted) -> None:
    for taken in counted.passes():
        assert taken["answer"]["phase"] == Phase.BAKING
        assert taken["metrics"] == [14]
        assert taken["calls"] == {
            "GetItem": 2,
            "DescribeEndpoint": 1,
            "DescribeEndpointConfig": 1,
            "DescribeAlarms": 1,
            "DescribeModelPackage": 1,
            "GetMetricData": 1,
            "PutItem": 1,
            "BatchWriteItem": 1,
        }
