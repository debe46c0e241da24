"""Makes lists of names fit into a policy: by name where there is room, by the beginning of the name beyond. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

AROUND = 3
"""Two quotes and a comma of JSON."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Names or, where `letters` is a number, beginnings of that many letters with a star behind."""

    patterns: tuple[str, ...]
    letters: int | None = None


def narrow(names: Iterable[str], around: int, budget: int) -> Narrowed:
    """The narrowest patterns that fit.

    `around`: characters of the ARN beside the name. `budget`: characters that all of them may take in a policy.
    Beginnings are as long as they can be; one letter is the widest, so this never ends in a lone star.
    """
    whole = tuple(sorted(set(names)))
    if _size(whole, around) <= budget:
        return Narrowed(whole)
    longest = max(len(name) for name in whole)
    for letters in range(longest - 1, 1, -1):
        cut = _cut(whole, letters)
        if _size(cut, around) <= budget:
            return Narrowed(cut, letters)
    return Narrowed(_cut(whole, 1), 1)


def _cut(names: Iterable[str], letters: int) -> tuple[str, ...]:
    return tuple(sorted({name if len(name) <= letters else f"{name[:letters]}*" for name in names}))


def _size(patterns: Iterable[str], around: int) -> int:
    return sum(len(pattern) + around + AROUND for pattern in patterns)
