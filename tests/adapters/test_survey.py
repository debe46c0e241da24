"""The survey of an account: every page of every list, each resource once, and a missing permission costs what it tells, nothing more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pointsman.adapters.aws.survey_calls import side_by_side
from pointsman.errors import Denied, NotFound, Transient
from pointsman.survey import Kind, Sight, Trait
from tests.adapters.land import NAME, Land, serving
from tests.worlds.elsewhere import REGISTRY, Elsewhere


@pytest.fixture
def land() -> Land:
    return serving()


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


def test_an_endpoint_that_a_rollout_has_left_behind_is_a_plain_one(land: Land) -> None:
    ours = "pointsman-Fraud-Prod-v7-0a1b2c3d-final-2"
    land.config(ours)
    land.call("UpdateEndpoint", EndpointName=NAME, EndpointConfigName=ours)
    land.settle()
    assert land.look().traits == ()


def test_a_config_that_was_made_later_and_used_was_passed_over(land: Land) -> None:
    land.kernel.advance(timedelta(days=1))
    land.config("fraud-prod-v2")
    land.kernel.advance(timedelta(hours=1))
    for config in ("fraud-prod-v2", "fraud-prod-v1"):
        land.call("UpdateEndpoint", EndpointName=NAME, EndpointConfigName=config)
        land.kernel.advance(timedelta(minutes=30))
    for sight in (land.look(), *land.look_at_all()):
        assert [config.name for config in sight.passed_over] == ["fraud-prod-v2"]


def test_configs_that_are_named_alike_for_several_endpoints_tell_nothing(land: Land) -> None:
    land.config("shared-v1")
    land.config("shared-v2")
    for name in ("one", "other"):
        land.endpoint(name, "shared-v1" if name == "one" else "shared-v2")
        land.kernel.advance(timedelta(minutes=10))
    land.config("shared-v3")
    land.kernel.advance(timedelta(minutes=10))
    for config in ("shared-v3", "shared-v1"):
        land.call("UpdateEndpoint", EndpointName="one", EndpointConfigName=config)
        land.kernel.advance(timedelta(minutes=30))
    assert [sight.passed_over for sight in land.look_at_all()] == [(), (), ()]


class TestSideBySide:
    def test_results_come_in_the_order_of_the_items_whoever_answers_first(self) -> None:
        counted: list[int] = []
        assert side_by_side(lambda item: item * 2, range(50), counted.append) == [
            2 * item for item in range(50)
        ]
        assert counted == list(range(1, 51))

    def test_an_error_of_one_ends_the_whole(self) -> None:
        def work(item: int) -> int:
            if item == 3:
                raise Transient("throttled")
            return item

        with pytest.raises(Transient):
            side_by_side(work, range(50), lambda _number: None)

    def test_an_interruption_comes_through(self) -> None:
        def interrupt(number: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            side_by_side(lambda item: item, range(50), interrupt)


@pytest.mark.parametrize("is_open", [True, False])
def test_a_version_of_another_accounts_registry_is_told_with_that_account(
    land: Land, *, is_open: bool
) -> None:
    there = Elsewhere(land.kernel)
    there.approve(2)
    container = {"ModelPackageName": there.package(2)}
    land.call("CreateModel", ModelName="abroad", ExecutionRoleArn="role", PrimaryContainer=container)
    land.config("abroad-config", "abroad")
    land.endpoint("abroad", "abroad-config")
    land.settle()
    if not is_open:
        there.shut()
    [model] = land.look("abroad").models
    assert (model.registry_account, model.group, model.version) == (REGISTRY, "fraud-detector", 2)
    assert model.approval == ("Approved" if is_open else "")
