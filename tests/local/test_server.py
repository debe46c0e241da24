"""Clients of other threads and processes reach a world on its port, many at once and while its time passes."""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.running import Running
from local.server import PortTaken, UnderWay, address_of, bound, served
from tests.local.worlds import small_world, told


@pytest.fixture(scope="module")
def up() -> Iterator[tuple[Running, str]]:
    """A world and its address."""
    with bound(0) as listener, small_world() as world, served(world, listener, io.StringIO()):
        yield world, address_of(listener)


def client(address: str, service: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - nobody checks it
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_a_function_that_is_invoked_finds_its_world_in_the_thread_of_the_request(
    up: tuple[Running, str],
) -> None:
    _, address = up

    answer = client(address, "lambda").invoke(FunctionName="pointsman-rollout-tick")

    assert "FunctionError" not in answer
    assert b'"due"' in answer["Payload"].read()


def test_many_clients_are_served_while_a_rollout_goes_on(up: tuple[Running, str]) -> None:
    world, address = up
    told(world, "approve", group="chat-llm", character="good")

    def look(_: int) -> str:
        chat = client(address, "sagemaker").describe_endpoint(EndpointName="chat-llm")
        client(address, "lambda").invoke(FunctionName="pointsman-rollout-tick")
        client(address, "dynamodb").scan(TableName="pointsman-audit")
        return str(chat["EndpointStatus"])

    with ThreadPoolExecutor(4) as pool:
        looks = pool.map(look, range(12))
        moments = list(world.advance(timedelta(minutes=12)))
        statuses = list(looks)

    assert set(statuses) <= {"InService", "Updating"}
    assert len(moments) >= 12
    assert world.here.dispatcher.dead == []
    status = told(world, "status")
    assert status["endpoints"][0]["rollout"]["phase"] in {"SHIFTING", "BAKING"}


def test_a_disabled_rule_is_seen_at_once(up: tuple[Running, str]) -> None:
    world, address = up
    heard: list[str] = []
    world.here.dispatcher.answered = lambda name, _answer: heard.append(name)

    client(address, "events").disable_rule(Name="pointsman-rollout-tick")
    told(world, "advance", duration_s=120)
    client(address, "events").enable_rule(Name="pointsman-rollout-tick")

    assert "rollout_tick" not in heard


def test_a_port_is_for_one_world() -> None:
    with bound(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)), bound(port):
            pass


def test_it_listens_to_this_machine_alone() -> None:
    with bound(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        assert listener.family is socket.AF_INET


def test_when_it_has_ended_nobody_listens() -> None:
    with bound(0) as listener:
        port = listener.getsockname()[1]
    with bound(port) as again:
        assert again.getsockname()[1] == port


def test_a_client_that_goes_away_is_not_waited_for() -> None:
    under_way = UnderWay()

    with contextlib.suppress(ConnectionResetError), under_way.one_more():
        assert not under_way.wait_for_none(0)
        raise ConnectionResetError

    assert under_way.wait_for_none(0)
