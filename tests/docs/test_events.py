"""docs/events.md and the schemas are true: of every event of whole stories, of every name in the code, of the rules that are shown."""

from __future__ import annotations

import ast
import json
import re
import shlex
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pointsman.core.bus_event import MAX_BYTES, MAX_REASON, DetailType, QueueChange
from pointsman.core.phases import Act, Cause, Hold, Phase
from tests.docs.blocks import blocks_of
from tests.docs.event_examples import PAGE, SCHEMAS, play, renewed, schema_of
from tests.functions.world import Here, installed
from tests.worlds.subscriber import Subscriber

TEXT = PAGE.read_text(encoding="utf-8")
VALUES = {
    "phase": Phase,
    "phase_before": Phase,
    "hold": Hold,
    "hold_before": Hold,
    "cause": Cause,
    "change": QueueChange,
}
HASH = re.compile(r'^ +"hash": "[0-9a-f]{64}",$', re.MULTILINE)
Json = dict[str, Any]


@pytest.fixture(scope="module")
def story() -> list[Json]:
    return play()


def wrong_with(event: Json) -> list[str]:
    schema = schema_of(event["detail-type"])
    found = [error.message for error in Draft202012Validator(schema).iter_errors(event["detail"])]
    return found + sorted(set(event["detail"]) ^ set(schema["properties"]))


def test_every_event_of_a_version_that_is_taken_back_is_as_its_schema_says(story: list[Json]) -> None:
    assert {event["detail-type"] for event in story} == {each.value for each in DetailType}
    assert [wrong_with(event) for event in story] == [[]] * len(story)


def test_every_event_of_a_version_that_succeeds_is_as_its_schema_says() -> None:
    with installed() as here:
        events = succeed(here)
    assert len(events) > 10
    assert events[-1]["detail"]["change"] == "ROLLOUT_CLOSED"
    assert [wrong_with(event) for event in events] == [[]] * len(events)


def succeed(here: Here) -> list[Json]:
    subscriber = Subscriber(here.wire, here.settings.bus_name)
    here.approve()
    here.drive_to(Phase.SUCCEEDED)
    here.kernel.advance(timedelta(minutes=3))
    here.due()
    return subscriber.events()


def test_a_schema_finds_what_is_wrong(story: list[Json]) -> None:
    event = story[0]
    for worse in ({"seq": 0}, {"hash": "x"}, {"id": "1"}, {"schema": 2}, {"more": 1}):
        assert wrong_with(event | {"detail": event["detail"] | worse})
    for field in event["detail"]:
        less = {name: value for name, value in event["detail"].items() if name != field}
        assert wrong_with(event | {"detail": less})


def test_there_is_a_schema_for_each_detail_type_and_no_other() -> None:
    titles = [json.loads(path.read_text(encoding="utf-8"))["title"] for path in SCHEMAS.glob("*.json")]
    assert sorted(titles) == sorted(each.value for each in DetailType)


@pytest.mark.parametrize("detail_type", [each.value for each in DetailType])
def test_a_schema_shows_every_value_of_today(detail_type: str) -> None:
    properties = schema_of(detail_type)["properties"]
    Draft202012Validator.check_schema(schema_of(detail_type))
    for field, values in VALUES.items():
        if field in properties:
            assert properties[field]["examples"] == [each.value for each in values]
    if "phase" in properties:
        assert properties["act"]["examples"] == [each.value for each in Act]


def test_the_page_shows_the_story_as_it_is() -> None:
    """But for hashes: they cover the plan, and so change with every key that a policy gets."""
    assert without_hashes(renewed(TEXT)) == without_hashes(TEXT), (
        "renew it: python -m tests.docs.event_examples"
    )


def without_hashes(text: str) -> str:
    assert len(HASH.findall(text)) == len(DetailType)
    return HASH.sub("", text)


def test_the_page_names_every_detail_type_with_its_schema() -> None:
    rows = dict(re.findall(r"^\| `([A-Z][A-Za-z ]+)` \| .* \| `([a-z/.-]+)` \|$", TEXT, re.MULTILINE))
    assert rows == {
        each.value: f"events/schemas/{each.value.lower().replace(' ', '-')}.json" for each in DetailType
    }
    shown = re.findall(r"<!-- example: (.+) -->", TEXT)
    assert shown == [each.value for each in DetailType]


def test_the_page_says_how_long_a_detail_may_be() -> None:
    assert f"at most {MAX_BYTES:,} bytes" in TEXT
    assert f"cut to {MAX_REASON:,}" in TEXT.replace("\n", " ")


def test_the_rule_of_the_command_line_hears_a_version_that_is_taken_back(story: list[Json]) -> None:
    [block] = [each for each in blocks_of(PAGE, "text") if "put-rule" in "\n".join(each.lines)]
    words = shlex.split("\n".join(block.lines))
    pattern = json.loads(words[words.index("--event-pattern") + 1])
    assert words[words.index("--event-bus-name") + 1] == "pointsman"
    assert heard_by(pattern, story) == ["ROLLING_BACK"]


def test_the_rule_of_the_cdk_is_the_same() -> None:
    [block] = [each for each in blocks_of(PAGE, "text") if "events.Rule(" in "\n".join(each.lines)]
    calls = [each for each in ast.walk(ast.parse("\n".join(block.lines))) if isinstance(each, ast.Call)]
    [made] = [each for each in calls if ast.unparse(each.func) == "events.EventPattern"]
    assert {each.arg: ast.literal_eval(each.value) for each in made.keywords} == {
        "source": ["pointsman"],
        "detail_type": ["Rollout State Change"],
        "detail": {"phase": ["ROLLING_BACK"]},
    }


def heard_by(pattern: Json, story: list[Json]) -> list[str]:
    """Phases of the events that a rule on a bus hands on."""
    with installed() as here:
        subscriber = Subscriber(here.wire, here.settings.bus_name, pattern)
        events = here.wire.client("events")
        for event in story:
            entry = {
                "EventBusName": here.settings.bus_name,
                "Source": event["source"],
                "DetailType": event["detail-type"],
                "Detail": json.dumps(event["detail"]),
            }
            events.put_events(Entries=[entry])
        return [detail["phase"] for detail in subscriber.details()]
