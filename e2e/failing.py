"""What happens to an event that a function cannot handle: it ends in a queue with its cause, is shown, and is replayed when that is mended."""

from __future__ import annotations

import json
import time
from typing import Any

from e2e.deployment import PREFIX
from e2e.emulator import ACCOUNT, REGION
from e2e.errors import NotProved
from e2e.installed import Installed
from e2e.simulated import Simulated
from pointsman.policy import EndpointName

FAILED = f"{PREFIX}-failed-invocations"
OPERATION = "DescribeModelPackage"
CAUSE = "The registry is not to be reached today."
MANY = 1000
ENDS_WITHIN_S = 150.0
POLL_S = 0.5
Json = dict[str, Any]


def fail_and_mend(installed: Installed, world: Simulated, endpoint: EndpointName) -> str:
    """Break the registry, tell of a version, look at what is left, mend it and replay; returns the cause as it was shown.

    Raises:
        NotProved: the event is lost, its cause is not told, or it is still there in the end.

    """
    world.kernel.faults.fail("sagemaker", OPERATION, "InternalFailure", CAUSE, times=MANY)
    try:
        installed.start("model-package-changed", _approval(endpoint))
        _wait_for(installed, {FAILED: 1})
    finally:
        world.kernel.faults.clear()
    [letter] = json.loads(installed.command("dlq", "list", "--json"))["letters"]
    cause = str(letter["cause"])
    if OPERATION not in cause or CAUSE not in cause:
        raise NotProved(f"the cause that is shown is not what went wrong: {cause}")
    installed.command("dlq", "redrive", "--yes")
    _wait_for(installed, {})
    return cause


def _approval(endpoint: EndpointName) -> Json:
    """An event of a version's approval, in EventBridge's shape."""
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{endpoint}/1"
    return {
        "version": "0",
        "id": "00000000-0000-4000-8000-000000000001",
        "detail-type": "SageMaker Model Package State Change",
        "source": "aws.sagemaker",
        "account": ACCOUNT,
        "time": "2026-11-24T00:00:00Z",
        "region": REGION,
        "resources": [arn],
        "detail": {
            "ModelPackageGroupName": endpoint,
            "ModelPackageArn": arn,
            "ModelPackageVersion": 1,
            "ModelApprovalStatus": "Approved",
        },
    }


def _wait_for(installed: Installed, wanted: dict[str, int]) -> None:
    end = time.monotonic() + ENDS_WITHIN_S
    found = installed.dead_letters()
    while time.monotonic() < end:
        found = installed.dead_letters()
        if {queue: count for queue, count in found.items() if count} == wanted:
            return
        time.sleep(POLL_S)
    raise NotProved(f"the queues for what failed hold {found}, and should hold {wanted or 'nothing'}")
