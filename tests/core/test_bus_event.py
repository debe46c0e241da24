"""What other programs hear of a record: one event with a stable id, named by what changed, short enough for any bus."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pointsman.core.bus_event import (
    DetailType,
    QueueChange,
    event_of,
    queue_change,
)
from pointsman.core.lane import admit, adopt
from tests.core.builders import ENDPOINT, HOUR, NOW, PLAN, approval, lane
from tests.core.recorded import BAKING, DECISION, HELD, MOVE, QUEUE, detail, event, recorded


class TestName:
    def test_a_phase_that_changed_comes_before_a_hold_that_changed(self) -> None:
        facts = DECISION | {"after": "SHIFTING", "hold": "paused"}

        assert event(facts, lane(rollout=BAKING)).detail_type == "Rollout State Change"

    @pytest.mark.parametrize(("hold", "before"), [("thin_evidence", BAKING), (None, HELD)])
    def test_a_hold_that_begins_or_ends_is_a_hold_change(self, hold: str | None, before: Any) -> None:
        facts = DECISION | {"hold": hold}

        assert event(facts, lane(rollout=before)).detail_type == "Rollout Hold Change"

    @pytest.mark.parametrize(("hold", "before"), [("thin_evidence", HELD), (None, BAKING)])
    def test_any_other_decision_is_a_decision(self, hold: str | None, before: Any) -> None:
        facts = DECISION | {"hold": hold}

        assert event(facts, lane(rollout=before)).detail_type == "Rollout Decision Recorded"

    def test_a_rollout_that_the_lane_did_not_hold_was_held_by_nothing(self) -> None:
        assert detail(DECISION, lane())["hold_before"] is None

    def test_what_was_journalled_is_a_move(self) -> None:
        assert event(MOVE, lane(rollout=BAKING)).detail_type == "Rollout Move Recorded"

    def test_a_kind_that_is_not_known_is_refused(self) -> None:
        with pytest.raises(ValueError, match=r"rollouts#fraud-prod #1: .* 'test'"):
            event({"kind": "test"}, lane())

    def test_names_stay_what_they_are(self) -> None:
        assert [each.value for each in DetailType] == [
            "Rollout State Change",
            "Rollout Hold Change",
            "Rollout Decision Recorded",
            "Endpoint Queue Change",
            "Rollout Move Recorded",
        ]
        assert [each.value for each in QueueChange] == [
            "ENDPOINT_ADOPTED",
            "ROLLOUT_OPENED",
            "ROLLOUT_CLOSED",
            "VERSION_QUEUED",
            "VERSION_UNQUEUED",
            "APPROVAL_HEARD",
        ]


class TestDetail:
    def test_of_a_decision_it_says_all_but_the_plan(self) -> None:
        facts = DECISION | {"after": "FINALIZING", "hold": "no_capacity", "plan": {"steps": [50]}}
        record = recorded(facts)

        found = event_of(record, lane(rollout=HELD), lane(rollout=BAKING))

        assert (found.id, found.seq, found.at) == (f"rollouts#{ENDPOINT}:1", 1, NOW)
        assert json.loads(found.detail) == {
            "schema": 1,
            "id": f"rollouts#{ENDPOINT}:1",
            "stream": f"rollouts#{ENDPOINT}",
            "seq": 1,
            "hash": record.hash,
            "at": NOW.isoformat(),
            "endpoint": ENDPOINT,
            "rollout": BAKING.id,
            "version": 7,
            "phase_before": "BAKING",
            "phase": "FINALIZING",
            "hold_before": "thin_evidence",
            "hold": "no_capacity",
            "step": 1,
            "share_bps": 5000,
            "act": None,
            "cause": None,
            "is_told": True,
            "numbers": {"minutes": 3, "verdict": "PASS"},
            "reason": "0 of 500 failed",
            "actor": "pointsman",
            "is_cut": False,
        }

    def test_of_the_queue_it_says_what_waits_and_what_changed(self) -> None:
        found = detail(QUEUE, lane(), replace(lane(), queued=approval(8)))

        assert (found["change"], found["queued"], found["queued_by"]) == ("VERSION_QUEUED", 8, "dana")
        assert (found["rollout"], found["version"]) == (None, None)

    def test_of_a_move_it_says_what_was_done_and_when(self) -> None:
        found = detail(MOVE, lane(rollout=BAKING))

        assert (found["act"], found["acted_at"]) == ("shift", NOW.isoformat())
        assert (found["rollout"], found["version"]) == (BAKING.id, None)


class TestQueueChange:
    def test_an_approval_opens_a_rollout_or_waits(self) -> None:
        opened = admit(lane(), approval(7), PLAN, NOW)
        assert opened is not None
        waiting = admit(replace(lane(rollout=BAKING)), approval(8, NOW + HOUR), PLAN, NOW)
        assert waiting is not None

        assert queue_change(lane(), opened.lane) is QueueChange.OPENED
        assert queue_change(lane(rollout=BAKING), waiting.lane) is QueueChange.QUEUED

    def test_a_rollout_that_is_closed_may_open_the_next(self) -> None:
        before = replace(lane(rollout=BAKING), queued=approval(8))
        following = replace(BAKING, id="another")

        assert queue_change(before, replace(before, rollout=None, queued=None)) is QueueChange.CLOSED
        assert queue_change(before, replace(before, rollout=following, queued=None)) is QueueChange.OPENED

    def test_what_waited_may_be_replaced_or_leave(self) -> None:
        before = replace(lane(rollout=BAKING), queued=approval(8))

        assert queue_change(before, replace(before, queued=approval(9))) is QueueChange.QUEUED
        assert queue_change(before, replace(before, queued=None)) is QueueChange.UNQUEUED

    def test_an_endpoint_is_adopted_and_adopted_anew_for_another_group(self) -> None:
        first = adopt(lane(), "fraud", [1])

        assert queue_change(lane(), first) is QueueChange.ADOPTED
        assert queue_change(first, adopt(first, "other", [1])) is QueueChange.ADOPTED

    def test_a_late_approval_is_heard_of_and_no_more(self) -> None:
        before = replace(lane(rollout=BAKING), approvals={7: NOW})
        late = admit(before, approval(6, NOW - HOUR), PLAN, NOW)
        assert late is not None

        assert queue_change(before, late.lane) is QueueChange.HEARD
