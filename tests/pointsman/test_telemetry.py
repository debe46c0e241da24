"""What becomes of several endpoints when one of them fails."""

from __future__ import annotations

import pytest

from pointsman.errors import Transient
from pointsman.policy import EndpointName
from pointsman.reconcile import Outcome
from pointsman.telemetry import each

NAMES = [EndpointName(name) for name in ("first", "second", "third")]


@pytest.mark.parametrize(
    "error", [Transient("throttled"), KeyError("a field that nobody expected to be absent")]
)
def test_every_endpoint_has_its_turn_before_a_failure_is_raised(error: Exception) -> None:
    seen: list[EndpointName] = []

    def look(endpoint: EndpointName) -> Outcome | None:
        seen.append(endpoint)
        if endpoint == "first":
            raise error
        return None

    with pytest.raises(type(error)):
        each(NAMES, look)
    assert seen == NAMES


def test_outcomes_are_told_and_silence_is_left_out() -> None:
    outcome = Outcome(NAMES[1], None, "looked at")
    assert each(NAMES, lambda endpoint: outcome if endpoint == "second" else None) == [outcome]
