"""What an endpoint shows, which change it refuses when, and the events of its statuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.twin.cloud import ARN, ENDPOINT, Cloud, refused, variant

CHANGES: dict[str, Callable[[Cloud], object]] = {
    "an update": lambda cloud: cloud.update("next"),
    "a weight": lambda cloud: cloud.weigh(stable=1.0),
    "a count": lambda cloud: cloud.resize("stable", 3),
    "a deletion": lambda cloud: cloud.call("DeleteEndpoint", EndpointName=ENDPOINT),
}


@pytest.fixture(params=list(CHANGES))
def change(request: pytest.FixtureRequest) -> Callable[[Cloud], object]:
    return CHANGES[request.param]


@pytest.fixture
def ready(live: Cloud) -> Cloud:
    live.config("next", variant("stable", "new"))
    return live


def test_creating_excludes_every_other_change(cloud: Cloud, change: Callable[[Cloud], object]) -> None:
    cloud.config("first", variant("stable", "old"))
    cloud.config("next", variant("stable", "new"))
    cloud.call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="first")
    error = refused(lambda: change(cloud))
    assert (error.code, error.message) == (
        "ValidationException",
        f'Cannot update in-progress endpoint "{ARN}".',
    )


def test_updating_excludes_every_other_change(ready: Cloud, change: Callable[[Cloud], object]) -> None:
    ready.weigh(stable=2.0)
    assert ready.status() == "Updating"
    assert refused(lambda: change(ready)).message == f'Cannot update in-progress endpoint "{ARN}".'


def test_system_updating_excludes_every_change(ready: Cloud, change: Callable[[Cloud], object]) -> None:
    ready.kernel.set_endpoint_status(ENDPOINT, "SystemUpdating")
    assert refused(lambda: change(ready)).message == f'Cannot update in-progress endpoint "{ARN}".'


def test_system_updating_ends_when_it_is_told_to(ready: Cloud) -> None:
    ready.kernel.set_endpoint_status(ENDPOINT, "SystemUpdating")
    ready.kernel.set_endpoint_status(ENDPOINT, "InService")
    ready.weigh(stable=2.0)
    assert ready.status() == "Updating"


def test_a_failed_endpoint_can_only_be_deleted(ready: Cloud) -> None:
    ready.kernel.set_endpoint_status(ENDPOINT, "Failed", "disk broke")
    assert ready.endpoint()["FailureReason"] == "disk broke"
    assert refused(lambda: ready.update("next")).code == "ValidationException"
    assert refused(lambda: ready.weigh(stable=2.0)).code == "ValidationException"
    ready.call("DeleteEndpoint", EndpointName=ENDPOINT)
    assert ready.status() == "Deleting"


def test_a_failed_rollback_is_repaired_by_an_update_but_not_by_weights(ready: Cloud) -> None:
    ready.kernel.set_endpoint_status(ENDPOINT, "UpdateRollbackFailed")
    assert refused(lambda: ready.weigh(stable=2.0)).code == "ValidationException"
    ready.update("next")
    ready.pass_minutes(10)
    assert (ready.status(), ready.endpoint()["EndpointConfigName"]) == ("InService", "next")


def test_a_forced_status_ends_the_change_that_is_running(ready: Cloud) -> None:
    ready.update("next")
    ready.kernel.set_endpoint_status(ENDPOINT, "Failed")
    ready.pass_minutes(30)
    assert (ready.status(), ready.kernel.running(ENDPOINT)) == ("Failed", 2)


def test_a_forced_status_gives_back_instances_of_a_running_scale_out(ready: Cloud) -> None:
    ready.resize("stable", 5)
    assert ready.kernel.running(ENDPOINT) == 5
    ready.kernel.set_endpoint_status(ENDPOINT, "InService")
    ready.pass_minutes(30)
    assert (ready.kernel.running(ENDPOINT), ready.seen("stable")["DesiredInstanceCount"]) == (2, 2)


def test_only_statuses_that_aws_sets_by_itself_can_be_forced(ready: Cloud) -> None:
    with pytest.raises(ValueError, match="cannot be forced"):
        ready.kernel.set_endpoint_status(ENDPOINT, "Updating")


def test_an_unknown_endpoint_is_a_validation_exception(cloud: Cloud) -> None:
    error = refused(cloud.endpoint)
    assert (error.code, error.message) == ("ValidationException", f'Could not find endpoint "{ARN}".')


def test_an_endpoint_name_can_be_taken_once(ready: Cloud) -> None:
    error = refused(lambda: ready.call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="next"))
    assert error.message == f'Cannot create already existing endpoint "{ARN}".'


def test_arns_carry_the_name_in_lower_case(live: Cloud) -> None:
    assert (live.endpoint()["EndpointName"], live.endpoint()["EndpointArn"]) == (ENDPOINT, ARN)


def test_describe_shows_capture_and_metrics_settings_of_the_configuration(cloud: Cloud) -> None:
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 20,
        "DestinationS3Uri": "s3://bucket/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    metrics = {"EnableEnhancedMetrics": True}
    cloud.config("first", variant("stable", "old"), DataCaptureConfig=capture, MetricsConfig=metrics)
    cloud.call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="first")
    shown = cloud.endpoint()
    assert shown["DataCaptureConfig"]["CurrentSamplingPercentage"] == 20
    assert shown["MetricsConfig"] == metrics


def test_the_pending_deployment_is_shown_only_while_a_new_configuration_comes(ready: Cloud) -> None:
    assert "PendingDeploymentSummary" not in ready.endpoint()
    ready.update("next")
    assert ready.endpoint()["PendingDeploymentSummary"]["EndpointConfigName"] == "next"
    ready.pass_minutes(10)
    ready.weigh(stable=2.0)
    assert "PendingDeploymentSummary" not in ready.endpoint()


def test_deleting_the_configuration_of_a_live_endpoint_is_allowed_and_noted(ready: Cloud) -> None:
    ready.call("DeleteEndpointConfig", EndpointConfigName="next")
    assert ready.kernel.broken_configs == []
    ready.call("DeleteEndpointConfig", EndpointConfigName="first")
    assert ready.kernel.broken_configs == ["first"]
    assert ready.status() == "InService"


def test_every_transition_sends_an_event_with_upper_case_status(ready: Cloud) -> None:
    ready.update("next")
    ready.pass_minutes(10)
    ready.weigh(stable=2.0)
    ready.pass_minutes(1)
    ready.call("DeleteEndpoint", EndpointName=ENDPOINT)
    ready.pass_minutes(1)
    assert ready.statuses() == ["UPDATING", "IN_SERVICE", "UPDATING", "IN_SERVICE", "DELETING"]


def test_creation_sends_creating_and_in_service(cloud: Cloud) -> None:
    cloud.config("first", variant("stable", "old"))
    cloud.call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="first")
    cloud.pass_minutes(10)
    assert cloud.statuses() == ["CREATING", "IN_SERVICE"]


def test_an_endpoint_event_has_the_shape_eventbridge_delivers(ready: Cloud) -> None:
    ready.call("AddTags", ResourceArn=ARN, Tags=[{"Key": "team", "Value": "risk"}])
    started = ready.kernel.now
    ready.update("next")
    ready.pass_minutes(1)
    event = ready.events[0]
    detail = event.pop("detail")
    event.pop("id")
    assert event == {
        "version": "0",
        "detail-type": "SageMaker Endpoint State Change",
        "source": "aws.sagemaker",
        "account": "111122223333",
        "time": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [ARN],
    }
    assert detail.pop("CreationTime") < detail["LastModifiedTime"]
    assert detail == {
        "EndpointName": ENDPOINT,
        "EndpointArn": ARN,
        "EndpointConfigName": "first",
        "ProductionVariants": [
            {
                "VariantName": "stable",
                "CurrentWeight": 1.0,
                "DesiredWeight": 1.0,
                "CurrentInstanceCount": 2,
                "DesiredInstanceCount": 2,
            }
        ],
        "EndpointStatus": "UPDATING",
        "LastModifiedTime": round(started.timestamp() * 1000),
        "Tags": {"team": "risk"},
    }


def test_endpoints_are_listed_newest_first_and_by_status(live: Cloud) -> None:
    live.call("CreateEndpoint", EndpointName="other", EndpointConfigName="first")
    names = [shown["EndpointName"] for shown in live.call("ListEndpoints")["Endpoints"]]
    creating = live.call("ListEndpoints", StatusEquals="Creating")["Endpoints"]
    assert names == ["other", ENDPOINT]
    assert [shown["EndpointName"] for shown in creating] == ["other"]
