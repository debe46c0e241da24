"""The shapes that one changed key takes, and which way it pulls releases. What each key says is `policy_changes`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from cli.policy_words import listed
from pointsman.policy import Policy


class Effect(StrEnum):
    """Which way a change pulls the releases: what gets through, and how long it takes."""

    LOOSER = "looser"
    STRICTER = "stricter"
    FASTER = "faster"
    SLOWER = "slower"


Effects = frozenset[Effect]
NEITHER: Effects = frozenset()
LOOSER: Effects = frozenset({Effect.LOOSER})
STRICTER: Effects = frozenset({Effect.STRICTER})
FASTER: Effects = frozenset({Effect.FASTER})
SLOWER: Effects = frozenset({Effect.SLOWER})

_OPPOSITE = {
    Effect.LOOSER: Effect.STRICTER,
    Effect.STRICTER: Effect.LOOSER,
    Effect.FASTER: Effect.SLOWER,
    Effect.SLOWER: Effect.FASTER,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a change is, in words, and its effects; none where that cannot be said."""

    words: str
    effects: Effects = NEITHER


Rule = Callable[[Policy, Policy], Said]
Get = Callable[[Policy], Any]


def opposite(effects: Effects) -> Effects:
    """Effects of the same change the other way round."""
    return frozenset(_OPPOSITE[effect] for effect in effects)


def settled(effects: Effects) -> Effects:
    """Effects without those that contradict each other."""
    return effects - opposite(effects)


def replaced(what: str, get: Get, words: Callable[[Any], str]) -> Rule:
    """One value instead of another, neither of them more than the other."""
    return lambda old, new: Said(f"{what} changes from {words(get(old))} to {words(get(new))}")


def amount(what: str, get: Get, words: Callable[[Any], str], more: Effects) -> Rule:
    """A number or a duration that grows or shrinks; `more` are the effects of growing."""

    def rule(old: Policy, new: Policy) -> Said:
        before, after = get(old), get(new)
        grows = after > before
        words_of_change = f"{what} {_verb(what, before, grows=grows)} from {words(before)} to {words(after)}"
        return Said(words_of_change, more if grows else opposite(more))

    return rule


def collection(what: str, get: Get, more: Effects) -> Rule:
    """A list that gains or loses entries; `more` are the effects of gaining some and losing none."""

    def rule(old: Policy, new: Policy) -> Said:
        before, after = get(old), get(new)
        gained = [item for item in after if item not in before]
        lost = [item for item in before if item not in after]
        parts = [f"{listed(gained)} {_are(gained)} added"] if gained else []
        parts += [f"{listed(lost)} {_are(lost)} removed"] if lost else []
        if not parts:
            return Said(f"{what}: only their order changes")
        return Said(f"{what}: {', '.join(parts)}", _of_exchange(gained, lost, more))

    return rule


def section(get: Get, added: Rule, removed: Rule, effects: Effects) -> Rule:
    """A section that is there or not; `effects` are those of adding it."""

    def rule(old: Policy, new: Policy) -> Said:
        is_added = get(old) is None
        said = (added if is_added else removed)(old, new)
        return Said(said.words, effects if is_added else opposite(effects))

    return rule


def _of_exchange(gained: Sequence[object], lost: Sequence[object], more: Effects) -> Effects:
    if gained and lost:
        return NEITHER
    return more if gained else opposite(more)


def _are(items: Sequence[object]) -> str:
    return "is" if len(items) == 1 else "are"


def _verb(what: str, value: object, *, grows: bool) -> str:
    if isinstance(value, timedelta):
        return "grows" if grows else "shrinks"
    verb = "rise" if grows else "fall"
    return verb if what.endswith("s") else f"{verb}s"
