"""What is remembered of a rollout, its transitions, and the names of what it makes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.observed import Endpoint, Status
from pointsman.core.phases import TERMINAL, TRANSITIONS, Act, Hold, Phase
from pointsman.core.rollout import MAX_NAME, Rollout, enter, open_rollout, rollout_id
from pointsman.policy import EndpointName, Version
from tests.core.builders import (
    BASELINE,
    NOW,
    PLAN,
    approval,
    asked,
    rollout_in,
    serving_both,
    serving_old,
    variant,
)
from tests.core.strategies import thorough

SAGEMAKER_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
ENDPOINTS = st.from_regex(r"[a-zA-Z0-9](-{0,3}[a-zA-Z0-9]){0,62}", fullmatch=True).filter(
    lambda name: len(name) <= MAX_NAME
)
VERSIONS = st.integers(1, 10**9)


def opened(endpoint: str = "fraud-prod", version: int = 7) -> Rollout:
    return open_rollout(EndpointName(endpoint), approval(version), PLAN, NOW)


def names(rollout: Rollout) -> list[str]:
    return [rollout.model_name, rollout.canary_config, rollout.final_config, rollout.candidate_variant]


# Names.


def test_names_say_whose_what_and_which() -> None:
    rollout = replace(opened(), final_count=3)

    assert rollout.id == "fraud-prod.v7.20261123T120000Z"
    assert rollout.model_name == "pointsman-fraud-prod-v7-0a0587d8-model"
    assert rollout.canary_config == "pointsman-fraud-prod-v7-0a0587d8-canary"
    assert rollout.final_config == "pointsman-fraud-prod-v7-0a0587d8-final-3"
    assert rollout.candidate_variant == "pointsman-v7-0a0587"


@thorough
@given(ENDPOINTS, VERSIONS, st.integers(0, 99_999))
def test_sagemaker_takes_every_name(endpoint: str, version: int, count: int) -> None:
    rollout = replace(opened(endpoint, version), final_count=count)

    for name in names(rollout):
        assert len(name) <= MAX_NAME
        assert SAGEMAKER_NAME.fullmatch(name)
    assert len(set(names(rollout))) == 4


@thorough
@given(ENDPOINTS, VERSIONS)
def test_names_are_the_same_on_every_pass(endpoint: str, version: int) -> None:
    rollout = opened(endpoint, version)
    later = replace(rollout, phase=Phase.BAKING, entered_at=NOW + timedelta(days=1), step=1, share_bps=5000)

    assert names(opened(endpoint, version)) == names(rollout) == names(later)


def test_endpoints_that_differ_only_beyond_the_cut_get_names_of_their_own() -> None:
    one, other = opened("a" * 62 + "1"), opened("a" * 62 + "2")

    assert set(names(one)).isdisjoint(names(other))


@pytest.mark.parametrize("length", range(20, 40))
def test_a_name_that_is_cut_at_a_hyphen_doubles_none(length: int) -> None:
    rollout = opened("X" * length + "-" + "X" * 22)

    assert not any("--" in name for name in names(rollout))
    assert all("X-v7" in name for name in names(rollout)[:3])


def test_an_approval_given_anew_makes_new_names() -> None:
    again = open_rollout(EndpointName("fraud-prod"), approval(at=NOW + timedelta(seconds=1)), PLAN, NOW)

    assert set(names(again)).isdisjoint(names(opened()))


def test_a_final_config_made_with_another_count_has_another_name() -> None:
    assert replace(opened(), final_count=2).final_config != replace(opened(), final_count=3).final_config


def test_the_same_approval_on_the_same_endpoint_is_the_same_rollout() -> None:
    assert rollout_id(EndpointName("x"), approval()) == rollout_id(EndpointName("x"), approval())
    assert opened().id == rollout_id(EndpointName("fraud-prod"), approval())


# State.


def test_a_rollout_opens_untouched() -> None:
    rollout = opened()

    assert (rollout.phase, rollout.opened_at, rollout.entered_at) == (Phase.PENDING, NOW, NOW)
    assert rollout.version == Version(7)
    assert rollout.baseline is None
    assert not rollout.traffic_has_moved
    assert rollout.intent is None


def test_entering_a_phase_forgets_what_belonged_to_the_one_before() -> None:
    busy = rollout_in(
        Phase.BAKING,
        intent=asked(Act.SHIFT),
        update_was_seen=True,
        hold=Hold.THIN_EVIDENCE,
        retry_at=NOW,
        failed_answers=1,
    )

    entered = enter(busy, Phase.FINALIZING, NOW)

    assert entered == replace(
        busy,
        phase=Phase.FINALIZING,
        entered_at=NOW,
        intent=None,
        update_was_seen=False,
        hold=None,
        retry_at=None,
    )


@pytest.mark.parametrize("before", Phase)
@pytest.mark.parametrize("then", Phase)
def test_only_documented_transitions_can_be_made(before: Phase, then: Phase) -> None:
    rollout = rollout_in(before)

    if then in TRANSITIONS[before]:
        assert enter(rollout, then, NOW).phase is then
    else:
        with pytest.raises(ValueError, match=f"{before} -> {then} is not a transition"):
            enter(rollout, then, NOW)


def test_every_phase_has_its_transitions_and_a_way_back_from_every_open_one() -> None:
    assert set(TRANSITIONS) == set(Phase)
    for phase in set(Phase) - TERMINAL - {Phase.PENDING, Phase.ROLLING_BACK}:
        assert Phase.ROLLING_BACK in TRANSITIONS[phase]
        assert Phase.NEEDS_HUMAN in TRANSITIONS[phase] | {phase}


def test_ended_is_what_the_design_calls_ended() -> None:
    assert {phase for phase in Phase if rollout_in(phase).is_terminal} == {
        Phase.SUCCEEDED,
        Phase.ROLLED_BACK,
        Phase.SUPERSEDED,
    }


def test_steps_are_percent_and_shares_are_basis_points() -> None:
    steps = [rollout_in(Phase.BAKING, step=step) for step in range(3)]

    assert [rollout.step_bps for rollout in steps] == [1000, 5000, 10_000]
    assert [rollout.is_last_step for rollout in steps] == [False, False, True]


# What is seen of the split.


@pytest.mark.parametrize(
    ("weights", "bps"),
    [((0.9, 0.1), 1000), ((2.0, 1.0), 3333), ((0.0, 1.0), 10_000), ((1.0, 0.0), 0), ((0.0, 0.0), 0)],
)
def test_weights_of_any_scale_are_one_share(weights: tuple[float, float], bps: int) -> None:
    split = Endpoint(Status.IN_SERVICE, "c", (variant("old", weights[0]), variant("new", weights[1])))

    assert split.share_bps("new") == bps


def test_weights_as_sagemaker_rounds_them_are_still_the_share_that_was_set() -> None:
    split = Endpoint(
        Status.IN_SERVICE, "c", (variant("old", 0.8999999761581421), variant("new", 0.10000000149011612))
    )

    assert split.share_bps("new") == 1000
    assert split.share_bps("absent") == 0


def test_a_variant_is_found_by_its_name() -> None:
    both = serving_both(rollout_in(Phase.BAKING), 10)

    assert both.find_variant("AllTraffic") == both.variants[0]
    assert both.find_variant("absent") is None
    assert serving_old(variants=()).find_variant("AllTraffic") is None


def test_a_candidate_is_as_large_as_the_live_fleet_or_the_policy_whichever_is_more() -> None:
    grown = rollout_in(Phase.PREPARING, baseline=replace(BASELINE, instance_count=9))
    small = rollout_in(Phase.PREPARING, baseline=replace(BASELINE, instance_count=1))

    assert (grown.candidate_count, small.candidate_count) == (9, PLAN.serve.instance_count)
    assert rollout_in(Phase.PENDING).candidate_count == PLAN.serve.instance_count


def test_an_endpoint_without_variants_carries_no_share() -> None:
    assert serving_old(variants=(), status=Status.BUSY).share_bps("x") == 0
