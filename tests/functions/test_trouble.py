"""Trouble that is no event's fault is raised, so that the event comes again; what is broken is named and hurts nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pointsman.core.phases import Phase
from pointsman.errors import Denied, Misconfigured, Transient
from tests.functions.account import ALARM, CONFIG, ENDPOINT, OTHER, VARIANT, Json, policy
from tests.functions.world import Here, installed

GOOD = {
    "model_package_changed": "model_package_changed--approved.json",
    "alarm_changed": "alarm_changed--metric.json",
    "endpoint_changed": "endpoint_changed--in-service.json",
    "rollout_due": "rollout_due--message.json",
    "operator_request": "operator_request--abort.json",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_table_that_is_down_is_raised_so_that_the_event_comes_again(here: Here, name: str) -> None:
    here.judge_in_registry("Approved")
    here.break_table()
    with pytest.raises(Transient, match="pointsman-state"):
        here.deliver(GOOD[name])
    assert here.changing_calls() == []


def test_a_tick_that_cannot_list_the_rollouts_is_raised(here: Here) -> None:
    here.break_table()
    with pytest.raises(Transient):
        here.deliver("rollout_tick--events-rule-scheduled-event.json")


def test_a_denied_registry_is_raised_with_the_call_that_was_denied(here: Here) -> None:
    here.kernel.faults.fail("sagemaker", "DescribeModelPackage", "AccessDeniedException", "no")
    with pytest.raises(Denied, match="DescribeModelPackage"):
        here.deliver(GOOD["model_package_changed"])


def broken(**changes: Any) -> Json:
    return policy(OTHER) | changes


BROKEN_POLICIES: list[Json] = [
    broken(schema=2),
    broken(plan=None),
    broken(plan={}),
    broken(plan={"health": {"alarms": None}}),
    broken(plan={"health": {"alarms": ALARM}}),
    broken(plan={"health": {"alarms": 7}}),
    broken(plan=policy(OTHER)["plan"] | {"strategy": "teleport"}),
    broken(plan=policy(OTHER)["plan"] | {"patience": 10**30}),
    broken(owner={"team": "risk", "pager": "1"}),
    broken(metadata=None),
]


@pytest.mark.parametrize("raw", BROKEN_POLICIES, ids=range(len(BROKEN_POLICIES)))
def test_a_policy_that_cannot_be_read_is_named_and_hurts_its_own_endpoint_only(raw: Json) -> None:
    with installed(raw, policy()) as here:
        here.judge_in_registry("Approved")
        with pytest.raises(Misconfigured, match=OTHER):
            here.deliver(GOOD["model_package_changed"])
        assert here.phase() is Phase.PENDING
        assert here.lane(OTHER).rollout is None
        here.drive_to(Phase.BAKING)
        here.set_alarm("ALARM")
        here.deliver(GOOD["alarm_changed"])
        assert here.phase() is Phase.ROLLING_BACK


def put_state(here: Here, endpoint: str, sort: str, body: str, **more: Any) -> None:
    item = {"pk": {"S": f"endpoint#{endpoint}"}, "sk": {"S": sort}, "body": {"S": body}} | more
    here.wire.client("dynamodb").put_item(TableName=here.settings.state_table, Item=item)


BROKEN_LANES = ["", "{", "null", "[]", "{}", '{"schema": 2}']
BROKEN_FIELDS: dict[str, Any] = {"approvals": [], "head": [], "fence": "x", "rollout": {"id": 1}, "queued": 7}


@pytest.mark.parametrize("body", BROKEN_LANES)
def test_a_stored_state_that_cannot_be_read_is_named(here: Here, body: str) -> None:
    put_state(here, ENDPOINT, "lane", body)
    with pytest.raises(Misconfigured, match=f"state of endpoint {ENDPOINT}"):
        here.deliver(GOOD["endpoint_changed"])


@pytest.mark.parametrize("field", BROKEN_FIELDS)
def test_a_stored_state_that_is_broken_inside_is_named(here: Here, field: str) -> None:
    here.approve()
    stored = stored_lane(here)
    put_state(here, ENDPOINT, "lane", json.dumps(stored | {field: BROKEN_FIELDS[field]}))
    with pytest.raises(Misconfigured, match=f"state of endpoint {ENDPOINT}"):
        here.deliver(GOOD["endpoint_changed"])


def test_a_state_that_cannot_be_read_hurts_no_other_endpoint() -> None:
    with installed(policy(OTHER), policy()) as here:
        put_state(here, OTHER, "lane", "{}")
        here.judge_in_registry("Approved")
        with pytest.raises(Misconfigured, match=OTHER):
            here.deliver(GOOD["model_package_changed"])
        assert here.phase() is Phase.PENDING


def test_an_alarm_takes_back_even_what_is_stored_unreadably(baking: Here) -> None:
    put_state(baking, ENDPOINT, "lane", "{}")
    baking.fire()
    baking.deliver(GOOD["alarm_changed"])
    assert baking.changing_calls()[-1] == "UpdateEndpointWeightsAndCapacities"


def test_evidence_that_cannot_be_read_holds_the_rollout_and_is_named(baking: Here) -> None:
    put_state(baking, ENDPOINT, "evidence", '{"window": 1}')
    answer = baking.due()
    assert f"evidence of endpoint {ENDPOINT}" in answer["reason"]
    assert baking.phase() is Phase.BAKING


def test_a_stored_message_that_is_broken_is_told_of_and_holds_up_no_other(here: Here) -> None:
    for number, text in enumerate(["{", json.dumps({"id": "x"})]):
        item = {"open": {"S": "message"}, "message": {"S": text}}
        put_state(here, ENDPOINT, f"message#{number}", "", **item)
    assert here.deliver("rollout_tick--events-rule-scheduled-event.json")["sent"] == 2
    assert here.world.store.find_unsent() == []


def test_hostile_tags_on_the_live_config_stay_data() -> None:
    tags = [
        {"Key": "pointsman:rollout", "Value": "Fraud-Prod.v999.20200101T000000Z"},
        {"Key": "pointsman:final-count", "Value": "1000000"},
        {"Key": "team", "Value": "=cmd @everyone ../../state"},
    ]
    with installed(config={"Tags": tags}) as here:
        here.approve()
        here.drive_to(Phase.BAKING)
        arn = here.call("DescribeEndpointConfig", EndpointConfigName=here.rollout().canary_config)
        made = here.call("ListTags", ResourceArn=arn["EndpointConfigArn"])["Tags"]
        found = {each["Key"]: each["Value"] for each in made}
        assert found["pointsman:rollout"] == here.rollout().id
        assert found["pointsman:baseline-config"] == CONFIG
        assert found["team"] == "=cmd @everyone ../../state"
        assert here.weights()[VARIANT] == 50


def stored_lane(here: Here) -> Json:
    key = {"pk": {"S": f"endpoint#{ENDPOINT}"}, "sk": {"S": "lane"}}
    item = here.wire.client("dynamodb").get_item(TableName=here.settings.state_table, Key=key)["Item"]
    lane: Json = json.loads(item["body"]["S"])
    return lane
