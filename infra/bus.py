"""The bus on which other programs hear of every record. Rules on it are its subscribers'."""

from __future__ import annotations

from aws_cdk import aws_events as events
from constructs import Construct

from infra.names import Names


class Bus(Construct):
    """A custom bus. It keeps nothing, so it goes with the stack; encryption is EventBridge's own."""

    def __init__(self, scope: Construct, names: Names) -> None:
        super().__init__(scope, "Bus")
        events.EventBus(
            self,
            "Bus",
            event_bus_name=names.bus,
            description="Pointsman: one event for each audit record (docs/events.md)",
        )
