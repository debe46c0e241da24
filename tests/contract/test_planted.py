"""Cases are told apart from a cloud that behaves otherwise: each planted difference is noticed by the case about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import contract.cases  # noqa: F401 - importing it knows the cases
from contract.case import every_case
from contract.run import Outcome, run
from contract.scene import Scene
from tests.contract.simulated import simulated
from twin.errors import TwinError
from twin.kernel import Kernel

Call = Callable[[], dict[str, Any]]
Twist = Callable[[str, dict[str, Any], Call], dict[str, Any]]


class Twisted:
    """The kernel as clients reach it, with every call passed through a twist."""

    def __init__(self, kernel: Kernel, twist: Twist) -> None:
        self._kernel = kernel
        self._twist = twist

    def call(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        return self._twist(operation, params, lambda: self._kernel.call(service, operation, params))


def keeps_case_in_arns(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    answer = call()
    if operation == "DescribeModel":
        answer["ModelArn"] = f"{answer['ModelArn'].rpartition('/')[0]}/{answer['ModelName']}"
    return answer


def says_resource_not_found(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    try:
        return call()
    except TwinError as err:
        raise TwinError("ResourceNotFound", err.message) from err


def forgets_who_changed_a_version(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    answer = call()
    if operation == "DescribeModelPackage":
        answer.pop("LastModifiedBy", None)
    return answer


def changes_weights_at_once(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    answer = call()
    if operation == "DescribeEndpoint" and answer["EndpointStatus"] == "Updating":
        answer["EndpointStatus"] = "InService"
    return answer


def always_retains(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    if operation == "UpdateEndpoint":
        params["RetainAllVariantProperties"] = True
    return call()


def never_retains(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    if operation == "UpdateEndpoint":
        params["RetainAllVariantProperties"] = False
    return call()


def fills_missing_minutes_with_zero(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    answer = call()
    for result in answer.get("MetricDataResults", []):
        if not result["Values"]:
            result["Values"], result["Timestamps"] = [0.0], [params["StartTime"]]
    return answer


def answers_oldest_first(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    if operation == "GetMetricData":
        params["ScanBy"] = "TimestampAscending"
    return call()


def ignores_missing_data(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    if operation == "PutMetricAlarm":
        params["TreatMissingData"] = "ignore"
    return call()


def replaces_suspensions(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    if operation == "RegisterScalableTarget" and "SuspendedState" in params:
        kinds = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
        params["SuspendedState"] = dict.fromkeys(kinds, False) | params["SuspendedState"]
    return call()


def ignores_whom_a_request_names(operation: str, params: dict[str, Any], call: Call) -> dict[str, Any]:
    if operation == "InvokeEndpoint":
        params.pop("TargetVariant", None)
    return call()


@pytest.mark.parametrize(
    ("twist", "name"),
    [
        (keeps_case_in_arns, "arns_are_lower_cased"),
        (says_resource_not_found, "what_is_absent_is_a_validation_exception"),
        (forgets_who_changed_a_version, "the_registry_remembers_who_changed_a_version"),
        (changes_weights_at_once, "a_change_of_weights_excludes_changes"),
        (always_retains, "an_update_resets_weights"),
        (never_retains, "an_update_can_retain_weights"),
        (fills_missing_minutes_with_zero, "minutes_without_traffic_are_missing"),
        (answers_oldest_first, "the_newest_datapoint_comes_first"),
        (ignores_missing_data, "missing_data_is_treated_as_told"),
        (replaces_suspensions, "a_suspension_is_merged"),
        (ignores_whom_a_request_names, "a_variant_at_weight_zero_answers_who_names_it"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_a_cloud_that_behaves_otherwise_is_noticed(twist: Twist, name: str) -> None:
    cases = [case for case in every_case() if case.name == name]

    with simulated(behind=lambda kernel: Twisted(kernel, twist)) as cloud:
        (verdict,) = run(cases, Scene(cloud, "pointsman-contract-test"), lambda _: None)

    assert verdict.outcome is Outcome.DIFFERS, verdict.note
