"""`pointsman policy schema`: the JSON Schema that editors complete and check policies with. It is made from the authoring model alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from cli.policy_model import PolicyDocument
from cli.policy_values import format_duration

if TYPE_CHECKING:
    from pydantic_core import core_schema

_TITLE = "A Pointsman policy"
_ABOUT = (
    "How the releases of one SageMaker endpoint are rolled out, judged and watched. docs/policy.md explains every key. "
    "This schema says what a key may hold; how keys must fit each other only `pointsman policy check` knows."
)


def schema() -> int:
    """Print the JSON Schema of policy files, for editors and other tools.

    An editor with a YAML language server completes and checks every policy
    that begins with the line

        # yaml-language-server: $schema=policy.schema.json

    The schema stands beside the policies; after an update of pointsman renew it

        pointsman policy schema > policies/policy.schema.json

    It says what a key may hold. How keys must fit each other (bake.max is not
    below bake.min, say) only `pointsman policy check` knows: it has the last
    word.
    """
    print(json_schema_text(), end="")
    return 0


def json_schema_text() -> str:
    """Text of the shipped file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one policy file."""
    made = PolicyDocument.model_json_schema(schema_generator=_Generator)
    sections = made.pop("$defs")
    return {
        "$schema": _Generator.schema_dialect,
        **made,
        "title": _TITLE,
        "description": _ABOUT,
        "$defs": sections,
    }


class _Generator(GenerateJsonSchema):
    """Pydantic's, but as files are written: keys in the model's order, durations as text, and no key with nothing behind it."""

    def sort(
        self,
        value: JsonSchemaValue,
        parent_key: str | None = None,  # noqa: ARG002  (pydantic's signature)
    ) -> JsonSchemaValue:
        return value

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401  (a default may be anything)
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        # The key's pattern is in character properties, which not every reader knows; `propertyNames` says it in ranges.
        for values in made.pop("patternProperties", {}).values():
            made["additionalProperties"] = values
        return made
