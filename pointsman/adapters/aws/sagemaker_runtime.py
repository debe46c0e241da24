"""Sends a candidate its first request, past the weights, and says how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.aws.faults import code_of
from pointsman.core.observed import Answer
from pointsman.core.rollout import Rollout

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient


class Runtime:
    """Implements `ports.Prober`."""

    def __init__(self, client: SageMakerRuntimeClient) -> None:
        """Take a client whose read time-out is shorter than the function's."""
        self._client: Any = client

    def ask(self, rollout: Rollout, variant: str) -> tuple[Answer, str]:
        """InvokeEndpoint with TargetVariant. Only the container's own fault counts as a failed answer."""
        request = rollout.plan.validation
        try:
            answer = self._client.invoke_endpoint(
                EndpointName=rollout.endpoint,
                TargetVariant=variant,
                ContentType=request.content_type,
                Body=request.body.encode(),
            )
        except ClientError as err:
            code = code_of(err)
            detail = f"{code}: {err.response.get('Error', {}).get('Message', '')}"[:300]
            return (Answer.FAILED if code == "ModelError" else Answer.UNREACHABLE), detail
        except BotoCoreError as err:
            return Answer.UNREACHABLE, str(err)[:300]
        invoked = answer.get("InvokedProductionVariant", variant)
        if invoked != variant:
            return Answer.UNREACHABLE, f"variant {invoked} answered instead"
        return Answer.ANSWERED, "answered"
