"""Faults on request: calls that fail and events that get lost, doubled or late. Nothing fails here by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from twin.errors import TwinError

_STATUS = {"InternalFailure": 500, "InternalServerError": 500, "ServiceUnavailable": 503, "ModelError": 424}


@dataclass(slots=True)
class CallFault:
    """One planned failure of an operation, used up after `times`."""

    service: str
    operation: str
    error: TwinError
    times: int
    after_effect: bool

    def matches(self, service: str, operation: str) -> bool:
        """Say whether this fault is meant for the call; "*" means every operation of the service."""
        return self.service == service and self.operation in ("*", operation)


@dataclass(slots=True)
class Faults:
    """What goes wrong next. Counters run down as they are used; `clear` ends all of it."""

    _calls: list[CallFault] = field(default_factory=list)
    _lost: int = 0
    _loss: float = 0.0
    _duplicated: int = 0
    _late: int = 0
    _lateness: timedelta = timedelta(0)

    def fail(  # noqa: PLR0913 - a fault says what, how, how often and when; a value for it would only be unpacked
        self,
        service: str,
        operation: str,
        code: str,
        message: str = "",
        *,
        times: int = 1,
        after_effect: bool = False,
    ) -> None:
        """Let the next `times` calls of `operation` ("*": any) raise `code`.

        With `after_effect` the call takes effect first, as when only its answer is lost.
        """
        error = TwinError(code, message or f"{code} on request", _STATUS.get(code, 400))
        self._calls.append(CallFault(service, operation, error, times, after_effect))

    def lose_events(self, amount: float) -> None:
        """Lose the next n SageMaker events (int), or each with a probability until cleared (float).

        Alarm events are never lost: CloudWatch delivers durably, SageMaker only by best effort (facts 1.1).
        """
        if isinstance(amount, int):
            self._lost += amount
        else:
            self._loss = amount

    def duplicate_events(self, n: int) -> None:
        """Deliver the next n events twice, the second with an id of its own (facts 1.1)."""
        self._duplicated += n

    def delay_events(self, delay: timedelta, n: int) -> None:
        """Deliver the next n events later by `delay`."""
        self._lateness = delay
        self._late += n

    def planned(self) -> list[str]:
        """Say in words what is still to go wrong."""
        said = [
            f"{fault.service} {fault.operation} fails with {fault.error.code}, {fault.times} times more"
            for fault in self._calls
        ]
        said += [f"{self._lost} SageMaker events get lost"] if self._lost else []
        said += [f"each SageMaker event gets lost with probability {self._loss:g}"] if self._loss else []
        said += [f"{self._duplicated} events arrive twice"] if self._duplicated else []
        said += [f"{self._late} events arrive {self._lateness} late"] if self._late else []
        return said

    def clear(self) -> None:
        """End every fault, planned or permanent."""
        self._calls.clear()
        self._lost = self._duplicated = self._late = 0
        self._loss = 0.0

    def take_call(self, service: str, operation: str) -> CallFault | None:
        """Use up and return the first fault planned for this call, None if it may succeed."""
        for fault in self._calls:
            if fault.matches(service, operation):
                fault.times -= 1
                if fault.times <= 0:
                    self._calls.remove(fault)
                return fault
        return None

    def take_loss(self, rng: Random) -> bool:
        """Say whether the event at hand is lost."""
        if self._lost > 0:
            self._lost -= 1
            return True
        return self._loss > 0.0 and rng.random() < self._loss

    def take_duplicate(self) -> bool:
        """Say whether the event at hand is delivered twice."""
        if self._duplicated <= 0:
            return False
        self._duplicated -= 1
        return True

    def take_delay(self) -> timedelta:
        """Return how much later than usual the event at hand arrives."""
        if self._late <= 0:
            return timedelta(0)
        self._late -= 1
        return self._lateness
