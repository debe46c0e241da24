"""Endpoints behind the serving port: what is copied, what keeps its name, and that only what carries our tag is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.observed import Status
from pointsman.core.phases import Phase
from pointsman.errors import Misconfigured
from pointsman.policy import EndpointName
from tests.functions.account import CONFIG, ENDPOINT, MODEL, VARIANT, Json, package
from tests.functions.world import Here, installed
from twin.errors import TwinError

WHOLE: Json = {
    "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1",
    "DataCaptureConfig": {
        "EnableCapture": True,
        "InitialSamplingPercentage": 10,
        "DestinationS3Uri": "s3://captured/fraud",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    },
    "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
    "EnableNetworkIsolation": True,
    "ExecutionRoleArn": "arn:aws:iam::111122223333:role/serving",
    "MetricsConfig": {"EnableEnhancedMetrics": True},
    "Tags": [{"Key": "cost-centre", "Value": "0815"}],
}


@pytest.fixture
def whole() -> Iterator[Here]:
    with installed(config=WHOLE) as here:
        yield here


def config_of(here: Here, name: str) -> Json:
    return here.call("DescribeEndpointConfig", EndpointConfigName=name)


def tags_of(here: Here, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in here.call("ListTags", ResourceArn=arn)["Tags"]}


def names(here: Here) -> set[str]:
    """Of our configs and our model, those that exist."""
    rollout = here.rollout()
    found = set()
    for operation, key, name in (
        ("DescribeEndpointConfig", "EndpointConfigName", rollout.canary_config),
        ("DescribeEndpointConfig", "EndpointConfigName", rollout.final_config),
        ("DescribeModel", "ModelName", rollout.model_name),
    ):
        with suppress(TwinError):
            here.call(operation, **{key: name})
            found.add(name)
    return found


class TestCopies:
    @pytest.mark.parametrize("field", [field for field in WHOLE if field != "Tags"])
    @pytest.mark.parametrize("phase", [Phase.BAKING, Phase.WATCHING])
    def test_a_config_is_copied_whole(self, whole: Here, field: str, phase: Phase) -> None:
        whole.approve()
        rollout = whole.drive_to(phase)
        name = rollout.canary_config if phase is Phase.BAKING else rollout.final_config
        assert config_of(whole, name)[field] == config_of(whole, CONFIG)[field] == WHOLE[field]

    def test_the_tags_of_the_live_config_go_along_with_ours(self, whole: Here) -> None:
        whole.approve()
        rollout = whole.drive_to(Phase.BAKING)
        tags = tags_of(whole, config_of(whole, rollout.canary_config)["EndpointConfigArn"])
        assert tags["cost-centre"] == "0815"
        assert tags["pointsman:rollout"] == rollout.id
        assert tags["pointsman:baseline-config"] == CONFIG

    def test_tags_behind_the_first_page_go_along_too(self, whole: Here) -> None:
        config = config_of(whole, CONFIG)["EndpointConfigArn"]
        whole.kernel.stamp_tags(config, {f"aws:stamp-{number:02}": "x" for number in range(60)})
        whole.call("AddTags", ResourceArn=config, Tags=[{"Key": "late", "Value": "yes"}])
        whole.approve()
        rollout = whole.drive_to(Phase.PREPARING)
        canary = config_of(whole, rollout.canary_config)["EndpointConfigArn"]
        assert tags_of(whole, canary)["late"] == "yes"

    def test_the_model_keeps_its_isolation_network_role_and_environment(self, baking: Here) -> None:
        old = baking.call("DescribeModel", ModelName=MODEL)
        new = baking.call("DescribeModel", ModelName=baking.rollout().model_name)
        for field in ("VpcConfig", "EnableNetworkIsolation", "ExecutionRoleArn"):
            assert new[field] == old[field]
        assert new["EnableNetworkIsolation"] is True
        assert new["PrimaryContainer"]["Environment"] == {"LOG_LEVEL": "info"}
        assert new["PrimaryContainer"]["ModelPackageName"] == package(7)

    def test_the_baseline_stands_in_the_canary_as_it_stood(self, baking: Here) -> None:
        [old] = config_of(baking, CONFIG)["ProductionVariants"]
        stable, candidate = config_of(baking, baking.rollout().canary_config)["ProductionVariants"]
        assert stable == old
        assert candidate["InitialVariantWeight"] == 0
        assert candidate["InitialInstanceCount"] == old["InitialInstanceCount"]


class TestNames:
    def test_after_promotion_the_variant_has_the_name_it_always_had(self, here: Here) -> None:
        here.approve()
        here.drive_to(Phase.WATCHING)
        [variant] = here.live()["ProductionVariants"]
        assert (variant["VariantName"], variant["CurrentInstanceCount"]) == (VARIANT, 2)
        [made] = config_of(here, here.live()["EndpointConfigName"])["ProductionVariants"]
        assert made["ModelName"] == here.rollout().model_name

    def test_after_a_rollback_the_endpoint_has_its_own_config_again(self, baking: Here) -> None:
        baking.deliver("operator_request--abort.json")
        baking.drive_to(Phase.ROLLED_BACK)
        assert baking.live()["EndpointConfigName"] == CONFIG
        assert baking.weights() == {VARIANT: 100}


class TestOurs:
    def test_a_rollback_leaves_nothing_of_ours(self, baking: Here) -> None:
        assert len(names(baking)) == 2
        baking.deliver("operator_request--abort.json")
        baking.drive_to(Phase.ROLLED_BACK)
        assert names(baking) == set()

    def test_a_promotion_leaves_what_serves(self, here: Here) -> None:
        here.approve()
        rollout = here.drive_to(Phase.SUCCEEDED)
        assert names(here) == {rollout.final_config, rollout.model_name}
        assert here.kernel.broken_configs == []

    def test_the_baselines_config_and_model_are_never_deleted(self, here: Here) -> None:
        here.approve()
        here.drive_to(Phase.SUCCEEDED)
        assert config_of(here, CONFIG)["EndpointConfigName"] == CONFIG
        assert here.call("DescribeModel", ModelName=MODEL)["ModelName"] == MODEL

    def test_what_has_our_name_and_not_our_tag_is_not_deleted(self, baking: Here) -> None:
        variants = config_of(baking, CONFIG)["ProductionVariants"]
        foreign = baking.rollout().final_config
        baking.call("CreateEndpointConfig", EndpointConfigName=foreign, ProductionVariants=variants)
        baking.deliver("operator_request--abort.json")
        baking.drive_to(Phase.ROLLED_BACK)
        assert names(baking) == {foreign}

    def test_what_carries_the_tag_of_another_rollout_is_not_deleted(self, baking: Here) -> None:
        arn = config_of(baking, baking.rollout().canary_config)["EndpointConfigArn"]
        other = [{"Key": "pointsman:rollout", "Value": "Fraud-Prod.v6.20200101T000000Z"}]
        baking.call("AddTags", ResourceArn=arn, Tags=other)
        baking.deliver("operator_request--abort.json")
        baking.drive_to(Phase.ROLLED_BACK)
        assert names(baking) == {baking.rollout().canary_config}

    def test_a_model_that_may_serve_under_a_config_that_was_deleted_is_not_deleted(
        self, baking: Here
    ) -> None:
        rollout = baking.rollout()
        baking.call("DeleteEndpointConfig", EndpointConfigName=rollout.canary_config)
        live = baking.world.serving.observe(ENDPOINT)
        assert baking.world.serving.find_leftovers(rollout, live) == ()


class TestObserve:
    def test_it_tells_status_config_and_variants(self, here: Here) -> None:
        endpoint = here.world.serving.observe(ENDPOINT, with_packages=True)
        [variant] = endpoint.variants
        assert (endpoint.status, endpoint.config) == (Status.IN_SERVICE, CONFIG)
        assert (variant.name, variant.model, variant.package) == (VARIANT, MODEL, package(1))
        assert (variant.current_count, variant.weight) == (2, 1.0)
        assert endpoint.obstacles == ()

    def test_a_model_that_a_version_cannot_replace_is_an_obstacle(self, here: Here) -> None:
        pipeline = [{"Image": "scale"}, {"Image": "predict"}]
        role = WHOLE["ExecutionRoleArn"]
        here.call("CreateModel", ModelName="pipeline", ExecutionRoleArn=role, Containers=pipeline)
        [variant] = config_of(here, CONFIG)["ProductionVariants"]
        changed = [variant | {"ModelName": "pipeline"}]
        here.call("CreateEndpointConfig", EndpointConfigName="new", ProductionVariants=changed)
        here.call("UpdateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="new")
        here.kernel.advance(timedelta(minutes=5))
        [obstacle] = here.world.serving.observe(ENDPOINT, with_packages=True).obstacles
        assert obstacle.startswith("model pipeline ")
        assert here.world.serving.observe(ENDPOINT).obstacles == ()

    def test_without_packages_no_model_is_described(self, here: Here) -> None:
        here.asked.clear()
        assert here.world.serving.observe(ENDPOINT).variants[0].package == ""
        assert ("sagemaker", "DescribeModel") not in here.asked

    def test_an_endpoint_that_does_not_exist_is_gone(self, here: Here) -> None:
        assert here.world.serving.observe(EndpointName("nobody")).status is Status.GONE

    def test_what_sagemaker_builds_is_told_while_it_builds(self, here: Here) -> None:
        here.approve()
        here.due()
        endpoint = here.world.serving.observe(ENDPOINT)
        assert endpoint.status is Status.BUSY
        assert endpoint.pending_config == here.rollout().canary_config

    def test_a_config_that_was_deleted_is_an_obstacle_and_no_error(self, here: Here) -> None:
        here.call("DeleteEndpointConfig", EndpointConfigName=CONFIG)
        [obstacle] = here.world.serving.observe(ENDPOINT).obstacles
        assert "deleted" in obstacle


@pytest.mark.parametrize("operation", ["prepare", "set_share", "remove"])
def test_a_rollout_without_a_baseline_changes_nothing(here: Here, operation: str) -> None:
    here.approve()
    arguments: list[Any] = [here.rollout()] + ([5000] if operation == "set_share" else [])
    with pytest.raises(Misconfigured, match="no baseline"):
        getattr(here.world.serving, operation)(*arguments)
    assert here.changing_calls() == []
