"""What is read from raw events, and what is no event of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pointsman.errors import BadEvent
from pointsman.events import (
    parse_alarm,
    parse_due,
    parse_endpoint,
    parse_model_package,
    parse_request,
)
from pointsman.policy import ModelGroup
from tests.functions.account import APPROVED_AT, package, sample

APPROVED = "model_package_changed--approved.json"
REQUEST = "operator_request--abort.json"


def approved(**detail: Any) -> dict[str, Any]:
    event: dict[str, Any] = sample(APPROVED)
    event["detail"] |= detail
    return event


class TestModelPackage:
    def test_group_package_time_and_news_are_read(self) -> None:
        group, heard = parse_model_package(sample(APPROVED))
        assert group == ModelGroup("fraud-detector", "111122223333")
        assert (heard.package, heard.modified_at, heard.approval_changed) == (package(7), APPROVED_AT, True)

    def test_another_field_that_changed_is_no_news_of_the_approval(self) -> None:
        _, heard = parse_model_package(sample("model_package_changed--metadata-reemit.json"))
        assert heard.approval_changed is False

    def test_an_older_schema_does_not_say(self) -> None:
        _, heard = parse_model_package(sample("model_package_changed--older-schema.json"))
        assert (heard.approval_changed, heard.modified_at) == (None, None)

    @pytest.mark.parametrize(
        "value",
        [
            "2026-11-20T14:05:30Z",
            "2026-11-20T14:05:30+00:00",
            "2026-11-20T15:05:30+01:00",
            "2026-11-20T14:05:30",
            int(APPROVED_AT.timestamp() * 1000),
        ],
    )
    def test_times_are_read_as_text_and_as_milliseconds_in_utc(self, value: object) -> None:
        _, heard = parse_model_package(approved(LastModifiedTime=value))
        assert heard.modified_at == APPROVED_AT
        assert heard.modified_at is not None
        assert heard.modified_at.tzinfo is UTC

    @pytest.mark.parametrize(
        "value", ["", "now", "0001-01-01T00:00:00+14:00", 10**30, float("nan"), True, None, [1]]
    )
    def test_what_is_no_time_is_none(self, value: object) -> None:
        _, heard = parse_model_package(approved(LastModifiedTime=value))
        assert heard.modified_at is None

    @pytest.mark.parametrize(
        "arn",
        [
            "arn:aws:sagemaker:us-east-1:111122223333:model-package/fraud-detector",
            "arn:aws:sagemaker:us-east-1:111122223333:model-package/fraud-detector/",
            "arn:aws:sagemaker:us-east-1:111122223333:model-package/fraud-detector/7/8",
            "arn:aws:sagemaker:us-east-1:111122223333:model-package/fraud-detector/7\n",
            "arn:aws:sagemaker:us-east-1:111122223333:model-package/../7",
            "arn:aws:s3:::bucket/7",
            "fraud-detector/7",
        ],
    )
    def test_an_arn_of_no_version_is_refused(self, arn: str) -> None:
        with pytest.raises(BadEvent, match="not a versioned model package"):
            parse_model_package(approved(ModelPackageArn=arn))

    @pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
    def test_other_partitions_are_read(self, partition: str) -> None:
        arn = package(7).replace("arn:aws:", f"arn:{partition}:")
        assert parse_model_package(approved(ModelPackageArn=arn))[1].package == arn


class TestEndpoint:
    @pytest.mark.parametrize(
        "name", ["in-service", "failed", "deployment-creating", "in-service-sparse-nulls", "hostile-tags"]
    )
    def test_the_name_is_read_with_its_capitals(self, name: str) -> None:
        assert parse_endpoint(sample(f"endpoint_changed--{name}.json")) == "Fraud-Prod"

    def test_a_name_of_the_longest_length_is_one(self) -> None:
        event = sample("endpoint_changed--in-service.json")
        event["detail"]["EndpointName"] = "F" * 63
        assert parse_endpoint(event) == "F" * 63

    @pytest.mark.parametrize("name", ["F" * 64, "F" + "-" * 62 + "d", "-F", "F-", "F_d", "F.d"])
    def test_what_sagemaker_would_not_take_as_a_name_is_refused(self, name: str) -> None:
        event = sample("endpoint_changed--in-service.json")
        event["detail"]["EndpointName"] = name
        with pytest.raises(BadEvent, match="not an endpoint name"):
            parse_endpoint(event)

    def test_a_refusal_quotes_no_more_than_it_must(self) -> None:
        event = sample("endpoint_changed--in-service.json")
        event["detail"]["EndpointName"] = "\u001b[31m" + "x" * 10_000
        with pytest.raises(BadEvent) as caught:
            parse_endpoint(event)
        assert len(str(caught.value)) < 120
        assert str(caught.value).isprintable()


class TestAlarm:
    def test_the_name_is_read_and_the_state_is_not(self) -> None:
        assert parse_alarm(sample("alarm_changed--metric.json")) == "fraud-candidate-p99"

    def test_a_name_that_is_too_long_is_refused(self) -> None:
        event = sample("alarm_changed--metric.json")
        event["detail"]["alarmName"] = "a" * 256
        with pytest.raises(BadEvent, match="256 characters"):
            parse_alarm(event)


class TestDue:
    def test_the_endpoint_of_the_one_message_is_read(self) -> None:
        assert parse_due(sample("rollout_due--message.json")) == "Fraud-Prod"

    def test_what_else_a_message_says_is_not_used(self) -> None:
        body = json.dumps({"endpoint": "Fraud-Prod", "act": "finalize"})
        assert parse_due({"Records": [{"body": body}]}) == "Fraud-Prod"


class TestRequest:
    def test_it_is_read_whole(self) -> None:
        raw = sample(REQUEST)
        request = parse_request(raw)
        assert {key: getattr(request, key) for key in raw} == raw

    @pytest.mark.parametrize(
        ("name", "read"),
        [
            ("promote-step", (50, None, False)),
            ("retry-version", (None, 7, False)),
            ("rollback-version-preview", (None, 1, True)),
            ("pause", (None, None, False)),
        ],
    )
    def test_step_version_and_preview_are_read_where_they_are_given(
        self, name: str, read: tuple[int | None, int | None, bool]
    ) -> None:
        request = parse_request(sample(f"operator_request--{name}.json"))
        assert (request.step, request.version, request.is_preview) == read

    @pytest.mark.parametrize(("key", "most"), [("step", 100), ("version", 999_999_999)])
    def test_a_number_is_read_up_to_what_it_can_be(self, key: str, most: int) -> None:
        assert getattr(parse_request(sample(REQUEST) | {key: most}), key) == most
        with pytest.raises(BadEvent, match=f"{key} must be a whole number from 1 to {most}"):
            parse_request(sample(REQUEST) | {key: most + 1})

    def test_a_rollouts_id_is_a_target(self) -> None:
        target = "Fraud-Prod.v7.20261120T140530Z"
        assert parse_request(sample(REQUEST) | {"target": target}).target == target

    @pytest.mark.parametrize("target", [".v7", "../x", "Fraud Prod", "<b>.v7"])
    def test_what_names_neither_rollout_nor_endpoint_is_refused(self, target: str) -> None:
        with pytest.raises(BadEvent, match="neither a rollout's id nor an endpoint's name"):
            parse_request(sample(REQUEST) | {"target": target})

    def test_a_command_that_is_not_known_is_answered_with_those_that_are(self) -> None:
        with pytest.raises(BadEvent, match="'rm -rf' is not known; there is: abort"):
            parse_request(sample(REQUEST) | {"command": "rm -rf"})


def test_a_time_is_never_without_a_zone() -> None:
    _, heard = parse_model_package(approved(LastModifiedTime="2026-11-20"))
    assert heard.modified_at == datetime(2026, 11, 20, tzinfo=UTC)
