"""An installation's functions, called by whoever may: AWS Lambda's Invoke. What is asked and answered is theirs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.errors import Misconfigured, NotFound, Transient

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

Json = dict[str, Any]
ALIAS = "live"
"""The version that rules and the queue start (infra/lambdas.py)."""
ACCEPTED = 202


class Functions:
    """The functions of one installation, by the names of their triggers."""

    def __init__(self, client: LambdaClient, installation: str, where: str) -> None:
        """Take a client that waits as long as a function may run; `where`: Region and account, for people."""
        self._client: Any = client
        self.installation = installation
        self._where = where

    def name_of(self, trigger: str) -> str:
        """The deployed name: `<installation>-<trigger, with hyphens>`."""
        return f"{self.installation}-{trigger.replace('_', '-')}"

    def call(self, trigger: str, event: Mapping[str, Any]) -> Json:
        """Invoke one as a rule does, through the alias (or as it is where there is none), and wait for its answer.

        Raises:
            Misconfigured: there is no such function, so no installation of that name here.
            Denied: the caller may not invoke it.
            Transient: Lambda does not answer, or the function failed; it may have done what it was asked for.

        """
        name = self.name_of(trigger)
        answer = self._invoke(name, event)
        with mapped(f"lambda:InvokeFunction on {name}"):
            payload = answer["Payload"].read()
        told = _json(name, payload)
        if answer.get("FunctionError"):
            why = f"{told.get('errorType', 'error')}: {told.get('errorMessage', 'no message')}"
            raise Transient(f"function {name} failed: {why}")
        return told

    def start(self, trigger: str, event: Mapping[str, Any]) -> None:
        """Invoke one asynchronously, as a rule does.

        Returns when the event was accepted; Lambda then tries it up to three times.

        Raises:
            Misconfigured, Denied, Transient: as for `call`; it was not accepted, as far as is known.

        """
        name = self.name_of(trigger)
        answer = self._invoke(name, event, InvocationType="Event")
        if answer["StatusCode"] != ACCEPTED:
            raise Transient(f"function {name} answered {answer['StatusCode']} instead of accepting the event")

    def _invoke(self, name: str, event: Mapping[str, Any], **how: str) -> Json:
        """Through the alias, so that taking it back to an older version takes everything back."""
        payload = json.dumps(dict(event)).encode()
        try:
            try:
                return self._send(name, payload, Qualifier=ALIAS, **how)
            except NotFound:
                return self._send(name, payload, **how)
        except NotFound as err:
            raise Misconfigured(self._nothing_here(name)) from err

    def _send(self, name: str, payload: bytes, **given: str) -> Json:
        with mapped(f"lambda:InvokeFunction on {name}"):
            answer: Json = self._client.invoke(FunctionName=name, Payload=payload, **given)
        return answer

    def _nothing_here(self, name: str) -> str:
        return (
            f"no installation of Pointsman in {self._where}: function {name} does not exist. Deploy it there, choose "
            f"another --region, --profile or --installation, or run `pointsman local up` to try one on this machine"
        )


def _json(name: str, payload: bytes) -> Json:
    try:
        told = json.loads(payload)
    except ValueError as err:
        raise Transient(f"function {name} answered what is no JSON: {payload[:80]!r}") from err
    if not isinstance(told, dict):
        raise Transient(f"function {name} answered no JSON object: {payload[:80]!r}")
    return told
