"""The Lambda API of the product's functions: an invocation runs the deployed handler. It deploys nothing and keeps no code."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import RLock
from typing import Any

import moto.awslambda.urls

from local.dispatch import Dispatcher
from local.installation import Installation
from pointsman.settings import Settings
from pointsman.triggers import TRIGGERS, Trigger
from twin.errors import TwinError
from twin.wire.responses import TwinResponse

ACCOUNT, REGION = "111122223333", "us-east-1"
_NAME = re.compile(r"(?:arn:aws:lambda:[\w-]+:\d{12}:function:|\d{12}:function:)?([\w-]+)(?::([$\w-]+))?")
Json = dict[str, Any]


def function_name(trigger: Trigger) -> str:
    """Name of the deployed function of a trigger."""
    return f"pointsman-{trigger.name.replace('_', '-')}"


def arn_of(name: str) -> str:
    """ARN of a function."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


class Functions:
    """Answers Lambda calls for the functions of the table of triggers, as a kernel answers for its services."""

    def __init__(self, dispatcher: Dispatcher, settings: Settings, deployed_at: str) -> None:
        """Invocations go through `dispatcher`; `deployed_at` (ISO 8601) is when the functions were deployed."""
        self._dispatcher = dispatcher
        self._variables = {
            f"POINTSMAN_{name.upper()}": str(getattr(settings, name)) for name in type(settings).__slots__
        }
        self._deployed_at = deployed_at
        self._triggers = {function_name(trigger): trigger for trigger in TRIGGERS}
        self._operations: dict[str, Callable[[Json], Json]] = {
            "Invoke": self._invoke,
            "GetFunction": lambda params: {"Configuration": self._configuration(params["FunctionName"])},
            "GetFunctionConfiguration": lambda params: self._configuration(params["FunctionName"]),
            "ListFunctions": lambda _params: {
                "Functions": [self._configuration(name) for name in self._triggers]
            },
        }

    def call(self, service: str, operation: str, params: Json) -> Json:
        """Answer a call. Raises TwinError as Lambda refuses."""
        run = self._operations.get(operation)
        if run is None:
            raise TwinError(
                "UnknownOperationException", f"The local run does not know {service} {operation}.", 404
            )
        return run(params)

    def _invoke(self, params: Json) -> Json:
        trigger = self._find(params["FunctionName"])
        event = _parsed(params.get("Payload"))
        match params.get("InvocationType", "RequestResponse"):
            case "DryRun":
                return {"StatusCode": 204}
            case "Event":
                self._dispatcher.send(trigger, event)
                return {"StatusCode": 202}
            case _:
                return {"StatusCode": 200, "ExecutedVersion": "$LATEST"} | self._answered(trigger, event)

    def _answered(self, trigger: Trigger, event: Any) -> Json:  # noqa: ANN401 - an event is untyped until it is parsed
        try:
            answer = json.dumps(self._dispatcher.invoke(trigger.name, event))
        except Exception as error:  # noqa: BLE001 - Lambda's boundary: whoever invoked it is told of any failure
            told = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
                "stackTrace": traceback.format_tb(error.__traceback__),
            }
            return {"FunctionError": "Unhandled", "Payload": json.dumps(told).encode()}
        return {"Payload": answer.encode()}

    def _find(self, name: str) -> Trigger:
        """The trigger behind a name, a partial or a whole ARN, with any qualifier."""
        match = _NAME.fullmatch(name)
        trigger = self._triggers.get(match[1]) if match else None
        if trigger is None:
            arn = name if name.startswith("arn:") else arn_of(name)
            raise TwinError("ResourceNotFoundException", f"Function not found: {arn}", 404)
        return trigger

    def _configuration(self, name: str) -> Json:
        trigger = self._find(name)
        return {
            "FunctionName": function_name(trigger),
            "FunctionArn": arn_of(function_name(trigger)),
            "Runtime": "python3.13",
            "Handler": trigger.handler,
            "Role": f"arn:aws:iam::{ACCOUNT}:role/{function_name(trigger)}",
            "Timeout": round(trigger.timeout.total_seconds()),
            "MemorySize": 256,
            "Environment": {"Variables": dict(self._variables)},
            "LastModified": self._deployed_at,
            "Version": "$LATEST",
            "PackageType": "Zip",
            "State": "Active",
            "LastUpdateStatus": "Successful",
        }


def _parsed(payload: Any) -> Any:  # noqa: ANN401 - bytes as the wire brings them, any JSON back
    if not payload:
        return {}
    try:
        return json.loads(payload)
    except ValueError as err:
        raise TwinError(
            "InvalidRequestContentException", f"Could not parse request body into json: {err}"
        ) from err


@contextmanager
def functions_answering(here: Installation) -> Iterator[None]:
    """Let the installation's functions answer where moto reads its table of Lambda's URLs, in process and over HTTP.

    A server must be started within.
    """
    functions = Functions(here.dispatcher, here.settings, f"{here.kernel.now:%Y-%m-%dT%H:%M:%S.000+0000}")
    members = {
        "service": "lambda",
        "kernels": {REGION: functions},
        "lock": RLock(),
        "request_numbers": count(1),
    }
    answer = type("FunctionsResponse", (TwinResponse,), members).dispatch  # type: ignore[attr-defined]
    table: dict[str, Any] = moto.awslambda.urls.url_paths
    before = dict(table)
    table.update(dict.fromkeys(table, answer))
    try:
        yield
    finally:
        table.update(before)
