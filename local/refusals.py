"""Refusals on request for the services that moto plays: they meet the installation's own calls. SageMaker's are the twin's (`twin/faults.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

_OWN_FAULT = ("InternalServerError", "InternalFailure", "InternalError", "ServiceUnavailable")
Json = dict[str, Any]


@dataclass(slots=True)
class Refusal:
    """The next `times` calls of an operation ("*": any) are refused under `code`."""

    service: str
    operation: str
    code: str
    times: int


@dataclass(slots=True)
class Refusals:
    """What is refused next; each is used up by the calls it meets."""

    planned: list[Refusal] = field(default_factory=list)

    def listen(self, client: Any) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """Let a client's calls be refused; returns the client."""
        client.meta.events.register("before-call", self._before_call)
        return client

    def _before_call(self, model: Any, **_: Any) -> tuple[AWSResponse, Json] | None:  # noqa: ANN401 - botocore's
        """An answer in place of the call's own, or None to let it go on: botocore takes either."""
        service, operation = model.service_model.service_name, model.name
        for refusal in self.planned:
            if refusal.service == service and refusal.operation in ("*", operation):
                refusal.times -= 1
                if refusal.times <= 0:
                    self.planned.remove(refusal)
                return _refused(refusal.code)
        return None


def _refused(code: str) -> tuple[AWSResponse, Json]:
    status = 500 if code in _OWN_FAULT else 400
    error = {"Code": code, "Message": f"{code} on request"}
    answer = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}}}
    return AWSResponse("", status, HTTPHeaders(), None), answer
