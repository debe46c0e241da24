"""The twin on the clock of this machine: SageMaker with its metrics, alarms and autoscaling, served over HTTP while real time passes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from e2e.emulator import ACCOUNT, REGION
from local import fleet
from local.answering import Answering
from local.fleet import Site
from local.load import Load
from local.releases import SCORER
from local.server import address_of, answered_by, bound
from local.turns import Turns
from twin.kernel import Kernel, Timings
from twin.wire.world import Wire, answering

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

SEED = 7
QUICK = Timings(
    fleet=timedelta(seconds=12),
    weights=timedelta(seconds=4),
    deletion=timedelta(seconds=2),
    metric_lag=timedelta(seconds=15),
    event_delay=timedelta(milliseconds=200),
)
"""A fleet takes minutes at AWS, and metrics lag by one to three."""
BEAT_S = 0.2
REQUESTS_PER_MINUTE = 240.0
BEFORE = timedelta(minutes=10)
"""So long the endpoints have served when anybody looks."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """The account as its teams made it, seen while it is made: implements `fleet.Account`."""

    kernel: Kernel
    client: Callable[[str], Any]


@dataclass(slots=True)
class Simulated:
    """The twin while it is served. Implements `fleet.Account` as well as `local.answering.Turning`."""

    kernel: Kernel
    url: str = ""
    stopping: Event = field(default_factory=Event)
    sent: SimpleQueue[Json | None] = field(default_factory=SimpleQueue)
    _turns: Turns = field(default_factory=Turns)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """A boto3 client of it, over HTTP."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="twin",  # noqa: S106 - nobody checks it
            config=Config(retries={"total_max_attempts": 1}),
        )

    @contextmanager
    def turn(self) -> Iterator[Simulated]:
        """The twin for oneself, as it is at this moment."""
        with self._turns:
            self.kernel.advance_to(max(self.kernel.now, datetime.now(UTC)))
            yield self

    def close(self) -> None:
        """Let whoever is answered finish."""
        with self._turns:
            self.stopping.set()

    def beat(self) -> None:
        """Let time pass until it ends: events are sent when they are due, not when somebody calls."""
        while not self.stopping.wait(BEAT_S):
            with self.turn():
                pass


@contextmanager
def simulated(sites: tuple[Site, ...], log_file: Path) -> Iterator[Simulated]:
    """Serve a twin in which these endpoints stand and have served for a while."""
    world = Simulated(Kernel(SEED, datetime.now(UTC) - timedelta(hours=1), ACCOUNT, REGION, QUICK))
    _furnish(world, sites)
    world.kernel.subscribe(world.sent.put)
    with passing(world, log_file):
        yield world


@contextmanager
def passing(world: Simulated, log_file: Path) -> Iterator[None]:
    """Serve a twin whose time has come to this moment, and let real time pass in it until it is left."""
    with (
        bound(0) as listener,
        log_file.open("w", encoding="utf-8") as log,
        answering({REGION: world.kernel}),
        answered_by(_application(world, log), world, listener, log),
    ):
        world.url = address_of(listener)
        beating = Thread(target=world.beat, name="beat", daemon=True)
        beating.start()
        try:
            yield
        finally:
            world.stopping.set()
            beating.join()


def _furnish(world: Simulated, sites: tuple[Site, ...]) -> None:
    """Let their fleets start and traffic flow; the kernel's hour is used up afterwards."""
    load = Load(world.kernel, SEED)
    with Wire(world.kernel, account=ACCOUNT, region=REGION) as wire:
        for site in sites:
            fleet.start(Setting(world.kernel, wire.client), site, SCORER)
    world.kernel.advance_to(datetime.now(UTC) - BEFORE)
    for site in sites:
        load.set_rate(site.endpoint, REQUESTS_PER_MINUTE)
    world.kernel.advance_to(datetime.now(UTC))


def _application(world: Simulated, log: Any) -> Callable[..., Any]:  # noqa: ANN401 - a text file
    aws = Answering(world, log)

    def application(environ: Any, start_response: Any) -> Any:  # noqa: ANN401 - WSGI's
        response: Response = aws.answer(environ)
        return response(environ, start_response)

    return application


@contextmanager
def forwarding(world: Simulated, events: Any) -> Iterator[None]:  # noqa: ANN401 - boto3's client of EventBridge
    """Send every event of the twin to the default bus, as AWS's services do, until it is left."""

    def forward() -> None:
        while (event := world.sent.get()) is not None:
            entry = {
                "Source": event["source"],
                "DetailType": event["detail-type"],
                "Resources": event["resources"],
                "Detail": json.dumps(event["detail"]),
            }
            events.put_events(Entries=[entry])

    thread = threading.Thread(target=forward, name="forward", daemon=True)
    thread.start()
    try:
        yield
    finally:
        world.sent.put(None)
        thread.join()
