"""Two faults and more, anywhere in any story, by a seed. POINTSMAN_SCHEDULES says how many runs; `make soak` sets it."""

import os

import pytest

from tests.properties.faults import read_schedule
from tests.properties.schedules import random_schedules
from tests.properties.stories import first_failure
from tests.properties.verdicts import explore

PARTS = 4
RUNS = int(os.environ.get("POINTSMAN_SCHEDULES", "2000"))


@pytest.mark.parametrize("part", range(PARTS))
def test_two_faults_and_more_do_no_harm(part: int) -> None:
    assert first_failure(random_schedules(RUNS // PARTS, seed=part)) is None


@pytest.mark.parametrize(
    ("words", "number", "call"),
    [
        ("abort seed:9 deny:199", 199, "describe_endpoint_config"),
        ("changed-by-hand seed:9 delay:0:150 late:51:40", 51, "get_lane"),
    ],
)
def test_what_once_did_harm_does_none(words: str, number: int, call: str) -> None:
    schedule = read_schedule(words)
    # A pass that makes other calls than it did shifts the numbers: the schedule then names another call than it did.
    assert explore(schedule).gate.points[number].name == call
    assert first_failure(iter([schedule])) is None
