"""A registry in another account, opened to this one with the very policy that docs/deploy.md shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.docs.blocks import blocks_of
from twin.kernel import Kernel

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy.md"
REGISTRY = "444455556666"
IMAGE = f"{REGISTRY}.dkr.ecr.us-east-1.amazonaws.com/serving:1.0"
Json = dict[str, Any]


def shown(sid: str) -> Json:
    """The policy of docs/deploy.md that has a statement of this name, in the Region of the tests."""
    texts = ["\n".join(block.lines) for block in blocks_of(DEPLOY, "json")]
    [text] = [each for each in texts if f'"{sid}"' in each]
    policy: Json = json.loads(text.replace("eu-west-1", "us-east-1"))
    return policy


class Elsewhere:
    """Group and versions over there, and short ways to do what people do with them."""

    def __init__(self, kernel: Kernel, group: str = "fraud-detector", versions: int = 3) -> None:
        self._there = kernel.registry_of(REGISTRY)
        self._group = group
        self._there.call("CreateModelPackageGroup", {"ModelPackageGroupName": group})
        self.packages = [self._register() for _ in range(versions)]
        self.open()

    def package(self, version: int) -> str:
        return self.packages[version - 1]

    def approve(self, version: int) -> None:
        self.judge(version, "Approved")

    def judge(self, version: int, status: str) -> None:
        wish = {"ModelPackageArn": self.package(version), "ModelApprovalStatus": status}
        self._there.call("UpdateModelPackage", wish)

    def open(self, *actions: str) -> None:
        """Let the account of the endpoints in, by the policy that the page shows, or for some of its actions alone."""
        policy = shown("PointsmanReadsAndUsesVersions")
        if actions:
            policy["Statement"][0]["Action"] = list(actions)
        text = json.dumps(policy).replace("fraud-detector", self._group)
        wish = {"ModelPackageGroupName": self._group, "ResourcePolicy": text}
        self._there.call("PutModelPackageGroupPolicy", wish)

    def shut(self) -> None:
        self._there.call("DeleteModelPackageGroupPolicy", {"ModelPackageGroupName": self._group})

    def _register(self) -> str:
        specification = {"Containers": [{"Image": IMAGE}], "SupportedContentTypes": ["application/json"]}
        wish = {"ModelPackageGroupName": self._group, "InferenceSpecification": specification}
        return str(self._there.call("CreateModelPackage", wish)["ModelPackageArn"])
