"""What is deployed: everything that may fail has somewhere to go and somebody who hears of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cloudformation_validate import CompositeEngine, Severity, TemplateContent

from pointsman import settings
from pointsman.adapters.aws.dynamodb import table_definitions
from pointsman.triggers import TRIGGERS, Pattern, Queue, Schedule, Trigger
from tests.infra.templates import Json, of_type

ASYNC = [each for each in TRIGGERS if isinstance(each.started_by, Pattern | Schedule)]
DEFINED = table_definitions("pointsman-state", "pointsman-audit")


def name_of(trigger: Trigger) -> str:
    return f"pointsman-{trigger.name.replace('_', '-')}"


def named(template: Json, kind: str, key: str) -> dict[str, Json]:
    return {str(each[key]): each for each in of_type(template, kind).values()}


def id_of(template: Json, kind: str, key: str, value: str) -> str:
    [found] = [name for name, each in of_type(template, kind).items() if each.get(key) == value]
    return found


def named_trigger(trigger: Trigger) -> str:
    return trigger.name


CDKS_OWN = {"W3005"}
"""The CDK writes a DependsOn for a role beside the reference to it."""


def test_no_rule_of_cloudformation_is_broken(template: Json) -> None:
    report = CompositeEngine().validate_template(TemplateContent(json.dumps(template), "pointsman.json"))
    assert report.diagnostics, "it always has remarks: without any it did not look"
    found = [each for each in report.diagnostics if each.severity is not Severity.INFO]
    assert [str(each) for each in found if each.rule_id not in CDKS_OWN] == []


def test_the_rules_of_cloudformation_find_what_is_wrong(template: Json) -> None:
    queue = id_of(template, "AWS::SQS::Queue", "QueueName", "pointsman-due")
    worse = json.loads(json.dumps(template))
    worse["Resources"][queue]["Properties"]["VisibilityTimeouts"] = 7
    report = CompositeEngine().validate_template(TemplateContent(json.dumps(worse), "pointsman.json"))
    assert any(
        "VisibilityTimeouts" in each.message and each.severity is not Severity.INFO
        for each in report.diagnostics
    )


@pytest.mark.parametrize("definition", DEFINED, ids=lambda each: each["TableName"])
class TestTable:
    """Each table is what the adapter reads and writes, and cannot be lost by mistake."""

    def test_its_keys_and_index_are_those_of_the_adapter(self, template: Json, definition: Json) -> None:
        table = named(template, "AWS::DynamoDB::Table", "TableName")[definition["TableName"]]
        assert {key: sorted_types(table[key]) for key in definition} == {
            key: sorted_types(value) for key, value in definition.items()
        }
        assert ("GlobalSecondaryIndexes" in table) is ("GlobalSecondaryIndexes" in definition)

    def test_it_can_be_restored_and_is_encrypted_and_outlives_the_stack(
        self, template: Json, definition: Json
    ) -> None:
        logical = id_of(template, "AWS::DynamoDB::Table", "TableName", definition["TableName"])
        resource = template["Resources"][logical]
        table = resource["Properties"]
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["DeletionProtectionEnabled"] is True
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert {resource["DeletionPolicy"], resource["UpdateReplacePolicy"]} == {"Retain"}


def sorted_types(value: Any) -> Any:
    """Attribute definitions have no order."""
    is_list = isinstance(value, list) and value and "AttributeType" in value[0]
    return sorted(value, key=lambda each: each["AttributeName"]) if is_list else value


def test_minutes_expire_and_records_never_do(template: Json) -> None:
    tables = named(template, "AWS::DynamoDB::Table", "TableName")
    expiry = {"AttributeName": "expires", "Enabled": True}
    assert tables["pointsman-state"]["TimeToLiveSpecification"] == expiry
    assert "TimeToLiveSpecification" not in tables["pointsman-audit"]


@pytest.mark.parametrize("trigger", TRIGGERS, ids=named_trigger)
class TestFunction:
    """One line of the table of triggers."""

    def test_it_runs_its_handler_for_as_long_as_it_may(self, template: Json, trigger: Trigger) -> None:
        function = named(template, "AWS::Lambda::Function", "FunctionName")[name_of(trigger)]
        assert function["Handler"] == trigger.handler
        assert function["Timeout"] == trigger.timeout.total_seconds()
        assert (function["Runtime"], function["Architectures"]) == ("python3.14", ["arm64"])

    def test_it_finds_every_setting_in_its_environment(self, template: Json, trigger: Trigger) -> None:
        function = named(template, "AWS::Lambda::Function", "FunctionName")[name_of(trigger)]
        environment = function["Environment"]["Variables"]
        read = settings.Settings.from_env({key: str(value) for key, value in environment.items()})
        assert (read.state_table, read.policies_file) == ("pointsman-state", Path("policies.json"))

    def test_its_alias_is_a_version_that_stays_when_the_next_one_comes(
        self, template: Json, trigger: Trigger
    ) -> None:
        function = id_of(template, "AWS::Lambda::Function", "FunctionName", name_of(trigger))
        [alias] = [
            each
            for each in of_type(template, "AWS::Lambda::Alias").values()
            if each["FunctionName"] == {"Ref": function}
        ]
        version = template["Resources"][alias["FunctionVersion"]["Fn::GetAtt"][0]]
        assert alias["Name"] == "live"
        assert (version["Type"], version["DeletionPolicy"]) == ("AWS::Lambda::Version", "Retain")

    def test_its_log_is_kept_for_as_long_as_was_said(self, template: Json, trigger: Trigger) -> None:
        groups = named(template, "AWS::Logs::LogGroup", "LogGroupName")
        assert groups[f"/aws/lambda/{name_of(trigger)}"]["RetentionInDays"] == 90

    def test_people_hear_of_its_errors(self, template: Json, trigger: Trigger) -> None:
        alarm = named(template, "AWS::CloudWatch::Alarm", "AlarmName")[f"{name_of(trigger)}-errors"]
        assert (alarm["MetricName"], alarm["Threshold"]) == ("Errors", 1)
        assert alarm["AlarmActions"]


@pytest.mark.parametrize("trigger", ASYNC, ids=named_trigger)
class TestAsynchronous:
    """A function that is started by a rule."""

    def test_what_it_fails_on_is_tried_again_and_then_kept(self, template: Json, trigger: Trigger) -> None:
        function = id_of(template, "AWS::Lambda::Function", "FunctionName", name_of(trigger))
        queue = id_of(template, "AWS::SQS::Queue", "QueueName", "pointsman-failed-invocations")
        [config] = [
            each
            for each in of_type(template, "AWS::Lambda::EventInvokeConfig").values()
            if each["FunctionName"] == {"Ref": function}
        ]
        assert config["MaximumRetryAttempts"] == 2
        assert config["MaximumEventAgeInSeconds"] >= 300
        assert config["DestinationConfig"] == {"OnFailure": {"Destination": {"Fn::GetAtt": [queue, "Arn"]}}}

    def test_what_its_rule_cannot_deliver_is_kept(self, template: Json, trigger: Trigger) -> None:
        queue = id_of(template, "AWS::SQS::Queue", "QueueName", "pointsman-dead-letters")
        [target] = named(template, "AWS::Events::Rule", "Name")[name_of(trigger)]["Targets"]
        assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}
        assert target["RetryPolicy"]["MaximumRetryAttempts"] == 185

    def test_its_rule_may_put_into_the_queue(self, template: Json, trigger: Trigger) -> None:
        queue = id_of(template, "AWS::SQS::Queue", "QueueName", "pointsman-dead-letters")
        rule = id_of(template, "AWS::Events::Rule", "Name", name_of(trigger))
        allowed = [
            each["Condition"]["ArnEquals"]["aws:SourceArn"]
            for policy in of_type(template, "AWS::SQS::QueuePolicy").values()
            if {"Ref": queue} in policy["Queues"]
            for each in policy["PolicyDocument"]["Statement"]
            if each["Effect"] == "Allow" and each["Principal"] == {"Service": "events.amazonaws.com"}
        ]
        assert {"Fn::GetAtt": [rule, "Arn"]} in allowed

    def test_its_rule_matches_exactly_what_the_local_run_matches(
        self, template: Json, trigger: Trigger
    ) -> None:
        rule = named(template, "AWS::Events::Rule", "Name")[name_of(trigger)]
        assert rule["State"] == "ENABLED"
        match trigger.started_by:
            case Pattern(pattern=pattern):
                assert rule["EventPattern"] == pattern
            case Schedule(every=every):
                minutes = round(every.total_seconds() / 60)
                assert rule["ScheduleExpression"] == f"rate({minutes} minute{'s' if minutes > 1 else ''})"
            case _:
                pytest.fail("it is started by no rule")

    def test_people_hear_when_it_is_not_started(self, template: Json, trigger: Trigger) -> None:
        alarm = named(template, "AWS::CloudWatch::Alarm", "AlarmName")[f"{name_of(trigger)}-throttles"]
        assert alarm["MetricName"] == "Throttles"
        assert alarm["AlarmActions"]


def test_there_is_a_rule_for_each_line_of_the_table_and_no_other(template: Json) -> None:
    assert set(named(template, "AWS::Events::Rule", "Name")) == {name_of(each) for each in ASYNC}


def test_a_queue_starts_its_function_with_one_message_at_a_time(template: Json) -> None:
    [trigger] = [each for each in TRIGGERS if isinstance(each.started_by, Queue)]
    [mapping] = of_type(template, "AWS::Lambda::EventSourceMapping").values()
    queue = named(template, "AWS::SQS::Queue", "QueueName")["pointsman-due"]
    assert mapping["BatchSize"] == 1
    assert queue["VisibilityTimeout"] == 6 * trigger.timeout.total_seconds()


@pytest.mark.parametrize("name", ["pointsman-due", "pointsman-journal"])
def test_what_is_received_too_often_is_kept(template: Json, name: str) -> None:
    queue = named(template, "AWS::SQS::Queue", "QueueName")[name]
    dead = id_of(template, "AWS::SQS::Queue", "QueueName", "pointsman-dead-letters")
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [dead, "Arn"]}


@pytest.mark.parametrize("name", ["dead-letters", "failed-invocations"])
def test_one_message_that_failed_for_good_is_enough_for_people_to_hear_of_it(
    template: Json, name: str
) -> None:
    alarm = named(template, "AWS::CloudWatch::Alarm", "AlarmName")[f"pointsman-{name}"]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"


def test_a_tick_that_is_missing_counts_as_trouble_and_nothing_else_does(template: Json) -> None:
    alarms = named(template, "AWS::CloudWatch::Alarm", "AlarmName")
    breaching = {name for name, each in alarms.items() if each["TreatMissingData"] == "breaching"}
    assert breaching == {"pointsman-tick-heartbeat"}
    assert alarms["pointsman-tick-heartbeat"]["ComparisonOperator"] == "LessThanThreshold"


def test_every_alarm_says_what_to_do_and_whom_to_tell(template: Json) -> None:
    topic = id_of(template, "AWS::SNS::Topic", "TopicName", "pointsman")
    for name, alarm in named(template, "AWS::CloudWatch::Alarm", "AlarmName").items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}], name
        assert 40 < len(json.dumps(alarm["AlarmDescription"])) < 1024, name


def test_alarms_can_use_the_key_of_the_topic(template: Json) -> None:
    [key] = of_type(template, "AWS::KMS::Key").values()
    statements = key["KeyPolicy"]["Statement"]
    [alarms] = [each for each in statements if each["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]
    assert alarms["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]


def test_all_queues_are_encrypted_and_refuse_what_is_not(template: Json) -> None:
    queues = of_type(template, "AWS::SQS::Queue")
    assert all(each["SqsManagedSseEnabled"] is True for each in queues.values())
    policies = of_type(template, "AWS::SQS::QueuePolicy").values()
    secured = {each["Queues"][0]["Ref"] for each in policies if "aws:SecureTransport" in json.dumps(each)}
    assert secured == set(queues)


def test_the_dashboard_stays_among_those_that_cost_nothing(template: Json) -> None:
    [board] = of_type(template, "AWS::CloudWatch::Dashboard").values()
    text = json.dumps(board["DashboardBody"])
    assert 20 < text.count('\\"label\\"') + text.count("AWS/SQS") < 50
