"""The plan as one object: docs/plan.md shows every key it has, and it holds what the plan says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from cli.plan_json import plan_as_json
from pointsman.core.past_traffic import PastTraffic
from pointsman.core.release_plan import plan_release
from tests.core.builders import NOW
from tests.core.plan_facts import around, facts

PAGE = Path(__file__).parents[2] / "docs" / "plan.md"


def shape(value: Any) -> Any:
    """Keys all the way down; a list is as its first entry, maps by instance type as one."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in sorted(value.items())}
    return [shape(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


def shown() -> dict[str, Any]:
    text = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert text is not None
    found: dict[str, Any] = json.loads(text[1])
    for part in ("times", "cost"):
        for course in ("expected", "latest"):
            found[part][course] = found[part]["earliest"]
    return found


def test_the_page_shows_every_key_and_no_other() -> None:
    made = plan_as_json(plan_release(facts()))
    made["missing"] = [{"what": "", "do": ""}]
    made["proposals"] = [{"says": "", "yaml": ""}]

    assert shape(made) == shape(shown())


def test_it_survives_a_program_s_reading() -> None:
    made = plan_as_json(plan_release(facts()))

    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_what_is_not_reached_is_null() -> None:
    made = plan_as_json(plan_release(facts(around=around(traffic=PastTraffic({}, NOW)))))

    assert made["times"]["expected"]["promoted"] is None
    assert made["times"]["expected"]["stuck_at_percent"] == 10
    assert made["cost"]["expected"]["to_the_end"] is False
    assert made["traffic"]["requests_past_7_days"] == 0


def test_what_is_not_known_is_null() -> None:
    made = plan_as_json(plan_release(facts(around=around(traffic=None))))

    assert made["traffic"] is None
