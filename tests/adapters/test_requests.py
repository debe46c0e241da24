"""What SageMaker is asked to create: what a copy takes along, and what it leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pointsman.adapters.aws.requests import canary_config, final_config, model_request
from tests.adapters.lanes import full_rollout
from tests.functions.account import Json, package

VARIANT: Json = {
    "VariantName": "stable",
    "ModelName": "model",
    "InstanceType": "ml.c7i.large",
    "InitialInstanceCount": 3,
    "InitialVariantWeight": 1.0,
}


def test_the_final_config_takes_the_live_count_and_all_the_weight() -> None:
    rollout = full_rollout()
    canary = canary_config(rollout, {"ProductionVariants": [VARIANT]}, [])
    [variant] = final_config(rollout, canary, [])["ProductionVariants"]
    assert variant["InitialInstanceCount"] == rollout.final_count
    assert variant["InitialVariantWeight"] == 1.0
    assert variant["VariantName"] == "stable"
    assert variant["ModelName"] == rollout.model_name


def test_the_candidate_inherits_what_the_policy_says_nothing_of() -> None:
    live = VARIANT | {
        "ContainerStartupHealthCheckTimeoutInSeconds": 600,
        "ModelDataDownloadTimeoutInSeconds": 300,
        "CoreDumpConfig": {"DestinationS3Uri": "s3://dumps"},
    }
    _, candidate = canary_config(full_rollout(), {"ProductionVariants": [live]}, [])["ProductionVariants"]
    assert candidate["ContainerStartupHealthCheckTimeoutInSeconds"] == 600
    assert candidate["CoreDumpConfig"] == {"DestinationS3Uri": "s3://dumps"}


@pytest.mark.parametrize("metrics", [{}, {"MetricsConfig": {"EnableEnhancedMetrics": True}}])
def test_a_copy_of_a_config_from_before_detailed_observability_does_not_switch_it_on(metrics: Json) -> None:
    rollout = full_rollout()
    made_at = datetime(2026, 6, 16, 23, 59, tzinfo=UTC)
    live = {"ProductionVariants": [VARIANT], "CreationTime": made_at} | metrics
    canary = canary_config(rollout, live, [])
    final = final_config(rollout, canary | {"CreationTime": datetime(2026, 11, 20, tzinfo=UTC)}, [])
    for made in (canary, final):
        wanted = {"EnableDetailedObservability": False} | metrics.get("MetricsConfig", {})
        assert made["MetricsConfig"] == wanted


@pytest.mark.parametrize("is_on", [True, False])
def test_detailed_observability_that_was_chosen_is_kept(*, is_on: bool) -> None:
    chosen = {"MetricsConfig": {"EnableDetailedObservability": is_on}}
    for made_at in (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)):
        live = {"ProductionVariants": [VARIANT], "CreationTime": made_at} | chosen
        assert canary_config(full_rollout(), live, [])["MetricsConfig"] == chosen["MetricsConfig"]


def test_a_newer_config_without_a_choice_is_copied_without_one() -> None:
    live = {"ProductionVariants": [VARIANT], "CreationTime": datetime(2026, 6, 18, tzinfo=UTC)}
    assert "MetricsConfig" not in canary_config(full_rollout(), live, [])


@pytest.mark.parametrize("instance_type", ["ml.c7i.large", "ml.g5.xlarge"])
def test_what_fits_one_instance_type_only_is_not_handed_on_to_another(instance_type: str) -> None:
    of_the_type: Json = {
        "VolumeSizeInGB": 100,
        "AcceleratorType": "ml.eia2.medium",
        "InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2",
        "CapacityReservationConfig": {"CapacityReservationPreference": "capacity-reservations-only"},
    }
    live = VARIANT | of_the_type | {"InstanceType": instance_type}
    rollout = full_rollout()
    old, new = canary_config(rollout, {"ProductionVariants": [live]}, [])["ProductionVariants"]
    is_same = instance_type == rollout.plan.serve.instance_type
    assert set(of_the_type) <= set(old)
    assert set(of_the_type) & set(new) == (set(of_the_type) if is_same else set())


def test_a_model_of_several_containers_hands_on_the_first_ones_environment() -> None:
    old = {
        "Containers": [{"Environment": {"A": "1"}}, {"Environment": {"B": "2"}}],
        "ExecutionRoleArn": "r",
    }
    request = model_request(full_rollout(), old, [])
    assert request["PrimaryContainer"] == {"ModelPackageName": package(7), "Environment": {"A": "1"}}


def test_isolation_that_was_off_stays_off_and_on_stays_on() -> None:
    for isolated in (True, False):
        old: Json = {"PrimaryContainer": {}, "EnableNetworkIsolation": isolated}
        assert model_request(full_rollout(), old, [])["EnableNetworkIsolation"] is isolated
