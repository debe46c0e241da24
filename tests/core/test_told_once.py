"""People hear of what holds a rollout up when it begins, and not with every look while it lasts."""

from __future__ import annotations

import pytest

from pointsman.core.decide import decide
from pointsman.core.observed import AlarmReading, Answer
from pointsman.core.phases import Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.core.verdict import Opinion
from tests.core.builders import NOW, rollout_in, seen, serving_both, verdict

Episode = tuple[Rollout, dict[str, object], Hold]

OVER = rollout_in(Phase.WATCHING, minutes=240)
EPISODES: dict[str, Episode] = {
    "a watch that is over, without metrics": (
        OVER,
        {"verdict": verdict(Opinion.BLIND)},
        Hold.THIN_EVIDENCE,
    ),
    "a watch that is over, without its alarm": (
        OVER,
        {"alarms": AlarmReading(missing=("p99",))},
        Hold.THIN_EVIDENCE,
    ),
    "a watch that is over, with alarms nobody can read": (
        OVER,
        {"alarms": AlarmReading(blind="throttled")},
        Hold.THIN_EVIDENCE,
    ),
    "a watch that cannot see what is left": (OVER, {"unread": "denied"}, Hold.CANNOT_READ),
    "a return that cannot see what is left": (
        rollout_in(Phase.ROLLING_BACK),
        {"unread": "denied"},
        Hold.CANNOT_READ,
    ),
    "a candidate that cannot be reached": (
        rollout_in(Phase.VALIDATING, minutes=10),
        {"answer": Answer.UNREACHABLE},
        Hold.THIN_EVIDENCE,
    ),
    "an alarm that was deleted": (
        rollout_in(Phase.BAKING),
        {"alarms": AlarmReading(missing=("p99",))},
        Hold.PREFLIGHT,
    ),
    "weights that somebody changed": (
        rollout_in(Phase.BAKING, minutes=20),
        {"endpoint": serving_both(rollout_in(Phase.BAKING), 30)},
        Hold.SHARE_CHANGED,
    ),
}


@pytest.mark.parametrize("episode", EPISODES)
def test_an_episode_is_told_once(episode: str) -> None:
    rollout, look, why = EPISODES[episode]
    observed = seen(rollout, **look)

    first = decide(rollout, observed, NOW)
    second = decide(first.rollout, observed, NOW)

    assert (first.act, first.rollout.hold, first.is_told) == (None, why, True)
    assert (second.act, second.rollout, second.is_told) == (None, first.rollout, False)


@pytest.mark.parametrize("phase", [Phase.WATCHING, Phase.ROLLING_BACK])
def test_what_cannot_be_read_anew_is_told_anew(phase: Phase) -> None:
    rollout = rollout_in(phase, hold=Hold.CANNOT_READ)
    left = {"leftovers": ("model x",)}

    released = decide(rollout, seen(rollout, **left), NOW).rollout
    again = decide(released, seen(rollout, unread="denied", **left), NOW)

    assert released.hold is None
    assert (again.rollout.hold, again.is_told) == (Hold.CANNOT_READ, True)
