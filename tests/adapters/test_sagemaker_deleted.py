"""Somebody deletes what a rollout rests on: it is named, so that a person can put it back; what may pass is asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.phases import Hold
from pointsman.core.rollout import Baseline
from pointsman.errors import Misconfigured, NotFound
from tests.functions.account import CONFIG, MODEL, VARIANT, Json, package
from tests.functions.world import Here

BASELINE = Baseline(CONFIG, VARIANT, MODEL, package(1), 2, scale_in_suspended=None)


def test_a_baseline_config_that_was_deleted_is_named_on_the_way_back(baking: Here) -> None:
    baking.call("DeleteEndpointConfig", EndpointConfigName=CONFIG)
    with pytest.raises(Misconfigured, match=f"config {CONFIG} was deleted"):
        baking.world.serving.remove(baking.rollout())


def test_a_canary_config_that_was_deleted_is_named_when_the_version_shall_serve_alone(baking: Here) -> None:
    name = baking.rollout().canary_config
    baking.call("DeleteEndpointConfig", EndpointConfigName=name)
    with pytest.raises(Misconfigured, match=f"config {name} was deleted"):
        baking.world.serving.finalize(baking.rollout())


def test_a_promotion_whose_canary_config_was_deleted_is_held_up_by_name(baking: Here) -> None:
    baking.call("DeleteEndpointConfig", EndpointConfigName=baking.rollout().canary_config)
    for _ in range(90):
        baking.kernel.advance(timedelta(seconds=20))
        baking.due()
        if baking.rollout().hold is Hold.CANNOT_FINALIZE:
            return
    raise AssertionError(f"never held up: {baking.rollout()}")


@pytest.mark.parametrize(
    ("operation", "named"),
    [
        ({"DeleteEndpointConfig": {"EndpointConfigName": CONFIG}}, f"config {CONFIG} was deleted"),
        ({"DeleteModel": {"ModelName": MODEL}}, f"model {MODEL} was deleted"),
    ],
)
def test_a_baseline_that_is_not_whole_any_more_is_named_before_anything_is_asked_for(
    here: Here, operation: Json, named: str
) -> None:
    [(call, arguments)] = operation.items()
    here.approve()
    rollout = replace(here.rollout(), baseline=BASELINE)
    here.call(call, **arguments)
    with pytest.raises(Misconfigured, match=named):
        here.world.serving.prepare(rollout)
    assert here.changing_calls() == []


def test_a_config_that_was_made_just_now_and_is_not_found_yet_is_asked_for_again(here: Here) -> None:
    here.approve()
    rollout = replace(here.rollout(), baseline=BASELINE)
    missing = 'Could not find endpoint configuration "arn:aws:sagemaker:us-east-1:1:endpoint-config/new".'
    here.kernel.faults.fail("sagemaker", "UpdateEndpoint", "ValidationException", missing)
    with pytest.raises(NotFound):
        here.world.serving.prepare(rollout)
    here.world.serving.prepare(rollout)
    assert here.live()["EndpointStatus"] == "Updating"
