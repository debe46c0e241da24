"""Writes the tables of docs/policy.md from the authoring model; the words around them are written by hand. Run: python -m cli.policy_reference."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from cli.policy_alarms import DEFINITIONS, CreatedAlarmSection
from cli.policy_model import PolicyDocument
from cli.policy_section import keys_of
from cli.policy_values import format_duration

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PAGE = Path(__file__).parents[1] / "docs" / "policy.md"

_TABLE = re.compile(r"<!-- keys: ([a-z_., ]+) -->\n.*?<!-- end of keys -->", re.DOTALL)
_DEFINITION = re.compile(r"<!-- definition: ([a-z]+) -->\n.*?<!-- end of definition -->", re.DOTALL)
_HEAD = "| key | meaning | allowed | default | why |\n|---|---|---|---|---|"


def with_tables(text: str) -> str:
    """Renew each table between `<!-- keys: a, b -->` and `<!-- end of keys -->`: these keys, and what lies beneath them.

    What another table names for itself is left to it.

    Raises:
        ValueError: a table names a key that is not there, or a key stands in no table.

    """
    fields = dict(keys_of(PolicyDocument))
    named = {key.strip() for match in _TABLE.finditer(text) for key in match[1].split(",")}
    unknown = sorted(named - fields.keys())
    homeless = sorted(key for key in fields if _home(key, named) is None)
    if unknown or homeless:
        raise ValueError(f"keys that no policy has: {unknown}; keys that stand in no table: {homeless}")

    def table(match: re.Match[str]) -> str:
        heads = [key.strip() for key in match[1].split(",")]
        rows = [
            _row(key, field) for head in heads for key, field in fields.items() if _home(key, named) == head
        ]
        return "\n".join([f"<!-- keys: {', '.join(heads)} -->", _HEAD, *rows, "<!-- end of keys -->"])

    return _DEFINITION.sub(_definition, _TABLE.sub(table, text))


def _definition(match: re.Match[str]) -> str:
    """Table of what an alarm that is created takes, its own keys first. Raises KeyError where there is no such alarm."""
    section = DEFINITIONS[match[1]]
    own = [key for key in section.model_fields if key not in CreatedAlarmSection.model_fields]
    rows = [
        _row(key, section.model_fields[key], f"{match[1]}: ")
        for key in (*own, *CreatedAlarmSection.model_fields)
    ]
    return "\n".join([f"<!-- definition: {match[1]} -->", _HEAD, *rows, "<!-- end of definition -->"])


def main() -> int:
    """Renew docs/policy.md."""
    text = PAGE.read_text(encoding="utf-8")
    renewed = with_tables(text)
    if renewed == text:
        print(f"{PAGE.name} is current")
        return 0
    PAGE.write_text(renewed, encoding="utf-8")
    print(f"{PAGE.name} was renewed")
    return 0


def _home(key: str, named: set[str]) -> str | None:
    """Key of the table in which `key` stands: itself, or the nearest around it that a table names."""
    return next((around for around in _outwards(key) if around in named), None)


def _outwards(key: str) -> Iterator[str]:
    while key:
        yield key
        key = key.rpartition(".")[0]


def _row(key: str, field: FieldInfo, before: str = "") -> str:
    extra = field.json_schema_extra
    why = str(extra.get("$comment", "")) if isinstance(extra, dict) else ""
    cells = (f"{before}`{key}`", field.title, field.description, _default(field), why)
    # A page would take <size> for a tag and show nothing.
    return f"| {' | '.join((cell or '').replace('<', '&lt;') for cell in cells)} |".replace("|  |", "| |")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "the defaults of its keys"
    if field.default is None:
        return "none"
    if isinstance(field.default, timedelta):
        return f"`{format_duration(field.default)}`"
    return f"`{yaml.safe_dump([field.default], default_flow_style=True).strip()[1:-1]}`"


if __name__ == "__main__":
    sys.exit(main())
