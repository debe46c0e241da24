"""The facade: time, calls, events, and worlds that repeat themselves and share nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, refused, variant
from twin.kernel import Kernel
from twin.traffic import Profile


def story(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], object]:
    """A release with traffic; returns what was delivered, what was answered, and the tally."""
    cloud = Cloud(seed)
    cloud.model("old", Profile(error_rate=0.05))
    cloud.model("new", Profile(error_rate=0.2))
    cloud.serving()
    cloud.send(per_minute=20, minutes=60)
    cloud.config("next", variant("stable", "old", 2, 0.8), variant("candidate", "new", 1, 0.2))
    cloud.kernel.faults.lose_events(0.3)
    cloud.update("next")
    answers = []
    for _ in range(12):
        cloud.pass_minutes(5)
        answers += [cloud.endpoint(), {"p99": cloud.metric("ModelLatency", "p99")}]
    return cloud.events, answers, cloud.kernel.served(ENDPOINT)


def test_the_same_seed_and_calls_give_the_same_events_and_answers() -> None:
    assert story(3) == story(3)


def test_another_seed_gives_another_story() -> None:
    assert story(3)[1] != story(4)[1]


def test_two_worlds_share_nothing(live: Cloud) -> None:
    other = Cloud()
    live.kernel.faults.fail("sagemaker", "*", "ThrottlingException")
    assert other.call("ListEndpoints")["Endpoints"] == []
    other.kernel.quota["ml.m5.large"] = 1
    other.kernel.profiles["old"] = Profile(dead=True)
    assert live.kernel.quota == {}
    assert not live.kernel.profiles["old"].dead


def test_time_begins_where_it_is_told_and_is_utc() -> None:
    kernel = Kernel(start=datetime.fromisoformat("2026-11-20T16:00:00+02:00"))
    assert kernel.now == datetime(2026, 11, 20, 14, tzinfo=UTC)
    assert kernel.now.tzinfo is UTC


def test_a_start_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Kernel(start=datetime(2026, 11, 20, 14))  # noqa: DTZ001


def test_time_does_not_go_back(live: Cloud) -> None:
    with pytest.raises(ValueError, match="does not go back"):
        live.kernel.advance(timedelta(seconds=-1))


def test_nothing_is_due_in_an_empty_world(cloud: Cloud) -> None:
    assert cloud.kernel.next_due() is None


def test_stepping_from_due_to_due_reaches_the_end_of_a_change(live: Cloud) -> None:
    live.config("next", variant("stable", "new"))
    live.update("next")
    while (due := live.kernel.next_due()) is not None:
        live.kernel.advance_to(due)
    assert live.status() == "InService"
    assert live.statuses() == ["UPDATING", "IN_SERVICE"]


def test_events_arrive_when_they_are_due_and_not_before(live: Cloud) -> None:
    live.weigh(stable=2.0)
    assert live.statuses() == []
    live.kernel.advance(timedelta(seconds=1))
    assert live.statuses() == ["UPDATING"]


def test_a_subscriber_may_call(live: Cloud) -> None:
    def answer(event: dict[str, Any]) -> None:
        if (
            event["detail"]["EndpointStatus"] == "IN_SERVICE"
            and event["detail"]["EndpointConfigName"] == "next"
        ):
            live.weigh(stable=3.0)

    live.kernel.subscribe(answer)
    live.config("next", variant("stable", "new"))
    live.update("next")
    live.kernel.advance_to(live.kernel.now + timedelta(minutes=6, seconds=2))
    assert live.seen("stable")["DesiredWeight"] == 3.0


def test_a_subscriber_cannot_advance_time(live: Cloud) -> None:
    def advance(event: dict[str, Any]) -> None:
        live.kernel.advance(timedelta(minutes=1))

    live.kernel.subscribe(advance)
    live.weigh(stable=2.0)
    with pytest.raises(RuntimeError, match="cannot be advanced"):
        live.pass_minutes(1)


def test_a_subscriber_cannot_change_what_others_get(live: Cloud) -> None:
    seen: list[dict[str, Any]] = []
    live.kernel.subscribe(lambda event: event["detail"].clear())
    live.kernel.subscribe(seen.append)
    live.weigh(stable=2.0)
    live.pass_minutes(1)
    assert all(event["detail"] for event in seen)


def test_every_call_is_kept_the_refused_too(live: Cloud) -> None:
    live.kernel.calls.clear()
    refused(lambda: live.update("nobody"))
    params = {"EndpointName": ENDPOINT, "EndpointConfigName": "nobody"}
    assert list(live.kernel.calls) == [(live.kernel.now, "sagemaker", "UpdateEndpoint", params)]


def test_an_operation_it_does_not_know_is_refused(live: Cloud) -> None:
    error = refused(lambda: live.call("CreateTrainingJob"))
    assert (error.code, error.status) == ("UnknownOperationException", 404)
