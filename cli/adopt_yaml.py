"""The first policy of an endpoint as YAML, each value under a comment that says what it rests on. What it says is decided in `core/draft.py`."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from cli.policy_alarms import to_short_entry
from cli.policy_values import format_duration
from cli.tell import printable
from pointsman.core.draft import Draft
from pointsman.core.guesses import Guess, Numbers

WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
COUNTED = ("5xx", "model_error")


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with a value, or with entries below it. An entry without a key is an item of a list."""

    key: str
    value: object = None
    note: str = ""
    below: tuple[Entry, ...] | None = None
    after: tuple[str, ...] = ()
    """Comments that end it."""


def policy_text(draft: Draft, opening: Iterable[str]) -> str:
    """The whole file; `opening` are sentences of its first comment."""
    lines = [line for sentence in opening for line in _comment(sentence, 0)]
    for entry in entries_of(draft):
        lines += ["", *_written(entry, 0)]
    return "\n".join(lines) + "\n"


def policy_mapping(draft: Draft) -> dict[str, Any]:
    """The same as data."""
    return {entry.key: _data(entry) for entry in entries_of(draft)}


def notes_of(draft: Draft) -> dict[str, str]:
    """What each value rests on, by its path."""
    return dict(_notes(entries_of(draft), ""))


def entries_of(draft: Draft) -> tuple[Entry, ...]:
    """The policy, section by section, as people read it."""
    tags = [f"left out: tag {key}" for key in draft.tags_left_out]
    pairs = tuple(Entry(key, value) for key, value in draft.metadata.items())
    return (
        Entry("endpoint", draft.endpoint),
        _guess("model_package_group", draft.group),
        *([_guess("registry_account", draft.registry_account)] if draft.registry_account.value else []),
        Entry("owner", below=(_guess("team", draft.team),)),
        Entry("managed_by", below=(_guess("tool", draft.tool),), after=(_READ,)),
        Entry(
            "serve",
            below=(
                _guess("instance_type", draft.instance_type),
                _guess("instance_count", draft.instance_count),
            ),
        ),
        _rollout(draft.numbers),
        Entry("validation", below=(_guess("content_type", draft.content_type), _guess("body", draft.body))),
        _health(draft),
        _guess("watch", draft.watch),
        *([Entry("metadata", below=pairs, after=tuple(tags))] if pairs else []),
    )


_READ = (
    "Whoever has read what that tool's next deploy would undo (docs/adopt.md) adds here: read_by, and read_on with "
    "the date"
)


_UNTIL_PROMOTED = (
    "each takes the traffic back when it fires. One on the variant's own name sees the candidate only once it is "
    "promoted; until then the judge compares the candidate with the baseline (pointsman plan tells which)"
)


def _guess(key: str, guess: Guess[Any]) -> Entry:
    value = guess.value
    if hasattr(value, "total_seconds"):
        value = format_duration(value)
    return Entry(key, getattr(value, "value", value), guess.rests_on)


def _rollout(numbers: Numbers) -> Entry:
    steps = Entry("steps", list(numbers.steps.value), numbers.steps.rests_on)
    bake = Entry("bake", below=(_guess("min", numbers.bake_min), _guess("max", numbers.bake_max)))
    return Entry(
        "rollout",
        below=(
            Entry("strategy", "canary"),
            steps,
            bake,
            _guess("patience", numbers.patience),
            Entry("on_patience", numbers.on_patience.value),
        ),
    )


def _health(draft: Draft) -> Entry:
    numbers = draft.numbers
    alarms = tuple(_guess("", alarm) for alarm in draft.alarms)
    created = tuple(Entry("", to_short_entry(each.value), each.rests_on) for each in draft.created)
    left = tuple(f"left out: {alarm.value} ({alarm.rests_on})" for alarm in draft.alarms_left_out)
    return Entry(
        "health",
        below=(
            Entry(
                "errors",
                below=(Entry("count", list(COUNTED)), _guess("max_percent", numbers.max_error_percent)),
            ),
            Entry(
                "latency",
                below=(
                    _guess("slow_over", numbers.slow_over),
                    _guess("max_percent", numbers.max_slow_percent),
                ),
            ),
            _guess("min_requests", numbers.min_requests),
            Entry("alarms", note=_UNTIL_PROMOTED, below=alarms + created, after=left)
            if alarms or created
            else Entry("alarms", [], "no alarm that could fire looks at it", after=left),
        ),
    )


def _written(entry: Entry, depth: int) -> Iterator[str]:
    pad = "  " * depth
    yield from _comment(entry.note, depth)
    start = f"{pad}{_scalar(entry.key)}:" if entry.key else f"{pad}-"
    if entry.below is None:
        yield f"{start} {_scalar(entry.value)}"
    else:
        yield start
        for each in entry.below:
            yield from _written(each, depth + 1)
    for sentence in entry.after:
        yield from _comment(sentence, depth + (entry.below is not None))


def _comment(sentence: str, depth: int) -> Iterator[str]:
    pad = f"{'  ' * depth}# "
    for line in textwrap.wrap(
        printable(sentence), WIDTH - len(pad), break_on_hyphens=False, break_long_words=False
    ):
        yield pad + line


def _scalar(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_scalar(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_scalar(each) for each in value)}]"
    if not isinstance(value, str):
        return json.dumps(value)
    # Digits are quoted always: readers of YAML do not agree on which of them are a number.
    if _PLAIN.fullmatch(value) and not value.isdigit() and yaml.safe_load(value) == value:
        return value
    return json.dumps(value, ensure_ascii=not value.isprintable())


def _data(entry: Entry) -> object:
    if entry.below is None:
        return entry.value
    if any(not each.key for each in entry.below):
        return [_data(each) for each in entry.below]
    return {each.key: _data(each) for each in entry.below}


def _notes(entries: tuple[Entry, ...], around: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        path = f"{around}.{entry.key}".strip(".") if entry.key else f"{around}[{_name(entry.value)}]"
        if entry.note:
            yield path, entry.note
        yield from _notes(entry.below or (), path)


def _name(item: object) -> object:
    """An item of a list in a path: an alarm that is to be created has no name yet."""
    return f"create {item['create']}" if isinstance(item, dict) else item
