"""Every call that a pass makes goes through here, gets a number, and may meet a fault. What a pause lets happen is the stage's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from pointsman.errors import Transient
from tests.properties.conduct import Conduct, stored_lane
from tests.properties.faults import AT_CALLS, Fault, Kind
from tests.worlds.kernel_client import client_error, operation_of

CHANGES = ("create_", "update_", "delete_", "register_")
CODES = {
    Kind.THROTTLE: ("ThrottlingException", "Rate exceeded"),
    Kind.UNANSWERED: ("InternalFailure", "the answer was lost"),
    Kind.DENY: ("AccessDeniedException", "is not authorized to perform this action"),
    Kind.BUSY: (
        "ValidationException",
        'Cannot update in-progress endpoint "arn:aws:sagemaker:us-east-1:111122223333:endpoint/it".',
    ),
}
Refuse = Callable[[Kind, str], Exception]
TABLE = "store"
WRITES = frozenset(
    {
        "commit",
        "put_evidence",
        "keep_unsent",
        "mark_sent",
        "transact_write_items",
        "put_item",
        "delete_item",
        "batch_write_item",
    }
)


class Killed(BaseException):
    """The function's process is gone. Nothing of ours may catch it."""


@dataclass(frozen=True, slots=True)
class Point:
    """One call that was made: its number, who made it, and what it was."""

    at: datetime
    owner: int
    service: str
    name: str

    @property
    def is_change(self) -> bool:
        """It leaves something behind that others see."""
        return self.name.startswith((*CHANGES, "put_due", "put_evidence", "commit"))

    @property
    def is_change_of_endpoint(self) -> bool:
        """SageMaker may answer that the endpoint is in progress."""
        return self.name.startswith("update_endpoint")


class Stage(Protocol):
    """What the gate needs to know of the run around it."""

    @property
    def now(self) -> datetime: ...
    @property
    def owner(self) -> int: ...
    def let_others_run(self, duration: timedelta) -> None: ...
    def do_later(self, delay: timedelta, call: Callable[[], Any]) -> None: ...
    def tell(self, what: str) -> None: ...


@dataclass(slots=True)
class Gate:
    """Numbers calls and strikes those that the schedule names."""

    stage: Stage
    start: datetime
    faults: tuple[Fault, ...]
    conduct: Conduct = field(default_factory=Conduct)
    points: list[Point] = field(default_factory=list)
    struck: datetime | None = None
    _at_call: dict[int, list[Fault]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fault in self.faults:
            if fault.kind in AT_CALLS:
                self._at_call.setdefault(fault.at, []).append(fault)

    def through(self, service: str, name: str, call: Callable[[], Any], refuse: Refuse) -> Any:
        """Make one call, unless a fault comes before it; meet those that come after."""
        number = len(self.points)
        self.points.append(Point(self.stage.now, self.stage.owner, service, name))
        self.stage.tell(f"#{number} {service}.{name}")
        faults = self._at_call.get(number, [])
        for fault in faults:
            if fault.kind is Kind.LATE:
                self.stage.do_later(timedelta(seconds=fault.seconds), call)
                self._refuse(Kind.UNANSWERED, name, refuse)
            self._strike_before(fault, name, refuse)
        self._require_table(service, name, refuse)
        answer = call()
        for fault in faults:
            self._strike_after(fault, name, refuse)
        return answer

    def _strike_before(self, fault: Fault, name: str, refuse: Refuse) -> None:
        if fault.kind is Kind.KILL_BEFORE:
            self._kill("before")
        elif fault.kind is Kind.PAUSE_BEFORE:
            self._pause(fault)
        elif fault.kind in {Kind.THROTTLE, Kind.BUSY, Kind.DENY}:
            self._refuse(fault.kind, name, refuse)

    def _strike_after(self, fault: Fault, name: str, refuse: Refuse) -> None:
        if fault.kind is Kind.KILL_AFTER:
            self._kill("after")
        elif fault.kind is Kind.PAUSE_AFTER:
            self._pause(fault)
        elif fault.kind is Kind.UNANSWERED:
            self._refuse(fault.kind, name, refuse)

    def _kill(self, when: str) -> None:
        self._note(f"killed {when} it")
        raise Killed

    def _pause(self, fault: Fault) -> None:
        self._note(f"pauses for {fault.seconds} s")
        self.stage.let_others_run(timedelta(seconds=fault.seconds))
        self._note("goes on")

    def _refuse(self, kind: Kind, name: str, refuse: Refuse) -> None:
        self._note(f"answered with {kind}")
        raise refuse(kind, name)

    def _require_table(self, service: str, name: str, refuse: Refuse) -> None:
        for fault in self.faults:
            is_meant = fault.kind is Kind.DOWN or (fault.kind is Kind.UNWRITABLE and name in WRITES)
            if is_meant and service == TABLE and self._is_on(fault):
                self._refuse(Kind.THROTTLE, name, refuse)

    def _is_on(self, fault: Fault) -> bool:
        return 0 <= (self.stage.now - self.start).total_seconds() - fault.at < fault.seconds

    def _note(self, what: str) -> None:
        self.struck = self.stage.now
        self.stage.tell(f"   {what}")


def refuse_as_port(kind: Kind, name: str) -> Exception:
    """What a port raises that cannot be used."""
    return Transient(f"{name}: {kind}")


def refuse_as_aws(kind: Kind, name: str) -> Exception:
    """What a client of an AWS service raises."""
    return client_error(*CODES[kind], operation_of(name))


class Gated:
    """Stands before a port or client, so that each of its methods goes through the gate."""

    def __init__(self, gate: Gate, service: str, inner: Any, refuse: Refuse) -> None:
        self._gate = gate
        self._service = service
        self._inner = inner
        self._refuse = refuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        gate, owner = self._gate, self._gate.stage.owner

        def call(*args: Any, **kwargs: Any) -> Any:
            gate.conduct.before(owner, name, kwargs, gate.stage.now)
            answer = gate.through(self._service, name, lambda: method(*args, **kwargs), self._refuse)
            gate.conduct.after(owner, stored_lane(name, args, kwargs), gate.stage.now)
            return answer

        return call
