"""Alarm rules: the expressions of composite alarms. Which state an alarm is in is asked, not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from twin.errors import TwinError

States = Callable[[str], str]
"""Gives the state of an alarm by its name."""
Test = Callable[[States], bool]

MOST_CHILDREN = 100
_TOKEN = re.compile(r'\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^\s()"]+))\s*\)|(\w+)|([()]))')


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read: the names of the alarms it looks at, and what it says of their states."""

    children: tuple[str, ...]
    holds: Test


def read(text: str) -> Rule:
    """Read an AlarmRule; ValidationError if it is none.

    ALARM, OK and INSUFFICIENT_DATA of a name or ARN, TRUE, FALSE, AND, OR, NOT and parentheses; AT_LEAST is not
    simulated (facts 3.4).
    """
    reader = _Reader(text)
    holds = reader.either()
    if reader.word is not None:
        raise reader.refusal()
    children = tuple(dict.fromkeys(reader.children))
    if len(children) > MOST_CHILDREN:
        raise TwinError("ValidationError", f"An alarm rule has at most {MOST_CHILDREN} children.")
    return Rule(children, holds)


class _Reader:
    """Reads from left to right: OR binds weakest, then AND, then NOT."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self.children: list[str] = []
        self.word: str | None = None
        self._test: Test | None = None
        self._step()

    def refusal(self) -> TwinError:
        return TwinError(
            "ValidationError", f"AlarmRule cannot be read at character {self._place}: {self._text}"
        )

    def _step(self) -> None:
        """Go to the next word; a whole ALARM("x") is the word "state"."""
        self._test = None
        if not self._text[self._place :].strip():
            self.word = None
            return
        match = _TOKEN.match(self._text, self._place)
        if match is None:
            raise self.refusal()
        self._place = match.end()
        state, quoted, bare, word, bracket = match.groups()
        if state is not None:
            self._test = self._of_state(state, quoted or bare)
        self.word = "state" if state is not None else word or bracket

    def _of_state(self, wanted: str, name_or_arn: str) -> Test:
        name = name_or_arn.partition(":alarm:")[2] or name_or_arn
        self.children.append(name)
        return lambda states: states(name) == wanted

    def either(self) -> Test:
        left = self._both()
        while self.word == "OR":
            self._step()
            left = _or(left, self._both())
        return left

    def _both(self) -> Test:
        left = self._single()
        while self.word == "AND":
            self._step()
            left = _and(left, self._single())
        return left

    def _single(self) -> Test:
        word, test = self.word, self._test
        if word not in ("NOT", "(", "TRUE", "FALSE", "state"):
            raise self.refusal()
        self._step()
        if word == "NOT":
            inner = self._single()
            return lambda states: not inner(states)
        if word == "(":
            inner = self.either()
            if self.word != ")":
                raise self.refusal()
            self._step()
            return inner
        return test if test is not None else lambda _: word == "TRUE"


def _or(left: Test, right: Test) -> Test:
    return lambda states: left(states) or right(states)


def _and(left: Test, right: Test) -> Test:
    return lambda states: left(states) and right(states)
