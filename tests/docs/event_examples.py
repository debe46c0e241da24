"""Plays a release that is held, loses its tables and is taken back, and puts its events into docs/events.md. Run: python -m tests.docs.event_examples."""

from __future__ import annotations

import json
import re
import sys
from datetime import timedelta
from typing import Any

from pointsman.core.bus_event import DetailType
from pointsman.core.phases import Phase
from tests.docs.blocks import ROOT
from tests.functions.world import installed
from tests.worlds.subscriber import Subscriber

PAGE = ROOT / "docs" / "events.md"
SCHEMAS = ROOT / "events" / "schemas"
TICK = "rollout_tick--events-rule-scheduled-event.json"
SHOWN = ("source", "detail-type", "time", "detail")
Json = dict[str, Any]

_PART = re.compile(r"<!-- (example|fields): ([A-Za-z, ]+) -->\n.*?<!-- end -->", re.DOTALL)


def play() -> list[Json]:
    """Every event of the story, as a subscriber gets them."""
    with installed() as here:
        subscriber = Subscriber(here.wire, here.settings.bus_name)
        here.approve()
        here.drive_to(Phase.BAKING)
        here.handle("operator_request", _word("pause", here.rollout().id))
        here.handle("operator_request", _word("resume", here.rollout().id))
        here.fire()
        here.break_table()
        here.deliver("alarm_changed--metric.json")
        here.kernel.advance(timedelta(seconds=20))
        here.mend()
        here.deliver(TICK)
        here.drive_to(Phase.ROLLED_BACK)
        return subscriber.events()


def schema_of(detail_type: str) -> Json:
    """The schema of a detail-type."""
    path = SCHEMAS / f"{detail_type.lower().replace(' ', '-')}.json"
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def renewed(text: str) -> str:
    """The page with the examples and tables of fields as they are now."""
    events = play()

    def part(match: re.Match[str]) -> str:
        kind, names = match[1], [name.strip() for name in match[2].split(",")]
        made = _example(events, names[0]) if kind == "example" else _fields(names)
        return f"<!-- {kind}: {match[2]} -->\n{made}\n<!-- end -->"

    return _PART.sub(part, text)


def _example(events: list[Json], name: str) -> str:
    """The last event of its name: of a change of phase that is the end of the rollout."""
    event = [each for each in events if each["detail-type"] == name][-1]
    return "```json\n" + json.dumps({key: event[key] for key in SHOWN}, indent=2) + "\n```"


def _fields(names: list[str]) -> str:
    """Fields of these, or, of several, those that all of them have; else those that are not in all detail-types."""
    schemas = [schema_of(name)["properties"] for name in names]
    everywhere = set.intersection(*({*schema_of(each.value)["properties"]} for each in DetailType))
    is_of_all = len(names) == len(DetailType)
    rows = [
        _row(field, each)
        for field, each in schemas[0].items()
        if (field in everywhere) is is_of_all and all(field in other for other in schemas)
    ]
    return "\n".join(["| field | type | meaning |", "|---|---|---|", *rows])


def _row(field: str, schema: Json) -> str:
    kinds = schema.get("type", "integer")
    kind = kinds if isinstance(kinds, str) else " or ".join(kinds)
    values = ", ".join(f"`{each}`" for each in schema.get("examples", ()))
    meaning = schema["description"] + (f"; now {values}" if values else "")
    return f"| `{field}` | {kind} | {meaning} |"


def _word(command: str, rollout: str) -> Json:
    return {
        "command": command,
        "target": rollout,
        "reason": f"{command} it for the example",
        "by": "arn:aws:iam::111122223333:user/alice",
        "request_id": f"example-{command}",
    }


def main() -> int:
    """Renew docs/events.md."""
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
