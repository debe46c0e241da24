"""Facts of records as they are written, and the events that come of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pointsman.core.audit import GENESIS, Record, chain
from pointsman.core.bus_event import BusEvent, event_of
from pointsman.core.lane import Lane
from pointsman.core.phases import Hold, Phase
from tests.core.builders import ENDPOINT, NOW, rollout_in

BAKING = rollout_in(Phase.BAKING)
HELD = replace(BAKING, hold=Hold.THIN_EVIDENCE)
DECISION = {
    "kind": "decision",
    "endpoint": ENDPOINT,
    "rollout": BAKING.id,
    "version": 7,
    "before": "BAKING",
    "after": "BAKING",
    "step": 1,
    "share_bps": 5000,
    "act": None,
    "hold": None,
    "cause": None,
    "reason": "0 of 500 failed",
    "is_told": True,
    "numbers": {"minutes": 3, "verdict": "PASS"},
    "actor": "pointsman",
}
QUEUE = {
    "kind": "lane",
    "endpoint": ENDPOINT,
    "rollout": "",
    "version": None,
    "approved_by": "",
    "queued": 8,
    "queued_by": "dana",
    "reason": "version 8 waits",
    "actor": "pointsman",
}
MOVE = {
    "kind": "journal",
    "endpoint": ENDPOINT,
    "rollout": BAKING.id,
    "act": "shift",
    "acted_at": NOW.isoformat(),
    "reason": "made while the table could not be used: an alarm fires",
    "actor": "pointsman",
}


def recorded(facts: dict[str, Any]) -> Record:
    return chain(GENESIS, f"rollouts#{ENDPOINT}", NOW, facts)


def event(facts: dict[str, Any], before: Lane, after: Lane | None = None) -> BusEvent:
    return event_of(recorded(facts), before, after or before)


def detail(facts: dict[str, Any], before: Lane, after: Lane | None = None) -> Any:
    return json.loads(event(facts, before, after).detail)
