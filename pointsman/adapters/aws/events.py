"""Events for other programs, onto an EventBridge bus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.core.bus_event import SOURCE, BusEvent

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


class EventBridge:
    """Implements `listeners.Bus`."""

    def __init__(self, client: EventBridgeClient, bus_name: str) -> None:
        """Take a client and the name of the installation's bus."""
        self._client: Any = client
        self._bus = bus_name

    def publish(self, events: list[BusEvent]) -> dict[str, str]:
        """One PutEvents. Its answer has one entry for each event, in their order; those with an ErrorCode were not taken."""
        with mapped(f"PutEvents on bus {self._bus}"):
            answer = self._client.put_events(Entries=[self._entry(event) for event in events])
        if not answer.get("FailedEntryCount"):
            return {}
        return {
            event.id: f"{entry['ErrorCode']}: {entry.get('ErrorMessage', '')}"
            for event, entry in zip(events, answer["Entries"], strict=True)
            if entry.get("ErrorCode")
        }

    def _entry(self, event: BusEvent) -> dict[str, Any]:
        return {
            "EventBusName": self._bus,
            "Source": SOURCE,
            "DetailType": event.detail_type,
            "Time": event.at,
            "Detail": event.detail,
        }
