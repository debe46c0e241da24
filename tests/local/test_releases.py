"""A character says how a version answers, beside the one that served first."""

from dataclasses import replace

import pytest

from local.releases import LLM, SCORER, Character, of_character
from twin.traffic import Profile


@pytest.mark.parametrize("like", [LLM, SCORER])
def test_each_character_differs_from_the_first_version_in_one_way(like: Profile) -> None:
    made = {character: of_character(character, like, 12.5) for character in Character}

    assert made[Character.GOOD] == like
    assert made[Character.FAILING] == replace(like, error_rate=0.125)
    assert made[Character.NEVER_STARTS] == replace(like, starts=False)
    assert made[Character.DEAD] == replace(like, dead=True)
    assert made[Character.SLOW].base_ms == 20 * like.base_ms
    assert made[Character.SLOW].ms_per_generated_token == 20 * like.ms_per_generated_token
    assert made[Character.SLOW].error_rate == like.error_rate
