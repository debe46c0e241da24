"""What every section of a policy has in common, and how keys are found. Which sections there are is `policy_model`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


class Section(BaseModel):
    """A mapping in the file: unknown keys are refused, and nothing is converted quietly (`true` is no 1).

    Every field carries a title (what the key means, as docs/policy.md says it), a description (what is allowed, as
    `policy check` says it) and examples; editors show all three.
    """

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        model_title_generator=lambda model: model.__name__.removesuffix("Section"),
    )


def because(why: str) -> dict[str, Any]:
    """Where a limit comes from: beside the key in the reference, a comment in the JSON Schema."""
    return {"$comment": why}


def section_of(field: FieldInfo) -> type[Section] | None:
    """Section that stands behind a key; None where there is a single value or a list."""
    if get_origin(field.annotation) is list:
        return None
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, Section):
            return kind
    return None


def keys_of(section: type[Section], around: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key of a section and of those in it, as `rollout.bake.min`, in the order in which they are written."""
    for name, field in section.model_fields.items():
        path = f"{around}{name}"
        yield path, field
        if inner := section_of(field):
            yield from keys_of(inner, f"{path}.")
