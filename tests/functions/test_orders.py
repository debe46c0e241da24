"""All samples of `events/` together, each twice, in any order: what is remembered in the end does not depend on it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from pointsman.core.phases import Cause, Phase
from pointsman.policy import Version
from tests.functions.account import SAMPLES, VARIANT, policy
from tests.functions.world import installed, require_whole_chain

ALL_BUT_PEOPLE = [name for name in SAMPLES if not name.startswith("operator_request--")]


@pytest.mark.parametrize(("is_firing", "end"), [(False, Phase.SUCCEEDED), (True, Phase.PENDING)])
@pytest.mark.parametrize("seed", range(3))
def test_all_samples_in_any_order_and_twice_end_like_the_approval_alone(
    seed: int, end: Phase, *, is_firing: bool
) -> None:
    order = ALL_BUT_PEOPLE * 2
    Random(seed).shuffle(order)
    plain = after_these(["model_package_changed--approved.json"], is_firing=is_firing)
    shuffled = after_these(order, is_firing=is_firing)
    assert shuffled == plain
    assert shuffled[1] is end


def after_these(samples: list[str], *, is_firing: bool) -> Any:
    """What is remembered once the samples came, a second apart, and the rollout went as far as it goes."""
    with installed(policy(watch=60)) as here:
        if is_firing:
            here.fire()
        here.judge_in_registry("Approved")
        for name in samples:
            here.deliver(name)
            here.kernel.advance(timedelta(seconds=1))
        for _ in range(180):
            if here.rollout().is_terminal:
                break
            here.kernel.advance(timedelta(seconds=20))
            here.due()
        require_whole_chain(here)
        return here.facts(), here.phase(), here.rollout().hold, here.weights()


@pytest.mark.parametrize("seed", range(4))
def test_all_samples_in_any_order_take_a_rejected_version_back_for_good(seed: int) -> None:
    order = [*SAMPLES, *SAMPLES]
    Random(seed).shuffle(order)
    with installed() as here:
        here.approve()
        here.drive_to(Phase.BAKING)
        here.judge_in_registry("Rejected")
        for name in order:
            here.deliver(name)
            here.kernel.advance(timedelta(seconds=1))
        here.drive_to(Phase.ROLLED_BACK)
        assert here.rollout().cause in {Cause.REJECTED, Cause.ABORTED}
        assert set(here.lane().quarantined) == {Version(7)}
        assert here.weights() == {VARIANT: 100}
        require_whole_chain(here)
