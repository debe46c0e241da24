"""An account with an endpoint of every kind and of every owner in it, a day old, behind real boto3 clients. Nothing is installed beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cli.options import Where
from local.kinds import SAMPLES, Sample, build_fleet, give_past
from pointsman.account import Account
from pointsman.adapters.aws.identity import Identity
from tests.worlds.kernel_client import client_error
from twin.kernel import Kernel
from twin.wire.world import Wire

NOW = datetime(2026, 11, 20, 14, 20, tzinfo=UTC)
AGE = timedelta(hours=27)
READS = ("Describe", "List", "Get", "Search")


class Stacks:
    """CloudFormation as far as it is asked: it knows the metadata of resources, by stack and logical id."""

    def __init__(self) -> None:
        self.metadata: dict[tuple[str, str], dict[str, str]] = {}
        self.refusal = ""
        self.asked: list[tuple[str, str]] = []

    def describe_stack_resource(self, StackName: str, LogicalResourceId: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.asked.append((StackName, LogicalResourceId))
        if self.refusal:
            raise client_error(self.refusal, "refused by the test", "DescribeStackResource")
        known = self.metadata.get((StackName, LogicalResourceId))
        if known is None:
            raise client_error(
                "ValidationError", f"Stack {StackName!r} does not exist", "DescribeStackResource"
            )
        return {
            "StackResourceDetail": {"LogicalResourceId": LogicalResourceId, "Metadata": json.dumps(known)}
        }


@dataclass(frozen=True, slots=True)
class Session:
    """A boto3 session whose clients reach the kernel."""

    wire: Wire
    stacks: Stacks

    def client(self, service: str, config: object = None) -> Any:
        return self.stacks if service == "cloudformation" else self.wire.client(service)


@dataclass(frozen=True, slots=True)
class Here(Where):
    """An account that is open already."""

    account: Account | None = None

    def open(self) -> Account:
        assert self.account is not None
        return self.account


@dataclass(slots=True)
class Standing:
    """The account, and ways to disturb it."""

    kernel: Kernel
    account: Account
    stacks: Stacks
    seen: int = field(default=0)

    @property
    def where(self) -> Where:
        return Here(account=self.account)

    def deny(self, service: str, operation: str) -> None:
        """Take a permission away."""
        self.kernel.faults.fail(service, operation, "AccessDeniedException", "not authorized", times=10_000)

    def allow(self) -> None:
        """Give every permission back."""
        self.kernel.faults.clear()

    def begin(self) -> None:
        """Count calls from here on."""
        self.seen = len(self.kernel.calls)

    def calls(self) -> list[str]:
        """Operations since `begin`."""
        return [operation for _, _, operation, _ in list(self.kernel.calls)[self.seen :]]

    def writes(self) -> list[str]:
        """Those of them that may change something."""
        return [operation for operation in self.calls() if not operation.startswith(READS)]


@contextmanager
def standing(samples: Iterable[Sample] = SAMPLES, age: timedelta = AGE) -> Iterator[Standing]:
    """Build the fleet and let it grow old; the whole one is given traffic."""
    kernel, wanted = Kernel(seed=7, start=NOW - age), tuple(samples)
    with Wire(kernel) as wire:
        build_fleet(wire.client, kernel, wanted)
        kernel.advance_to(NOW)
        if wanted == SAMPLES:
            give_past(kernel, age)
        stacks = Stacks()
        identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Reader/dana", kernel.now)
        yield Standing(kernel, Account("us-east-1", identity, Session(wire, stacks)), stacks)
