"""The survey of an account: every page of every list, each resource once, and a missing permission costs what it tells, nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pointsman.adapters.aws.survey import AwsSurvey
from pointsman.core.ownership import By, Confidence, owner_in_code
from pointsman.errors import Denied, NotFound, Transient
from pointsman.policy import EndpointName
from pointsman.survey import Kind, Sight, Trait
from tests.worlds.fleet import Stacks
from tests.worlds.kernel_client import KernelClient
from twin.kernel import Kernel

NAME = EndpointName("Fraud-Prod")
ALARM = {
    "MetricName": "Invocation5XXErrors",
    "Namespace": "AWS/SageMaker",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


def silently(_what: str, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


class Land:
    """A kernel and short ways to put things into it."""

    def __init__(self) -> None:
        self.kernel = Kernel()
        self.stacks = Stacks()
        self.call("CreateModel", ModelName="model", ExecutionRoleArn="role", PrimaryContainer={"Image": "i"})

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.kernel.call("sagemaker", operation, params)

    def config(self, name: str) -> None:
        variant = {
            "VariantName": "AllTraffic",
            "ModelName": "model",
            "InstanceType": "ml.c7i.large",
            "InitialInstanceCount": 2,
        }
        self.call("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=[variant])

    def endpoint(self, name: str, config: str) -> None:
        self.call("CreateEndpoint", EndpointName=name, EndpointConfigName=config)

    def alarm(self, name: str, endpoint: str = NAME) -> None:
        dimensions = [
            {"Name": "EndpointName", "Value": endpoint},
            {"Name": "VariantName", "Value": "AllTraffic"},
        ]
        self.kernel.call(
            "cloudwatch", "PutMetricAlarm", {"AlarmName": name, "Dimensions": dimensions, **ALARM}
        )

    def settle(self) -> None:
        self.kernel.advance(timedelta(minutes=15))
        self.kernel.calls.clear()

    @property
    def survey(self) -> AwsSurvey:
        return AwsSurvey(self.client)

    def client(self, service: str) -> Any:
        return self.stacks if service == "cloudformation" else KernelClient(self.kernel, service)

    def look(self, name: str = NAME) -> Sight:
        return self.survey.look(EndpointName(name), silently)

    def look_at_all(self) -> list[Sight]:
        return self.survey.look_at_all(silently)

    def counts(self) -> Counter[str]:
        return Counter(operation for _, _, operation, _ in self.kernel.calls)

    def deny(self, service: str, operation: str, code: str = "AccessDeniedException") -> None:
        self.kernel.faults.fail(service, operation, code, "no", times=1000)


@pytest.fixture
def land() -> Land:
    made = Land()
    made.config("fraud-prod-v1")
    made.endpoint(NAME, "fraud-prod-v1")
    made.settle()
    return made


def test_every_page_is_read_and_what_many_share_is_described_once(land: Land) -> None:
    land.kernel.quota["ml.c7i.large"] = 1000
    for number in range(130):
        land.endpoint(f"e{number:03}", "fraud-prod-v1")
        land.alarm(f"alarm-{number:03}", f"e{number:03}")
    land.settle()
    sights = land.look_at_all()
    assert [sight.name for sight in sights] == [NAME, *(f"e{number:03}" for number in range(130))]
    assert [alarm.name for alarm in sights[-1].alarms] == ["alarm-129"]
    counts = land.counts()
    assert (counts["ListEndpoints"], counts["DescribeAlarms"]) == (2, 2)
    assert (counts["DescribeEndpointConfig"], counts["DescribeModel"]) == (1, 1)
    assert counts["DescribeEndpoint"] == counts["ListTags"] == 131


def test_progress_tells_what_is_read_and_how_far_it_is(land: Land) -> None:
    told: list[tuple[str, int, int]] = []
    land.survey.look_at_all(lambda *said: told.append(said))
    assert ("alarms", 0, 0) in told
    assert told[-1] == ("endpoints", 1, 1)


def test_an_endpoint_that_vanishes_while_others_are_read_is_left_out(land: Land) -> None:
    land.kernel.faults.fail(
        "sagemaker", "DescribeEndpoint", "ValidationException", 'Could not find endpoint "x".'
    )
    assert land.look_at_all() == []


def test_one_that_is_not_there_is_not_found(land: Land) -> None:
    with pytest.raises(NotFound, match="endpoint nobody does not exist"):
        land.look("nobody")


DENIALS: dict[tuple[str, str], Callable[[Sight], bool]] = {
    ("sagemaker", "ListTags"): lambda sight: sight.tags == {},
    ("sagemaker", "DescribeEndpointConfig"): lambda sight: sight.has(Kind.UNREAD) and sight.config is None,
    ("sagemaker", "DescribeModel"): lambda sight: sight.has(Kind.UNREAD),
    ("sagemaker", "ListEndpointConfigs"): lambda sight: sight.passed_over == (),
    ("cloudwatch", "DescribeAlarms"): lambda sight: sight.alarms == (),
    ("application-autoscaling", "DescribeScalableTargets"): lambda sight: sight.scaling == (),
    ("application-autoscaling", "DescribeScalingPolicies"): lambda sight: sight.scaling == (),
}


@pytest.mark.parametrize(("service", "operation"), DENIALS)
def test_a_missing_permission_costs_what_it_tells_and_is_named(
    land: Land, service: str, operation: str
) -> None:
    land.deny(service, operation)
    for sight in (land.look(), *land.look_at_all()):
        assert sight.unread == (f"{service}:{operation}",)
        assert (sight.name, sight.status, len(sight.variants)) == (NAME, "InService", 1)
        assert DENIALS[service, operation](sight)


def test_an_endpoint_that_may_not_be_described_is_a_row_with_its_name(land: Land) -> None:
    land.deny("sagemaker", "DescribeEndpoint")
    [sight] = land.look_at_all()
    assert (sight.name, sight.status, sight.unread) == (NAME, "InService", ("sagemaker:DescribeEndpoint",))
    assert sight.traits == (Trait(Kind.UNREAD, "it", "sagemaker:DescribeEndpoint"),)
    with pytest.raises(Denied, match="sagemaker:DescribeEndpoint is not allowed"):
        land.look()


def test_without_the_list_of_endpoints_there_is_no_report(land: Land) -> None:
    land.deny("sagemaker", "ListEndpoints")
    with pytest.raises(Denied, match="sagemaker:ListEndpoints"):
        land.look_at_all()


def test_a_call_that_fails_in_passing_is_no_missing_permission(land: Land) -> None:
    land.deny("sagemaker", "ListTags", "ThrottlingException")
    with pytest.raises(Transient):
        land.look()


def test_a_version_whose_package_was_deleted_or_may_not_be_read_keeps_its_group(land: Land) -> None:
    land.call("CreateModelPackageGroup", ModelPackageGroupName="Fraud")
    given = {"ModelPackageGroupName": "Fraud", "ModelApprovalStatus": "Approved"}
    arn = land.call("CreateModelPackage", **given)["ModelPackageArn"]
    land.call("CreateModel", ModelName="m", ExecutionRoleArn="r", PrimaryContainer={"ModelPackageName": arn})
    variant = {
        "VariantName": "v",
        "ModelName": "m",
        "InstanceType": "ml.c7i.large",
        "InitialInstanceCount": 1,
    }
    land.call("CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=[variant])
    land.endpoint("versioned", "c")
    land.settle()
    [model] = land.look("versioned").models
    assert (model.group, model.version, model.approval) == ("Fraud", 1, "Approved")
    land.deny("sagemaker", "DescribeModelPackage")
    [model] = land.look("versioned").models
    assert (model.group, model.version, model.approval) == ("fraud", 1, "")
    land.kernel.faults.clear()
    land.kernel.faults.fail(
        "sagemaker", "DescribeModelPackage", "ValidationException", "Could not find it", times=9
    )
    [model] = land.look("versioned").models
    assert (model.group, model.version, model.approval) == ("fraud", 1, "deleted")


def test_a_rollout_of_pointsmans_own_is_known_by_its_config(land: Land) -> None:
    ours = "pointsman-Fraud-Prod-v7-0a1b2c3d-canary"
    land.config(ours)
    land.call("UpdateEndpoint", EndpointName=NAME, EndpointConfigName=ours)
    land.settle()
    assert land.look().traits == (Trait(Kind.RELEASING),)


def test_a_config_that_was_made_later_and_used_was_passed_over(land: Land) -> None:
    land.kernel.advance(timedelta(days=1))
    land.config("fraud-prod-v2")
    land.kernel.advance(timedelta(hours=1))
    for config in ("fraud-prod-v2", "fraud-prod-v1"):
        land.call("UpdateEndpoint", EndpointName=NAME, EndpointConfigName=config)
        land.kernel.advance(timedelta(minutes=30))
    for sight in (land.look(), *land.look_at_all()):
        assert [config.name for config in sight.passed_over] == ["fraud-prod-v2"]


class TestCloudFormation:
    TAGS = {"aws:cloudformation:stack-name": "ml", "aws:cloudformation:logical-id": "Endpoint"}  # noqa: RUF012 - read only

    @pytest.fixture
    def owned(self, land: Land) -> Land:
        land.kernel.stamp_tags(land.call("DescribeEndpoint", EndpointName=NAME)["EndpointArn"], self.TAGS)
        return land

    def test_the_stacks_metadata_tells_the_cdk(self, owned: Land) -> None:
        owned.stacks.metadata["ml", "Endpoint"] = {"aws:cdk:path": "Ml/Endpoint"}
        found = owner_in_code(owned.look())
        assert (found.by, found.confidence) == (By.CDK, Confidence.CERTAIN)

    @pytest.mark.parametrize("refusal", ["", "InternalFailure", "ThrottlingException"])
    def test_a_stack_that_is_gone_or_does_not_answer_leaves_the_guess(
        self, owned: Land, refusal: str
    ) -> None:
        owned.stacks.refusal = refusal
        sight = owned.look()
        assert (owner_in_code(sight).by, sight.unread) == (By.CLOUDFORMATION, ())

    def test_a_missing_permission_is_named(self, owned: Land) -> None:
        owned.stacks.refusal = "AccessDenied"
        assert owned.look().unread == ("cloudformation:DescribeStackResource",)

    def test_a_report_does_not_ask_for_every_stack(self, owned: Land) -> None:
        owned.stacks.asked.clear()
        owned.look_at_all()
        assert owned.stacks.asked == []
