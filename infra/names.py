"""Names and ARNs of everything in one installation in one Region. Strings only; what is made under them is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from pointsman.triggers import Trigger


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack is: strings, or tokens of the CDK that become them."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, rest: str, account: str = "") -> str:
        """An ARN here, of this account unless told otherwise."""
        return f"arn:{self.partition}:{service}:{self.region}:{account or self.account}:{rest}"

    def role(self, name: str) -> str:
        """ARN of a role; the name with its path."""
        return f"arn:{self.partition}:iam::{self.account}:role/{name}"


@dataclass(frozen=True, slots=True)
class Names:
    """What an installation's parts are called. `topic` is an existing one, or empty."""

    prefix: str
    existing_topic: str = ""

    @property
    def state_table(self) -> str:
        """Table of what is remembered."""
        return f"{self.prefix}-state"

    @property
    def audit_table(self) -> str:
        """Table of what happened."""
        return f"{self.prefix}-audit"

    @property
    def due_queue(self) -> str:
        """Queue of endpoints to look at."""
        return f"{self.prefix}-due"

    @property
    def journal_queue(self) -> str:
        """Queue of moves back that are still to be recorded."""
        return f"{self.prefix}-journal"

    @property
    def dead_letters(self) -> str:
        """Queue of what rules and queues could not deliver."""
        return f"{self.prefix}-dead-letters"

    @property
    def failed_invocations(self) -> str:
        """Queue of events on which a function failed each time."""
        return f"{self.prefix}-failed-invocations"

    @property
    def topic(self) -> str:
        """Topic of messages to people."""
        return self.existing_topic or self.prefix

    @property
    def bus(self) -> str:
        """Bus of events to other programs."""
        return self.prefix

    def function(self, trigger: Trigger) -> str:
        """A function; its rule has the same name."""
        return f"{self.prefix}-{trigger.name.replace('_', '-')}"
