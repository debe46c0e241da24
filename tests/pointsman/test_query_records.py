"""How one row of releases is gathered from records, newest first, and how answers are kept within their size."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pointsman.errors import BadEvent
from pointsman.query_records import Release, number, within


def decision(seq: int, after: str, share: int = 0) -> dict[str, Any]:
    facts = {"kind": "decision", "seq": seq, "at": f"2026-11-20T14:{seq:02}:00+00:00", "after": after}
    return facts | {"share_bps": share, "version": 7}


def gathered(*oldest_first: dict[str, Any]) -> Release:
    newest_first = list(reversed(oldest_first))
    release = Release("r", newest_first[0])
    for facts in newest_first:
        release.add(facts)
    return release


def test_a_release_that_was_taken_back_after_its_success_ended_when_it_was_back() -> None:
    release = gathered(
        decision(1, "PREPARING"),
        decision(2, "SUCCEEDED", 10_000),
        decision(3, "ROLLING_BACK"),
        decision(4, "ROLLED_BACK"),
    )
    assert release.ended_at == "2026-11-20T14:04:00+00:00"
    assert release.peak_bps == 10_000
    assert release.newest["after"] == "ROLLED_BACK"


def test_a_release_that_is_on_its_way_back_has_not_ended() -> None:
    assert gathered(decision(1, "SUCCEEDED", 10_000), decision(2, "ROLLING_BACK")).ended_at == ""


def test_what_is_no_decision_says_who_approved_and_is_not_taken_for_the_end() -> None:
    opened = {
        "kind": "lane",
        "seq": 1,
        "at": "2026-11-20T14:01:00+00:00",
        "approved_by": "dana",
        "version": 7,
    }
    closed = {
        "kind": "lane",
        "seq": 4,
        "at": "2026-11-20T14:04:00+00:00",
        "approved_by": "dana",
        "version": 7,
    }
    release = gathered(opened, decision(2, "BAKING", 500), decision(3, "ROLLED_BACK"), closed)
    assert (release.approved_by, release.version, release.first_seq) == ("dana", 7, 1)
    assert release.newest["after"] == "ROLLED_BACK"
    assert release.ended_at == "2026-11-20T14:03:00+00:00"


def test_records_without_an_approver_are_those_of_an_older_version() -> None:
    release = gathered(decision(1, "BAKING", 500))
    assert release.approved_by == ""


def test_an_answer_holds_as_much_as_fits_and_one_at_least() -> None:
    items = [{"text": "x" * 90}] * 5
    size = len(json.dumps(items[0]))
    assert len(list(within(items, 3 * size))) == 3
    assert len(list(within(items, 1))) == 1
    assert list(within([], 1)) == []


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "²", "1 OR 1"])
def test_what_no_answer_gave_is_refused(text: str) -> None:
    with pytest.raises(BadEvent, match="next is not what an earlier answer"):
        number(text)


def test_an_empty_next_begins_anew() -> None:
    assert (number(""), number("42")) == (None, 42)
