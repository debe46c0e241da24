"""What is told of an endpoint at rest: what was promoted last, and whether that still serves."""

from __future__ import annotations

from pointsman.core.phases import Phase
from pointsman.standing import at_rest
from tests.core.builders import lane, rollout_in, serving_new, serving_old


def test_what_was_promoted_is_live_as_long_as_its_config_is() -> None:
    promoted = rollout_in(Phase.SUCCEEDED)
    rested = lane(last=promoted)

    assert at_rest(rested, serving_new(promoted))["serves"]["is_live"] is True
    assert at_rest(rested, serving_old())["serves"]["is_live"] is False
    assert at_rest(rested, None)["serves"]["is_live"] is None


def test_a_version_that_was_found_serving_has_no_config_of_ours_that_could_be_missing() -> None:
    found_serving = rollout_in(Phase.SUCCEEDED, baseline=None, final_count=0)

    serves = at_rest(lane(last=found_serving), serving_old())["serves"]

    assert (serves["config"], serves["is_live"]) == (None, None)
