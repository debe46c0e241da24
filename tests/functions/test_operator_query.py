"""Questions of people through the real handler: what each is answered, and that none of them changes anything."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from pointsman import __version__
from pointsman.core.phases import Phase
from tests.functions.account import ALARM, ENDPOINT, SAMPLES, policy, sample
from tests.functions.world import Here, installed

ID = "Fraud-Prod.v7.20261120T140530Z"
READS = {
    ("dynamodb", "GetItem"),
    ("dynamodb", "Query"),
    ("sagemaker", "DescribeEndpoint"),
    ("sagemaker", "DescribeEndpointConfig"),
    ("sqs", "GetQueueAttributes"),
}
QUESTIONS = [
    {"query": "status"},
    {"query": "status", "endpoint": ENDPOINT},
    {"query": "rollout", "rollout": ID},
    {"query": "history", "endpoint": ENDPOINT},
    {"query": "releases"},
    {"query": "releases", "endpoint": ENDPOINT},
    {"query": "about"},
    {"query": "names"},
]


def ask(here: Here, query: str, **given: Any) -> Any:
    return here.handle("operator_query", {"query": query} | given)


def entry(here: Here, **given: Any) -> Any:
    [found] = ask(here, "status", **given)["rollouts"]
    return found


def test_no_question_does_more_than_read(baking: Here) -> None:
    before, records = baking.lane(), len(baking.records())
    for question in QUESTIONS:
        baking.asked.clear()
        answer = json.loads(json.dumps(baking.handle("operator_query", question)))
        assert answer["ok"] is True, question
        assert answer["now"] == baking.world.clock.now().isoformat()
        assert baking.asked, question
        assert set(baking.asked) <= READS, question
    assert (baking.lane(), len(baking.records())) == (before, records)


def test_every_sample_is_answered(baking: Here) -> None:
    for name in [name for name in SAMPLES if name.startswith("operator_query--")]:
        answer = baking.deliver(name)
        is_right = "unknown" not in name and "hostile" not in name
        assert answer["ok"] is is_right, name
        assert is_right or answer["message"].isprintable()


NOT_ANSWERABLE: list[tuple[object, str]] = [
    ([], "a question is an object"),
    ({}, "query None is not known; there is: about, history, names"),
    ({"query": ["status"]}, "is not known"),
    ({"query": "status", "endpoint": "no name"}, "not an endpoint name"),
    ({"query": "status", "endpoint": "Nobody"}, "no policy names endpoint Nobody"),
    ({"query": "status", "endpoint": 7}, "endpoint must be text"),
    ({"query": "status", "limit": 0}, "limit must be a whole number"),
    ({"query": "status", "limit": True}, "limit must be a whole number"),
    ({"query": "rollout"}, "rollout must be a rollout's id"),
    ({"query": "rollout", "rollout": "Nobody"}, "no rollout of endpoint Nobody is recorded"),
    ({"query": "rollout", "rollout": "Fraud-Prod.v9.20261120T140530Z"}, "no record of rollout"),
    ({"query": "history"}, "history needs an endpoint"),
    ({"query": "history", "endpoint": ENDPOINT, "next": "1 OR 1"}, "next is not what an earlier answer"),
    ({"query": "releases", "endpoint": ENDPOINT, "next": "x" * 256}, "at most 255 characters"),
]


def test_a_question_that_cannot_be_answered_is_answered_in_words(here: Here) -> None:
    for question, says in NOT_ANSWERABLE:
        answer = here.handle("operator_query", question)
        assert answer["ok"] is False, question
        assert says in answer["message"], question


class TestStatus:
    def test_nothing_is_open_at_first(self, here: Here) -> None:
        assert ask(here, "status")["rollouts"] == []

    def test_an_endpoint_at_rest_shows_what_is_live(self, here: Here) -> None:
        found = entry(here, endpoint=ENDPOINT)
        assert (found["is_open"], found["serves"]) == (False, None)
        assert found["live"]["variants"][0]["share_percent"] == 100

    def test_a_bake_shows_share_step_verdict_and_what_comes_next(self) -> None:
        with installed(policy(bake_min=1200)) as here:
            here.approve()
            here.drive_to(Phase.BAKING)
            here.kernel.advance(timedelta(minutes=5))
            here.due()
            found = entry(here)
            here.drive_to(Phase.WATCHING)
            assert entry(here)["verdict"] is None, "what was judged before is not the watch's"
        assert (found["from"]["version"], found["to"]["version"]) == (1, 7)
        assert (found["share_percent"], found["step"]) == (
            50,
            {"number": 1, "count": 2, "percents": [50, 100]},
        )
        assert found["verdict"]["candidate"]["requests"] > 0
        assert found["verdict"]["opinion"] == "NOT_ENOUGH"
        assert found["verdict"]["evidence"] < found["verdict"]["needed"] == 50
        assert found["next"]["says"].startswith("50 % -> 100 % ")
        assert found["region"] == "us-east-1"

    def test_a_gate_and_a_pause_are_named(self) -> None:
        with installed(policy(gates=[100])) as here:
            here.approve()
            here.drive_to(Phase.AWAITING_APPROVAL)
            pause = {
                "command": "pause",
                "target": ENDPOINT,
                "reason": "mail",
                "by": "dana",
                "request_id": "1",
            }
            here.handle("operator_request", pause)
            found = entry(here)
        assert found["gates"] == {"percents": [100], "passed": [], "waits_for": 100}
        assert found["paused"].startswith("dana: mail")
        assert found["next"]["says"].startswith("nothing goes forward until it is resumed")

    def test_what_succeeded_serves_and_is_seen_to(self, here: Here) -> None:
        here.approve()
        here.drive_to(Phase.SUCCEEDED)
        here.kernel.advance(timedelta(minutes=3))
        here.due()
        found = entry(here, endpoint=ENDPOINT)
        assert (found["serves"]["version"], found["serves"]["is_live"]) == (7, True)

    def test_a_config_of_somebody_else_is_noticed(self, here: Here) -> None:
        here.approve()
        here.drive_to(Phase.SUCCEEDED)
        here.kernel.advance(timedelta(minutes=3))
        here.due()
        here.call("UpdateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="fraud-prod-cfg-20261101")
        here.kernel.advance(timedelta(minutes=2))
        assert entry(here, endpoint=ENDPOINT)["serves"]["is_live"] is False

    def test_an_endpoint_that_cannot_be_looked_at_still_has_its_status(self, baking: Here) -> None:
        baking.break_calls(("sagemaker", "DescribeEndpoint"))
        found = entry(baking, endpoint=ENDPOINT)
        assert found["live"] is None
        assert "DescribeEndpoint" in found["live_unseen"]
        assert found["phase"] == "BAKING"

    def test_a_broken_item_hides_no_other(self, baking: Here) -> None:
        key = {"pk": {"S": "endpoint#Other-Prod"}, "sk": {"S": "lane"}}
        broken = key | {"open": {"S": "rollout"}, "body": {"S": "{}"}, "fence": {"N": "1"}}
        baking.wire.client("dynamodb").put_item(TableName="pointsman-state", Item=broken)
        mine, other = ask(baking, "status")["rollouts"]
        assert mine["phase"] == "BAKING"
        assert "cannot be read" in other["problem"]

    def test_many_come_page_by_page(self, baking: Here) -> None:
        items = baking.wire.client("dynamodb")
        for number in range(3):
            key = {"pk": {"S": f"endpoint#more-{number}"}, "sk": {"S": "lane"}}
            item = key | {"open": {"S": "rollout"}, "body": {"S": "{}"}, "fence": {"N": "1"}}
            items.put_item(TableName="pointsman-state", Item=item)
        names, more = [], ""
        while more is not None:
            answer = ask(baking, "status", limit=2, next=more)
            names += [each["endpoint"] for each in answer["rollouts"]]
            more = answer["next"]
        assert names == [ENDPOINT, "more-0", "more-1", "more-2"]


def test_a_release_that_is_open_has_no_end(baking: Here) -> None:
    [row] = ask(baking, "releases", endpoint=ENDPOINT)["releases"]
    assert (row["phase"], row["ended_at"], row["took_s"]) == ("BAKING", None, None)


class TestAbout:
    def test_it_names_what_belongs_to_the_installation(self, baking: Here) -> None:
        told = ask(baking, "about")
        assert (told["version"], told["region"], told["account"]) == (
            __version__,
            "us-east-1",
            "111122223333",
        )
        assert told["tables"] == {"state": "pointsman-state", "audit": "pointsman-audit"}
        assert [each["queue"] for each in told["queues"]] == ["pointsman-due", "pointsman-journal"]
        assert told["bus"] == "pointsman"
        assert (told["open_rollouts"], told["unsent_messages"], told["unpublished_events"]) == (1, 0, 0)

    def test_it_counts_what_is_not_sent_yet(self, baking: Here) -> None:
        baking.break_calls(("events", "PutEvents"))
        baking.deliver("operator_request--abort.json")
        told = ask(baking, "about")
        assert (told["unsent_messages"], told["unpublished_events"]) == (0, 1)

    def test_policies_that_cannot_be_read_are_named(self) -> None:
        with installed(policy(), policy("Other-Prod", steps="all")) as here:
            told = ask(here, "about")
        assert told["policies"]["count"] == 2
        assert list(told["policies"]["unreadable"]) == ["Other-Prod"]
        assert told["policies"]["alarms"] == [ALARM]

    def test_dead_letters_are_counted(self, here: Here) -> None:
        sqs, url = here.wire.client("sqs"), here.settings.due_queue_url
        dead = sqs.create_queue(QueueName="pointsman-dead-letters")["QueueUrl"]
        arn = "arn:aws:sqs:us-east-1:111122223333:pointsman-dead-letters"
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "3"})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": redrive})
        sqs.send_message(QueueUrl=dead, MessageBody="{}")
        assert ask(here, "about")["queues"][0] == {"queue": "pointsman-due", "waiting": 0, "dead": 1}

    def test_queues_that_may_not_be_read_are_said_to_be_unread(self, here: Here) -> None:
        here.break_calls(("sqs", "GetQueueAttributes"))
        told = ask(here, "about")
        assert told["ok"] is True
        assert "GetQueueAttributes" in told["queues_unread"]

    def test_names_are_those_of_policies_and_of_open_rollouts(self, baking: Here) -> None:
        told = ask(baking, "names")
        assert (told["endpoints"], told["rollouts"]) == ([ENDPOINT], [ID])


def test_a_table_that_does_not_answer_is_raised_so_that_the_caller_hears_of_it(here: Here) -> None:
    here.break_table()
    with pytest.raises(Exception, match="table pointsman-state"):
        ask(here, "status")


def test_the_sample_of_a_rollout_finds_it_by_the_beginning_of_its_id(baking: Here) -> None:
    assert sample("operator_query--rollout.json")["rollout"] == "Fraud-Prod.v7"
    assert baking.deliver("operator_query--rollout.json")["rollout"] == ID
