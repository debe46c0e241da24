"""Reads one HTTP request of an AWS client into an operation and PascalCase parameters; calls nothing."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.utils
from botocore.model import OperationNotFoundError
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol, normalize_request
from werkzeug.wrappers import Request

from twin.errors import TwinError
from twin.wire.models import service_model


@dataclass(frozen=True, slots=True)
class Call:
    """What a client asked for, and the protocol (json, query, rest-json) in which it wants the answer."""

    operation: OperationModel
    protocol: str
    params: dict[str, Any]


def protocol_of(service: str, request: Request) -> str:
    """The protocol of the request. CloudWatch speaks json (boto3) and query (older clients), not CBOR."""
    model = service_model(service)
    if model.protocol == "rest-json":
        return "rest-json"
    return str(determine_request_protocol(model, request.content_type))


def normalised(raw: object) -> Request:
    """The request as werkzeug's, whether botocore or moto's server brought it."""
    return normalize_request(raw)  # type: ignore[arg-type]


def parsed(service: str, request: Request) -> Call:
    """The call that the request stands for. Raises TwinError UnknownOperationException."""
    protocol = protocol_of(service, request)
    name, path_params = _operation_name(service, protocol, request)
    try:
        operation = service_model(service).operation_model(name)
    except OperationNotFoundError as err:
        raise TwinError("UnknownOperationException", f"{service} has no operation {name!r}", 404) from err
    parser = PROTOCOL_PARSERS[protocol](operation, timestamp_parser=_aware)
    params = parser.parse(
        {
            "method": request.method,
            "values": request.values if protocol == "query" else request.args,
            "headers": request.headers,
            "body": request.get_data(),
            "url_path": request.path,
            "url_params": path_params,
        }
    )
    return Call(operation, protocol, params)


def _operation_name(service: str, protocol: str, request: Request) -> tuple[str, dict[str, str]]:
    if protocol == "query":
        return str(request.values.get("Action")), {}
    if protocol == "json":
        return request.headers.get("X-Amz-Target", "").rpartition(".")[2], {}
    for method, path, name in _paths(service_model(service)):
        if method == request.method and (match := path.match(request.path)):
            return name, match.groupdict()
    return f"{request.method} {request.path}", {}


@cache
def _paths(model: ServiceModel) -> list[tuple[str, re.Pattern[str], str]]:
    """HTTP method, path with its members as named groups, and operation."""
    operations = [model.operation_model(name) for name in model.operation_names]
    return [(it.http["method"], _path_pattern(it.http["requestUri"]), it.name) for it in operations]


def _path_pattern(uri: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", uri) + r"\Z")


def _aware(value: Any) -> datetime:
    """Epoch seconds (json) or ISO 8601 (query)."""
    return botocore.utils.parse_timestamp(value).astimezone(UTC)
