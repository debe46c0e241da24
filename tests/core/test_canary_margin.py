"""A plan that tolerates more errors of the candidate than the baseline has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.canary_evidence import Side
from pointsman.core.verdict import Opinion
from tests.core.canary_minutes import HALF, answers, at_half, opinions


def test_what_the_plan_tolerates_beyond_the_baseline_is_no_failure() -> None:
    minutes = at_half(*[(Side(1_000, 25), Side(1_000, 5))] * 40)

    assert Opinion.FAIL in opinions(minutes, HALF)
    assert Opinion.FAIL not in opinions(minutes, replace(HALF, error_margin=0.02))
    assert Opinion.FAIL in opinions(minutes, replace(HALF, error_margin=0.005))


def test_a_margin_above_what_is_called_gross_holds_for_gross_failures_as_well() -> None:
    minutes = at_half(*[(Side(1_000, 300), Side(1_000, 5))] * 40)

    assert Opinion.FAIL in opinions(minutes, HALF)
    assert Opinion.FAIL not in opinions(minutes, replace(HALF, error_margin=0.4))


@pytest.mark.parametrize(("margin", "told"), [(0.02, "plus 2.1 %"), (1.0, "plus 99 %")])
def test_the_margin_is_added_to_what_is_proved_not_to_be_so(margin: float, told: str) -> None:
    minutes = at_half(*[(Side(1_000, 5), Side(1_000, 5))] * 30)
    answer = answers(replace(HALF, error_margin=margin), minutes)[-1]

    assert answer.opinion is Opinion.PASS
    assert f"proved below 2 times that {told}" in answer.sentence
