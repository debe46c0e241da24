"""The simulation as the account of the contract: time passes at once. It asserts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from contract.cloud import SERVICES, Settings
from twin.kernel import Kernel, Timings
from twin.wire.responses import Twin
from twin.wire.world import Wire

SETTINGS = Settings(
    role="arn:aws:iam::111122223333:role/serving",
    image="111122223333.dkr.ecr.us-east-1.amazonaws.com/model:1",
    model_data="s3://models/model.tar.gz",
    instance_type="ml.m5.large",
    other_instance_type="ml.c5.large",
    body=b"1,2",
    content_type="text/csv",
)


class Simulated:
    """A kernel behind real clients."""

    def __init__(self, kernel: Kernel, wire: Wire) -> None:
        self.kernel = kernel
        self.settings = SETTINGS
        self.is_listening = True
        self._clients = {service: wire.client(service) for service in SERVICES}
        self._events: list[dict[str, Any]] = []
        kernel.subscribe(self._events.append)

    @property
    def now(self) -> datetime:
        return self.kernel.now

    def client(self, service: str) -> Any:
        return self._clients[service]

    def wait(self, length: timedelta) -> None:
        self.kernel.advance(length)

    def events(self) -> list[dict[str, Any]] | None:
        return self._events if self.is_listening else None


@contextmanager
def simulated(behind: Callable[[Kernel], Twin] = lambda kernel: kernel) -> Iterator[Simulated]:
    """A world of its own, open as long as the block runs; `behind` is what clients reach in place of the kernel."""
    kernel = Kernel(timings=Timings(search_lag=timedelta(seconds=30)))
    with Wire(behind(kernel)) as wire:
        yield Simulated(kernel, wire)
