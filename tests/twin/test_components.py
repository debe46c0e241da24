"""Inference components: hosted by a variant without a model, listed by endpoint, and gone before their endpoint can go."""

from __future__ import annotations

from typing import Any

import pytest

from tests.twin.cloud import ARN, ENDPOINT, TYPE, Cloud, refused, variant
from twin.traffic import Profile

NEEDS = {
    "ComputeResourceRequirements": {"NumberOfAcceleratorDevicesRequired": 1, "MinMemoryRequiredInMb": 1024}
}
ROLE = "arn:aws:iam::111122223333:role/serving"


@pytest.fixture
def hosting(cloud: Cloud) -> Cloud:
    """An endpoint in service whose variant "stable" hosts components on one instance, and may do with none."""
    scaling = {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 4}
    spec = {
        "VariantName": "stable",
        "InstanceType": TYPE,
        "InitialInstanceCount": 1,
        "ManagedInstanceScaling": scaling,
    }
    cloud.config("first", spec, ExecutionRoleArn=ROLE)
    cloud.call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="first")
    cloud.pass_minutes(10)
    return cloud


def add(cloud: Cloud, name: str = "llm", copies: int = 2, **given: Any) -> dict[str, Any]:
    asked = {
        "EndpointName": ENDPOINT,
        "VariantName": "stable",
        "Specification": {"ModelName": "old", **NEEDS},
        "RuntimeConfig": {"CopyCount": copies},
    }
    return cloud.call("CreateInferenceComponent", InferenceComponentName=name, **asked | given)


def seen(cloud: Cloud, name: str = "llm") -> dict[str, Any]:
    return cloud.call("DescribeInferenceComponent", InferenceComponentName=name)


def names(cloud: Cloud, **asked: Any) -> list[str]:
    answer = cloud.call("ListInferenceComponents", **asked)
    return [row["InferenceComponentName"] for row in answer["InferenceComponents"]]


def test_a_component_comes_into_service_after_minutes(hosting: Cloud) -> None:
    started = hosting.kernel.now
    arn = add(hosting)["InferenceComponentArn"]
    creating = seen(hosting)
    hosting.pass_minutes(5)
    assert seen(hosting) == {
        "InferenceComponentName": "llm",
        "InferenceComponentArn": arn,
        "EndpointName": ENDPOINT,
        "EndpointArn": ARN,
        "VariantName": "stable",
        "InferenceComponentStatus": "InService",
        "CreationTime": started,
        "LastModifiedTime": seen(hosting)["LastModifiedTime"],
        "Specification": {"ModelName": "old", **NEEDS},
        "RuntimeConfig": {"DesiredCopyCount": 2, "CurrentCopyCount": 2},
    }
    assert creating["InferenceComponentStatus"] == "Creating"
    assert creating["RuntimeConfig"]["CurrentCopyCount"] == 0
    assert seen(hosting)["LastModifiedTime"] > started


def test_there_are_no_events_of_components(hosting: Cloud) -> None:
    hosting.events.clear()
    add(hosting)
    hosting.pass_minutes(5)
    assert hosting.events == []


def test_a_container_is_described_by_the_image_that_was_deployed(hosting: Cloud) -> None:
    container = {"Image": "image", "ArtifactUrl": "s3://model"}
    add(hosting, Specification={"Container": container, **NEEDS})
    assert seen(hosting)["Specification"]["Container"] == {
        "DeployedImage": {"SpecifiedImage": "image"},
        "ArtifactUrl": "s3://model",
    }


def test_an_adapter_sits_on_its_component_and_has_no_copies(hosting: Cloud) -> None:
    add(hosting)
    adapter = {"BaseInferenceComponentName": "llm", "Container": {"ArtifactUrl": "s3://adapter"}}
    asked = {"InferenceComponentName": "style", "EndpointName": ENDPOINT, "Specification": adapter}
    hosting.call("CreateInferenceComponent", **asked)
    hosting.pass_minutes(5)
    shown = seen(hosting, "style")
    assert (shown["VariantName"], shown["InferenceComponentStatus"]) == ("stable", "InService")
    assert "RuntimeConfig" not in shown


def test_components_are_listed_by_endpoint_and_variant(hosting: Cloud) -> None:
    for number in range(12):
        add(hosting, f"llm-{number:02}")
        hosting.pass_minutes(1)
    assert names(hosting, EndpointNameEquals=ENDPOINT)[:2] == ["llm-11", "llm-10"]
    assert len(names(hosting)) == 10
    assert names(hosting, EndpointNameEquals="other") == []
    assert names(hosting, VariantNameEquals="other") == []
    assert len(names(hosting, VariantNameEquals="stable", MaxResults=100)) == 12
    assert len(names(hosting, StatusEquals="Creating", MaxResults=100)) in (2, 3, 4)


def test_a_model_that_does_not_start_fails_its_component(hosting: Cloud) -> None:
    package = hosting.package()
    container = {"ModelPackageName": package}
    hosting.call("CreateModel", ModelName="packed", ExecutionRoleArn="role", PrimaryContainer=container)
    hosting.kernel.profiles[package] = Profile(starts=False)
    add(hosting, Specification={"ModelName": "packed", **NEEDS})
    hosting.pass_minutes(5)
    shown = seen(hosting)
    assert (shown["InferenceComponentStatus"], hosting.status()) == ("Failed", "InService")
    assert "did not pass the ping health check" in shown["FailureReason"]


