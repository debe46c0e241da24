"""The commands that talk to a running world: what each does there, what it answers, what it refuses."""

from __future__ import annotations

import pytest

from local.control import carried_out
from local.running import Closed, Running
from tests.local.worlds import decisions, small_world, told

MINUTE_S = 60


def test_a_good_version_that_is_approved_goes_forward_to_where_a_person_is_asked(world: Running) -> None:
    answer = told(world, "approve", group="fraud-detector", character="good")

    told(world, "advance", duration_s=35 * MINUTE_S)

    assert (answer["version"], answer["character"]) == (2, "good")
    assert answer["package"].endswith(":model-package/fraud-detector/2")
    rollout = told(world, "status")["endpoints"][1]["rollout"]
    assert (rollout["share_percent"], rollout["phase"]) == (20, "AWAITING_APPROVAL")


@pytest.mark.parametrize(
    ("character", "minutes", "reason"),
    [("failing", 40, "candidate failed"), ("never-starts", 20, "did not pass the ping health check")],
)
def test_a_version_of_a_bad_character_is_taken_back(
    world: Running, character: str, minutes: int, reason: str
) -> None:
    told(world, "approve", group="fraud-detector", character=character)

    told(world, "advance", duration_s=minutes * MINUTE_S)

    last = [record.facts() for record in world.here.heard.records if record.facts()["kind"] == "decision"][-1]
    assert last["after"] == "ROLLED_BACK"
    assert reason in last["reason"]


def test_a_version_fails_as_often_as_told(world: Running) -> None:
    package = told(world, "approve", group="fraud-detector", character="failing", failing_percent=40)[
        "package"
    ]

    assert world.here.kernel.profiles[package].error_rate == 0.4


def test_advance_tells_each_record_as_it_comes_and_sums_up(world: Running) -> None:
    told(world, "approve", group="chat-llm", character="good")

    *lines, last = carried_out(world, "advance", {"duration_s": 10 * MINUTE_S})

    assert [line["record"] for line in lines] == [r.facts() for r in world.here.heard.records[-len(lines) :]]
    assert last["records"] == len(lines) > 3
    assert last["advanced_s"] == 10 * MINUTE_S
    assert last["messages"] == len(world.here.heard.told) > 0
    assert last["dead_letters"] == 0
    assert last["now"] == world.here.kernel.now.isoformat()


def test_a_rejected_version_is_taken_back(world: Running) -> None:
    told(world, "approve", group="chat-llm", character="good")
    told(world, "advance", duration_s=8 * MINUTE_S)

    told(world, "reject", group="chat-llm", version=2)
    told(world, "advance", duration_s=10 * MINUTE_S)

    assert decisions(world)[-1] == ("v2", "ROLLED_BACK")


def test_traffic_changes_from_now_on(world: Running) -> None:
    before = sum(each.requests for each in world.here.kernel.served("chat-llm").values())

    answer = told(world, "traffic", endpoint="chat-llm", requests_per_minute=0)
    told(world, "advance", duration_s=10 * MINUTE_S)

    assert answer == {"endpoint": "chat-llm", "requests_per_minute": 0, "before": 240}
    assert sum(each.requests for each in world.here.kernel.served("chat-llm").values()) - before <= 1


def test_status_tells_what_stands(world: Running) -> None:
    told(world, "approve", group="chat-llm", character="good")
    told(world, "advance", duration_s=10 * MINUTE_S)
    told(world, "fault", kind="lose-events", events=1)

    status = told(world, "status")

    chat, fraud = status["endpoints"]
    assert (chat["endpoint"], chat["status"], chat["has_policy"]) == ("chat-llm", "InService", True)
    assert len(chat["variants"]) == 2
    assert chat["rollout"]["phase"] == "BAKING"
    assert chat["rollout"]["share_percent"] == 1
    assert fraud["rollout"] is None
    assert fraud["requests_per_minute"] == 300
    assert status["planned_faults"] == ["1 SageMaker events get lost"]
    assert status["now"] == world.here.kernel.now.isoformat()


def test_messages_go_on_where_the_last_answer_ended(world: Running) -> None:
    told(world, "approve", group="chat-llm", character="good")
    told(world, "advance", duration_s=2 * MINUTE_S)

    first = told(world, "messages", after=0)
    rest = told(world, "messages", after=first["next"])

    assert first["messages"][0]["subject"] == "chat-llm v2: PREPARING"
    assert first["messages"][0]["topic"] == world.here.settings.topic_arn
    assert rest == {"messages": [], "next": first["next"]}


def test_a_world_is_told_to_end(world: Running) -> None:
    told(world, "down")

    assert world.stopping.is_set()


def test_policies_are_read_again_before_time_passes(world: Running) -> None:
    read: list[str] = []

    def refresh() -> list[str]:
        read.append("read")
        return ["policies/x.yaml: wrong"]

    world.refresh = refresh

    answers = [told(world, "advance", duration_s=1), told(world, "reload"), told(world, "status")]

    assert [answer["policy_problems"] for answer in answers] == [["policies/x.yaml: wrong"]] * 3
    assert len(read) == 3


def test_nothing_is_answered_in_a_world_that_has_ended(world: Running) -> None:
    world.close()

    for command in ("status", "advance"):
        with pytest.raises(Closed):
            told(world, command, duration_s=60)


def session(seed: int) -> list[str]:
    """What is recorded when a person does a few things in a world."""
    with small_world(seed) as world:
        told(world, "approve", group="chat-llm", character="good")
        told(world, "fault", kind="delay-events", delay_s=90, events=2)
        told(world, "advance", duration_s=10 * MINUTE_S)
        told(world, "approve", group="fraud-detector", character="failing", failing_percent=5)
        told(world, "traffic", endpoint="chat-llm", requests_per_minute=500)
        told(world, "fault", kind="alarm", alarm="chat-llm-5xx", state="ALARM")
        told(world, "advance", duration_s=20 * MINUTE_S)
        return [record.body for record in world.here.heard.records]


def test_the_same_seed_and_the_same_commands_give_the_same_records() -> None:
    first = session(3)

    assert first == session(3)
    assert len(first) > 15
