"""What a real boto3 client sends and sees when a kernel answers or refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.twin.wire.stand_in import StandIn
from twin.errors import TwinError
from twin.wire.world import Wire

NOON = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)


def _refusal(kernel: StandIn, service: str, method: str, **params: Any) -> dict[str, Any]:
    with Wire(kernel) as wire, pytest.raises(ClientError) as refusal:
        getattr(wire.client(service), method)(**params)
    response: dict[str, Any] = dict(refusal.value.response)
    return response


def test_the_kernel_is_asked_in_pascal_case_with_aware_times() -> None:
    kernel = StandIn({"GetMetricData": {"MetricDataResults": []}})
    query = {
        "Id": "slow",
        "MetricStat": {
            "Metric": {"Namespace": "AWS/SageMaker", "MetricName": "ModelLatency", "Dimensions": []},
            "Period": 60,
            "Stat": "PR(:250000)",
        },
    }
    with Wire(kernel) as wire:
        wire.client("cloudwatch").get_metric_data(
            StartTime=NOON - timedelta(minutes=5),
            EndTime=NOON.replace(microsecond=0),
            MetricDataQueries=[query],
        )

    ((service, operation, params),) = kernel.asked
    assert (service, operation) == ("cloudwatch", "GetMetricData")
    assert params["MetricDataQueries"] == [query]
    assert params["EndTime"] == NOON.replace(microsecond=0)
    assert params["EndTime"].tzinfo is UTC


def test_times_and_floats_come_back_as_they_were_answered() -> None:
    variant = {"VariantName": "live", "CurrentWeight": 0.0, "DesiredWeight": 0.10000000149011612}
    answer = {
        "EndpointName": "e",
        "EndpointArn": "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e",
        "EndpointStatus": "InService",
        "CreationTime": NOON,
        "LastModifiedTime": NOON,
        "ProductionVariants": [variant],
    }
    with Wire(StandIn({"DescribeEndpoint": answer})) as wire:
        seen = wire.client("sagemaker").describe_endpoint(EndpointName="e")

    assert {name: seen[name] for name in answer} == answer


def test_series_come_back_in_the_order_of_the_answer() -> None:
    times = [NOON.replace(microsecond=0), NOON.replace(microsecond=0) - timedelta(minutes=1)]
    result = {"Id": "a", "Label": "l", "Timestamps": times, "Values": [1.5, 99.75], "StatusCode": "Complete"}
    with Wire(StandIn({"GetMetricData": {"MetricDataResults": [result]}})) as wire:
        seen = wire.client("cloudwatch").get_metric_data(StartTime=NOON, EndTime=NOON, MetricDataQueries=[])

    assert seen["MetricDataResults"] == [result]


def test_an_invocation_carries_bytes_both_ways_and_names_the_variant() -> None:
    answer = {"Body": b"\xff\x00ok", "ContentType": "text/csv", "InvokedProductionVariant": "live"}
    kernel = StandIn({"InvokeEndpoint": answer})
    with Wire(kernel) as wire:
        seen = wire.client("sagemaker-runtime").invoke_endpoint(
            EndpointName="e",
            TargetVariant="live",
            ContentType="application/x-www-form-urlencoded",
            Body=b"\x80=1&b",
        )
        body = seen["Body"].read()

    assert (body, seen["ContentType"], seen["InvokedProductionVariant"]) == (
        b"\xff\x00ok",
        "text/csv",
        "live",
    )
    assert kernel.asked[0][2] == {
        "EndpointName": "e",
        "TargetVariant": "live",
        "ContentType": "application/x-www-form-urlencoded",
        "Body": b"\x80=1&b",
    }


def test_a_refusal_reaches_the_client_with_code_message_and_status() -> None:
    busy = TwinError("ValidationException", 'Cannot update in-progress endpoint "arn:x".')

    response = _refusal(StandIn({"DeleteEndpoint": busy}), "sagemaker", "delete_endpoint", EndpointName="e")

    assert response["Error"] == {"Code": "ValidationException", "Message": busy.message}
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_modelled_error_becomes_the_client_s_own_exception() -> None:
    kernel = StandIn({"CreateEndpoint": TwinError("ResourceLimitExceeded", "over the limit")})
    with Wire(kernel) as wire:
        sagemaker = wire.client("sagemaker")
        with pytest.raises(sagemaker.exceptions.ResourceLimitExceeded, match="over the limit"):
            sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")


def test_a_throttled_call_is_no_warning_and_is_sent_once() -> None:
    kernel = StandIn({"DescribeEndpoint": TwinError("ThrottlingException", "Rate exceeded")})

    response = _refusal(kernel, "sagemaker", "describe_endpoint", EndpointName="e")

    assert response["Error"]["Code"] == "ThrottlingException"
    assert len(kernel.asked) == 1


def test_a_container_that_fails_is_a_model_error_with_the_status_it_gave() -> None:
    kernel = StandIn({"InvokeEndpoint": TwinError("ModelError", "no luck", 424)})

    response = _refusal(kernel, "sagemaker-runtime", "invoke_endpoint", EndpointName="e", Body=b"{}")

    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["Error"]["Code"] == "ModelError"
    assert (response["OriginalStatusCode"], response["OriginalMessage"]) == (500, "no luck")


def test_cloudwatch_s_codes_are_those_of_its_query_days() -> None:
    kernel = StandIn({"PutMetricAlarm": TwinError("LimitExceededFault", "too many alarms")})
    alarm = {"AlarmName": "a", "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}

    response = _refusal(kernel, "cloudwatch", "put_metric_alarm", **alarm)

    assert response["Error"]["Code"] == "LimitExceeded"


def test_cloudwatch_s_error_becomes_the_client_s_own_exception_under_either_name() -> None:
    kernel = StandIn({"DeleteAlarms": TwinError("LimitExceeded", "too many alarms")})
    with Wire(kernel) as wire:
        cloudwatch = wire.client("cloudwatch")
        with pytest.raises(cloudwatch.exceptions.LimitExceededFault) as refusal:
            cloudwatch.delete_alarms(AlarmNames=["a"])

    # botocore's name for what came as __type, beside the code of the query protocol.
    assert refusal.value.response["Error"]["QueryErrorCode"] == "LimitExceededFault"


def test_a_name_that_the_service_would_refuse_never_reaches_the_kernel() -> None:
    kernel = StandIn()

    response = _refusal(kernel, "sagemaker", "describe_endpoint", EndpointName="my_endpoint")

    assert response["Error"]["Code"] == "ValidationException"
    assert (
        "Value 'my_endpoint' at 'endpointName' failed to satisfy constraint" in response["Error"]["Message"]
    )
    assert kernel.asked == []
