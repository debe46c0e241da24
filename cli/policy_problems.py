"""What is wrong with a policy file, in words: where, what was found, what is allowed. Reading files does not belong here."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.policy_alarms import ENTRIES
from cli.policy_model import PolicyDocument
from cli.policy_section import Section, section_of
from cli.policy_yaml import Document, Path
from pointsman.errors import Misconfigured

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_LONGEST_SHOWN = 60
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. All texts are safe to print: what came from the file is cut and its control characters escaped."""

    file: str
    line: int | None
    where: str
    found: str
    allowed: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}  {f'{self.where}: ' if self.where else ''}{self.found}; {self.allowed}"


class PolicyErrors(Misconfigured):
    """Policies that cannot be used, with every mistake in every file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class NoPolicies(Misconfigured):
    """There is no such folder, or no policy in it."""


def escaped(text: str) -> str:
    """Text in which control, direction and other invisible characters are spelled out."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def shown(value: object) -> str:
    """A value from a file as YAML writes it, cut to a readable length and safe to print."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return "something too large to show"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def written(path: Path) -> str:
    """A path as people read it: `rollout.steps[2]`, `metadata['odd key']`."""
    parts = []
    for part in path:
        if isinstance(part, str) and _PLAIN_KEY.fullmatch(part):
            parts.append(f".{part}")
        else:
            parts.append(f"[{shown(part)}]")
    return "".join(parts).lstrip(".")


def problems_of(err: ValidationError, document: Document, file: str) -> Iterator[Problem]:
    """Every mistake that the authoring model found."""
    for detail in err.errors(include_url=False):
        path = _path_of(detail)
        found = (
            "is missing"
            if detail["type"] == "missing"
            else f"found {shown(_value_at(document, path, detail))}"
        )
        yield Problem(file, document.line_of(path), written(path), found, _allowed(detail))


def twice_problems(document: Document, file: str) -> Iterator[Problem]:
    """Every key that stands in the file more than once."""
    for path, line in document.twice:
        yield Problem(
            file, line, written(path), "given twice", "keep one of them: the other would be ignored"
        )


def _path_of(detail: ErrorDetails) -> Path:
    path = tuple(part for part in detail["loc"] if part != "[key]" and part not in ENTRIES)
    return (*path, *detail.get("ctx", {}).get("at", ())) if detail["type"] == "policy_rule" else path


def _value_at(document: Document, path: Path, detail: ErrorDetails) -> object:
    data = document.data
    try:
        for part in path:
            data = data[part]
    except (KeyError, IndexError, TypeError):
        return detail["input"]
    return data


def _allowed(detail: ErrorDetails) -> str:
    if detail["type"] == "policy_rule":
        return str(detail["msg"])
    if detail["type"] == "extra_forbidden":
        return _known_keys(detail["loc"])
    return f"allowed: {_described(detail['loc'])}"


def _known_keys(path: Path) -> str:
    known = list(_along(path[:-1])[0].model_fields)
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"no such key; {meant}keys here: {', '.join(known)}"


def _described(path: Path) -> str:
    return _along(path)[1] or f"keys and values: {', '.join(PolicyDocument.model_fields)}"


def _along(path: Path) -> tuple[type[Section], str]:
    """Innermost section on the path, and the description of the last field on it."""
    section: type[Section] = PolicyDocument
    described = ""
    is_value = False
    for part in path:
        entry = ENTRIES.get(str(part))
        field = None if is_value else section.model_fields.get(str(part))
        if entry is not None:
            section, is_value = entry, False
        elif field is not None:
            described = field.description or ""
            section, is_value = section_of(field) or section, section_of(field) is None
        else:
            # An item of a list, or a key of a mapping that is no section: only an entry's own keys lie deeper.
            is_value = True
    return section, described
