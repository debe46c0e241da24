"""Two servers on the loopback interface: Lambda's Runtime API, which starts a function, and an AWS over TLS that notes what arrives."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import trustme

from benchmarks.cold_start.heard import READY, Heard, Queue, Servers
from benchmarks.cold_start.scene import Answer, Scene

LOOPBACK = "127.0.0.1"
ARN = "arn:aws:lambda:us-east-1:111122223333:function:pointsman-alarm-changed"
TIMEOUT_S = 60


@contextmanager
def serving(scene: Scene, authorities: Path) -> Iterator[Servers]:
    """Serve the scene. `authorities`: a file of certificates, to which the authority of this AWS is added."""
    heard: Queue = SimpleQueue()
    authority = trustme.CA()
    with authorities.open("ab") as file:
        file.write(authority.cert_pem.bytes())
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(LOOPBACK).configure_cert(secure)
    aws = _Server((LOOPBACK, 0), _aws(scene, heard))
    aws.socket = secure.wrap_socket(aws.socket, server_side=True)
    runtime = _Server((LOOPBACK, 0), _runtime_api(scene, heard))
    with _running(aws), _running(runtime):
        yield Servers(f"{LOOPBACK}:{runtime.server_port}", f"https://{LOOPBACK}:{aws.server_port}", heard)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A function that was ended leaves its connections open: nothing to tell."""


@contextmanager
def _running(server: _Server) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(BaseHTTPRequestHandler):
    """Keeps connections, sends an answer at once and in one piece, and prints nothing."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def body(self) -> bytes:
        """The body of the request."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Send an answer; header names are written with underscores."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


def _aws(scene: Scene, heard: Queue) -> type[_Quiet]:
    class Aws(_Quiet):
        def do_POST(self) -> None:
            self.body()
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            arrived = Heard(operation)
            heard.put(arrived)
            arrived.may_go_on.wait()
            answer = scene.answers.get(operation, Answer(400, "application/x-amz-json-1.1", b"{}"))
            self.answer(answer.status, answer.body, Content_Type=answer.content_type)

    return Aws


def _runtime_api(scene: Scene, heard: Queue) -> type[_Quiet]:
    class RuntimeApi(_Quiet):
        def do_GET(self) -> None:
            ready = Heard(READY)
            heard.put(ready)
            ready.may_go_on.wait()
            self.answer(
                200,
                json.dumps(scene.event).encode(),
                Content_Type="application/json",
                Lambda_Runtime_Aws_Request_Id="00000000-0000-0000-0000-000000000000",
                Lambda_Runtime_Deadline_Ms=str(int((time.time() + TIMEOUT_S) * 1000)),
                Lambda_Runtime_Invoked_Function_Arn=ARN,
            )

        def do_POST(self) -> None:
            """An answer, or an error: both come too early, since what is waited for is a call."""
            heard.put(Heard(failure=f"{self.path}: {self.body().decode(errors='replace')}"))
            self.answer(202, b"{}", Content_Type="application/json")

    return RuntimeApi
