"""What a client reaches over HTTP: AWS's services, one request at a time and with the virtual time, and the world's own commands. It decides nothing."""

from __future__ import annotations

import io
import json
import traceback
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from itertools import chain
from typing import IO, Any
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.http import http_date
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import get_input_stream

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
        self._log = log
        self._aws = DomainDispatcherApplication(create_backend_app)

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
            return self._called(environ)
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

    def _called(self, environ: WSGIEnvironment) -> Response:
        """Answer an AWS call. Its body is read before it gets its turn, so that a slow client holds up nobody."""
        environ["wsgi.input"] = io.BytesIO(get_input_stream(environ).read())
        with self._world.turn() as here:
            try:
                body, status, headers = run_wsgi_app(self._aws, environ, buffered=True)
                response = Response(b"".join(body), status, headers)
            except (Exception, SystemExit) as err:  # noqa: BLE001 - a client gets an answer, whatever moto makes of its call
                response = self._unanswerable(err)
            response.headers["Date"] = http_date(here.kernel.now)
        return response

    def _unanswerable(self, err: BaseException) -> Response:
        """A status that clients do not try again for nothing."""
        traceback.print_exception(err, file=self._log)
        unknown = isinstance(err, NotImplementedError | LookupError)
        status = HTTPStatus.NOT_IMPLEMENTED if unknown else HTTPStatus.INTERNAL_SERVER_ERROR
        what = "this local world cannot do that" if unknown else "this local world failed"
        body = {"__type": "InternalFailure", "message": f"{what}: {str(err) or type(err).__name__}"}
        return Response(json.dumps(body), status, {"x-amzn-ErrorType": "InternalFailure"}, "application/json")


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
