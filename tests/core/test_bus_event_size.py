"""How long an event may get: what is cut from it first, and that it says so."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.bus_event import MAX_BYTES, MAX_REASON
from tests.core.builders import approval, lane
from tests.core.recorded import BAKING, DECISION, QUEUE, detail, event
from tests.core.strategies import thorough


@thorough
@given(
    st.text(max_size=20),
    st.integers(0, 5_000),
    st.dictionaries(st.text(max_size=20), st.integers(0, 3_000).map("x".__mul__)),
)
def test_a_detail_fits_whatever_it_says(words: str, times: int, numbers: dict[str, str]) -> None:
    reason = words * times

    found = event(DECISION | {"reason": reason, "numbers": numbers}, lane(rollout=BAKING))

    assert len(found.detail.encode()) <= MAX_BYTES
    said = json.loads(found.detail)
    assert reason.startswith(said["reason"])
    assert said["is_cut"] is (said["reason"] != reason or said["numbers"] != numbers)


def size_cut(numbers: dict[str, str]) -> int:
    """Bytes of a detail whose reason was cut."""
    facts = DECISION | {"reason": "y" * MAX_BYTES, "numbers": numbers}
    return len(event(facts, lane(rollout=BAKING)).detail)


class TestSize:
    def test_the_longest_reason_of_the_widest_characters_leaves_the_numbers(self) -> None:
        found = detail(DECISION | {"reason": "\U0001f600" * 30_000}, lane(rollout=BAKING))

        assert found["reason"] == "\U0001f600" * MAX_REASON
        assert found["numbers"] == DECISION["numbers"]
        assert found["is_cut"] is True

    def test_numbers_go_where_cutting_the_reason_was_not_enough(self) -> None:
        numbers = {str(each): "x" * 100 for each in range(300)}

        found = detail(DECISION | {"reason": "short", "numbers": numbers}, lane(rollout=BAKING))

        assert (found["reason"], found["numbers"], found["is_cut"]) == ("short", {}, True)

    def test_numbers_stay_where_cutting_the_reason_was_just_enough(self) -> None:
        long = {"reason": "y" * MAX_BYTES}
        numbers = {"x": "x" * (MAX_BYTES - size_cut({"x": ""}))}

        found = event(DECISION | long | {"numbers": numbers}, lane(rollout=BAKING))

        assert len(found.detail) == MAX_BYTES
        assert json.loads(found.detail)["numbers"] == numbers

    def test_a_queue_with_a_long_reason_is_cut_too(self) -> None:
        found = detail(QUEUE | {"reason": "x" * 30_000}, lane(), replace(lane(), queued=approval(8)))

        assert found["reason"] == "x" * MAX_REASON

    def test_what_just_fits_is_whole(self) -> None:
        room = MAX_BYTES - len(event(DECISION | {"reason": ""}, lane(rollout=BAKING)).detail)

        whole = detail(DECISION | {"reason": "x" * room}, lane(rollout=BAKING))
        cut = detail(DECISION | {"reason": "x" * (room + 1)}, lane(rollout=BAKING))

        assert (len(whole["reason"]), whole["is_cut"]) == (room, False)
        assert (len(cut["reason"]), cut["is_cut"]) == (MAX_REASON, True)