def test_instances_that_host_nothing_are_given_back_and_fetched_again(hosting: Cloud) -> None:
    add(hosting)
    hosting.pass_minutes(5)
    copies = {"DesiredRuntimeConfig": {"CopyCount": 0}}
    hosting.call("UpdateInferenceComponentRuntimeConfig", InferenceComponentName="llm", **copies)
    hosting.pass_minutes(20)
    assert (hosting.kernel.running(ENDPOINT), hosting.seen("stable")["CurrentInstanceCount"]) == (0, 0)
    copies = {"DesiredRuntimeConfig": {"CopyCount": 3}}
    hosting.call("UpdateInferenceComponentRuntimeConfig", InferenceComponentName="llm", **copies)
    hosting.pass_minutes(1)
    assert (hosting.status(), seen(hosting)["InferenceComponentStatus"]) == ("Updating", "Updating")
    hosting.pass_minutes(20)
    assert (hosting.kernel.running(ENDPOINT), seen(hosting)["RuntimeConfig"]["CurrentCopyCount"]) == (1, 3)


def test_a_host_with_no_more_than_it_must_have_is_left_alone(hosting: Cloud) -> None:
    scaling = {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 4}
    spec = {"VariantName": "stable", "InstanceType": TYPE, "ManagedInstanceScaling": scaling}
    hosting.config("more", spec, ExecutionRoleArn=ROLE)
    hosting.update("more")
    hosting.pass_minutes(10)
    hosting.events.clear()
    add(hosting, copies=0)
    hosting.pass_minutes(20)
    assert (hosting.statuses(), hosting.kernel.running(ENDPOINT)) == ([], 1)


def test_a_component_whose_host_was_updated_away_fails(hosting: Cloud) -> None:
    add(hosting)
    hosting.pass_minutes(5)
    hosting.config("other", variant("other", "old", 1))
    hosting.update("other")
    hosting.pass_minutes(10)
    copies = {"DesiredRuntimeConfig": {"CopyCount": 3}}
    hosting.call("UpdateInferenceComponentRuntimeConfig", InferenceComponentName="llm", **copies)
    hosting.pass_minutes(5)
    assert seen(hosting)["InferenceComponentStatus"] == "Failed"


def test_a_component_fails_where_its_instances_cannot_be_had(hosting: Cloud) -> None:
    add(hosting)
    hosting.pass_minutes(5)
    hosting.call("DeleteInferenceComponent", InferenceComponentName="llm")
    hosting.pass_minutes(20)
    hosting.kernel.capacity[TYPE] = 0
    add(hosting, "again")
    hosting.pass_minutes(20)
    shown = seen(hosting, "again")
    assert (shown["InferenceComponentStatus"], hosting.status()) == ("Failed", "InService")
    assert "InsufficientInstanceCapacity" in shown["FailureReason"]


def test_the_count_of_a_host_may_be_zero_by_hand_too(hosting: Cloud) -> None:
    hosting.resize("stable", 0)
    hosting.pass_minutes(2)
    assert hosting.seen("stable")["CurrentInstanceCount"] == 0


def test_a_component_is_gone_shortly_after_it_is_deleted(hosting: Cloud) -> None:
    add(hosting)
    hosting.pass_minutes(5)
    hosting.call("DeleteInferenceComponent", InferenceComponentName="llm")
    assert seen(hosting)["InferenceComponentStatus"] == "Deleting"
    hosting.pass_minutes(1)
    assert refused(lambda: seen(hosting)).message.startswith("Could not find inference component")


def test_an_endpoint_goes_after_its_components(hosting: Cloud) -> None:
    add(hosting)
    hosting.pass_minutes(5)
    assert "hosts inference" in refused(lambda: hosting.call("DeleteEndpoint", EndpointName=ENDPOINT)).message
    hosting.call("DeleteInferenceComponent", InferenceComponentName="llm")
    hosting.pass_minutes(1)
    hosting.call("DeleteEndpoint", EndpointName=ENDPOINT)


def test_a_change_of_a_component_excludes_the_next(hosting: Cloud) -> None:
    add(hosting)
    error = refused(lambda: hosting.call("DeleteInferenceComponent", InferenceComponentName="llm"))
    assert error.message.startswith("Cannot update in-progress inference component")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"EndpointName": "nobody"}, id="an unknown endpoint"),
        pytest.param({"VariantName": "other"}, id="an unknown variant"),
        pytest.param({"Specification": {"ModelName": "nobody", **NEEDS}}, id="an unknown model"),
        pytest.param({"Specification": NEEDS}, id="no model"),
        pytest.param({"Specification": {"ModelName": "old"}}, id="no needs"),
        pytest.param({"Specifications": [{"ModelName": "old", **NEEDS}]}, id="one for each instance type"),
        pytest.param({"Specification": {"BaseInferenceComponentName": "nobody"}}, id="an adapter of nothing"),
        pytest.param({"InferenceComponentName": "under_score"}, id="a wrong name"),
    ],
)
def test_a_wrong_component_is_refused(hosting: Cloud, given: dict[str, Any]) -> None:
    name = given.pop("InferenceComponentName", "llm")
    assert refused(lambda: add(hosting, name, **given)).code == "ValidationException"
    assert names(hosting) == []


def test_a_name_can_be_taken_once(hosting: Cloud) -> None:
    add(hosting)
    assert refused(lambda: add(hosting)).message.startswith("Cannot create already existing")


def test_a_variant_with_a_model_of_its_own_hosts_none(live: Cloud) -> None:
    assert refused(lambda: add(live)).code == "ValidationException"


def test_a_busy_endpoint_takes_none(hosting: Cloud) -> None:
    hosting.config("next", variant("stable", "old"))
    hosting.update("next")
    assert "is not InService" in refused(lambda: add(hosting)).message


def test_a_host_is_not_invoked_without_naming_a_component(hosting: Cloud) -> None:
    assert refused(hosting.invoke).code == "ValidationError"
    named = refused(lambda: hosting.invoke(InferenceComponentName="llm"))
    assert named.message.startswith("The twin does not do this yet")
