"""`pointsman doctor`: a whole installation, and each part that can be missing, off or not readable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.doctor_checks import findings
from cli.doctor_findings import State
from cli.reach import Reach
from pointsman.adapters.aws.dynamodb import table_definitions
from pointsman.policy import EndpointName, ErrorKind, ErrorsAlarm
from tests.cli.installation import World, running
from tests.worlds.elsewhere import REGISTRY, Elsewhere


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """An installation that each test leaves as it found it."""
    with running() as installation:
        put_alarm(installation)
        yield installation


OWN_ALARM = "pointsman-dead-letters"


def put_alarm(world: World) -> None:
    """One alarm on the installation itself, as a deployment makes many."""
    world.here.client("cloudwatch").put_metric_alarm(
        AlarmName=OWN_ALARM,
        Namespace="Pointsman",
        MetricName="Dead",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0.0,
        ComparisonOperator="GreaterThanThreshold",
    )


def test_a_whole_installation_has_no_problem(world: World) -> None:
    ran = world.run("doctor")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[-1] == f"All {len(lines) - 1} checks are ok."
    assert all(line.startswith("ok       ") for line in lines[:-1])
    for part in (
        "caller: arn:aws:sts::",
        "function pointsman-rollout-tick: active",
        "rule pointsman-rollout-tick",
    ):
        assert part in ran.out


def test_json_says_the_same(world: World) -> None:
    told = json.loads(world.run("doctor --json").out)
    assert told["ok"] is True
    assert {each["state"] for each in told["findings"]} == {"ok"}


def problems(world: World) -> list[str]:
    told = json.loads(world.run("doctor --json").out)
    assert told["ok"] is False
    return [
        f"{each['what']}: {each['says']}. {each['do']}" for each in told["findings"] if each["state"] != "ok"
    ]


def test_no_installation_at_all_is_one_problem(world: World) -> None:
    ran = world.run("doctor --installation other")
    assert ran.code == 1
    assert ran.out.count("problem  ") == 1
    assert "installation other: none of its functions exists here" in ran.out


def test_a_rule_that_is_off_is_a_problem_with_the_command_that_mends_it(world: World) -> None:
    events = world.here.client("events")
    events.disable_rule(Name="pointsman-rollout-tick")
    [said] = problems(world)
    events.enable_rule(Name="pointsman-rollout-tick")
    assert "is DISABLED: nothing of it arrives. aws events enable-rule --name pointsman-rollout-tick" in said


@pytest.mark.parametrize("name", ["pointsman-dead-letters", "pointsman-failed-invocations"])
def test_dead_letters_are_a_problem(world: World, name: str) -> None:
    sqs = world.here.client("sqs")
    dead = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    assert f"dead letters {name}: none\n" in world.run("doctor").out
    sqs.send_message(QueueUrl=dead, MessageBody="{}")
    [said] = problems(world)
    sqs.purge_queue(QueueUrl=dead)
    assert f"dead letters {name}: 1 event did not get through. `pointsman dlq list`" in said


def test_a_queue_whose_failures_would_be_lost_is_a_problem(world: World) -> None:
    sqs = world.here.client("sqs")
    due = world.here.settings.due_queue_url
    before = sqs.get_queue_attributes(QueueUrl=due, AttributeNames=["RedrivePolicy"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=due, Attributes={"RedrivePolicy": ""})
    [said] = problems(world)
    sqs.set_queue_attributes(QueueUrl=due, Attributes=before)
    assert "queue pointsman-due: 0 waiting, and what fails too often is tried until it is lost" in said


def test_an_installation_without_alarms_of_its_own_is_a_problem(world: World) -> None:
    world.here.client("cloudwatch").delete_alarms(AlarmNames=[OWN_ALARM])
    [said] = problems(world)
    put_alarm(world)
    assert said.startswith("own alarms: no alarm begins with pointsman-: nobody is told")


def test_an_alarm_of_its_own_that_fires_is_a_problem(world: World) -> None:
    cloudwatch = world.here.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName=OWN_ALARM, StateValue="ALARM", StateReason="test")
    [said] = problems(world)
    cloudwatch.set_alarm_state(AlarmName=OWN_ALARM, StateValue="OK", StateReason="test")
    assert "pointsman-dead-letters in ALARM" in said


def test_an_alarm_of_a_policy_that_is_not_there_is_a_problem(world: World) -> None:
    guard = ErrorsAlarm(ErrorKind.SERVER, 5.0, minutes=3, min_requests=20, variant="AllTraffic")
    named = world.policy.plan.health
    health = replace(named, alarms=(*named.alarms, "pointsman/chat-llm/5xx"), created=(guard,))
    world.here.policies.replace([replace(world.policy, plan=replace(world.policy.plan, health=health))])
    assert "ok       alarms of policies: all 2 exist\n" in world.run("doctor").out

    world.here.client("cloudwatch").delete_alarms(AlarmNames=["pointsman/chat-llm/5xx"])
    [said] = problems(world)
    world.here.policies.replace([world.policy])

    assert said.startswith(
        "alarms of policies: pointsman/chat-llm/5xx: not there. deploy those that policies"
    )


def test_a_table_and_a_queue_that_are_gone_are_problems(world: World) -> None:
    tables, sqs = world.here.client("dynamodb"), world.here.client("sqs")
    _, audit = table_definitions("pointsman-state", "pointsman-audit")
    tables.delete_table(TableName="pointsman-audit")
    sqs.delete_queue(QueueUrl=world.here.settings.journal_queue_url)
    said = problems(world)
    tables.create_table(**audit)
    sqs.create_queue(QueueName="pointsman-journal")
    assert [each.split(".")[0] for each in said] == [
        "table pointsman-audit: does not exist",
        "queue pointsman-journal: does not exist",
    ]


def test_a_registry_in_another_account_is_named_where_it_cannot_be_read(world: World) -> None:
    there = Elsewhere(world.here.kernel)
    follows = replace(world.policy, model_package_group="fraud-detector", registry_account=REGISTRY)
    world.here.policies.replace([follows])
    whole = world.run("doctor")
    there.shut()
    shut = world.run("doctor")
    world.here.policies.replace([world.policy])
    what = f"group fraud-detector in the registry of account {REGISTRY}"
    assert f"ok       {what}: can be read\n" in whole.out
    assert f"not read {what}: ListModelPackages {REGISTRY}/fraud-detector: AccessDenied" in shut.out
    assert f"The policy of the group in account {REGISTRY} must let this account read it" in shut.out


def test_of_very_many_registries_some_are_looked_at_and_the_rest_is_counted(world: World) -> None:
    many = [
        replace(world.policy, endpoint=EndpointName(f"e-{each}"), registry_account=f"{each:012}")
        for each in range(1, 31)
    ]
    world.here.policies.replace(many)
    said = world.run("doctor").out
    world.here.policies.replace([world.policy])
    assert said.count(" in the registry of account ") == 25
    assert "registries: 5 more groups in other accounts were not looked at" in said


def test_a_clock_that_is_off_is_a_problem(world: World) -> None:
    reached = Reach(region="us-east-1").open()
    late = reached.account.now + timedelta(minutes=4)
    clock = next(each for each in findings(reached, late) if each.what == "clock")
    assert (clock.state, clock.says) == (State.PROBLEM, "this machine is 240 s from AWS's clock")


def test_a_local_world_has_a_time_of_its_own(world: World) -> None:
    reached = Reach(region="us-east-1").open()
    late = reached.account.now + timedelta(days=4)
    clock = next(each for each in findings(reached, late, is_local=True) if each.what == "clock")
    assert (clock.state, clock.says) == (State.OK, "a local world has a time of its own")


class Denies:
    """A client whose caller has no permission for anything."""

    def __getattr__(self, operation: str) -> Any:
        def deny(**_: Any) -> Any:
            raise ClientError(
                {"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, operation
            )

        return deny


def test_what_may_not_be_read_is_named_and_is_no_problem(world: World) -> None:
    reached = Reach(region="us-east-1").open()
    for service in ("lambda", "events", "dynamodb", "sqs", "cloudwatch"):
        reached.account._clients[service] = Denies()
    found = list(findings(reached, datetime.now(UTC)))
    unread = [each for each in found if each.state is State.NOT_READ]
    assert len(unread) > 15
    assert not [each for each in found if each.state is State.PROBLEM]
    assert any("lambda:GetFunctionConfiguration on pointsman-alarm-changed" in each.says for each in unread)
    assert all("ask for this permission" in each.do for each in unread)


def test_without_a_region_it_ends_with_3(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    ran = world.run("doctor --profile nobody")
    assert ran.code == 3
    assert "nobody" in ran.err
