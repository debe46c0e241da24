"""Runs one schedule: events, schedules and queues start the real functions on the kernel's clock, with what the gate lets through."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from functions import (
    alarm_changed,
    endpoint_changed,
    model_package_changed,
    operator_request,
    registry_sweep,
    rollout_due,
    rollout_tick,
)
from pointsman import wiring
from pointsman.core.lane import Lane
from pointsman.errors import PointsmanError
from pointsman.telemetry import metrics
from pointsman.triggers import TRIGGERS, Pattern, Trigger
from tests.properties.faults import Kind, Schedule
from tests.properties.gate import Gate, Killed
from tests.properties.installations import InMemory, Installation, Maker
from tests.properties.matching import matches
from tests.properties.scenario import Scenario, policy_of
from tests.properties.scenarios import SCENARIOS
from tests.worlds.account import START, Account

BODIES: Mapping[str, Callable[[Any], Any]] = {
    "alarm_changed": alarm_changed.on_event,
    "endpoint_changed": endpoint_changed.on_event,
    "model_package_changed": model_package_changed.on_event,
    "operator_request": operator_request.on_event,
    "registry_sweep": registry_sweep.on_event,
    "rollout_due": rollout_due.on_event,
    "rollout_tick": rollout_tick.on_event,
}
TIMEOUT = max(trigger.timeout for trigger in TRIGGERS)
AGAIN_AFTER = {"rollout_due": timedelta(seconds=90)}
"""Visibility of a queue message; asynchronous invocations come again after a minute, then after two."""
MOST_TRIES = 3
MINUTE = timedelta(minutes=1)
FIRST_TICK = timedelta(seconds=10)
FIRST_SWEEP = timedelta(seconds=5)
EVERY = {"rollout_tick": MINUTE, "registry_sweep": 4 * MINUTE}
"""The product sweeps every 15 minutes. Nothing depends on that but how soon a lost approval is found, and a story would
be ticks for the most part."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One invocation of a function."""

    function: str
    event: Any
    tries: int = 1


@dataclass(slots=True)
class _Pass:
    number: int
    function: str
    began: datetime


