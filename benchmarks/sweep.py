"""How many groups one sweep of the registry comes through. Run by hand: `python -m benchmarks.sweep [ms a call] [groups]`.

Handler and adapters are the real ones, on this machine's clock. The twin and moto answer in this process, each call as late
as it is told to, so what they take themselves comes on top. Nothing is approved that was not heard of: the usual sweep.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.policy_file import load_policy
from local.installation import Installation, installed
from pointsman import wiring
from pointsman.core.lane import Lane, adopt
from pointsman.policy import EndpointName, Policy
from pointsman.record import note
from pointsman.world import World

if TYPE_CHECKING:
    from botocore.config import Config

POLICY = Path("policies/chat-llm.yaml")
USUAL = (50, 1_000)


def sweep(latency_ms: int, count: int) -> str:
    """One sweep over `count` groups with one approved version each; in words."""
    one = load_policy(POLICY)
    policies = [
        replace(one, endpoint=EndpointName(f"e-{number}"), model_package_group=f"g-{number}")
        for number in range(count)
    ]
    log = io.StringIO()
    with installed(policies, log) as here:
        for policy in policies:
            _stand(here, policy)
        wiring.install(_late(here, latency_ms))
        log.truncate(0)
        log.seek(0)
        began = time.monotonic()
        here.dispatcher.invoke("registry_sweep", {})
        took = time.monotonic() - began
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    reached = sum(sum(line["GroupsSwept"]) for line in lines if "GroupsSwept" in line)
    return f"{reached:.0f} of {count} groups in {took:.1f} s, at {latency_ms} ms a call"


def _stand(here: Installation, policy: Policy) -> None:
    """A group with an approved version, and an endpoint that was adopted long ago."""
    group = policy.model_package_group
    container = {"Containers": [{"Image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/serving:1.0"}]}
    wish = {"ModelPackageGroupName": group, "ModelApprovalStatus": "Approved"}
    here.kernel.call("sagemaker", "CreateModelPackageGroup", {"ModelPackageGroupName": group})
    here.kernel.call("sagemaker", "CreateModelPackage", wish | {"InferenceSpecification": container})
    lane = Lane(policy.endpoint)
    note(here.world, lane, adopt(lane, group, [1]), "adopted for the benchmark")


def _late(here: Installation, latency_ms: int) -> World:
    """The same world on real time, whose every answer is late."""

    def wait(**_: Any) -> None:  # noqa: ANN401 - botocore's hook
        time.sleep(latency_ms / 1000)

    def clients(service: str, config: Config) -> Any:  # noqa: ANN401, ARG001 - clients have no common type
        client = here.wire.client(service)
        client.meta.events.register("before-send", wait)
        return client

    return wiring.build(here.settings, clients, wiring.SystemClock(), here.policies)


def main(given: Sequence[str]) -> int:
    """Print one line."""
    latency_ms, count = (int(each) for each in given) if given else USUAL
    sys.stdout.write(f"{sweep(latency_ms, count)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
