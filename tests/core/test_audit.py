"""The chain: what is written, and that no way to rewrite it goes unfound."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.audit import GENESIS, Head, Record, canonical, chain, check
from tests.core.builders import NOW
from tests.core.strategies import thorough

STREAM = "rollouts#fraud-prod"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FACTS = st.dictionaries(st.text(max_size=8), VALUES, max_size=4)


def stream(count: int, head: Head = GENESIS) -> list[Record]:
    records: list[Record] = []
    for number in range(count):
        facts = {"reason": f"reason {number}", "numbers": {"requests": number}}
        records.append(chain(head, STREAM, NOW + timedelta(minutes=number), facts))
        head = records[-1].head
    return records


def sealed(record: Record, **facts: Any) -> Record:
    """A record rewritten by somebody who computes its hash anew."""
    body = canonical({**record.facts(), **facts})
    return replace(record, body=body, hash=hashlib.sha256(body.encode()).hexdigest())


# What is written.


def test_equal_facts_give_equal_bytes() -> None:
    assert canonical({"b": 1, "a": {"d": "ü", "c": [1, None, True]}}) == (
        '{"a":{"c":[1,null,true],"d":"\\u00fc"},"b":1}'
    )
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_json_does_not_have_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"rate": number})


def test_the_first_record_follows_nothing() -> None:
    record = chain(GENESIS, STREAM, NOW, {"reason": "begins"})

    assert Head(0, "0" * 64) == GENESIS
    assert (record.stream, record.seq, record.prev_hash) == (STREAM, 1, "0" * 64)
    assert record.body == (
        '{"at":"2026-11-23T12:00:00+00:00","prev_hash":"' + "0" * 64 + '","reason":"begins","seq":1,'
        '"stream":"rollouts#fraud-prod"}'
    )
    assert record.hash == hashlib.sha256(record.body.encode()).hexdigest()
    assert record.head == Head(1, record.hash)


def test_each_record_carries_the_hash_of_the_one_before() -> None:
    first, second, third = stream(3)

    assert (second.seq, second.prev_hash) == (2, first.hash)
    assert (third.seq, third.prev_hash) == (3, second.hash)


def test_facts_cannot_pass_for_the_chains_own() -> None:
    record = chain(GENESIS, STREAM, NOW, {"seq": 99, "stream": "other", "prev_hash": "x", "at": "never"})

    assert record.facts() == {
        "seq": 1,
        "stream": STREAM,
        "prev_hash": "0" * 64,
        "at": "2026-11-23T12:00:00+00:00",
    }
    assert check([record]) == []


def test_facts_are_read_from_the_very_body_that_was_hashed() -> None:
    record = chain(GENESIS, STREAM, NOW, {"reason": "Grüße", "numbers": {"share": 12.5}})

    assert record.facts() == json.loads(record.body)
    assert record.facts()["numbers"] == {"share": 12.5}


# What is found.


def test_a_whole_stream_is_whole() -> None:
    records = stream(4)

    assert check([]) == []
    assert check([], GENESIS) == []
    assert check(records) == []
    assert check(records, records[-1].head) == []


def test_the_order_of_reading_does_not_matter() -> None:
    records = stream(4)

    assert check(reversed(records), records[-1].head) == []


def test_an_edited_body_is_found() -> None:
    records = stream(3)
    records[1] = replace(records[1], body=records[1].body.replace("reason 1", "reason x"))

    assert check(records) == [f"{STREAM} #2: its body was changed"]


def test_an_edit_with_a_hash_of_its_own_breaks_the_record_that_follows() -> None:
    records = stream(3)
    records[1] = sealed(records[1], reason="nothing happened")

    assert check(records) == [f"{STREAM} #3: does not follow the record before it"]


def test_a_newest_record_rewritten_with_a_hash_of_its_own_is_found_against_the_head() -> None:
    records = stream(3)
    head = records[-1].head
    records[2] = sealed(records[2], reason="nothing happened")

    assert check(records) == []
    assert check(records, head) == [
        f"the stream ends at 3 ({records[2].hash[:12]}), its head says 3 ({head.hash[:12]})"
    ]


def test_a_deleted_record_is_found() -> None:
    records = stream(5)

    assert check([records[0], records[3], records[4]]) == [
        f"{STREAM} #4: records 2 to 3 are missing",
        f"{STREAM} #4: does not follow the record before it",
    ]


def test_a_deleted_beginning_is_found() -> None:
    assert check(stream(3)[1:]) == [
        f"{STREAM} #2: records 1 to 1 are missing",
        f"{STREAM} #2: does not follow the record before it",
    ]


def test_reordered_records_are_found() -> None:
    first, second, third = stream(3)
    swapped = [
        first,
        replace(third, seq=2, prev_hash=first.hash),
        replace(second, seq=3, prev_hash=third.hash),
    ]

    assert check(swapped) == [
        f"{STREAM} #2: its keys differ from its body",
        f"{STREAM} #3: its keys differ from its body",
    ]


def test_a_record_moved_to_another_stream_is_found() -> None:
    record = replace(stream(1)[0], stream="rollouts#other")

    assert check([record]) == ["rollouts#other #1: its keys differ from its body"]


def test_a_fork_is_found() -> None:
    first, second = stream(2)
    other = chain(first.head, STREAM, NOW, {"reason": "a second truth"})

    assert check([first, second, other]) == [
        f"{STREAM} #2: the number stands twice (a fork)",
        f"{STREAM} #2: does not follow the record before it",
    ]


def test_a_record_before_the_first_is_found() -> None:
    forged = chain(Head(-1, GENESIS.hash), STREAM, NOW, {"reason": "before time"})

    assert check([forged]) == [f"{STREAM} #0: the number stands twice (a fork)"]


def test_a_cut_off_tail_is_found_against_a_head_that_is_known_from_elsewhere() -> None:
    records = stream(4)
    head = records[-1].head
    last = records[1].head

    assert check(records[:2]) == []
    assert check(records[:2], head) == [
        f"the stream ends at 2 ({last.hash[:12]}), its head says 4 ({head.hash[:12]})"
    ]


def test_a_lost_stream_is_found_against_its_head() -> None:
    assert check([], Head(4, "ab" * 32)) == [
        "the stream ends at 0 (000000000000), its head says 4 (abababababab)"
    ]


def test_a_body_that_was_changed_is_not_read_any_further() -> None:
    record = replace(stream(1)[0], body="not even JSON")

    assert check([record]) == [f"{STREAM} #1: its body was changed"]


@thorough
@given(FACTS)
def test_whatever_is_recorded_verifies_and_comes_back(facts: dict[str, Any]) -> None:
    record = chain(GENESIS, STREAM, NOW, facts)

    assert check([record], record.head) == []
    assert canonical(record.facts()) == record.body
    assert record.body.isascii()


@thorough
@given(st.integers(2, 6), st.data())
def test_no_single_loss_or_swap_goes_unfound(count: int, data: st.DataObject) -> None:
    records = stream(count)
    head = records[-1].head
    place = data.draw(st.integers(0, count - 1))
    lost = records[:place] + records[place + 1 :]
    swapped = list(records)
    other = (place + 1) % count
    swapped[place], swapped[other] = (
        replace(records[other], seq=place + 1),
        replace(records[place], seq=other + 1),
    )

    assert check(lost, head)
    assert check(swapped, head)
