"""Serves a local world on a port of this machine, a thread for each connection. What is answered is `front.py`'s business."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Event, Thread
from typing import IO, Any, Protocol
from wsgiref.types import WSGIApplication

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from local.front import Front
from local.running import Running

HOST = "127.0.0.1"
LAST_ANSWERS_S = 5.0
POLL_S = 0.1
"""So long it takes until the server notices that it shall end."""


class PortTaken(Exception):
    """Somebody else listens on the port."""


class UnderWay:
    """Counts requests that came and are not answered yet."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._count = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """One more, until it is left."""
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def wait_for_none(self, timeout_s: float) -> bool:
        """Wait until all are answered; say whether that was within the time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, timeout_s)


class _Handler(MotoRequestHandler):
    """Says nothing of requests that are answered; the rest goes to the log."""

    log_file: IO[str]
    under_way: UnderWay

    def run_wsgi(self) -> None:
        """Not the application counts them: a client that goes away keeps it from hearing of the end."""
        with self.under_way.one_more():
            super().run_wsgi()

    def send_response(self, code: int, message: str | None = None) -> None:
        """The status alone: the headers are the front's, which knows what time it is in the world."""
        self.send_response_only(code, message)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ANN401, ARG002 - werkzeug's signature
        """One line."""
        self.log_file.write(f"{message % args}\n")


@contextmanager
def bound(port: int) -> Iterator[socket.socket]:
    """A socket of this machine's own address, not listening yet; port 0 takes a free one. Raises PortTaken."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            # At once: two sockets that do not listen yet may have the same port.
            listener.listen()
        except OSError as err:
            if err.errno == errno.EADDRINUSE:
                raise PortTaken(f"port {port} of {HOST} is taken") from err
            raise
        yield listener


def address_of(listener: socket.socket) -> str:
    """The URL under which clients reach it."""
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


class Ending(Protocol):
    """A world that can be told that it ends."""

    @property
    def stopping(self) -> Event:
        """Set as soon as nothing new shall begin."""
        ...

    def close(self) -> None:
        """Let whoever has the world finish, and nobody in after that."""
        ...


@contextmanager
def served(world: Running, listener: socket.socket, log: IO[str]) -> Iterator[None]:
    """Answer clients of a local world; leaving lets the last answers out and then closes it."""
    with answered_by(Front(world, log), world, listener, log):
        yield


@contextmanager
def answered_by(
    application: WSGIApplication, world: Ending, listener: socket.socket, log: IO[str]
) -> Iterator[None]:
    """Let an application answer for a world; leaving lets the last answers out and then closes the world."""
    under_way = UnderWay()
    handler = type("Handler", (_Handler,), {"log_file": log, "under_way": under_way})
    server = make_server(HOST, 0, application, threaded=True, request_handler=handler, fd=listener.fileno())
    thread = Thread(target=server.serve_forever, args=(POLL_S,), name="server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        world.stopping.set()
        server.shutdown()
        under_way.wait_for_none(LAST_ANSWERS_S)
        world.close()
        server.server_close()
        thread.join()
