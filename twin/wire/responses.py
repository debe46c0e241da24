"""A moto response class that answers for a twin kernel, in process and behind moto's server alike."""

from collections.abc import Callable, Mapping
from itertools import count
from threading import RLock
from typing import Any, ClassVar, Protocol

from moto.core.responses import BaseResponse
from werkzeug.wrappers import Request

from twin.errors import TwinError
from twin.wire.answers import Response, answered, refused
from twin.wire.models import SERVICES, service_model
from twin.wire.requests import normalised, parsed, protocol_of
from twin.wire.validator import AnswerOutsideModel, check, check_answer


class Twin(Protocol):
    """The part of a kernel that the wire needs."""

    def call(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Answer an AWS call, or raise TwinError."""
        ...


class TwinResponse(BaseResponse):
    """Reads a request, holds it against the model, asks the kernel of its Region, writes the answer.

    moto finds an instance by class only, so each world subclasses it (`response_classes`).
    """

    service: ClassVar[str]
    kernels: ClassVar[Mapping[str, Twin]]
    lock: ClassVar[RLock]
    request_numbers: ClassVar["count[int]"]

    def _dispatch(self, request: Any, full_url: str | None = None, headers: Any = None) -> Response:  # noqa: ARG002 (moto's signature)
        kernel = self._kernel(self.get_region_from_url(request, full_url or request.url))
        status, answer_headers, body = self._response(kernel, request)
        answer_headers["x-amzn-RequestId"] = f"00000000-0000-4000-8000-{next(self.request_numbers):012x}"
        return status, answer_headers, body

    def _kernel(self, region: str) -> Twin:
        if region not in self.kernels:
            raise LookupError(
                f"{self.service} in {region}: this world has kernels for {sorted(self.kernels)} only"
            )
        return self.kernels[region]

    def _response(self, kernel: Twin, raw: Any) -> Response:
        request = normalised(raw)
        try:
            call = parsed(self.service, request)
            check(self.service, call.operation.name, call.params)
            # A kernel is not made for threads, and moto's server answers each request in one.
            with self.lock:
                answer = kernel.call(self.service, call.operation.name, call.params)
                check_answer(self.service, call.operation.name, answer)
        except TwinError as error:
            return self._refused(request, error)
        except AnswerOutsideModel as bug:
            # In the caller's own process it must not look like a passing failure, which callers are built to survive.
            if "SERVER_SOFTWARE" not in request.environ:
                raise
            return self._refused(request, TwinError("InternalFailure", str(bug), 500))
        return answered(call, answer)

    def _refused(self, request: Request, error: TwinError) -> Response:
        return refused(service_model(self.service), protocol_of(self.service, request), error)


def response_classes(kernels: Mapping[str, Twin]) -> dict[str, Callable[..., Response]]:
    """The handlers of one world by service, for moto's tables of URLs. They share a lock and a counter."""
    world = {"kernels": kernels, "lock": RLock(), "request_numbers": count(1)}
    return {name: _handler({"service": name} | world) for name in SERVICES}


def _handler(members: dict[str, Any]) -> Callable[..., Response]:
    handler: Callable[..., Response] = type("TwinResponse", (TwinResponse,), members).dispatch  # type: ignore[attr-defined]
    return handler
