"""docs/policy.md and the authoring model agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from cli.policy_file import policy_from_text
from cli.policy_model import PolicyDocument

REFERENCE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def keys_of(section: type[BaseModel], around: str = "") -> Iterator[str]:
    for name, field in section.model_fields.items():
        yield f"{around}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys_of(field.annotation, f"{around}{name}.")


def test_every_key_is_explained_in_the_reference_and_nothing_else_is() -> None:
    explained = set(re.findall(r"^\| `([a-z_.]+)` \|", REFERENCE, flags=re.MULTILINE))

    assert explained == set(keys_of(PolicyDocument))


def test_the_example_in_the_reference_is_a_right_policy() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", REFERENCE, flags=re.DOTALL)

    assert policy_from_text(example).endpoint == "chat-llm"
