"""Events, where somebody listens: what they carry, and in which spelling."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from contract.case import Ground, Need, case
from contract.scene import Scene

_SOON = timedelta(minutes=5)


def _about(scene: Scene, detail_type: str, **wanted: str) -> list[dict[str, Any]]:
    """Details of the events so far whose members are as wanted."""
    return [
        event["detail"]
        for event in scene.cloud.events() or []
        if event["detail-type"] == detail_type
        and all(event["detail"].get(key) == value for key, value in wanted.items())
    ]


@case("1.3", Ground.CONFIRMED, Need.ENDPOINT, 3, needs_events=True)
def endpoint_events_say_statuses_in_upper_case(scene: Scene) -> None:
    """A change of weights sends UPDATING and IN_SERVICE, with times in epoch milliseconds and tags as a map."""
    name = scene.endpoint()
    before = len(_about(scene, "SageMaker Endpoint State Change", EndpointName=name))
    scene.weigh(stable=0.5, candidate=0.5)
    scene.settle()

    def later() -> list[dict[str, Any]] | None:
        told = _about(scene, "SageMaker Endpoint State Change", EndpointName=name)[before:]
        return told if {"UPDATING", "IN_SERVICE"} <= {each["EndpointStatus"] for each in told} else None

    told = scene.until("both events have come", later, _SOON)
    assert all(each["LastModifiedTime"] > 1e12 for each in told)
    assert all(each["Tags"].get(scene.tags[0]["Key"]) == scene.prefix for each in told)


@case("1.3", Ground.CONFIRMED, needs_events=True)
def package_events_name_the_fields_that_changed(scene: Scene) -> None:
    """An update of metadata alone sends the approval status again, and UpdatedModelPackageFields tells them apart."""
    group = scene.name("Told")
    scene.sagemaker.create_model_package_group(ModelPackageGroupName=group, Tags=scene.tags)
    arn = scene.sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [scene.container()],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    scene.sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataProperties={"ticket": "M-12"})

    def update() -> dict[str, Any] | None:
        told = _about(scene, "SageMaker Model Package State Change", ModelPackageArn=arn)
        return next((each for each in told if each.get("UpdatedModelPackageFields")), None)

    told = scene.until("the event has come", update, _SOON)
    assert told["ModelApprovalStatus"] == "Approved"
    assert told["UpdatedModelPackageFields"] == ["CustomerMetadataProperties"]
