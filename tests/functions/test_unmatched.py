"""What starts which function, told by the samples; those in `events/unmatched/` start none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.patterns import matches
from pointsman.triggers import TRIGGERS, Pattern
from tests.functions.account import EVENTS, SAMPLES, sample
from tests.functions.world import Here

UNMATCHED = sorted(path.name for path in (EVENTS / "unmatched").glob("*.json"))
FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "events"
PATTERNS = {
    trigger.name: trigger.started_by.pattern
    for trigger in TRIGGERS
    if isinstance(trigger.started_by, Pattern)
}


@pytest.mark.parametrize("name", UNMATCHED)
def test_what_lies_apart_starts_nothing(name: str) -> None:
    event = json.loads((EVENTS / "unmatched" / name).read_text(encoding="utf-8"))
    assert [trigger for trigger, pattern in PATTERNS.items() if matches(pattern, event)] == []


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.partition("--")[0] in PATTERNS])
def test_a_sample_starts_the_trigger_of_its_name_and_no_other(name: str) -> None:
    started = [trigger for trigger, pattern in PATTERNS.items() if matches(pattern, sample(name))]
    assert started == [name.partition("--")[0]]


@pytest.mark.skipif(not FACTS.is_dir(), reason="the fact sheet's samples are not beside this repository")
def test_every_sample_of_the_fact_sheet_is_among_ours() -> None:
    ours = [json.loads(path.read_text(encoding="utf-8")) for path in EVENTS.rglob("*.json")]
    missing = [path.name for path in FACTS.glob("*.json") if json.loads(path.read_text()) not in ours]
    assert missing == []


@pytest.mark.parametrize("trigger", PATTERNS)
def test_a_handler_that_gets_what_is_not_meant_for_it_does_nothing(here: Here, trigger: str) -> None:
    for name in UNMATCHED:
        here.handle(trigger, json.loads((EVENTS / "unmatched" / name).read_text(encoding="utf-8")))
    assert here.lane().rollout is None
    assert here.changing_calls() == []
