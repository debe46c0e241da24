"""Answers AWS calls that came over HTTP, one at a time and with the world's own time. Which world it is, it does not know."""

from __future__ import annotations

import io
import json
import traceback
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import IO, Protocol
from wsgiref.types import WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.http import http_date
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_input_stream

from twin.kernel import Kernel


class Timed(Protocol):
    """Something with the time of a kernel."""

    @property
    def kernel(self) -> Kernel:
        """The kernel."""
        ...


class Turning(Protocol):
    """A world for which clients take turns."""

    def turn(self) -> AbstractContextManager[Timed]:
        """The world for oneself, while it lasts."""
        ...


class Answering:
    """AWS's services in one world. What it could not answer is written to `log`."""

    def __init__(self, world: Turning, log: IO[str]) -> None:
        self._world = world
        self._log = log
        self._aws = DomainDispatcherApplication(create_backend_app)

    def answer(self, environ: WSGIEnvironment) -> Response:
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
