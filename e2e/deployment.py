"""Synthesises as the CDK's command does, and deploys that template with its assets to ministack, as CloudFormation deploys it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.emulator import ACCOUNT, REGION, ROOT, Emulator
from e2e.errors import NotProved
from e2e.left_out import Json, prune

PREFIX = "pointsman"
POLICIES = "e2e/policies"
BOOTSTRAP_VERSION, BOOTSTRAPPED = "/cdk-bootstrap/hnb659fds/version", "30"
DEPLOYED_WITHIN_S = 180.0
POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Deployed:
    """What came of it: how many resources stand, and what was left out, by its logical id."""

    resources: int
    left_out: dict[str, Json]


def synthesise(folder: Path) -> Path:
    """Write the assembly of the end-to-end policies into `folder`, past every rule that is checked; returns it.

    Raises:
        NotProved: it does not synthesise.

    """
    settings = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    mine = {
        "prefix": PREFIX,
        "policies": POLICIES,
        "account": ACCOUNT,
        "regions": [REGION],
        "execution_roles": ["SageMakerExecution"],
    }
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": json.dumps({**settings, **mine})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotProved(f"app.py does not synthesise:\n{done.stdout}{done.stderr}")
    return folder


def deploy(assembly: Path, emulator: Emulator) -> Deployed:
    """Publish the assets and create the stack.

    Raises:
        NotProved: a resource cannot be created, named with its reason.

    """
    _bootstrap(emulator)
    published = _Published(assembly, emulator)
    formation = emulator.client("cloudformation")
    formation.create_stack(
        StackName=PREFIX,
        TemplateURL=published.template_url,
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    _wait(lambda: formation.describe_stacks(StackName=PREFIX)["Stacks"][0], formation)
    stacks = formation.describe_stacks()["Stacks"]
    count = sum(len(_resources(formation, stack["StackName"])) for stack in stacks)
    return Deployed(count, published.left_out)


def destroy(emulator: Emulator) -> None:
    """Delete the stack, and wait until it is gone; what it retains stays."""
    formation = emulator.client("cloudformation")
    formation.delete_stack(StackName=PREFIX)
    end = time.monotonic() + DEPLOYED_WITHIN_S
    while time.monotonic() < end:
        stacks = formation.describe_stacks()["Stacks"]
        if not [each for each in stacks if each["StackStatus"] != "DELETE_COMPLETE"]:
            return
        time.sleep(POLL_S)
    raise NotProved("the stack cannot be deleted: read ministack.log")


def _bootstrap(emulator: Emulator) -> None:
    """What `cdk bootstrap` leaves, as far as a template asks for it."""
    emulator.client("s3").create_bucket(Bucket=_bucket())
    emulator.client("ssm").put_parameter(Name=BOOTSTRAP_VERSION, Value=BOOTSTRAPPED, Type="String")


def _bucket() -> str:
    return f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"


class _Published:
    """The files of the assembly in the bucket, each template without what ministack cannot take."""

    def __init__(self, assembly: Path, emulator: Emulator) -> None:
        self.left_out: dict[str, Json] = {}
        [manifest] = assembly.glob("*.assets.json")
        s3 = emulator.client("s3")
        self.template_url = ""
        for asset in json.loads(manifest.read_text(encoding="utf-8"))["files"].values():
            source = assembly / asset["source"]["path"]
            [destination] = asset["destinations"].values()
            body = self._pruned(source) if source.suffix == ".json" else source.read_bytes()
            s3.put_object(Bucket=_bucket(), Key=destination["objectKey"], Body=body)
            if source.name == manifest.name.replace(".assets.", ".template."):
                self.template_url = f"{emulator.url}/{_bucket()}/{destination['objectKey']}"

    def _pruned(self, template: Path) -> bytes:
        kept, out = prune(json.loads(template.read_text(encoding="utf-8")))
        self.left_out |= out
        return json.dumps(kept).encode()


def _wait(look: Callable[[], Json], formation: Any) -> None:  # noqa: ANN401 - boto3's client
    end = time.monotonic() + DEPLOYED_WITHIN_S
    while time.monotonic() < end:
        status = look()["StackStatus"]
        if status == "CREATE_COMPLETE":
            return
        if "FAILED" in status or "ROLLBACK" in status:
            raise NotProved(f"the stack is {status}:\n" + "\n".join(_reasons(formation)))
        time.sleep(POLL_S)
    raise NotProved(f"the stack is not there after {DEPLOYED_WITHIN_S:.0f} s")


def _reasons(formation: Any) -> Iterable[str]:  # noqa: ANN401 - boto3's client
    for event in formation.describe_stack_events(StackName=PREFIX)["StackEvents"]:
        if "FAILED" in event["ResourceStatus"]:
            yield f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"


def _resources(formation: Any, stack: str) -> list[Json]:  # noqa: ANN401 - boto3's client
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return [each for page in pages for each in page["StackResourceSummaries"]]
