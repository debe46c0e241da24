"""What SageMaker is asked to create: a config is copied whole, a model keeps its isolation. Pure: shapes in, shapes out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pointsman.core.rollout import Rollout

Json = dict[str, Any]
TagList = list[dict[str, str]]

CONFIG_FIELDS = (
    "DataCaptureConfig",
    "KmsKeyId",
    "AsyncInferenceConfig",
    "ExplainerConfig",
    "ShadowProductionVariants",
    "ExecutionRoleArn",
    "VpcConfig",
    "EnableNetworkIsolation",
    "MetricsConfig",
    "CrossRegionTrafficConfig",
)
"""Everything of a config beside its variants (facts/aws.md, 2.3)."""
OF_INSTANCE_TYPE = ("VolumeSizeInGB", "AcceleratorType", "InferenceAmiVersion", "CapacityReservationConfig")
"""Of a variant: what fits its instance type, and is refused or wrong on another."""
OBSERVED_BY_DEFAULT_SINCE = datetime(2026, 6, 17, tzinfo=UTC)
"""A config from before has no detailed observability unless it says so; a copy made today would (facts/aws.md, 0)."""
MODEL_FIELDS = ("ExecutionRoleArn", "VpcConfig", "EnableNetworkIsolation")
CONTAINER_FIELDS = ("Environment", "ContainerHostname")


def model_request(rollout: Rollout, baseline: Json, tags: TagList) -> Json:
    """The candidate's model: the baseline's DescribeModel answer with the package swapped, never weaker isolated."""
    old = baseline.get("PrimaryContainer") or (baseline.get("Containers") or [{}])[0]
    container = {"ModelPackageName": rollout.approval.package}
    container |= {key: old[key] for key in CONTAINER_FIELDS if old.get(key)}
    kept = {key: baseline[key] for key in MODEL_FIELDS if baseline.get(key) is not None}
    return {"ModelName": rollout.model_name, "PrimaryContainer": container, "Tags": tags, **kept}


def canary_config(rollout: Rollout, live: Json, tags: TagList) -> Json:
    """The live config with the candidate beside the baseline, at weight 0 and in its full size."""
    baseline = dict(live["ProductionVariants"][0])
    if rollout.baseline:
        baseline["InitialInstanceCount"] = rollout.baseline.instance_count
    wanted = rollout.plan.serve.instance_type
    unfit = OF_INSTANCE_TYPE if baseline.get("InstanceType") != wanted else ()
    candidate = {key: value for key, value in baseline.items() if key not in unfit} | {
        "VariantName": rollout.candidate_variant,
        "ModelName": rollout.model_name,
        "InstanceType": wanted,
        "InitialInstanceCount": rollout.candidate_count,
        "InitialVariantWeight": 0.0,
    }
    return _config(rollout.canary_config, live, [baseline, candidate], tags)


def final_config(rollout: Rollout, canary: Json, tags: TagList) -> Json:
    """The candidate alone, under the baseline's variant name, at the live count."""
    name = rollout.baseline.variant if rollout.baseline else ""
    served = next(
        each for each in canary["ProductionVariants"] if each["VariantName"] == rollout.candidate_variant
    )
    variant = served | {
        "VariantName": name,
        "InitialInstanceCount": rollout.final_count,
        "InitialVariantWeight": 1.0,
    }
    return _config(rollout.final_config, canary, [variant], tags)


def _config(name: str, source: Json, variants: list[Json], tags: TagList) -> Json:
    kept = {key: source[key] for key in CONFIG_FIELDS if source.get(key) is not None}
    if source.get("CreationTime", OBSERVED_BY_DEFAULT_SINCE) < OBSERVED_BY_DEFAULT_SINCE:
        kept["MetricsConfig"] = {"EnableDetailedObservability": False} | kept.get("MetricsConfig", {})
    return {"EndpointConfigName": name, "ProductionVariants": variants, "Tags": tags, **kept}
