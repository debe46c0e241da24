"""What real boto3 clients do with a real kernel, and what they see of it."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.twin.wire.serving import ROLE, World, error_of
from twin.traffic import Profile, Request


def test_an_invocation_goes_to_the_variant_it_names_even_at_weight_zero(world: World) -> None:
    world.config("c-2", old=1.0, new=0.0)
    world.update("c-2")

    by_weight = world.runtime.invoke_endpoint(EndpointName="e", Body=b"1,2", ContentType="text/csv")
    by_name = world.runtime.invoke_endpoint(EndpointName="e", TargetVariant="new", Body=b"1,2")

    assert by_weight["InvokedProductionVariant"] == "old"
    assert by_name["InvokedProductionVariant"] == "new"
    assert isinstance(by_name["Body"].read(), bytes)


def test_a_model_that_never_answers_is_a_model_error(world: World) -> None:
    world.kernel.profiles[world.packages["old"]] = Profile(answers=False)

    with pytest.raises(world.runtime.exceptions.ModelError) as error:
        world.runtime.invoke_endpoint(EndpointName="e", Body=b"1,2")

    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert error.value.response["OriginalStatusCode"] == 500


def _query(name: str, stat: str, metric: str = "ModelLatency") -> dict[str, Any]:
    dimensions = [{"Name": "EndpointName", "Value": "e"}, {"Name": "VariantName", "Value": "old"}]
    described = {"Namespace": "AWS/SageMaker", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": described, "Period": 60, "Stat": stat}}


def test_metrics_of_the_traffic_can_be_read_with_percentile_ranks(world: World) -> None:
    begin = world.kernel.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    requests = [Request(begin + timedelta(seconds=second), 100, 10) for second in range(0, 120, 2)]
    world.kernel.traffic("e", requests)
    world.kernel.advance_to(begin + timedelta(minutes=6))

    results = world.cloudwatch.get_metric_data(
        StartTime=begin,
        EndTime=begin + timedelta(minutes=2),
        MetricDataQueries=[
            _query("count", "Sum", "Invocations"),
            _query("all", "PR(:60000000)"),
            _query("none", "PR(:1)"),
            _query("tail", "p99"),
        ],
    )["MetricDataResults"]

    values = {result["Id"]: result["Values"] for result in results}
    assert values["count"] == [30.0, 30.0]
    assert values["all"] == [100.0, 100.0]
    assert values["none"] == [0.0, 0.0]
    assert all(value > 1_000 for value in values["tail"])
    assert results[0]["Timestamps"] == [begin + timedelta(minutes=1), begin]
    assert {result["StatusCode"] for result in results} == {"Complete"}


def _alarm(world: World, **changes: Any) -> None:
    metric = _query("unused", "Sum", "Invocations")["MetricStat"]["Metric"]
    settings = {
        "AlarmName": "busy",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 10.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    world.cloudwatch.put_metric_alarm(**metric, **settings | changes)


def test_an_alarm_is_described_set_and_deleted(world: World) -> None:
    _alarm(world)
    (created,) = world.cloudwatch.describe_alarms(AlarmNames=["busy"])["MetricAlarms"]
    world.cloudwatch.set_alarm_state(AlarmName="busy", StateValue="ALARM", StateReason="drill")
    (fired,) = world.cloudwatch.describe_alarms(AlarmNames=["busy"])["MetricAlarms"]
    world.cloudwatch.delete_alarms(AlarmNames=["busy"])

    assert (created["StateValue"], created["Threshold"]) == ("INSUFFICIENT_DATA", 10.0)
    assert created["AlarmArn"] == "arn:aws:cloudwatch:us-east-1:111122223333:alarm:busy"
    assert (fired["StateValue"], fired["StateReason"]) == ("ALARM", "drill")
    assert world.cloudwatch.describe_alarms(AlarmNames=["busy"])["MetricAlarms"] == []


def test_a_composite_alarm_is_put_described_and_followed(world: World) -> None:
    _alarm(world)
    world.cloudwatch.put_composite_alarm(AlarmName="health", AlarmRule='ALARM("busy")')
    world.cloudwatch.set_alarm_state(AlarmName="busy", StateValue="ALARM", StateReason="drill")
    found = world.cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])
    metric = _query("unused", "Sum", "Invocations")["MetricStat"]["Metric"]
    on_metric = world.cloudwatch.describe_alarms_for_metric(**metric)["MetricAlarms"]

    assert [(alarm["AlarmName"], alarm["StateValue"]) for alarm in found["CompositeAlarms"]] == [
        ("health", "ALARM")
    ]
    assert found["MetricAlarms"] == []
    assert [alarm["AlarmName"] for alarm in on_metric] == ["busy"]


def test_a_scalable_target_is_registered_suspended_and_taken_back(world: World) -> None:
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/old",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    suspended = {"DynamicScalingInSuspended": True}
    world.autoscaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=4)
    world.autoscaling.register_scalable_target(**target, SuspendedState=suspended)
    world.autoscaling.put_scaling_policy(
        **target,
        PolicyName="follow",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
        },
    )

    (seen,) = world.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    policies = world.autoscaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    world.autoscaling.deregister_scalable_target(**target)
    left = world.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]

    assert (seen["MinCapacity"], seen["MaxCapacity"]) == (1, 4)
    assert seen["SuspendedState"]["DynamicScalingInSuspended"] is True
    assert [policy["PolicyName"] for policy in policies] == ["follow"]
    assert left == []


def test_a_version_that_is_not_approved_makes_no_model(world: World) -> None:
    package = world.sagemaker.create_model_package(
        ModelPackageGroupName="models", ModelApprovalStatus="PendingManualApproval"
    )["ModelPackageArn"]

    with pytest.raises(ClientError) as error:
        world.sagemaker.create_model(
            ModelName="early", ExecutionRoleArn=ROLE, PrimaryContainer={"ModelPackageName": package}
        )

    assert error_of(error)[0] == "ValidationException"


def test_an_approval_is_seen_with_what_was_noted_beside_it(world: World) -> None:
    package = world.packages["old"]
    world.sagemaker.update_model_package(
        ModelPackageArn=package, ModelApprovalStatus="Rejected", CustomerMetadataProperties={"ticket": "M-12"}
    )

    seen = world.sagemaker.describe_model_package(ModelPackageName=package)

    assert seen["ModelApprovalStatus"] == "Rejected"
    assert seen["CustomerMetadataProperties"] == {"ticket": "M-12"}
    assert isinstance(seen["ModelPackageVersion"], int)


@pytest.mark.parametrize("name", ["my_endpoint", "ends-", "dot.ted"])
def test_names_that_aws_refuses_are_refused(world: World, name: str) -> None:
    with pytest.raises(ClientError) as error:
        world.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="c-1")

    code, message = error_of(error)
    assert code == "ValidationException"
    assert f"Value '{name}' at 'endpointName' failed to satisfy constraint" in message


def test_tags_are_listed_apart_from_the_endpoint(world: World) -> None:
    arn = world.describe()["EndpointArn"]
    world.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "risk"}])

    assert world.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "risk"}]
    assert "Tags" not in world.describe()


def test_the_over_limit_error_is_the_modelled_one(world: World) -> None:
    world.kernel.quota["ml.m5.large"] = 2
    world.config("c-2", old=1.0, new=1.0)

    with pytest.raises(world.sagemaker.exceptions.ResourceLimitExceeded):
        world.sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="c-2")
