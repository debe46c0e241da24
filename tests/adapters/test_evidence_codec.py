"""The judge's memory and its minutes as JSON: nothing is lost, the older judge's are read, and an item stays small."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.adapters.aws.evidence_codec import (
    evidence_from,
    evidence_to,
    judged_to,
    side_from,
    side_to,
    verdict_from,
)
from pointsman.core.judge import Evidence, begin, judge, open_window, take
from pointsman.core.minutes import Minute, Side
from pointsman.core.usual import Usual
from pointsman.core.verdict import Opinion, Verdict
from tests.adapters.lanes import NOON, evidence, minute
from tests.core.builders import PLAN
from tests.functions.account import ENDPOINT
from tests.functions.world import Here

OLDER = {
    "window": "r/step-0",
    "until": (NOON + timedelta(minutes=3)).isoformat(),
    "rows": [[10, 1, 2, 30, 0, 4]] * 3,
    "merged_minutes": 0,
    "dark_minutes": 1,
    "usual_rpm": 40.5,
}
"""As the judge before this one stored it."""
COUNTS = st.integers(0, 10**6)
SIDES = st.builds(
    Side,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    st.none() | COUNTS,
    st.none() | COUNTS,
    st.none() | st.tuples(st.floats(0, 1), st.integers(1, 10**6)),
    st.none() | st.tuples(st.integers(1, 10**6), st.floats(0.1, 1e9)),
)


def through_json(raw: Any) -> Any:
    return json.loads(json.dumps(raw))


def busy(minutes: int) -> Evidence:
    """The fullest evidence that a policy can lead to: twenty steps, every metric, many requests, odds of all sizes."""
    steps = (*range(5, 100, 5), 100)
    taken = begin(
        replace(PLAN, steps=steps), Usual(12345.678901, 456789.0123, 0.00123456, 123456.7), "r/step-0", NOON
    )
    for number in range(minutes):
        stage = min(number // 8, len(steps) - 1)
        if number % 8 == 0 and stage:
            taken = open_window(taken, f"r/step-{stage}", taken.until, stage)
        share = 100 * steps[stage]
        mine = Side(
            123_457, 123 + number, 1777, 123_411, 30_771, 1233 + number, (0.71, 99_999), (777_777, 1e8 / 3)
        )
        theirs = Side(
            223_457, 177 - number % 5, 1777, 223_411, 50_771, 2233, (0.72, 99_999), (777_777, 1e8 / 3)
        )
        at = NOON + timedelta(minutes=number)
        taken = take(taken, Minute(at, theirs if share < 10_000 else None, mine), share, PLAN)
    return taken


def near(minutes: list[tuple[Side | None, Side | None]], share_bps: int, *, is_kept: bool) -> list[Verdict]:
    """What is said after each minute, with or without a way through JSON between two of them."""
    taken, said = begin(PLAN, Usual(5e5, 1e6, 0.002, 50.0), "r/step-0", NOON), []
    for candidate, baseline in minutes:
        taken = take(taken, Minute(taken.until, baseline, candidate), share_bps, PLAN)
        said.append(judge(taken, PLAN.health, share_bps))
        if is_kept:
            taken = evidence_from(through_json(evidence_to(taken)))
    return said


COUNTED = st.none() | st.builds(
    lambda requests, errors, slow: Side(requests, min(errors, requests), 0, requests, min(slow, requests), 0),
    st.integers(0, 400),
    st.integers(0, 30),
    st.integers(0, 200),
)


@settings(max_examples=50)
@given(st.lists(st.tuples(COUNTED, COUNTED), max_size=30), st.sampled_from([1000, 5000, 10_000]))
def test_a_judge_whose_memory_is_stored_between_minutes_says_the_same(
    minutes: list[tuple[Side | None, Side | None]], share_bps: int
) -> None:
    pairs = zip(near(minutes, share_bps, is_kept=True), near(minutes, share_bps, is_kept=False), strict=True)
    for stored, whole in pairs:
        assert (stored.opinion, stored.is_silent) == (whole.opinion, whole.is_silent)
        assert (stored.candidate, stored.baseline) == (whole.candidate, whole.baseline)
        assert stored.evidence == pytest.approx(whole.evidence, rel=1e-4)


def test_evidence_comes_back_whole() -> None:
    assert evidence_from(through_json(evidence_to(evidence(3)))) == evidence(3)


def test_evidence_of_one_step_with_all_traffic_comes_back_whole() -> None:
    alone = begin(replace(PLAN, steps=(100,)), Usual(), "r/step-0", NOON)
    assert alone.compared is None
    assert evidence_from(through_json(evidence_to(alone))) == alone


@pytest.mark.parametrize("minutes", [1, 20, 160, 200])
def test_an_item_of_evidence_stays_below_four_kilobytes(minutes: int) -> None:
    assert len(json.dumps(evidence_to(busy(minutes)), separators=(",", ":"))) < 4096


@given(SIDES)
def test_a_side_comes_back_whole(side: Side) -> None:
    assert side_from(through_json(side_to(side))) == side


def test_no_data_is_not_no_requests() -> None:
    assert side_from(through_json(side_to(None))) is None
    assert side_from(through_json(side_to(Side(0, 0, 0)))) == Side(0, 0, 0)


def test_a_side_as_the_older_judge_stored_it_is_read() -> None:
    assert side_from([30, 1, 2]) == Side(30, 1, 2)


def test_what_was_said_of_a_minute_comes_back() -> None:
    judged = minute()
    kept = verdict_from(through_json(judged_to(judged)))
    assert kept is not None
    assert (kept.share_bps, kept.opinion) == (500, Opinion.BLIND)
    assert (kept.evidence, kept.needed, kept.weighed) == (1.25, 50.0, judged.verdict.weighed)


def test_a_minute_of_the_older_judge_has_no_verdict() -> None:
    assert verdict_from({"candidate": [30, 1, 2], "baseline": None}) is None


class TestEvidenceOfTheOlderJudge:
    def test_only_its_place_is_read(self) -> None:
        assert evidence_from(OLDER) == Evidence("r/step-0", NOON + timedelta(minutes=3), None)

    def test_it_is_written_over_and_then_gone_on_with(self, here: Here) -> None:
        """A condition that never holds would be a Conflict in every pass, for ever."""
        key = {"pk": {"S": f"endpoint#{ENDPOINT}"}, "sk": {"S": "evidence"}}
        mark = f"{OLDER['window']}@{OLDER['until']}"
        item = key | {"body": {"S": json.dumps(OLDER)}, "mark": {"S": mark}}
        here.wire.client("dynamodb").put_item(TableName=here.settings.state_table, Item=item)
        store = here.world.store
        store.put_evidence(ENDPOINT, store.find_evidence(ENDPOINT), evidence(4), [minute()])
        assert store.find_evidence(ENDPOINT) == evidence(4)
        store.put_evidence(ENDPOINT, evidence(4), evidence(5), [minute()])
        assert store.find_evidence(ENDPOINT) == evidence(5)
