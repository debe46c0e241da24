"""What a command was asked for is read within bounds, and refused with what would be right."""

from datetime import timedelta

import pytest

from local.asked import Asked, Refused


def test_values_are_read() -> None:
    asked = Asked({"group": "chat", "rate": 2.5, "events": 3, "s": 90})

    assert asked.text("group") == "chat"
    assert asked.number("rate", 0, 10) == 2.5
    assert asked.number("other", 0, 10, 4) == 4
    assert asked.count("events") == 3
    assert asked.duration("s") == timedelta(seconds=90)


@pytest.mark.parametrize("value", [None, "", 3, ["chat"], {}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(Refused, match="group"):
        Asked({"group": value}).text("group")


@pytest.mark.parametrize("value", [None, "3", True, [], float("nan"), float("inf"), -1, 11])
def test_what_is_no_number_within_bounds_is_refused(value: object) -> None:
    with pytest.raises(Refused, match="rate"):
        Asked({"rate": value}).number("rate", 0, 10)


@pytest.mark.parametrize("value", [0, 2.5, -3, 10**9])
def test_what_is_no_count_is_refused(value: object) -> None:
    with pytest.raises(Refused, match="events"):
        Asked({"events": value}).count("events")


@pytest.mark.parametrize("value", [0, -5, 31 * 86_400])
def test_a_time_that_makes_no_sense_is_refused(value: object) -> None:
    with pytest.raises(Refused, match="at most 30 days"):
        Asked({"s": value}).duration("s")
