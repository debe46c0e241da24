"""boto3's clients without boto3: methods in snake case that a kernel answers, with botocore's exceptions. No wire in between."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from tests.permissions.recorder import note
from twin.errors import TwinError
from twin.kernel import Kernel


class KernelClient:
    """A client for one service. Parameters are not validated; the tests over the wire do that."""

    def __init__(self, kernel: Kernel, service: str) -> None:
        self._kernel = kernel
        self._service = service

    def __getattr__(self, method: str) -> Callable[..., Any]:
        operation = operation_of(method)

        def call(**params: Any) -> Any:
            note(self._service, operation, params)
            try:
                return self._kernel.call(self._service, operation, params)
            except TwinError as err:
                raise client_error(err.code, err.message, operation) from err

        return call


@cache
def operation_of(method: str) -> str:
    """`describe_endpoint` to `DescribeEndpoint`."""
    return "".join(word.capitalize() for word in method.split("_"))


def client_error(code: str, message: str, operation: str) -> ClientError:
    """What botocore raises for an error answer."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)
