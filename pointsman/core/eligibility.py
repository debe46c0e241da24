"""Which strategy can serve which endpoint, why not, and what would. Pure: traits in, answers out; reading them off AWS's shapes is an adapter's work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pointsman.core.matrix import MATRIX, WORKS, Answer, Cell, Way
from pointsman.policy import Strategy
from pointsman.survey import Kind, Trait

__all__ = ["CARRIED_OUT", "Answer", "Reason", "Verdict", "Way", "judged", "obstacles", "verdict"]

CARRIED_OUT = frozenset(Way(strategy.value) for strategy in Strategy)
"""What this version does; every other strategy is an answer about a later one."""

_RANK = (Answer.WORKS, Answer.RESTRICTED, Answer.NO)


@dataclass(frozen=True, slots=True)
class Reason:
    """What one trait means for a strategy, in words."""

    trait: Trait
    answer: Answer
    why: str
    instead: str

    def __str__(self) -> str:
        return f"{self.why}: {self.instead}" if self.instead else self.why


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one strategy: the worst of its reasons. Those of a better answer are left out."""

    way: Way
    answer: Answer
    reasons: tuple[Reason, ...] = ()

    @property
    def works(self) -> bool:
        """With or without a restriction."""
        return self.answer is not Answer.NO

    @property
    def is_carried_out(self) -> bool:
        """Whether this version does it."""
        return self.way in CARRIED_OUT


def verdict(traits: Iterable[Trait], way: Way) -> Verdict:
    """What a strategy can do for an endpoint of these traits (none: the plain case)."""
    found = tuple(traits)
    reasons = [_reason(trait, way) for trait in found]
    hosts = any(trait.kind is Kind.COMPONENTS for trait in found)
    if way is Way.COMPONENT and not hosts and all(reason.answer is not Answer.NO for reason in reasons):
        reasons.append(_reason(Trait(Kind.PLAIN), way))
    answer = max((reason.answer for reason in reasons), key=_RANK.index, default=Answer.WORKS)
    return Verdict(way, answer, tuple(each for each in reasons if each.answer is answer and each.why))


def judged(traits: Iterable[Trait]) -> tuple[Verdict, ...]:
    """Every strategy's answer."""
    found = tuple(traits)
    return tuple(verdict(found, way) for way in Way)


def obstacles(traits: Iterable[Trait], way: Way = Way.CANARY) -> tuple[str, ...]:
    """Why a strategy cannot serve such an endpoint, each with what would; empty where it can."""
    answer = verdict(traits, way)
    return () if answer.works else tuple(str(reason) for reason in answer.reasons)


def _reason(trait: Trait, way: Way) -> Reason:
    cell: Cell = MATRIX[trait.kind].get(way, WORKS)
    why, instead = (text.format(where=trait.where, detail=trait.detail) for text in (cell.why, cell.instead))
    return Reason(trait, cell.answer, why, instead)
