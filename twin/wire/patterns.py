"""Translates the Java regular expressions of AWS service models into Python; knows no service, no shape."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain

_POSIX = {"Alnum": "a-zA-Z0-9", "Print": " -~", "ASCII": r"\x00-\x7f"}
_SURROGATE_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_REPEATED_END = re.compile(r"(?<!\\)\$\{\d+,\d+\}")
_TOKEN = re.compile(r"\\p\{(\w+)\}|\\z|\\.|[\[\]]|[^\\\[\]]+", re.DOTALL)


class Untranslatable(ValueError):
    """The pattern uses a construct of Java that has no translation here."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    r"""The pattern for `fullmatch`: AWS matches whole values. Raises Untranslatable.

    Java's \w, \d and \s are ASCII unless told otherwise, hence the flag.
    """
    try:
        return re.compile(translated(pattern), re.ASCII)
    except re.error as err:
        raise Untranslatable(f"{pattern}: {err}") from err


def translated(pattern: str) -> str:
    """The same language in Python's syntax. Raises Untranslatable.

    Three forms differ: character properties, supplementary characters written as two surrogates,
    and a counted end of line such as `${1,128}`, which the SageMaker model has twice and which says
    no more than `$`.
    """
    pairs_joined = _SURROGATE_PAIR.sub(lambda pair: f"\\U{_code_point(*pair.groups()):08x}", pattern)
    return "".join(_python_tokens(_REPEATED_END.sub("$", pairs_joined)))


def _python_tokens(pattern: str) -> Iterator[str]:
    inside_class = False
    for token in _TOKEN.finditer(pattern):
        text = token.group()
        if text in "[]":
            if text == "[" and inside_class:
                raise Untranslatable(f"{pattern}: a class within a class")
            inside_class = text == "["
            yield text
        elif token[1]:
            ranges = _ranges(token[1])
            yield ranges if inside_class else f"[{ranges}]"
        else:
            yield r"\Z" if text == r"\z" else text


def _code_point(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)


def _ranges(name: str) -> str:
    if name in _POSIX:
        return _POSIX[name]
    ranges = [f"\\U{first:08x}-\\U{last:08x}" for first, last in _by_category().get(name, [])]
    if not ranges:
        raise Untranslatable(f"\\p{{{name}}}: unknown property")
    return "".join(ranges)


@cache
def _by_category() -> dict[str, list[tuple[int, int]]]:
    """Ranges of code points for every general category, under its long (`Lu`) and its short (`L`) name.

    One scan takes some 0.1 s, so it waits for the first pattern that needs it. It leaves out planes 4 to 13,
    which hold no characters, and 15 to 16, which hold private ones (category C, for which no pattern asks).
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for point in chain(range(0x40000), range(0xE0000, 0xE0200)):
        category = unicodedata.category(chr(point))
        for name in (category, category[0]):
            ranges = found.setdefault(name, [])
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1] = (ranges[-1][0], point)
            else:
                ranges.append((point, point))
    return found
