"""How long fleets took here, read off the decisions of past releases."""

from datetime import datetime, timedelta

from pointsman.core.audit import GENESIS, Head, Record, chain
from pointsman.core.fleet_times import measured_fleet
from pointsman.core.timetable import Grounds
from tests.core.builders import HOUR, MINUTE, NOW

Move = tuple[str, str, str, timedelta]


def recorded(*moves: Move) -> list[Record]:
    head: Head = GENESIS
    found = []
    for rollout, before, after, later in moves:
        at: datetime = NOW + later
        facts = {"kind": "decision", "rollout": rollout, "before": before, "after": after}
        record = chain(head, "rollouts#fraud-prod", at, facts)
        head = record.head
        found.append(record)
    return found


def release(name: str, begin: timedelta, first: timedelta, last: timedelta) -> tuple[Move, ...]:
    return (
        (name, "PENDING", "PREPARING", begin),
        (name, "PREPARING", "PREPARING", begin + MINUTE),
        (name, "PREPARING", "VALIDATING", begin + first),
        (name, "BAKING", "FINALIZING", begin + HOUR),
        (name, "FINALIZING", "WATCHING", begin + HOUR + last),
    )


def test_both_fleets_of_each_release_are_measured() -> None:
    moves = (
        *release("a", 0 * HOUR, 4 * MINUTE, 6 * MINUTE),
        *release("b", 5 * HOUR, 8 * MINUTE, 10 * MINUTE),
    )

    span = measured_fleet(recorded(*moves))

    assert span is not None
    assert (span.grounds, span.times) == (Grounds.MEASURED, 4)
    assert span.usual == 7 * MINUTE
    assert span.low == 4 * MINUTE / 1.25
    assert span.high == 10 * MINUTE * 1.25


def test_what_was_held_up_for_longer_than_an_hour_does_not_count() -> None:
    assert measured_fleet(recorded(*release("a", 0 * HOUR, 2 * HOUR, 90 * MINUTE))) is None


def test_the_end_of_a_release_whose_begin_is_not_among_the_records_does_not_count() -> None:
    assert measured_fleet(recorded(*release("a", 0 * HOUR, 4 * MINUTE, 6 * MINUTE)[2:3])) is None


def test_releases_are_not_mixed_up() -> None:
    first, second = release("a", 0 * HOUR, 4 * MINUTE, 6 * MINUTE), release("b", HOUR, 5 * MINUTE, 7 * MINUTE)

    assert measured_fleet(recorded(first[0], second[2])) is None


def test_what_is_no_decision_is_passed_over() -> None:
    note = chain(GENESIS, "rollouts#fraud-prod", NOW, {"kind": "lane", "reason": "opens"})

    assert measured_fleet([note]) is None
