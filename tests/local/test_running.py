"""A world that stays up: time passes in turns, at its speed or when told to, and ends when it is told to."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest

from local.running import LONGEST_BEAT_S, Closed, Running
from pointsman.wiring import current_world
from tests.local.worlds import small_world

MINUTE = timedelta(minutes=1)


def test_what_stands_is_adopted_and_has_a_past_before_anybody_sees_it(world: Running) -> None:
    here = world.here
    answer = here.client("cloudwatch").get_metric_data(
        MetricDataQueries=[
            {
                "Id": "requests",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SageMaker",
                        "MetricName": "Invocations",
                        "Dimensions": [
                            {"Name": "EndpointName", "Value": "chat-llm"},
                            {"Name": "VariantName", "Value": "AllTraffic"},
                        ],
                    },
                    "Period": 86_400,
                    "Stat": "Sum",
                },
            }
        ],
        StartTime=here.kernel.now - timedelta(days=6),
        EndTime=here.kernel.now,
    )

    assert all(here.world.store.get_lane(endpoint).adopted for endpoint in here.policies.endpoints())
    assert len(answer["MetricDataResults"][0]["Values"]) >= 6
    assert here.dispatcher.dead == []


def test_time_passes_a_minute_in_each_turn(world: Running) -> None:
    begun = world.here.kernel.now

    moments = list(world.advance(timedelta(minutes=2, seconds=30)))

    assert moments[-1] == begun + timedelta(minutes=2, seconds=30)
    assert all(moment.second == 0 for moment in moments[:-1])
    assert 3 <= len(moments) <= 4


def test_others_have_their_turn_while_time_passes(world: Running) -> None:
    seen = []
    for _ in world.advance(3 * MINUTE):
        with world.turn() as here:
            seen.append(here.kernel.now)

    assert len(set(seen)) == len(seen) >= 3


def test_a_handler_that_runs_in_another_thread_finds_the_world(world: Running) -> None:
    found = []

    def look() -> None:
        with world.turn():
            found.append(current_world())

    thread = Thread(target=look)
    thread.start()
    thread.join()

    assert found == [world.here.world]


def test_at_a_speed_time_follows_the_clock_on_the_wall() -> None:
    with small_world(speed=60) as world:
        begun = world.here.kernel.now

        world.beat(0.5)
        world.beat(10 * LONGEST_BEAT_S)

        assert world.here.kernel.now - begun == timedelta(seconds=60 * (0.5 + LONGEST_BEAT_S))


def test_at_speed_0_time_stands_still(world: Running) -> None:
    begun = world.here.kernel.now

    world.beat(1.0)

    assert world.here.kernel.now == begun


def test_time_stops_passing_when_the_world_shall_end(world: Running) -> None:
    begun = world.here.kernel.now

    for _ in world.advance(60 * MINUTE):
        world.stopping.set()

    assert world.here.kernel.now <= begun + MINUTE


def test_nothing_is_done_in_a_world_that_has_ended(world: Running) -> None:
    world.close()

    with pytest.raises(Closed), world.turn():
        pass
