"""The characters that a version can be given: good, failing, slow, dead on arrival. How a character answers is the twin's business."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from twin.traffic import Profile

LLM = Profile(
    base_ms=40.0, ms_per_context_token=0.02, ms_per_generated_token=8.0, jitter=0.15, error_rate=0.001
)
"""A language model: an answer of usual length takes a second."""
SCORER = Profile(
    base_ms=25.0, ms_per_context_token=0.0, ms_per_generated_token=0.0, jitter=0.25, error_rate=0.0005
)
"""A classifier of table rows: it answers in some 25 ms, whatever it is sent."""

SLOWED = 20.0
USUALLY_FAILING_PERCENT = 3.0


class Character(StrEnum):
    """How a new version behaves, beside the one that served first."""

    GOOD = "good"
    FAILING = "failing"
    SLOW = "slow"
    NEVER_STARTS = "never-starts"
    DEAD = "dead"


def of_character(character: Character, like: Profile, failing_percent: float) -> Profile:
    """A profile of that character. `failing_percent` is the share of requests that a failing version fails."""
    match character:
        case Character.GOOD:
            return like
        case Character.FAILING:
            return replace(like, error_rate=failing_percent / 100)
        case Character.SLOW:
            return replace(
                like,
                base_ms=SLOWED * like.base_ms,
                ms_per_context_token=SLOWED * like.ms_per_context_token,
                ms_per_generated_token=SLOWED * like.ms_per_generated_token,
            )
        case Character.NEVER_STARTS:
            return replace(like, starts=False)
        case Character.DEAD:
            return replace(like, dead=True)
