"""Every kind of endpoint: made by ordinary calls, described as what it is, its instances counted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, refused, variant
from tests.twin.makers import ASYNC, CAPTURE, ROLE, host, many_models, pipeline, pooled, serverless, sold
from twin.traffic import Profile


def start(cloud: Cloud, *variants: dict[str, Any], **given: Any) -> dict[str, Any]:
    """An endpoint on a configuration of these variants, as it is described ten minutes later."""
    cloud.config("first", *variants, **given)
    cloud.call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="first")
    cloud.pass_minutes(10)
    return cloud.endpoint()


def test_a_shadow_is_described_with_its_counts_and_takes_instances(cloud: Cloud) -> None:
    shown = start(
        cloud, variant("stable", "old", 2), ShadowProductionVariants=[variant("copy", "new", 1, 0.5)]
    )
    assert [each["VariantName"] for each in shown["ProductionVariants"]] == ["stable"]
    assert shown["ShadowProductionVariants"] == [
        {
            "VariantName": "copy",
            "CurrentWeight": 0.5,
            "DesiredWeight": 0.5,
            "CurrentInstanceCount": 1,
            "DesiredInstanceCount": 1,
        }
    ]
    assert cloud.kernel.running(ENDPOINT) == 3


def test_a_shadow_takes_no_requests_of_its_own(cloud: Cloud) -> None:
    start(cloud, variant("stable", "old"), ShadowProductionVariants=[variant("copy", "new", 1, 1.0)])
    cloud.send(per_minute=10, minutes=3)
    cloud.pass_minutes(3)
    assert cloud.kernel.served(ENDPOINT).keys() == {"old"}


def test_an_endpoint_whose_shadow_does_not_start_fails(cloud: Cloud) -> None:
    cloud.kernel.profiles["new"] = Profile(starts=False)
    shown = start(cloud, variant("stable", "old"), ShadowProductionVariants=[variant("copy", "new", 1, 1.0)])
    assert shown["EndpointStatus"] == "Failed"
    assert "copy" in shown["FailureReason"]


def test_pools_are_described_and_the_first_in_line_is_used(cloud: Cloud) -> None:
    cloud.kernel.quota["ml.g6.xlarge"] = 3
    shown = start(cloud, pooled())
    assert shown["ProductionVariants"][0]["InstancePools"] == [
        {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 0},
        {"InstanceType": "ml.g6.xlarge", "CurrentInstanceCount": 3},
    ]
    cloud.config("more", pooled(InitialInstanceCount=1))
    assert refused(lambda: cloud.update("more")).code == "ResourceLimitExceeded"


def test_a_serverless_endpoint_has_no_instances(cloud: Cloud) -> None:
    shown = start(cloud, serverless())
    [described] = shown["ProductionVariants"]
    assert described["CurrentServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    assert (described["CurrentInstanceCount"], cloud.kernel.running(ENDPOINT)) == (0, 0)


def test_serverless_goes_to_instances_and_not_back(cloud: Cloud) -> None:
    start(cloud, serverless())
    cloud.config("instances", variant("stable", "old"))
    cloud.update("instances")
    cloud.pass_minutes(10)
    assert (cloud.status(), cloud.kernel.running(ENDPOINT)) == ("InService", 2)
    assert "cannot be converted" in refused(lambda: cloud.update("first")).message


def test_an_asynchronous_endpoint_is_described_as_one(cloud: Cloud) -> None:
    assert start(cloud, variant("stable", "old"), **ASYNC).items() >= ASYNC.items()


def test_data_capture_is_described_with_its_share(cloud: Cloud) -> None:
    assert start(cloud, variant("stable", "old"), DataCaptureConfig=CAPTURE)["DataCaptureConfig"] == {
        "EnableCapture": True,
        "CaptureStatus": "Started",
        "CurrentSamplingPercentage": 20,
        "DestinationS3Uri": "s3://captured",
        "KmsKeyId": "",
    }


@pytest.mark.parametrize("mode", ["Serial", "Direct"])
def test_a_pipeline_serves_and_is_described_with_its_containers(cloud: Cloud, mode: str) -> None:
    pipeline(cloud, mode=mode)
    assert start(cloud, variant("stable", "pipeline"))["EndpointStatus"] == "InService"
    model = cloud.call("DescribeModel", ModelName="pipeline")
    assert [each["Image"] for each in model["Containers"]] == ["clean", "score"]
    assert model["InferenceExecutionConfig"] == {"Mode": mode}


def test_many_models_on_one_container_serve(cloud: Cloud) -> None:
    many_models(cloud)
    assert start(cloud, variant("stable", "many"))["EndpointStatus"] == "InService"
    model = cloud.call("DescribeModel", ModelName="many")
    assert model["PrimaryContainer"]["Mode"] == "MultiModel"


def test_a_model_of_the_marketplace_serves(cloud: Cloud) -> None:
    sold(cloud)
    start(cloud, variant("stable", "sold", InstanceType="ml.inf1.xlarge"))
    cloud.send(per_minute=10, minutes=1)
    cloud.pass_minutes(1)
    package = "arn:aws:sagemaker:us-east-1:111122223333:model-package/sold"
    assert cloud.kernel.served(ENDPOINT)[package].requests == 10


def test_ten_variants_are_the_most(cloud: Cloud) -> None:
    shown = start(cloud, *[variant(f"v{number}", "old", 1) for number in range(10)])
    assert len(shown["ProductionVariants"]) == 10


def test_routing_and_managed_scaling_are_described(cloud: Cloud) -> None:
    kind = {
        "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
        "ManagedInstanceScaling": {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 4},
    }
    shown = start(cloud, host(**kind), **ROLE)
    assert shown["ProductionVariants"][0].items() >= kind.items()


def test_the_last_deployment_config_is_described_until_another_takes_its_place(live: Cloud) -> None:
    assert "LastDeploymentConfig" not in live.endpoint()
    policy = {"TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}}
    at_once = {"BlueGreenUpdatePolicy": policy}
    live.config("next", variant("stable", "new"))
    live.update("next", DeploymentConfig=at_once)
    live.pass_minutes(10)
    assert (live.endpoint()["LastDeploymentConfig"], live.status()) == (at_once, "InService")
    live.config("last", variant("stable", "new"))
    live.update("last", RetainDeploymentConfig=True)
    assert live.endpoint()["LastDeploymentConfig"] == at_once


def test_an_endpoint_can_be_made_with_a_deployment_config_for_later(cloud: Cloud) -> None:
    cloud.config("first", variant("stable", "old"))
    rolling = {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 10},
            "WaitIntervalInSeconds": 60,
        }
    }
    given = {"EndpointName": ENDPOINT, "EndpointConfigName": "first", "DeploymentConfig": rolling}
    cloud.call("CreateEndpoint", **given)
    assert cloud.endpoint()["LastDeploymentConfig"] == rolling
    cloud.pass_minutes(10)
    cloud.config("next", variant("stable", "new"))
    retained = refused(lambda: cloud.update("next", RetainDeploymentConfig=True))
    assert retained.message.startswith("The twin does not do this yet")


def test_a_silent_rollback_keeps_its_reason_while_in_service(live: Cloud) -> None:
    live.kernel.profiles["new"] = Profile(starts=False)
    live.config("next", variant("stable", "new"))
    live.update("next")
    live.pass_minutes(15)
    shown = live.endpoint()
    assert (shown["EndpointStatus"], shown["EndpointConfigName"]) == ("InService", "first")
    assert "did not pass the ping health check" in shown["FailureReason"]
