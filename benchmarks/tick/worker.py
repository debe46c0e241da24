"""One function in a process of its own: it takes events on standard input, one a line, and says what each of them took.

It runs from the real zip, with no package of this repository but what ships: so nothing of ours is imported here but that.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session

from pointsman import wiring
from pointsman.policy_book import read_policies
from pointsman.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.config import Config

Json = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """AWS calls by operation; bytes that queries brought; and how many metrics each read of them asked for."""

    calls: Counter[str] = field(default_factory=Counter)
    queried_bytes: int = 0
    metrics: list[int] = field(default_factory=list)

    def listen(self, client: Any) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """Count a client's calls, those that are tried again each time; returns the client."""
        client.meta.events.register("provide-client-params", self._asked)
        client.meta.events.register("response-received", self._answered)
        return client

    def clear(self) -> None:
        """Begin anew."""
        self.calls.clear()
        self.metrics.clear()
        self.queried_bytes = 0

    def _asked(self, params: Json, model: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's
        if model.name == "GetMetricData":
            self.metrics.append(len(params["MetricDataQueries"]))

    def _answered(self, event_name: str, response_dict: Json | None, **_: Any) -> None:  # noqa: ANN401 - botocore's
        operation = event_name.rpartition(".")[2]
        self.calls[operation] += 1
        if operation == "Query" and response_dict is not None:
            self.queried_bytes += len(response_dict["body"])


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda hands a handler beside the event."""

    function_name: str
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:111122223333:function:pointsman"
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"


def measured(handler: Callable[[Any, Any], Any], event: Json, tally: Tally) -> Json:
    """Run a handler once; returns its answer, and what it took: wall and CPU time in ms, and what the tally heard."""
    tally.clear()
    wall, cpu = time.perf_counter(), time.process_time()
    answer = handler(event, Context("pointsman"))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "answer": answer,
        "calls": dict(tally.calls),
        "metrics": list(tally.metrics),
        "queried_bytes": tally.queried_bytes,
        "wall_ms": 1000 * wall,
        "cpu_ms": 1000 * cpu,
    }


def _peak_mib() -> float:
    """The most memory this program had at once. `ru_maxrss` would count that of the process it was forked from (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def _world(tally: Tally) -> Any:  # noqa: ANN401 - pointsman.world.World
    """The world that the environment describes, as `wiring.current_world` makes it, but counted."""
    session, settings = botocore.session.get_session(), Settings.from_env(os.environ)

    def clients(service: str, config: Config) -> Any:  # noqa: ANN401 - clients have no common type
        return wiring.MadeWhenUsed(lambda: tally.listen(session.create_client(service, config=config)))

    policies = read_policies(settings.policies_file, settings.names.account)
    return wiring.build(settings, clients, wiring.SystemClock(), policies)


def main(function: str) -> None:
    """Answer every event with a line. What the function logs goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    tally = Tally()
    handler = importlib.import_module(f"functions.{function}").handler
    wiring.install(_world(tally))
    for line in sys.stdin:
        told = measured(handler, json.loads(line), tally)
        answers.write(json.dumps(told | {"peak_mib": _peak_mib()}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
