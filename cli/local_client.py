"""Asks the local world that runs: finds its address, sends a command, reads JSON lines. What a command means is the world's business."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import urllib3

from cli.local_env import ENV_FILE, VARIABLE, find_addresses, find_written
from pointsman.errors import Misconfigured, PointsmanError

Json = dict[str, Any]
OWN = ("http://127.0.0.1:", "http://localhost:")
CONNECT_S = 2.0


class NoAnswer(Misconfigured):
    """No local world answers; the message says what to do."""


class Refused(PointsmanError):
    """The world refused; the message is the world's."""


@dataclass(frozen=True, slots=True)
class LocalWorld:
    """A world at an address of this machine."""

    address: str

    def ask(self, command: str, **params: Any) -> Json:  # noqa: ANN401 - any JSON
        """Send a command and give back its answer. Raises NoAnswer, Refused."""
        answer: Json = {}
        for answer in self.follow(command, **params):  # noqa: B007 - the last line is the answer
            pass
        return answer

    def follow(self, command: str, **params: Any) -> Iterator[Json]:  # noqa: ANN401 - any JSON
        """The same, line by line as it comes. Raises NoAnswer, Refused."""
        url = f"{self.address}/_pointsman/{command}"
        timeout = urllib3.Timeout(connect=CONNECT_S, read=None)
        try:
            answer = urllib3.request(
                "POST", url, json=params, timeout=timeout, retries=False, preload_content=False
            )
            yield from _lines(answer)
        except urllib3.exceptions.HTTPError as err:
            raise NoAnswer(f"the local world at {self.address} does not answer: {err}") from err
        except (ValueError, TypeError) as err:
            raise NoAnswer(f"what answers at {self.address} is no local world") from err


def _lines(answer: urllib3.BaseHTTPResponse) -> Iterator[Json]:
    rest = b""
    for piece in answer.stream():
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            parsed: Json = dict(json.loads(line))
            if answer.status != HTTPStatus.OK or "error" in parsed:
                raise Refused(str(parsed.get("error")))
            yield parsed
    if rest:
        raise ValueError("half a line")


def answers(address: str) -> bool:
    """Whether a local world answers there."""
    try:
        LocalWorld(address).ask("ping")
    except (NoAnswer, Refused):
        return False
    return True


def find_world() -> LocalWorld:
    """The world that runs. Raises NoAnswer."""
    addresses = find_addresses(os.environ)
    for address in addresses:
        if not address.startswith(OWN):
            raise NoAnswer(f"{VARIABLE} is {address}: a local world has an address such as {OWN[0]}4810")
    if not addresses:
        raise NoAnswer("no local world is running: start one with: pointsman local up")
    if answers(addresses[0]):
        return LocalWorld(addresses[0])
    newer = find_written()
    if newer is not None and newer != addresses[0] and answers(newer):
        raise NoAnswer(
            f"{VARIABLE} names {addresses[0]}, which is gone; another world runs: source {ENV_FILE}"
        )
    raise NoAnswer(
        f"no local world is running: {addresses[0]} does not answer; start one with: pointsman local up"
    )