@dataclass(slots=True)
class Run:
    """One schedule on one fresh world. It is also the gate's stage: a pause lets everything else go on inside it."""

    schedule: Schedule
    is_told: bool = False
    make: Maker = InMemory
    story: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    aborted: set[int] = field(default_factory=set)
    is_deaf: bool = False
    """Events of the world reach nobody, as if each were lost."""
    events: int = 0
    passes: int = 0
    _heap: list[tuple[datetime, int, Delivery | Callable[[Run], None]]] = field(default_factory=list)
    _added: int = 0
    _stack: list[_Pass] = field(default_factory=list)
    _event_faults: dict[int, list[tuple[Kind, int]]] = field(default_factory=dict)
    scenario: Scenario = field(init=False)
    account: Account = field(init=False)
    gate: Gate = field(init=False)
    memory: Installation = field(init=False)

    def __post_init__(self) -> None:
        self.scenario = SCENARIOS[self.schedule.scenario]
        self.account = Account(self.schedule.seed, is_autoscaled=self.scenario.is_autoscaled)
        self.gate = Gate(self, START, self.schedule.faults)
        self.memory = self.make(self.account, self.gate, policy_of(self.scenario))
        for fault in self.schedule.faults:
            self._event_faults.setdefault(fault.at, []).append((fault.kind, fault.seconds))
        if self.scenario.has_alarm:
            self.account.put_alarm()
        self.account.kernel.subscribe(self._hear)
        for seconds, happening in self.scenario.happenings:
            self._add(START + timedelta(seconds=seconds), happening)
        self._add(START + FIRST_TICK, Delivery("rollout_tick", {}))
        if self.scenario.is_swept:
            self._add(START + FIRST_SWEEP, Delivery("registry_sweep", {}))

    @property
    def now(self) -> datetime:
        return self.account.kernel.now

    @property
    def owner(self) -> int:
        return self._stack[-1].number

    def tell(self, what: str) -> None:
        if self.is_told:
            who = f"{self._stack[-1].function}/{self._stack[-1].number}" if self._stack else "world"
            self.story.append(f"{self.now:%H:%M:%S.%f}"[:-3] + f" {who}: {what}")

    def let_others_run(self, duration: timedelta) -> None:
        paused = self._stack[-1]
        self.advance_to(self.now + duration)
        if self.now - paused.began >= TIMEOUT:
            self.tell("   timed out")
            raise Killed

    def do_later(self, delay: timedelta, call: Callable[[], Any]) -> None:
        def land(run: Run) -> None:
            with suppress(ClientError, PointsmanError):
                call()
                run.tell("   a late call takes effect")

        self._add(self.now + delay, land)

    def ask(self, request: Mapping[str, Any]) -> None:
        """A person invokes the operator's function, and again if it failed."""
        self._add(self.now, Delivery("operator_request", dict(request)))

    def advance_to(self, end: datetime) -> None:
        """Let time pass, with every delivery that is due in it."""
        kernel = self.account.kernel
        while True:
            self._collect_due()
            if self._heap and self._heap[0][0] <= kernel.now:
                self._start(heapq.heappop(self._heap)[2])
                continue
            if kernel.now >= end:
                return
            moments = [end, kernel.next_due() or end] + ([self._heap[0][0]] if self._heap else [])
            kernel.advance_to(min(moments))

    @property
    def is_at_rest(self) -> bool:
        """Nothing is left but ticks and sweeps that would find nothing."""
        memory = self.memory
        is_idle = memory.lane().rollout is None
        only_ticks = all(
            isinstance(entry, Delivery) and entry.function in EVERY and entry.tries == 1
            for _, _, entry in self._heap
        )
        is_quiet = not memory.unsent() and not memory.has_journal()
        return is_idle and only_ticks and is_quiet and self.account.status() == "InService"

    def _add(self, at: datetime, entry: Delivery | Callable[[Run], None]) -> None:
        self._added += 1
        heapq.heappush(self._heap, (at, self._added, entry))

    def _collect_due(self) -> None:
        for body in self.memory.take_due():
            self._add(self.now, Delivery("rollout_due", {"Records": [{"body": body}]}))

    def _hear(self, event: dict[str, Any]) -> None:
        for trigger in TRIGGERS if not self.is_deaf else ():
            if isinstance(trigger.started_by, Pattern) and matches(trigger.started_by.pattern, event):
                self._hear_by(trigger, event)

    def _hear_by(self, trigger: Trigger, event: dict[str, Any]) -> None:
        number, delays = self.events, [timedelta()]
        self.events += 1
        for kind, seconds in self._event_faults.get(number, []):
            if kind is Kind.LOSE and event["source"] == "aws.sagemaker":
                delays = []
            elif kind is Kind.DOUBLE:
                delays.append(timedelta(seconds=seconds))
            elif kind is Kind.DELAY:
                delays = [timedelta(seconds=seconds)]
        self.tell(
            f"event {number} for {trigger.name}, late by {[delay.total_seconds() for delay in delays]} s"
        )
        for delay in delays:
            self._add(self.now + delay, Delivery(trigger.name, event))

    def _start(self, entry: Delivery | Callable[[Run], None]) -> None:
        if not isinstance(entry, Delivery):
            entry(self)
            return
        if entry.function in EVERY and entry.tries == 1:
            self._add(self.now + EVERY[entry.function], entry)
            metrics.clear_metrics()
        self.passes += 1
        self._stack.append(_Pass(self.passes, entry.function, self.now))
        try:
            self._invoke(entry)
        except Killed:
            self.tell("-> killed")
            self._again(entry)
        except PointsmanError as err:
            self.tell(f"-> {err!r}")
            self._again(entry)
        except Exception as err:  # noqa: BLE001 - whatever it is, it is a bug that the story must show
            self.crashes.append(f"{entry.function}: {err!r}")
            self._again(entry)
        finally:
            self._stack.pop()

    def _invoke(self, entry: Delivery) -> None:
        before = self.memory.lane()
        answer = BODIES[entry.function](entry.event)
        self.tell(f"-> {answer}")
        if entry.function == "operator_request" and answer["ok"]:
            self._confirmed(entry.event, before)

    def _confirmed(self, request: Mapping[str, Any], before: Lane) -> None:
        """A person was told that it is done: from then on it must be so."""
        known = before.rollout or before.last
        if request["command"] in {"abort", "rollback"} and known is not None:
            self.aborted.add(known.version)
        if request["command"] == "retry":
            self.aborted.discard(request["version"])

    def _again(self, entry: Delivery) -> None:
        if entry.tries < MOST_TRIES:
            delay = AGAIN_AFTER.get(entry.function, MINUTE * entry.tries)
            self._add(self.now + delay, replace(entry, tries=entry.tries + 1))


def install(run: Run) -> None:
    """Let the functions work in the run's world."""
    world = run.memory.world
    if not run.scenario.is_briefed:
        world = replace(world, briefing=lambda _rollout, _policy: "")
    wiring.install(world)
    metrics.clear_metrics()
