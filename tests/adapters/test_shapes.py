"""SageMaker's answers in our words: states, obstacles, tags, packages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pointsman.adapters.aws.names import origin_from, tags_from, tags_of
from pointsman.adapters.aws.shapes import endpoint_of, model_obstacles, obstacles_of, package_of, registered
from pointsman.core.observed import Status
from tests.adapters.lanes import BASELINE, NOON, full_rollout
from tests.functions.account import Json, package

VARIANT: Json = {
    "VariantName": "stable",
    "ModelName": "model",
    "InstanceType": "ml.c7i.large",
    "InitialInstanceCount": 3,
    "InitialVariantWeight": 1.0,
}
LIVE: Json = {"EndpointStatus": "InService", "EndpointConfigName": "config"}
STATES = {
    "InService": Status.IN_SERVICE,
    "Failed": Status.FAILED,
    "OutOfService": Status.FAILED,
    "UpdateRollbackFailed": Status.UPDATE_ROLLBACK_FAILED,
    "Creating": Status.BUSY,
    "Updating": Status.BUSY,
    "SystemUpdating": Status.BUSY,
    "RollingBack": Status.BUSY,
    "Deleting": Status.BUSY,
    "SomethingNew": Status.BUSY,
}


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_told_by_what_it_allows(state: str) -> None:
    config = {"ProductionVariants": [VARIANT]}
    assert endpoint_of(LIVE | {"EndpointStatus": state}, config, {}).status is STATES[state]


def test_an_endpoint_that_is_being_created_has_no_variants_and_no_numbers() -> None:
    endpoint = endpoint_of(LIVE | {"ProductionVariants": [{"VariantName": "stable"}]}, None, {})
    [variant] = endpoint.variants
    assert (variant.weight, variant.current_count, variant.desired_count, variant.model) == (0.0, 0, 0, "")


def test_nulls_are_read_as_absent() -> None:
    live = LIVE | {"FailureReason": None, "PendingDeploymentSummary": None}
    endpoint = endpoint_of(live, {"ProductionVariants": [VARIANT]}, {})
    assert (endpoint.failure_reason, endpoint.pending_config) == ("", "")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ShadowProductionVariants": [VARIANT]}, "shadow variant"),
        ({"AsyncInferenceConfig": {"OutputConfig": {}}}, "asynchronous"),
        (
            {"ProductionVariants": [{"VariantName": "v", "ServerlessConfig": {"MemorySizeInMB": 1}}]},
            "serverless",
        ),
        (
            {"ProductionVariants": [{"VariantName": "v", "InstanceType": "ml.g5.xlarge"}]},
            "inference components",
        ),
        ({"ProductionVariants": [VARIANT | {"InstanceType": "ml.inf1.xlarge"}]}, "Inf1"),
        ({"ProductionVariants": [VARIANT | {"InstancePools": [{}]}]}, "instance pools"),
    ],
)
def test_what_a_weighted_canary_cannot_serve_is_named_with_what_would(change: Json, named: str) -> None:
    [obstacle] = obstacles_of({"ProductionVariants": [VARIANT]} | change)
    assert named in obstacle
    assert ":" in obstacle


def test_an_ordinary_endpoint_has_no_obstacle() -> None:
    assert obstacles_of({"ProductionVariants": [VARIANT]}) == ()


@pytest.mark.parametrize(
    ("model", "named"),
    [
        ({"Containers": [{"Image": "a"}, {"Image": "b"}]}, "inference pipeline"),
        ({"PrimaryContainer": {"Image": "a", "Mode": "MultiModel"}}, "several models"),
        ({"Containers": [{"Image": "a", "Mode": "MultiModel"}]}, "several models"),
        ({"PrimaryContainer": {"ModelPackageName": package(1).rpartition("/")[0]}}, "Marketplace"),
    ],
)
def test_a_model_that_a_package_version_cannot_replace_is_named_with_what_would(
    model: Json, named: str
) -> None:
    [obstacle] = model_obstacles("fraud", model)
    assert named in obstacle
    assert obstacle.startswith("model fraud ")
    assert ": " in obstacle


@pytest.mark.parametrize(
    "model",
    [
        {"PrimaryContainer": {"ModelPackageName": package(1)}},
        {"Containers": [{"ModelPackageName": package(1)}]},
        {"PrimaryContainer": {"Image": "a", "ModelDataUrl": "s3://models/a.tar.gz", "Mode": "SingleModel"}},
        {},
    ],
)
def test_a_model_of_one_container_with_or_without_a_package_is_no_obstacle(model: Json) -> None:
    assert model_obstacles("fraud", model) == []


def test_the_package_of_a_model_is_found_in_either_shape() -> None:
    assert package_of({"PrimaryContainer": {"ModelPackageName": "p"}}) == "p"
    assert package_of({"Containers": [{"Image": "i"}, {"ModelPackageName": "q"}]}) == "q"
    assert package_of({"PrimaryContainer": {"Image": "i"}}) == ""


@pytest.mark.parametrize(
    ("status", "expected"),
    [("Approved", (True, False)), ("Rejected", (False, True)), ("PendingManualApproval", (False, False))],
)
def test_a_package_is_approved_rejected_or_neither(status: str, expected: tuple[bool, bool]) -> None:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    answer = {
        "ModelPackageGroupName": "fraud-detector",
        "ModelPackageVersion": 7,
        "ModelPackageArn": package(7),
        "ModelApprovalStatus": status,
        "CreationTime": moment,
    }
    found = registered(answer)
    assert (found.is_approved, found.is_rejected) == expected
    assert (found.approval.version, found.approval.at, found.approval.by) == (7, moment, "")


class TestTags:
    def test_they_tell_all_that_the_way_back_needs(self) -> None:
        rollout = full_rollout()
        origin = origin_from(tags_from(tags_of(rollout, {})), NOON)
        assert origin is not None
        assert (origin.rollout, origin.version, origin.approved_at) == (rollout.id, 7, rollout.approval.at)
        assert origin.baseline == replace(BASELINE, model="", package="")
        assert (origin.final_count, origin.made_at) == (rollout.final_count, NOON)

    @pytest.mark.parametrize("was_suspended", [True, False, None])
    def test_they_keep_what_the_autoscaling_was(self, *, was_suspended: bool | None) -> None:
        rollout = replace(full_rollout(), baseline=replace(BASELINE, scale_in_suspended=was_suspended))
        origin = origin_from(tags_from(tags_of(rollout, {})), NOON)
        assert origin is not None
        assert origin.baseline.scale_in_suspended is was_suspended

    def test_inherited_tags_cannot_pose_as_ours_or_as_awss(self) -> None:
        inherited = {
            "pointsman:rollout": "forged",
            "pointsman:new": "1",
            "aws:cloudformation": "s",
            "team": "risk",
        }
        made = tags_from(tags_of(full_rollout(), inherited))
        assert made["pointsman:rollout"] == full_rollout().id
        assert {"pointsman:new", "aws:cloudformation"}.isdisjoint(made)
        assert made["team"] == "risk"

    def test_ours_come_first_when_there_are_too_many(self) -> None:
        made = tags_of(full_rollout(), {f"tag-{number}": "x" for number in range(60)})
        assert len(made) == 50
        assert origin_from(tags_from(made), NOON) is not None

    @pytest.mark.parametrize("key", [tag["Key"] for tag in tags_of(full_rollout(), {})])
    def test_tags_that_are_not_whole_are_nobodys(self, key: str) -> None:
        tags = tags_from(tags_of(full_rollout(), {}))
        del tags[key]
        assert origin_from(tags, NOON) is None

    def test_tags_that_are_broken_are_nobodys(self) -> None:
        tags = tags_from(tags_of(full_rollout(), {}))
        for key in ("pointsman:version", "pointsman:approved-at", "pointsman:baseline-count"):
            assert origin_from(tags | {key: "many"}, NOON) is None
