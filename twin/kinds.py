"""Which kinds of endpoints a configuration may ask for: serverless, shadow, pools, components. What AWS refuses is refused.

The rules are those of facts 2.3 and 2.5; their wordings are recalled. How a kind then behaves lives elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twin.errors import invalid
from twin.models import Models, containers_of
from twin.names import checked

Params = dict[str, Any]

MOST_VARIANTS = 10


def check_kind(config: Params, models: Models) -> None:
    """Raise ValidationException for what AWS would not make an endpoint of."""
    variants, shadows = config["ProductionVariants"], config.get("ShadowProductionVariants", [])
    if not 1 <= len(variants) <= MOST_VARIANTS:
        raise invalid(f"An endpoint configuration has 1 to {MOST_VARIANTS} production variants.")
    names = [checked(variant["VariantName"], "variantName") for variant in variants + shadows]
    if len(set(names)) != len(names):
        raise invalid("Variant names must be unique within an endpoint configuration.")
    for variant in variants + shadows:
        _check_hosting(variant, config)
        for name in _model_names(variant):
            models.get(name)
    for objection in (*_to_serverless(config, models), *_to_shadow(config, models)):
        raise invalid(objection)


def _check_hosting(variant: Params, config: Params) -> None:
    hosting = [
        member for member in ("InstanceType", "InstancePools", "ServerlessConfig") if member in variant
    ]
    if len(hosting) != 1:
        raise invalid("Specify exactly one of InstanceType, InstancePools or ServerlessConfig for a variant.")
    if variant.get("InitialInstanceCount", 1) < 1:
        raise invalid("InitialInstanceCount must be at least 1.")
    if "ModelName" not in variant and "ExecutionRoleArn" not in config:
        raise invalid("ExecutionRoleArn is required for a variant without a model, which hosts components.")


def _model_names(variant: Params) -> Iterator[str]:
    if "ModelName" in variant:
        yield variant["ModelName"]
    for pool in variant.get("InstancePools", []):
        if "ModelNameOverride" in pool:
            yield pool["ModelNameOverride"]


def _to_serverless(config: Params, models: Models) -> Iterator[str]:
    """Yield what speaks against the serverless variant of a configuration, nothing where it has none."""
    variants = config["ProductionVariants"]
    serverless = [variant for variant in variants if "ServerlessConfig" in variant]
    if not serverless:
        return
    if len(variants) > 1:
        yield "A serverless endpoint has one production variant."
    if "VpcConfig" in config or any("VpcConfig" in model for model in _models(serverless, models)):
        yield "A serverless endpoint cannot be in a VPC."
    if any("ModelName" not in variant for variant in serverless):
        yield "A serverless endpoint needs a model."
    if config.get("DataCaptureConfig", {}).get("EnableCapture"):
        yield "Data capture is not supported for serverless endpoints."
    if any(models.is_from_marketplace(name) for variant in serverless for name in _model_names(variant)):
        yield "Models of the AWS Marketplace are not supported for serverless endpoints."


def _to_shadow(config: Params, models: Models) -> Iterator[str]:
    """Yield what speaks against the shadow variant of a configuration, nothing where it has none."""
    variants, shadows = config["ProductionVariants"], config.get("ShadowProductionVariants", [])
    if not shadows:
        return
    if (len(variants), len(shadows)) != (1, 1):
        yield "A shadow test has one production and one shadow variant."
    both = variants + shadows
    if any("ServerlessConfig" in variant for variant in both) or "AsyncInferenceConfig" in config:
        yield "Shadow variants are not supported for serverless and asynchronous endpoints."
    if any(str(variant.get("InstanceType", "")).startswith("ml.inf1.") for variant in both):
        yield "Shadow variants are not supported on Inf1 instances."
    if any(models.is_from_marketplace(name) for variant in both for name in _model_names(variant)):
        yield "Shadow variants are not supported for models of the AWS Marketplace."
    for model in _models(both, models):
        containers = containers_of(model)
        if len(containers) > 1 or any(each.get("Mode") == "MultiModel" for each in containers):
            yield "Shadow variants are not supported for multi-container and multi-model endpoints."


def _models(variants: list[Params], models: Models) -> list[Params]:
    return [models.get(name) for variant in variants for name in _model_names(variant)]
