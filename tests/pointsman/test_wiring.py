"""The composition root: which client may repeat a call, and whose world a handler works in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pointsman import wiring
from pointsman.errors import Transient
from pointsman.policy import EndpointName
from pointsman.policy_book import PolicyBook
from pointsman.settings import Settings
from tests.functions.world import Here

SETTINGS = Settings("state", "audit", "due", "journal", "topic", "bus", Path("policies.json"))
ROOM = 60
"""Seconds that a function has."""


def built() -> list[tuple[str, Any]]:
    """Services and configurations of the clients that are made."""
    made: list[tuple[str, Any]] = []

    def clients(service: str, config: Any) -> Any:
        made.append((service, config))
        return object()

    wiring.build(SETTINGS, clients, wiring.SystemClock(), PolicyBook([], "111122223333"))
    return made


def attempts(config: Any) -> int:
    return int(config.retries["total_max_attempts"])


def test_what_changes_endpoints_and_what_asks_a_model_is_sent_once() -> None:
    made = built()
    assert sorted(attempts(config) for service, config in made if service == "sagemaker") == [1, 4]
    assert [attempts(config) for service, config in made if service == "sagemaker-runtime"] == [1]


def test_the_client_for_changes_is_the_one_that_changes(here: Here) -> None:
    serving: Any = here.world.serving
    assert attempts(serving._writes.meta.config) == 1
    assert attempts(serving._reads.meta.config) == 4


@pytest.mark.parametrize("service", sorted({service for service, _ in built()}))
def test_a_call_with_all_its_attempts_ends_before_the_function_does(service: str) -> None:
    for config in [config for name, config in built() if name == service]:
        assert (config.connect_timeout + config.read_timeout) * attempts(config) < ROOM


def test_a_table_that_does_not_answer_leaves_room_for_the_way_back_without_it() -> None:
    [config] = [config for service, config in built() if service == "dynamodb"]
    assert (config.connect_timeout + config.read_timeout) * attempts(config) <= 6


def test_a_read_that_failed_is_repeated_by_the_client(here: Here) -> None:
    here.kernel.faults.fail("sagemaker", "DescribeEndpoint", "ThrottlingException")
    here.approve()
    here.due()
    assert here.changing_calls() == ["UpdateEndpoint"]


def test_a_handler_works_in_the_installed_world_until_it_is_taken_away(here: Here) -> None:
    assert wiring.current_world() is here.world
    wiring.install(None)
    try:
        with pytest.raises(Exception, match="POINTSMAN_STATE_TABLE"):
            wiring.current_world()
    finally:
        wiring.install(here.world)


def test_a_client_is_made_at_its_first_call_and_kept() -> None:
    made: list[str] = []

    def make() -> Any:
        made.append("client")
        return SimpleNamespace(describe=lambda: "described")

    client = wiring.MadeWhenUsed(make)
    assert made == []
    assert [client.describe(), client.describe()] == ["described", "described"]
    assert made == ["client"]


def test_the_world_of_a_function_stands_before_any_client_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "policies.json").write_text('{"policies": []}', encoding="utf-8")
    environment = dict.fromkeys(("STATE_TABLE", "AUDIT_TABLE", "DUE_QUEUE_URL", "JOURNAL_QUEUE_URL"), "x")
    environment |= {"TOPIC_ARN": "topic", "BUS_NAME": "bus", "POLICIES_FILE": str(tmp_path / "policies.json")}
    for name, value in environment.items():
        monkeypatch.setenv(f"POINTSMAN_{name}", value)
    # No client can be made without a Region.
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    world = wiring._world_of_environment.__wrapped__()
    assert world.policies.endpoints() == []
    with pytest.raises(Transient, match="region"):
        world.serving.observe(EndpointName("fraud-prod"))
