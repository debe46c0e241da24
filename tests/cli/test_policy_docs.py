"""docs/policy.md and the authoring model agree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.app import build_app
from cli.policy_alarms import DEFINITIONS
from cli.policy_file import policy_from_text
from cli.policy_model import PolicyDocument
from cli.policy_reference import with_tables
from cli.policy_section import keys_of
from tests.cli.policy_samples import RIGHT

REFERENCE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", REFERENCE, flags=re.DOTALL)


def completed(fragment: dict[str, Any], around: dict[str, Any]) -> dict[str, Any]:
    """Put a fragment of a policy into a right one."""
    inner = {
        key: completed(value, around[key]) if isinstance(value, dict) and key in around else value
        for key, value in fragment.items()
    }
    return around | inner


def test_the_tables_are_current() -> None:
    assert with_tables(REFERENCE) == REFERENCE, "run: python -m cli.policy_reference"


def test_every_key_is_explained_in_the_reference_once_and_nothing_else_is() -> None:
    explained = re.findall(r"^\| `([a-z_.]+)` \|", REFERENCE, flags=re.MULTILINE)

    assert sorted(explained) == sorted(key for key, _field in keys_of(PolicyDocument))


def test_every_key_of_an_alarm_that_is_created_is_explained_and_nothing_else_is() -> None:
    explained = re.findall(r"^\| (errors|latency): `([a-z_]+)` \|", REFERENCE, flags=re.MULTILINE)

    assert sorted(explained) == sorted(
        (name, key) for name, section in DEFINITIONS.items() for key in section.model_fields
    )


def test_no_cell_of_a_table_hides_behind_a_tag() -> None:
    assert re.findall(r"^\|.*<[a-z]", REFERENCE, flags=re.MULTILINE) == []


def test_a_table_is_made_anew_from_its_marker_alone() -> None:
    emptied = re.sub(r"(<!-- keys: [^>]*>\n).*?(<!-- end)", r"\1\2", REFERENCE, flags=re.DOTALL)

    emptied = re.sub(r"(<!-- definition: [^>]*>\n).*?(<!-- end)", r"\1\2", emptied, flags=re.DOTALL)

    assert "| `watch` |" not in emptied
    assert "`over_percent` |" not in emptied
    assert with_tables(emptied) == REFERENCE


def test_a_page_that_forgets_a_key_or_names_a_wrong_one_is_refused() -> None:
    with pytest.raises(ValueError, match=r"stand in no table: .'watch'"):
        with_tables(REFERENCE.replace("<!-- keys: watch, metadata -->", "<!-- keys: metadata -->"))
    with pytest.raises(ValueError, match=r"no policy has: .'wotch'"):
        with_tables(
            REFERENCE.replace("<!-- keys: watch, metadata -->", "<!-- keys: watch, metadata, wotch -->")
        )


def test_the_first_example_is_a_whole_policy() -> None:
    assert policy_from_text(EXAMPLES[0]).endpoint == "chat-llm"


@pytest.mark.parametrize("example", EXAMPLES[1:])
def test_every_other_example_is_right_within_a_policy(example: str) -> None:
    policy_from_text(yaml.safe_dump(completed(yaml.safe_load(example), RIGHT)))


def test_every_policy_command_is_in_the_reference() -> None:
    commands = [name for name in build_app()["policy"] if not name.startswith("-")]

    assert sorted(commands) == ["check", "diff", "schema", "show"]
    assert [name for name in commands if f"`pointsman policy {name}" not in REFERENCE] == []
