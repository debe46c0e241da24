"""What a client reaches over HTTP: AWS's services, and the world's own commands. It decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from itertools import chain
from typing import IO, Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from local.answering import Answering
from local.asked import Refused
from local.control import carried_out
from local.running import Closed, Running

CONTROL = "/_pointsman/"
OWN_HOSTS = ("127.0.0.1", "localhost")
Json = dict[str, Any]


class Front:
    """The WSGI application of one world. What it could not answer is written to `log`."""

    def __init__(self, world: Running, log: IO[str]) -> None:
        self._world = world
        self._aws = Answering(world, log)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        return self._answer(environ)(environ, start_response)

    def _answer(self, environ: WSGIEnvironment) -> Response:
        request = Request(environ)
        if not _is_own(request):
            return _refusal("only clients of this machine are answered", HTTPStatus.FORBIDDEN)
        try:
            if request.path.startswith(CONTROL):
                return self._commanded(request)
            return self._aws.answer(environ)
        except Closed:
            return _refusal("this local world has ended", HTTPStatus.SERVICE_UNAVAILABLE)

    def _commanded(self, request: Request) -> Response:
        """Carry a command out: JSON lines, the last of which is its answer."""
        if request.method != "POST" or request.mimetype != "application/json" or "Origin" in request.headers:
            return _refusal("commands are POSTs of JSON, from no web page", HTTPStatus.FORBIDDEN)
        try:
            params = json.loads(request.get_data() or b"{}")
            if not isinstance(params, dict):
                raise Refused("parameters are a JSON object")
            lines = carried_out(self._world, request.path.removeprefix(CONTROL), params)
            first = next(lines)
        except ValueError as err:
            return _refusal(f"parameters are no JSON: {err}", HTTPStatus.BAD_REQUEST)
        except Refused as err:
            return _refusal(str(err), HTTPStatus.BAD_REQUEST)
        return Response(_written(chain([first], lines)), mimetype="application/x-ndjson")


def _is_own(request: Request) -> bool:
    """A page of some other site, whose name was made to point here, sends its own name as host."""
    host = request.host.rpartition(":")[0] if ":" in request.host else request.host
    return host in OWN_HOSTS or host.endswith(".localhost")


def _written(lines: Iterator[Json]) -> Iterator[bytes]:
    try:
        for line in lines:
            yield json.dumps(line).encode() + b"\n"
    except Closed:
        yield json.dumps({"error": "this local world has ended"}).encode() + b"\n"


def _refusal(why: str, status: HTTPStatus) -> Response:
    return Response(json.dumps({"error": why}) + "\n", status, mimetype="application/json")
