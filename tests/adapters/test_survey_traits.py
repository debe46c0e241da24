"""Kinds are read off AWS's shapes, and no member of them is passed over."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from pointsman.adapters.aws.survey_traits import (
    ANSWER,
    CONFIG_MEMBERS,
    CONTAINER_MEMBERS,
    MODEL_MEMBERS,
    ROUTINGS,
    UNTRIED_IN_CONFIG,
    UNTRIED_IN_CONTAINER,
    UNTRIED_IN_VARIANT,
    UNTRIED_ROUTINGS,
    VARIANT_MEMBERS,
    config_traits,
    model_traits,
)
from pointsman.survey import Kind, Trait

SAGEMAKER: Any = botocore.session.get_session().get_service_model("sagemaker")
VARIANT: dict[str, Any] = {
    "VariantName": "stable",
    "ModelName": "model",
    "InstanceType": "ml.c7i.large",
    "InitialInstanceCount": 3,
    "InitialVariantWeight": 1.0,
}
PIPELINE = [{"Image": "scale"}, {"Image": "predict"}]
PACKAGE = "arn:aws:sagemaker:eu-central-1:111122223333:model-package/fraud-detector"


def config(variant: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    return {"ProductionVariants": [VARIANT | (variant or {})], **members}


def kinds(traits: tuple[Trait, ...]) -> list[Kind]:
    return [trait.kind for trait in traits]


@pytest.mark.parametrize(
    ("shape", "known"),
    [
        ("DescribeEndpointConfigOutput", CONFIG_MEMBERS | set(UNTRIED_IN_CONFIG)),
        ("ProductionVariant", VARIANT_MEMBERS | set(UNTRIED_IN_VARIANT)),
        ("DescribeModelOutput", MODEL_MEMBERS),
        ("ContainerDefinition", CONTAINER_MEMBERS | set(UNTRIED_IN_CONTAINER)),
    ],
)
def test_every_member_that_this_botocore_knows_is_known_here_and_no_other(
    shape: str, known: set[str]
) -> None:
    """A newer botocore makes this red: each new member must be judged before anybody relies on it."""
    assert set(SAGEMAKER.shape_for(shape).members) == known


def test_every_routing_that_this_botocore_knows_is_known_here() -> None:
    assert set(SAGEMAKER.shape_for("RoutingStrategy").enum) == ROUTINGS | UNTRIED_ROUTINGS


def test_an_ordinary_endpoint_has_no_trait() -> None:
    assert config_traits(config(ResponseMetadata={"HTTPStatusCode": 200}, KmsKeyId="key")) == ()
    assert model_traits("m", {"PrimaryContainer": {"Image": "i", "ModelPackageName": f"{PACKAGE}/7"}}) == ()
    assert frozenset({"ResponseMetadata"}) == ANSWER


@pytest.mark.parametrize(
    ("found", "trait"),
    [
        (config_traits(None), Trait(Kind.CONFIG_DELETED)),
        (config_traits(config(ShadowProductionVariants=[VARIANT])), Trait(Kind.SHADOW)),
        (config_traits(config(AsyncInferenceConfig={"OutputConfig": {}})), Trait(Kind.ASYNC)),
        (config_traits(config(DataCaptureConfig={"EnableCapture": True})), Trait(Kind.CAPTURE)),
        (config_traits(config({"InstanceType": "ml.inf1.xlarge"})), Trait(Kind.INF1, "stable")),
        (config_traits(config({"InstancePools": [{}]})), Trait(Kind.POOLS, "stable")),
        (config_traits(config({"ModelName": None})), Trait(Kind.COMPONENTS, "stable")),
        (
            config_traits(config({"ServerlessConfig": {"MaxConcurrency": 5}})),
            Trait(Kind.SERVERLESS, "stable"),
        ),
        (model_traits("m", {"Containers": PIPELINE}), Trait(Kind.PIPELINE, "m", "2")),
        (
            model_traits("m", {"Containers": PIPELINE, "InferenceExecutionConfig": {"Mode": "Direct"}}),
            Trait(Kind.DIRECT, "m", "2"),
        ),
        (model_traits("m", {"PrimaryContainer": {"Mode": "MultiModel"}}), Trait(Kind.MULTI_MODEL, "m")),
        (
            model_traits("m", {"PrimaryContainer": {"ModelPackageName": PACKAGE}}),
            Trait(Kind.MARKETPLACE, "m", PACKAGE),
        ),
    ],
)
def test_each_kind_is_read_off_its_shape(found: tuple[Trait, ...], trait: Trait) -> None:
    assert found == (trait,)


def test_capture_that_is_switched_off_is_no_capture() -> None:
    assert config_traits(config(DataCaptureConfig={"EnableCapture": False})) == ()


@pytest.mark.parametrize("member", UNTRIED_IN_CONFIG)
def test_a_setting_of_the_config_that_was_never_tried_is_named(member: str) -> None:
    assert kinds(config_traits(config(**{member: {"set": 1}}))) == [Kind.UNTRIED]


@pytest.mark.parametrize("member", UNTRIED_IN_VARIANT)
def test_a_setting_of_a_variant_that_was_never_tried_is_named(member: str) -> None:
    assert kinds(config_traits(config({member: {"set": 1}}))) == [Kind.UNTRIED]


@pytest.mark.parametrize("member", UNTRIED_IN_CONTAINER)
def test_a_setting_of_a_container_that_a_version_drops_is_named(member: str) -> None:
    assert kinds(model_traits("m", {"PrimaryContainer": {"Image": "i", member: "set"}})) == [Kind.UNTRIED]


def test_instances_that_sagemaker_scales_are_the_ordinary_case_where_components_are_hosted() -> None:
    hosting = {"ModelName": None, "ManagedInstanceScaling": {"Status": "ENABLED"}}
    assert kinds(config_traits(config(hosting))) == [Kind.COMPONENTS]


@pytest.mark.parametrize("strategy", sorted(UNTRIED_ROUTINGS))
def test_a_routing_that_was_never_tried_is_named(strategy: str) -> None:
    assert kinds(config_traits(config({"RoutingConfig": {"RoutingStrategy": strategy}}))) == [Kind.UNTRIED]


def test_what_a_later_sagemaker_may_answer_is_named_as_not_known() -> None:
    assert config_traits(config({"QuantumConfig": {"Qubits": 3}}, HoloConfig={"On": True})) == (
        Trait(Kind.UNKNOWN, "its endpoint config", "the setting HoloConfig"),
        Trait(Kind.UNKNOWN, "variant stable", "the setting QuantumConfig"),
    )
    routed = config({"RoutingConfig": {"RoutingStrategy": "BY_MOON"}})
    assert config_traits(routed) == (Trait(Kind.UNKNOWN, "variant stable", "the routing BY_MOON"),)
    assert kinds(model_traits("m", {"PrimaryContainer": {"Image": "i", "Dreams": "on"}})) == [Kind.UNKNOWN]


def test_a_member_without_a_value_sets_nothing() -> None:
    assert config_traits(config({"QuantumConfig": None}, HoloConfig=[])) == ()
