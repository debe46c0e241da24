"""Combinations in an endpoint configuration that AWS refuses (facts 2.3 and 2.5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.twin.cloud import TYPE, Cloud, refused, variant
from tests.twin.makers import (
    ASYNC,
    CAPTURE,
    ROLE,
    host,
    many_models,
    pipeline,
    pooled,
    serverless,
    sold,
    without,
)

VPC = {"VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}}
TWO = [variant("stable", "old"), variant("other", "new")]


@pytest.mark.parametrize(
    ("variants", "given"),
    [
        pytest.param([serverless(), serverless("other", "new")], {}, id="serverless, two variants"),
        pytest.param([serverless()], VPC, id="serverless in a VPC"),
        pytest.param([serverless(model="walled")], {}, id="serverless, its model in a VPC"),
        pytest.param([serverless()], {"DataCaptureConfig": CAPTURE}, id="serverless with data capture"),
        pytest.param([serverless(model="sold")], {}, id="serverless from the Marketplace"),
        pytest.param([without(serverless(), "ModelName")], ROLE, id="serverless without a model"),
        pytest.param([serverless() | {"InstanceType": TYPE}], {}, id="serverless on instances"),
        pytest.param([pooled(InstanceType=TYPE)], {}, id="pools beside an instance type"),
        pytest.param([without(variant("stable", "old"), "InstanceType")], {}, id="on nothing"),
        pytest.param([host()], {}, id="components without a role"),
        pytest.param(
            [pooled(InstancePools=[{"InstanceType": TYPE, "Priority": 1, "ModelNameOverride": "nobody"}])],
            {},
            id="a pool of an unknown model",
        ),
        pytest.param(TWO, {"ShadowProductionVariants": [variant("copy", "new")]}, id="shadow of two"),
        pytest.param(
            TWO[:1],
            {"ShadowProductionVariants": [variant("copy", "new"), variant("more", "new")]},
            id="two shadows",
        ),
        pytest.param(
            TWO[:1], {"ShadowProductionVariants": [variant("stable", "new")]}, id="shadow of the same name"
        ),
        pytest.param(
            [serverless()], {"ShadowProductionVariants": [variant("c", "new")]}, id="shadow, serverless"
        ),
        pytest.param(
            TWO[:1], {"ShadowProductionVariants": [variant("c", "new")], **ASYNC}, id="shadow, asynchronous"
        ),
        pytest.param(
            [variant("stable", "old", InstanceType="ml.inf1.xlarge")],
            {"ShadowProductionVariants": [variant("c", "new")]},
            id="shadow on Inf1",
        ),
        *[
            pytest.param(
                TWO[:1], {"ShadowProductionVariants": [variant("c", model)]}, id=f"shadow of a {model} model"
            )
            for model in ("sold", "pipeline", "many")
        ],
    ],
)
def test_combinations_that_aws_refuses_are_refused(
    cloud: Cloud, variants: list[dict[str, Any]], given: dict[str, Any]
) -> None:
    sold(cloud)
    pipeline(cloud)
    many_models(cloud)
    container = {"Image": "image"}
    cloud.call("CreateModel", ModelName="walled", ExecutionRoleArn="role", PrimaryContainer=container, **VPC)
    error = refused(lambda: cloud.config("first", *variants, **given))
    assert error.code == "ValidationException"
