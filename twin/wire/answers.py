"""Writes a kernel's answer or refusal as the HTTP response an AWS client expects; decides nothing."""

import json
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape

from moto.core.errors import ErrorLookupFactory, ErrorShape
from moto.core.model import ServiceModel
from moto.core.serialize import get_serializer_class

from twin.errors import TwinError
from twin.wire.requests import Call

Response = tuple[int, dict[str, str], str | bytes]
_ERRORS = ErrorLookupFactory()


def answered(call: Call, answer: dict[str, Any]) -> Response:
    """The answer in the call's protocol: datetimes, blobs, headers and streamed bodies as the model says."""
    serializer_class = get_serializer_class(call.operation.service_model.service_name, call.protocol)
    response = serializer_class(call.operation).serialize(answer)
    headers = dict(response["headers"])
    if call.protocol == "rest-json" and "ContentType" in answer:
        headers["Content-Type"] = answer["ContentType"]
    return _status(call, answer, response["status_code"]), headers, response["body"] or ""


def _status(call: Call, answer: dict[str, Any], usual: int) -> int:
    """The status that the answer itself names, as Lambda's Invoke does; moto's serializers know the model's only."""
    output = call.operation.output_shape
    members = output.members if output is not None else {}
    named = [name for name, shape in members.items() if shape.serialization.get("location") == "statusCode"]
    return next((int(answer[name]) for name in named if name in answer), usual)


def refused(model: ServiceModel, protocol: str, error: TwinError) -> Response:
    """The error in the given protocol, under its code, message and status.

    Written here because moto's serializers take the status from the model alone and warn of codes that are
    not in it, as ValidationException and ThrottlingException of SageMaker are not.
    """
    shape = _ERRORS.for_service(model).from_code(error.code)
    if protocol == "query":
        return _refused_in_xml(error, shape)
    name = shape.name if shape is not None else error.code
    headers = {"x-amzn-ErrorType": name, "Content-Type": "application/json"}
    if "awsQueryCompatible" in model.metadata:
        headers["x-amzn-query-error"] = f"{_query_code(error, shape)};{_fault(error)}"
    body = {"__type": name, "message": error.message} | _details(error)
    return error.status, headers, json.dumps(body)


def _refused_in_xml(error: TwinError, shape: ErrorShape | None) -> Response:
    body = (
        f"<ErrorResponse><Error><Type>{_fault(error)}</Type><Code>{escape(_query_code(error, shape))}</Code>"
        f"<Message>{escape(error.message)}</Message></Error></ErrorResponse>"
    )
    return error.status, {"Content-Type": "text/xml"}, body


def _query_code(error: TwinError, shape: ErrorShape | None) -> str:
    return shape.error_code if shape is not None else error.code


def _fault(error: TwinError) -> str:
    return "Sender" if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else "Receiver"


def _details(error: TwinError) -> dict[str, Any]:
    """What a ModelError tells beside its message (facts/aws.md 2.3): that the container answered 500."""
    if error.code != "ModelError":
        return {}
    return {"OriginalStatusCode": 500, "OriginalMessage": error.message}
