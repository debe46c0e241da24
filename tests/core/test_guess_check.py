"""The first policy is one whose proofs come in time, or it says that they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.guess_check import UNPROVED, checked_numbers, is_proved_in_time
from pointsman.core.guesses import Guess
from tests.core.sights import past

NEVER = timedelta()


@pytest.mark.parametrize("rpm", [2, 5, 10, 20, 60, 100, 1_000, 50_000])
@pytest.mark.parametrize("error_rate", [0.0, 0.01, 0.3])
def test_what_is_guessed_proves_itself_in_time(rpm: float, error_rate: float) -> None:
    of_rate = past(rpm, server_errors=error_rate * rpm * 60 * 168)

    guessed = checked_numbers(of_rate, NEVER)

    assert is_proved_in_time(guessed, of_rate)
    assert UNPROVED not in guessed.steps.rests_on


def test_where_no_guess_is_enough_it_says_so() -> None:
    """Three requests an hour: half of them are twenty only after thirteen hours, and minutes without any tell nothing."""
    rare = past(0.05)

    guessed = checked_numbers(rare, NEVER)

    assert not is_proved_in_time(guessed, rare)
    assert guessed.steps.rests_on.endswith(UNPROVED)


def test_steps_that_are_too_small_for_the_patience_are_noticed() -> None:
    guessed = checked_numbers(past(20), NEVER)

    assert not is_proved_in_time(replace(guessed, steps=Guess((1, 100), "")), past(20))


def test_without_requests_nothing_is_tried() -> None:
    assert UNPROVED not in checked_numbers(past(0.0), NEVER).steps.rests_on
