"""Counts what an installation does in an idle hour and in one release, in the embedded world. Run: python -m benchmarks.month. Prices are in docs/cost.md."""

from __future__ import annotations

import io
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cli.demo import POLICY
from cli.policy_file import load_policy
from local.fleet import approve, serve
from local.installation import Installation, KernelClock, installed
from local.overheard import listening
from local.releases import LLM
from local.stories import demo_policy
from local.trace import Trace, generate_trace
from pointsman import wiring
from pointsman.policy import EndpointName, Policy

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LONGEST = timedelta(hours=12)
FLEETS = (1, 10, 40)
"""Enough to tell what grows with the number of endpoints, and how."""
WRITES = {"PutItem": "Item", "DeleteItem": "Key"}
Json = dict[str, Any]


@dataclass(slots=True)
class Counted:
    """Everything that costs: invocations by function, calls by operation, DynamoDB's units, metrics read, events put on the bus and log written."""

    invocations: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    read_units: float = 0.0
    write_units: float = 0.0
    metrics_read: int = 0
    events_put: int = 0
    log_bytes: int = 0
    metrics_written: set[str] = field(default_factory=set)
    _asked: Json = field(default_factory=dict)

    def listen(self, client: Any) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """Count a client's calls; returns the client."""
        client.meta.events.register("provide-client-params", self._called)
        client.meta.events.register("after-call", self._answered)
        return client

    def invoked(self, name: str, _answer: object) -> None:
        """Count an invocation."""
        self.invocations[name] += 1

    def report(self) -> Json:
        """All of it as JSON."""
        return {
            "invocations": dict(sorted(self.invocations.items())),
            "calls": dict(sorted(self.calls.items())),
            "dynamodb_read_units": self.read_units,
            "dynamodb_write_units": self.write_units,
            "metrics_read": self.metrics_read,
            "events_put": self.events_put,
            "metrics_written": sorted(self.metrics_written),
            "log_bytes": self.log_bytes,
        }

    def read_log(self, text: str) -> None:
        """Count the log's bytes and the metrics that it carries (CloudWatch's embedded format)."""
        self.log_bytes += len(text.encode())
        for line in text.splitlines():
            told = json.loads(line) if line.startswith("{") else {}
            for directive in told.get("_aws", {}).get("CloudWatchMetrics", []):
                self.metrics_written |= {
                    f"{metric['Name']} {[(key, told[key]) for key in dimensions]}"
                    for metric in directive["Metrics"]
                    for dimensions in directive["Dimensions"]
                }

    def _called(self, params: Json, model: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's
        self.calls[f"{model.service_model.service_name}:{model.name}"] += 1
        self._asked = params
        if model.name == "PutEvents":
            self.events_put += len(params["Entries"])
        if model.name == "GetMetricData":
            self.metrics_read += sum("MetricStat" in query for query in params["MetricDataQueries"])

    def _answered(self, parsed: Json, model: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's
        """Units by size: reads by 4 KB, half where they may be old; writes by 1 KB, twice in a transaction."""
        if model.service_model.service_name != "dynamodb":
            return
        asked = self._asked
        if model.name in ("GetItem", "Query"):
            found = parsed.get("Item") or parsed.get("Items") or {}
            self.read_units += _blocks(found, 4096) * (1 if asked.get("ConsistentRead") else 0.5)
        elif model.name in WRITES:
            self.write_units += _blocks(asked[WRITES[model.name]], 1024)
        elif model.name == "BatchWriteItem":
            wanted = [each for table in asked["RequestItems"].values() for each in table]
            self.write_units += sum(_blocks(each, 1024) for each in wanted)
        elif model.name == "TransactWriteItems":
            self.write_units += 2 * sum(_blocks(each, 1024) for each in asked["TransactItems"])
        else:
            raise NotImplementedError(f"what {model.name} costs is not known here")


def _blocks(value: Any, size: int) -> int:  # noqa: ANN401 - an item or several
    return max(1, math.ceil(len(json.dumps(value, default=str)) / size))


@contextmanager
def counted(policies: list[Policy], trace: Trace) -> Iterator[tuple[Installation, Counted, io.StringIO]]:
    """A settled installation whose calls are counted from here on."""
    log = io.StringIO()
    with installed(policies, log) as here:
        tally = Counted()
        world = wiring.build(
            here.settings,
            lambda service, config: tally.listen(here.wire.client(service)),  # noqa: ARG005 - the wire answers at once
            KernelClock(here.kernel),
            here.policies,
        )
        wiring.install(listening(world, here.heard))
        for policy in policies:
            serve(here, policy, LLM)
        here.dispatcher.start()
        here.kernel.traffic(policies[0].endpoint, trace.looped(here.kernel.now))
        here.pass_time(20 * MINUTE)
        _begin(tally, log)
        here.dispatcher.answered = tally.invoked
        yield here, tally, log


def idle_hour(count: int, policy: Policy, trace: Trace) -> Json:
    """An hour in which nothing is released on any of `count` endpoints."""
    policies = [policy, *(_another(policy, number) for number in range(2, count + 1))]
    with counted(policies, trace) as (here, tally, log):
        here.pass_time(HOUR)
        tally.read_log(log.getvalue())
        return tally.report()


def release(policy: Policy, trace: Trace) -> Json:
    """One release of a good version, from its approval to its end; ticks and sweeps of that time are in it."""
    with counted([policy], trace) as (here, tally, log):
        begun = here.kernel.now
        approve(here, policy.model_package_group, LLM)
        here.pass_time(2 * MINUTE)
        while here.kernel.now < begun + LONGEST and here.world.store.get_lane(policy.endpoint).rollout:
            here.pass_time(MINUTE)
        tally.read_log(log.getvalue())
        return {"minutes": (here.kernel.now - begun) / MINUTE, **tally.report()}


def _begin(tally: Counted, log: io.StringIO) -> None:
    """Forget what bringing it up took."""
    log.truncate(0)
    log.seek(0)
    tally.calls.clear()
    tally.read_units = tally.write_units = 0.0
    tally.metrics_read = tally.events_put = 0


def _another(policy: Policy, number: int) -> Policy:
    name = f"{policy.endpoint}-{number}"
    health = replace(
        policy.plan.health, alarms=tuple(f"{each}-{number}" for each in policy.plan.health.alarms)
    )
    return replace(
        policy,
        endpoint=EndpointName(name),
        model_package_group=name,
        plan=replace(policy.plan, health=health),
    )


def main() -> int:
    """Print one JSON object."""
    trace = generate_trace(7)
    policy = demo_policy(load_policy(Path(POLICY)), trace)
    report = {f"idle hour, {count} endpoints": idle_hour(count, policy, trace) for count in FLEETS}
    sys.stdout.write(json.dumps(report | {"release": release(policy, trace)}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
