"""Statuses of an endpoint: how it comes and goes, and what may be asked of it meanwhile."""

from __future__ import annotations

from botocore.exceptions import ClientError

from contract.case import Ground, Need, case
from contract.scene import Scene, assert_refused

BUSY = 'Cannot update in-progress endpoint "arn:'


def _assert_busy(scene: Scene, endpoint: str, config: str) -> None:
    sagemaker = scene.sagemaker
    assert_refused(BUSY, sagemaker.update_endpoint, EndpointName=endpoint, EndpointConfigName=config)
    assert_refused(
        BUSY,
        sagemaker.update_endpoint_weights_and_capacities,
        EndpointName=endpoint,
        DesiredWeightsAndCapacities=[{"VariantName": "stable", "DesiredWeight": 1.0}],
    )
    assert_refused(BUSY, sagemaker.delete_endpoint, EndpointName=endpoint)


@case("2.1", Ground.CONFIRMED, Need.OWN_ENDPOINT, 8)
def a_creation_excludes_changes(scene: Scene) -> None:
    """While an endpoint is Creating, update, weights and deletion are refused with "Cannot update in-progress endpoint"."""
    name, config = scene.fresh("own"), scene.config(scene.variant("stable"))
    scene.create(name, config)
    assert scene.describe(name)["EndpointStatus"] == "Creating"
    _assert_busy(scene, name, scene.config(scene.variant("stable")))
    scene.settle(name)
    scene.sagemaker.delete_endpoint(EndpointName=name)


@case("2.4", Ground.CONFIRMED, Need.OWN_ENDPOINT, 9)
def a_deleted_endpoint_takes_its_targets_along(scene: Scene) -> None:
    """A deleted endpoint is Deleting, then "Could not find endpoint", and its scalable targets are deregistered."""
    name = scene.fresh("own")
    scene.create(name, scene.config(scene.variant("stable")))
    scene.settle(name)
    target = f"endpoint/{name}/variant/stable"
    scene.autoscaling.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId=target,
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=2,
    )
    scene.sagemaker.delete_endpoint(EndpointName=name)
    assert scene.describe(name)["EndpointStatus"] == "Deleting"
    scene.until("the endpoint is gone", lambda: _is_gone(scene, name))
    assert_refused('Could not find endpoint "arn:', scene.sagemaker.describe_endpoint, EndpointName=name)
    left = scene.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker", ResourceIds=[target])
    assert left["ScalableTargets"] == []


def _is_gone(scene: Scene, name: str) -> bool:
    """Whether describing it is refused, whatever with."""
    try:
        scene.describe(name)
    except ClientError:
        return True
    return False


@case("2.1", Ground.CONFIRMED, Need.ENDPOINT, 2)
def a_change_of_weights_excludes_changes(scene: Scene) -> None:
    """While weights change, the endpoint is Updating: update, weights and deletion are refused as in progress."""
    name = scene.endpoint()
    config = scene.two_variants()
    scene.weigh(stable=0.5, candidate=0.5)
    assert scene.describe()["EndpointStatus"] == "Updating"
    _assert_busy(scene, name, config)
    scene.settle()


@case("2.1", Ground.CONFIRMED, Need.ENDPOINT, 2)
def a_change_of_weights_is_no_pending_deployment(scene: Scene) -> None:
    """PendingDeploymentSummary is absent while weights change."""
    scene.endpoint()
    scene.weigh(stable=0.5, candidate=0.5)
    seen = scene.describe()
    assert (seen["EndpointStatus"], "PendingDeploymentSummary" in seen) == ("Updating", False)
    scene.settle()


@case("1.3", Ground.CONFIRMED, Need.ENDPOINT)
def the_api_says_statuses_in_pascal_case(scene: Scene) -> None:
    """DescribeEndpoint says InService, where events say IN_SERVICE, and carries the ARN in lower case."""
    seen = scene.describe(scene.endpoint())
    assert seen["EndpointStatus"] == "InService"
    assert seen["EndpointArn"].endswith(f":endpoint/{seen['EndpointName'].lower()}")
    assert seen["EndpointName"] != seen["EndpointName"].lower()
