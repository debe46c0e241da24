"""Requests that botocore's client lets through and the real services refuse, and answers that no service gives."""

from datetime import UTC, datetime
from typing import Any

import pytest

from twin.errors import TwinError
from twin.wire.models import SERVICES, service_model
from twin.wire.validator import (
    AnswerOutsideModel,
    check,
    check_answer,
    unchecked_patterns,
    validate,
    validate_answer,
)

NAME_PATTERN = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"


def _variant(**changes: Any) -> dict[str, Any]:
    return {"VariantName": "live", "ModelName": "m-1", "InstanceType": "ml.m5.large", **changes}


def _config(*variants: dict[str, Any]) -> list[str]:
    params = {"EndpointConfigName": "c-1", "ProductionVariants": list(variants)}
    return validate("sagemaker", "CreateEndpointConfig", params)


def test_a_proper_request_has_no_findings() -> None:
    assert _config(_variant(InitialInstanceCount=1, InitialVariantWeight=0.0, VolumeSizeInGB=512)) == []


def test_a_name_with_an_underscore_is_refused_in_the_words_of_the_service() -> None:
    params = {"EndpointName": "my_endpoint", "EndpointConfigName": "c-1"}

    with pytest.raises(TwinError) as refusal:
        check("sagemaker", "CreateEndpoint", params)

    assert refusal.value.code == "ValidationException"
    assert refusal.value.message == (
        "1 validation error detected: Value 'my_endpoint' at 'endpointName' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {NAME_PATTERN}"
    )


@pytest.mark.parametrize("name", ["ends-", "-starts", "dot.ted", "x" * 64, ""])
def test_other_names_that_sagemaker_refuses(name: str) -> None:
    assert validate("sagemaker", "DescribeEndpoint", {"EndpointName": name})


def test_several_findings_are_counted_and_joined() -> None:
    with pytest.raises(TwinError, match=r"2 validation errors detected: Value 'a_b' .*; Value 'c_d' at"):
        check("sagemaker", "CreateEndpoint", {"EndpointName": "a_b", "EndpointConfigName": "c_d"})


def test_a_finding_in_a_list_names_the_element() -> None:
    (finding,) = _config(_variant(), _variant(VariantName="v_2"))

    assert finding.startswith("Value 'v_2' at 'productionVariants.2.member.variantName' failed")


def test_a_list_that_is_too_long_is_refused() -> None:
    findings = _config(*(_variant(VariantName=f"v{number}") for number in range(11)))

    assert findings[0].endswith("Member must have length less than or equal to 10")


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"InitialInstanceCount": 0}, "Member must have value greater than or equal to 1"),
        ({"VolumeSizeInGB": 513}, "Member must have value less than or equal to 512"),
        ({"InstanceType": "ml.huge"}, "Member must satisfy enum value set: [ml.t2.medium, "),
        ({"VariantName": None}, "Member must not be null"),
        ({"InitialInstanceCount": "1"}, "Member must be of type integer"),
        ({"InitialInstanceCount": True}, "Member must be of type integer"),
        ({"Wight": 1.0}, "Member is not in the model"),
    ],
)
def test_a_variant_outside_the_model_is_refused(changes: dict[str, Any], phrase: str) -> None:
    (finding,) = _config(_variant(**changes))

    assert phrase in finding


def test_map_keys_are_held_against_their_shape() -> None:
    container = {"Environment": {"NOT OK": "1"}}

    (finding,) = validate("sagemaker", "CreateModel", {"ModelName": "m", "PrimaryContainer": container})

    assert finding == (
        "Value '{NOT OK=1}' at 'primaryContainer.environment' failed to satisfy constraint: "
        "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]"
    )


def test_scalars_in_a_list_are_reported_on_the_whole_list() -> None:
    (finding,) = validate("cloudwatch", "DescribeAlarms", {"AlarmNames": ["fine", ""]})

    assert finding == (
        "Value '[fine, ]' at 'alarmNames' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must have length greater than or equal to 1]"
    )


def test_a_tag_may_hold_letters_of_any_script_but_no_other_signs() -> None:
    def findings(value: str) -> list[str]:
        params = {"EndpointName": "e", "EndpointConfigName": "c", "Tags": [{"Key": "team", "Value": value}]}
        return validate("sagemaker", "CreateEndpoint", params)

    assert findings("Größe 10 @ 東京") == []
    assert len(findings("50%")) == 1
    assert len(findings("x" * 257)) == 1


def test_a_secret_value_is_not_repeated_in_the_message() -> None:
    params = {"EndpointName": "e", "Body": b"x" * 6_291_457}

    (finding,) = validate("sagemaker-runtime", "InvokeEndpoint", params)

    assert finding.startswith("Value at 'body' failed")


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("sagemaker", "DeleteEndpoint", "ValidationException"),
        ("application-autoscaling", "PutScalingPolicy", "ValidationException"),
        ("cloudwatch", "PutMetricAlarm", "ValidationError"),
        ("sagemaker-runtime", "InvokeEndpoint", "ValidationError"),
    ],
)
def test_each_service_refuses_under_its_own_code(service: str, operation: str, code: str) -> None:
    with pytest.raises(TwinError) as refusal:
        check(service, operation, {})

    assert refusal.value.code == code


@pytest.mark.parametrize("service", SERVICES)
def test_every_pattern_of_the_four_models_is_checked(service: str) -> None:
    assert unchecked_patterns(service) == {}


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_can_be_checked_though_shapes_contain_themselves(service: str) -> None:
    model = service_model(service)
    for operation in model.operation_names:
        input_shape = model.operation_model(operation).input_shape
        required = [] if input_shape is None else input_shape.required_members
        assert len(validate(service, operation, {})) == len(required)


def _answer(**changes: Any) -> list[str]:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    answer = {
        "EndpointName": "e",
        "EndpointArn": "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e",
        "EndpointStatus": "InService",
        "CreationTime": moment,
        "LastModifiedTime": moment,
    }
    return validate_answer("sagemaker", "DescribeEndpoint", answer | changes)


def test_a_proper_answer_has_no_findings() -> None:
    assert _answer() == []


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"EndpointStatus": "IN_SERVICE"}, "Member must satisfy enum value set: [OutOfService, "),
        ({"EndpointName": "fraud/7"}, f"Member must satisfy regular expression pattern: {NAME_PATTERN}"),
        ({"CreationTime": None}, "Member must not be null"),
        ({"CreationTime": 1.5}, "Member must be of type timestamp"),
        ({"FailureReason": "x" * 1025}, "Member must have length less than or equal to 1024"),
        ({"Tags": []}, "Member is not in the model"),
    ],
)
def test_an_answer_outside_the_model_is_found(changes: dict[str, Any], phrase: str) -> None:
    (finding,) = _answer(**changes)

    assert phrase in finding


def test_an_operation_without_an_answer_answers_nothing() -> None:
    with pytest.raises(
        AnswerOutsideModel, match=r"^sagemaker DeleteEndpoint answered .*Member is not in the model"
    ):
        check_answer("sagemaker", "DeleteEndpoint", {"EndpointArn": "arn"})

    check_answer("sagemaker", "DeleteEndpoint", {})
