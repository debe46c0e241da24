"""Names and ARNs: how SageMaker spells them and which it accepts. No state lives here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from twin.errors import invalid

NAME_PATTERN = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
LONGEST_NAME = 63
_NAME = re.compile(NAME_PATTERN)


def checked(name: str, member: str) -> str:
    """Return `name` if SageMaker would accept it as `member` (facts 2.1), else raise ValidationException."""
    if len(name) > LONGEST_NAME or _NAME.fullmatch(name) is None:
        raise invalid(
            f"1 validation error detected: Value '{name}' at '{member}' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {NAME_PATTERN}"
        )
    return name


@dataclass(frozen=True, slots=True)
class Arns:
    """Builds the ARNs of one account and Region. SageMaker lower-cases the name inside them (facts 1.3)."""

    account: str
    region: str

    def _sagemaker(self, resource: str) -> str:
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{resource.lower()}"

    def endpoint(self, name: str) -> str:
        """ARN of an endpoint."""
        return self._sagemaker(f"endpoint/{name}")

    def config(self, name: str) -> str:
        """ARN of an endpoint configuration."""
        return self._sagemaker(f"endpoint-config/{name}")

    def component(self, name: str) -> str:
        """ARN of an inference component."""
        return self._sagemaker(f"inference-component/{name}")

    def model(self, name: str) -> str:
        """ARN of a model."""
        return self._sagemaker(f"model/{name}")

    def group(self, name: str) -> str:
        """ARN of a model package group."""
        return self._sagemaker(f"model-package-group/{name}")

    def package(self, group: str, version: int) -> str:
        """ARN of one version in a model package group."""
        return self._sagemaker(f"model-package/{group}/{version}")

    def unversioned(self, name: str) -> str:
        """ARN of a model package outside a group, which has no version."""
        return self._sagemaker(f"model-package/{name}")

    def alarm(self, name: str) -> str:
        """ARN of an alarm; CloudWatch keeps the case."""
        return f"arn:aws:cloudwatch:{self.region}:{self.account}:alarm:{name}"
