"""Whole fleets: how long they take, what they cost, how they end, and what they carry over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, TYPE, Cloud, refused, variant
from twin.kernel import Timings
from twin.traffic import Profile


def minutes_until_in_service(cloud: Cloud) -> float:
    started = cloud.kernel.now
    while cloud.status() != "InService":
        cloud.kernel.advance(timedelta(seconds=10))
    return (cloud.kernel.now - started) / timedelta(minutes=1)


def targeted(cloud: Cloud) -> None:
    cloud.scale(
        "RegisterScalableTarget",
        ServiceNamespace="sagemaker",
        ResourceId=f"endpoint/{ENDPOINT}/variant/stable",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=4,
    )


def test_an_update_takes_minutes_that_depend_on_the_seed() -> None:
    durations = []
    for seed in range(5):
        cloud = Cloud(seed)
        cloud.model("old")
        cloud.serving()
        cloud.config("next", variant("stable", "old"))
        cloud.update("next")
        durations.append(minutes_until_in_service(cloud))
    assert all(4.0 <= duration <= 6.2 for duration in durations)
    assert len(set(durations)) > 1


def test_durations_can_be_set() -> None:
    cloud = Cloud(timings=Timings(fleet=timedelta(minutes=1), spread=0.0))
    cloud.model("old")
    cloud.serving()
    cloud.config("next", variant("stable", "old"))
    cloud.update("next")
    assert minutes_until_in_service(cloud) == 1.0


def test_an_update_builds_a_whole_fleet_beside_the_old_one(live: Cloud) -> None:
    live.config("next", variant("stable", "old"), variant("candidate", "new", 3))
    live.update("next")
    assert live.kernel.running(ENDPOINT) == 2 + 5
    live.pass_minutes(10)
    assert (live.kernel.running(ENDPOINT), live.kernel.peak_instances(ENDPOINT)) == (5, 7)


def test_the_old_fleet_serves_until_the_switch(live: Cloud) -> None:
    live.config("next", variant("stable", "new"))
    live.update("next")
    live.send(per_minute=10, minutes=20)
    live.pass_minutes(4)
    assert set(live.kernel.served(ENDPOINT)) == {"old"}
    live.pass_minutes(16)
    assert set(live.kernel.served(ENDPOINT)) == {"old", "new"}
    assert live.kernel.unanswered == {}


def test_an_update_over_quota_is_refused_at_once(live: Cloud) -> None:
    live.config("next", variant("stable", "new"))
    live.kernel.quota[TYPE] = 3
    error = refused(lambda: live.update("next"))
    assert error.code == "ResourceLimitExceeded"
    assert "is 3 Instances, with current utilization of 2 Instances and a request delta of 2" in error.message
    assert (live.status(), live.kernel.running(ENDPOINT)) == ("InService", 2)


def test_the_quota_counts_all_endpoints(live: Cloud) -> None:
    live.kernel.quota[TYPE] = 3
    create = lambda: live.call("CreateEndpoint", EndpointName="other", EndpointConfigName="first")  # noqa: E731
    assert refused(create).code == "ResourceLimitExceeded"


def test_without_capacity_an_update_ends_silently_on_the_old_configuration(live: Cloud) -> None:
    live.config("next", variant("stable", "new"))
    live.kernel.capacity[TYPE] = 1
    live.update("next")
    assert (live.status(), live.kernel.running(ENDPOINT)) == ("Updating", 2)
    assert minutes_until_in_service(live) >= 4
    shown = live.endpoint()
    assert shown["EndpointConfigName"] == "first"
    assert shown["FailureReason"] == (
        "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error."
    )


def test_the_failure_reason_goes_with_the_next_change(live: Cloud) -> None:
    live.config("next", variant("stable", "new"))
    live.kernel.capacity[TYPE] = 0
    live.update("next")
    live.pass_minutes(10)
    del live.kernel.capacity[TYPE]
    live.update("next")
    live.pass_minutes(10)
    assert "FailureReason" not in live.endpoint()
    assert live.endpoint()["EndpointConfigName"] == "next"


def test_launches_use_capacity_up_and_releases_give_it_back(live: Cloud) -> None:
    live.config("next", variant("stable", "new"))
    live.kernel.capacity[TYPE] = 2
    live.update("next")
    assert live.kernel.capacity[TYPE] == 0
    live.pass_minutes(10)
    assert live.kernel.capacity[TYPE] == 2


def test_a_container_that_never_starts_ends_on_the_old_configuration_after_the_health_check(
    live: Cloud,
) -> None:
    live.kernel.profiles["new"] = Profile(starts=False)
    live.config("next", variant("stable", "new"))
    live.update("next")
    live.pass_minutes(7.9)
    assert (live.status(), live.kernel.running(ENDPOINT)) == ("Updating", 4)
    live.pass_minutes(0.2)
    assert (live.status(), live.kernel.running(ENDPOINT)) == ("InService", 2)
    assert live.endpoint()["EndpointConfigName"] == "first"
    assert live.events[-1]["detail"]["FailureReason"] == (
        "The primary container for production variant stable did not pass the ping health check. "
        "Please check CloudWatch logs for this endpoint."
    )


def test_a_creation_that_does_not_come_up_ends_failed(cloud: Cloud) -> None:
    cloud.kernel.profiles["old"] = Profile(starts=False)
    cloud.serving()
    assert (cloud.status(), cloud.kernel.running(ENDPOINT)) == ("Failed", 0)
    assert "ping health check" in cloud.endpoint()["FailureReason"]


def test_without_retention_counts_and_weights_come_from_the_new_configuration(split: Cloud) -> None:
    split.weigh(stable=0.0, candidate=1.0)
    split.pass_minutes(1)
    split.config("next", variant("stable", "new", 1, 0.5))
    split.update("next")
    split.pass_minutes(10)
    shown = split.seen("stable")
    assert (shown["CurrentWeight"], shown["CurrentInstanceCount"]) == (0.5, 1)


def test_retention_keeps_live_counts_and_weights_a_zero_too(split: Cloud) -> None:
    split.resize("stable", 4)
    split.pass_minutes(6)
    split.weigh(stable=0.0, candidate=1.0)
    split.pass_minutes(1)
    split.config("next", variant("stable", "new", 1, 0.5), variant("third", "new", 1, 1.0))
    split.update("next", RetainAllVariantProperties=True)
    split.pass_minutes(10)
    shown = split.seen("stable")
    assert (shown["CurrentWeight"], shown["CurrentInstanceCount"]) == (0.0, 4)
    assert split.seen("third")["CurrentWeight"] == 1.0


@pytest.mark.parametrize(
    ("excluded", "expected"), [("DesiredWeight", (0.5, 4)), ("DesiredInstanceCount", (2.0, 1))]
)
def test_what_is_excluded_from_retention_comes_from_the_new_configuration(
    live: Cloud, excluded: str, expected: tuple[float, int]
) -> None:
    live.resize("stable", 4)
    live.pass_minutes(6)
    live.weigh(stable=2.0)
    live.pass_minutes(1)
    live.config("next", variant("stable", "new", 1, 0.5))
    exclusion: list[dict[str, Any]] = [{"VariantPropertyType": excluded}]
    live.update("next", RetainAllVariantProperties=True, ExcludeRetainedVariantProperties=exclusion)
    live.pass_minutes(10)
    shown = live.seen("stable")
    assert (shown["CurrentWeight"], shown["CurrentInstanceCount"]) == expected


def test_retained_weights_that_are_all_zero_are_refused(split: Cloud) -> None:
    split.weigh(stable=0.0, candidate=1.0)
    split.pass_minutes(1)
    split.config("next", variant("stable", "new"))
    error = refused(lambda: split.update("next", RetainAllVariantProperties=True))
    assert (error.code, split.status()) == ("ValidationException", "InService")


def test_an_update_to_the_live_configuration_is_refused(live: Cloud) -> None:
    assert "with the same endpoint configuration" in refused(lambda: live.update("first")).message


def test_an_update_to_an_unknown_configuration_is_refused(live: Cloud) -> None:
    assert refused(lambda: live.update("next")).message == (
        'Could not find endpoint configuration "arn:aws:sagemaker:us-east-1:111122223333:endpoint-config/next".'
    )


def test_a_deployment_config_is_refused_by_name(live: Cloud) -> None:
    live.config("next", variant("stable", "new"))
    error = refused(lambda: live.update("next", DeploymentConfig={"RollingUpdatePolicy": {}}))
    assert error.code == "ValidationException"
    assert "twin does not do this yet" in error.message


def test_a_scalable_variant_cannot_change_its_instance_type(live: Cloud) -> None:
    targeted(live)
    live.config("next", variant("stable", "new", InstanceType="ml.g5.xlarge"))
    assert "must be deregistered as scalable target" in refused(lambda: live.update("next")).message


def test_a_scalable_variant_cannot_be_removed(live: Cloud) -> None:
    targeted(live)
    live.config("next", variant("renamed", "new"))
    assert "must be deregistered as scalable target" in refused(lambda: live.update("next")).message


def test_a_scalable_variant_can_change_its_model(live: Cloud) -> None:
    targeted(live)
    live.config("next", variant("stable", "new"))
    live.update("next")
    assert live.status() == "Updating"


def test_a_deleted_endpoint_is_gone_with_its_instances_tags_and_targets(live: Cloud) -> None:
    targeted(live)
    live.call("DeleteEndpoint", EndpointName=ENDPOINT)
    assert (live.status(), live.kernel.running(ENDPOINT)) == ("Deleting", 0)
    live.pass_minutes(1)
    assert "Could not find endpoint" in refused(live.endpoint).message
    assert live.scale("DescribeScalableTargets", ServiceNamespace="sagemaker")["ScalableTargets"] == []
