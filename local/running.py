"""A local world that stays up: one installation, its clock and its clients, who take turns. It knows no HTTP and prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import IO

from local.deployed import deploy, rules_of
from local.functions_api import functions_answering
from local.installation import Installation, installed
from local.kinds import SAMPLES, Sample
from local.load import Load
from local.standing import furnish
from local.turns import Turns
from pointsman import wiring
from pointsman.policy import Policy
from twin.traffic import Profile

BEGINNING = datetime(2026, 11, 17, 8, 30, tzinfo=UTC)
"""A Tuesday morning in Europe: within the release windows of the shipped policies."""
SETTLE_IN = timedelta(minutes=20)
"""So long the world runs before anybody sees it: metrics are there, and the first sweep has adopted what stands."""
LONGEST_BEAT_S = 1.0
"""A machine that cannot keep up runs a slower world rather than one that stands still to catch up."""
ONE_MINUTE = timedelta(minutes=1)


class Closed(Exception):
    """The world is about to end: nothing is done in it any more."""


def _nothing_new() -> list[str]:
    return []


@dataclass(slots=True)
class Running:
    """A world that stays up. `speed` is virtual seconds per real second; 0: time passes only when told to.

    `characters` say how the versions of a group answer that are given no other character. `refresh` reads what
    people may have changed outside, such as policies, and says what is wrong with it.
    """

    here: Installation
    load: Load
    seed: int
    speed: float
    characters: dict[str, Profile] = field(default_factory=dict)
    refresh: Callable[[], list[str]] = _nothing_new
    stopping: Event = field(default_factory=Event)
    _turns: Turns = field(default_factory=Turns)
    _is_closed: bool = False

    @contextmanager
    def turn(self) -> Iterator[Installation]:
        """The world for oneself; handlers that run in this thread find it. Raises Closed."""
        with self._turns:
            if self._is_closed:
                raise Closed
            wiring.install(self.here.world)
            yield self.here

    def advance(self, delta: timedelta) -> Iterator[datetime]:
        """Let time pass, a minute in each turn; says where it is after each. It ends early when the world does."""
        with self.turn() as here:
            end = here.kernel.now + delta
        while not self.stopping.is_set():
            with self.turn() as here:
                now = here.kernel.now
                if now >= end:
                    return
                next_minute = now.replace(second=0, microsecond=0) + ONE_MINUTE
                here.dispatcher.advance_to(min(end, next_minute))
            yield here.kernel.now

    def beat(self, elapsed_s: float) -> None:
        """Let as much virtual time pass as belongs to so many real seconds."""
        if self.speed > 0:
            for _ in self.advance(timedelta(seconds=self.speed * min(elapsed_s, LONGEST_BEAT_S))):
                pass

    def close(self) -> None:
        """Let whoever has the world finish, and nobody in after that."""
        self.stopping.set()
        with self._turns:
            self._is_closed = True


@contextmanager
def running(
    policies: Sequence[Policy],
    log: IO[str],
    seed: int = 7,
    speed: float = 0.0,
    samples: Iterable[Sample] = SAMPLES,
) -> Iterator[Running]:
    """Bring a world up; leaving takes it all away. Logs and metrics of the handlers go to `log`.

    `samples` stand in it beside the endpoints that the shipped policies speak of.
    """
    with installed(policies, log, seed, BEGINNING) as here, functions_answering(here):
        deploy(here)
        here.dispatcher.is_enabled = rules_of(here)
        load = Load(here.kernel, seed)
        world = Running(here, load, seed, speed, furnish(here, load, samples))
        here.dispatcher.start()
        here.pass_time(SETTLE_IN)
        try:
            yield world
        finally:
            world.close()
