"""The fleet of used and unused endpoints, seven weeks old, behind real boto3 clients, and what is found of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from local.usages import USAGES, Usage, build_usages
from pointsman.account import Account
from pointsman.adapters.aws.identity import Identity
from pointsman.core.idle_finding import Finding, window_of
from pointsman.hosted import AllSeries, Hosted, Hosting, Metric
from pointsman.idle import Search, find
from pointsman.survey import Progress
from tests.worlds.fleet import Session, Stacks, Standing
from twin.kernel import Kernel
from twin.wire.world import Wire

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ROLLOUTS = {"llm-busy": "rollout BAKING", "many-models-busy": "rollout WATCHING"}


def silently(_what: str, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def used(usages: Iterable[Usage] = USAGES) -> Iterator[Standing]:
    """Build it and let the weeks pass."""
    wanted = tuple(usages)
    kernel = Kernel(seed=7, start=NOW - timedelta(days=max(usage.made_days_ago for usage in wanted)))
    for limit in (
        "Number of instances across active endpoints",
        "ml.g5.xlarge",
        "ml.c7i.large",
        "ml.m5.xlarge",
    ):
        kernel.quota[limit] = 10_000
    with Wire(kernel) as wire:
        build_usages(wire.client, kernel, wanted)
        identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Reader/dana", kernel.now)
        stacks = Stacks()
        yield Standing(kernel, Account("us-east-1", identity, Session(wire, stacks)), stacks)


def found(
    hosting: Hosting, days: int = 14, *, now: datetime = NOW, everything: bool = False
) -> dict[str, Finding]:
    """What is found, by name."""
    search = Search(window_of(now, days), {}, everything)
    return {each.name: each for each in find(hosting, search, silently)}


@dataclass(slots=True)
class Remembered:
    """Asks each question once: rules can be judged over and over on what was read."""

    hosting: Hosting
    known: dict[object, object] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def found(self, progress: Progress) -> list[Hosted]:
        if "found" not in self.known:
            self.known["found"] = self.hosting.found(progress)
        return self.known["found"]  # type: ignore[return-value]

    def described(self, endpoints: Sequence[Hosted], progress: Progress, *, live: bool) -> list[Hosted]:
        missing = [each for each in endpoints if (each.name, live) not in self.known]
        answers = {each.name: each for each in self.hosting.described(missing, progress, live=live)}
        self.known |= {(each.name, live): answers.get(each.name) for each in missing}
        asked = [self.known[each.name, live] for each in endpoints]
        return [each for each in asked if isinstance(each, Hosted)]

    def series(
        self, metrics: Sequence[Metric], since: datetime, until: datetime, period: timedelta
    ) -> AllSeries:
        when = (since, until, period)
        missing = [each for each in metrics if (each, when) not in self.known]
        answers = self.hosting.series(missing, since, until, period)
        self.known |= {(each, when): answers[each] for each in missing}
        return {each: self.known[each, when] for each in metrics}  # type: ignore[misc]
