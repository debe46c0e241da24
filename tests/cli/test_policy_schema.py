"""The JSON Schema of policies: it accepts what `policy check` accepts, and refuses what one key alone can do wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from cli.app import main
from cli.policy_schema import json_schema, json_schema_text
from cli.policy_yaml import read_yaml
from tests.cli.policy_documents import documents
from tests.cli.policy_samples import ALLOWED, REFUSED, having
from tests.cli.policy_variations import FULL

POLICIES = Path(__file__).parents[2] / "policies"
SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker(["date"]))

ONLY_CHECK_KNOWS = {
    # that some value or other holds a text
    ("health.quality", "{'namespace': 'Own', 'metric': 'S', 'dimensions': {'Variant': 'blue'}}"),
    # how long a duration is
    ("rollout.bake.min", "59s"),
    ("rollout.patience", "15d"),
    ("rollout.approval_wait", "59s"),
    ("rollout.approval_wait", "14d1s"),
    ("watch", "7d1s"),
    ("health.judge", "{'warm_up': '61m'}"),
    ("health.latency.slow_over", "0s"),
    ("health.latency.slow_over", "60s1ms"),
    ("health.alarms", "[{'create': 'latency', 'over': '61s'}]"),
    ("health.alarms", "[{'create': 'latency', 'over': '3s', 'percentile': 98.75}]"),
    # how keys fit each other
    ("health.alarms", "[{'create': 'errors', 'over_percent': 5}, {'create': 'errors', 'over_percent': 6}]"),
    ("health.alarms", "['pointsman/x/5xx', {'create': 'errors', 'over_percent': 5}]"),
    ("health.alarms", "[{'create': 'errors', 'over_percent': 0.9}]"),
    ("health.alarms", "[{'create': 'latency', 'over': '2s', 'percentile': 95.1}]"),
    ("rollout.bake.min", "2h"),
    ("rollout.patience", "59m"),
    ("rollout.approve_before", "[30]"),
    ("rollout.after", "{'endpoint': 'X'}"),
    ("validation", "{'body': '{'}"),
    # what JSON cannot say, and what Python's patterns overlook
    ("serve.instance_count", "2.0"),
    ("health.errors.max_percent", "nan"),
    ("endpoint", "x\n"),
}


def is_accepted(data: object) -> bool:
    return VALIDATOR.is_valid(read_yaml(yaml.dump(data, Dumper=yaml.CSafeDumper)).data)


def keys_in(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for section in (schema, *schema["$defs"].values()):
        yield from section["properties"].items()


def test_it_is_a_schema_of_its_draft() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_shipped_schema_is_current() -> None:
    shipped = (POLICIES / "policy.schema.json").read_text(encoding="utf-8")

    assert shipped == json_schema_text(), "run: pointsman policy schema > policies/policy.schema.json"


def test_the_command_prints_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["policy", "schema"])

    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.yaml")), ids=lambda path: path.name)
def test_every_policy_that_ships_names_the_schema_first_and_is_accepted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.startswith("# yaml-language-server: $schema=policy.schema.json\n")
    assert [error.message for error in VALIDATOR.iter_errors(read_yaml(text).data)] == []


@given(documents)
def test_whatever_check_accepts_is_accepted(document: dict[str, Any]) -> None:
    assert is_accepted(document)


@pytest.mark.parametrize(("path", "value"), ALLOWED)
def test_the_outermost_values_are_accepted(path: str, value: object) -> None:
    assert is_accepted(having(path, value))


@pytest.mark.parametrize(("path", "value", "where"), REFUSED)
def test_what_check_refuses_is_refused_unless_only_check_can_know(
    path: str, value: object, where: str
) -> None:
    assert is_accepted(having(path, value)) is ((path, str(value)) in ONLY_CHECK_KNOWS)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("open", "windows", "Mon-Thu 9:00-16:00"),
        ("open", "windows", "Mon-Thu 09:00-24:01"),
        ("open", "windows", "Montag 09:00-16:00"),
        ("holidays", "windows", "24.12.2026"),
    ],
)
def test_a_window_that_is_none_is_refused(section: str, key: str, value: str) -> None:
    rollout = FULL["rollout"] | {key: FULL["rollout"][key] | {section: [value]}}

    assert not is_accepted(FULL | {"rollout": rollout})


def test_every_key_says_what_it_means_and_what_is_allowed() -> None:
    assert [
        name for name, said in keys_in(SCHEMA) if not (said.get("title") and said.get("description"))
    ] == []


def test_every_key_that_is_written_by_hand_has_an_example() -> None:
    bare = {name for name, said in keys_in(SCHEMA) if "$ref" not in said and "examples" not in said}

    assert bare == {"strategy"}


def test_every_example_and_default_is_accepted_by_its_own_key() -> None:
    for name, said in keys_in(SCHEMA):
        key = Draft202012Validator({"$defs": SCHEMA["$defs"], **said})
        values = [*said.get("examples", []), *([said["default"]] if "default" in said else [])]
        assert [value for value in values if not key.is_valid(value)] == [], name


def test_no_section_takes_other_keys() -> None:
    sections = (SCHEMA, *SCHEMA["$defs"].values())

    assert all(section["additionalProperties"] is False for section in sections)


def test_patterns_are_written_so_that_every_engine_reads_them() -> None:
    patterns = re.findall(r'"pattern": (".*")', json_schema_text())

    assert len(patterns) > 10
    assert [pattern for pattern in patterns if r"\p" in json.loads(pattern) or "(?<" in pattern] == []
