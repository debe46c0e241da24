"""Calls of the survey: each asked once, paged to the end, with the name of its permission. What the answers mean is `survey_shapes.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum, auto
from threading import Lock
from typing import Any, TypeVar

from pointsman.adapters.aws.faults import mapped
from pointsman.errors import Denied, NotFound, Refused, Transient

Json = dict[str, Any]
Client = Callable[[str], Any]

SAGEMAKER, CLOUDWATCH = "sagemaker", "cloudwatch"
SCALING, CLOUDFORMATION = "application-autoscaling", "cloudformation"
PER_PAGE = 100
AT_ONCE = 8
"""So many questions wait for an answer at once; the clients slow down by themselves when AWS throttles."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Found(Enum):
    """How a question was answered."""

    THERE = auto()
    MISSING = auto()
    DENIED = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `body` is empty unless it is there."""

    permission: str
    found: Found
    body: Json = field(default_factory=dict)

    @property
    def is_there(self) -> bool:
        """Whether there is something to read."""
        return self.found is Found.THERE

    @property
    def is_missing(self) -> bool:
        """Whether AWS does not know it."""
        return self.found is Found.MISSING

    @property
    def is_denied(self) -> bool:
        """Whether the permission was missing."""
        return self.found is Found.DENIED


class Calls:
    """One run's questions. What was asked once is not asked again, so a config that ten endpoints share costs one call."""

    def __init__(self, client: Client) -> None:
        """Take a factory of boto3 clients, by service. Clients are made here, as making them is not for threads."""
        self._client = client
        self._sagemaker = client(SAGEMAKER)
        self._known: dict[tuple[str, ...], Future[Answer]] = {}
        self._lock = Lock()

    def ask(self, service: str, method: str, **params: str) -> Answer:
        """One Describe call about one resource. Raises Transient."""
        key = (service, method, *(f"{name}={value}" for name, value in params.items()))
        mine: Future[Answer] = Future()
        with self._lock:
            known = self._known.setdefault(key, mine)
        if known is mine:
            try:
                mine.set_result(self._asked(service, method, params))
            except BaseException as err:
                mine.set_exception(err)
                raise
        return known.result()

    def listed(
        self, service: str, method: str, *members: str, **params: object
    ) -> tuple[Answer, list[list[Json]]]:
        """Every page of a List call: one list for each member of the answer. Raises Transient."""
        permission, found = permission_of(service, method), [list[Json]() for _ in members]
        token: Json = {}
        try:
            while True:
                with mapped(operation_of(method)):
                    body = getattr(self._client(service), method)(**params, **token)
                for into, member in zip(found, members, strict=True):
                    into.extend(body.get(member, []))
                if not body.get("NextToken"):
                    return Answer(permission, Found.THERE), found
                token = {"NextToken": body["NextToken"]}
        except Denied:
            return Answer(permission, Found.DENIED), [[] for _ in members]

    def _asked(self, service: str, method: str, params: dict[str, str]) -> Answer:
        permission = permission_of(service, method)
        try:
            with mapped(f"{operation_of(method)} {' '.join(params.values())}"):
                client = self._sagemaker if service == SAGEMAKER else self._client(service)
                return Answer(permission, Found.THERE, getattr(client, method)(**params))
        except NotFound:
            return Answer(permission, Found.MISSING)
        except Denied:
            return Answer(permission, Found.DENIED)
        except (Refused, Transient):
            # It refuses to speak of a stack that is gone; and what it tells is worth no failure of the whole.
            if service == CLOUDFORMATION:
                return Answer(permission, Found.MISSING)
            raise


def side_by_side(
    work: Callable[[Item], Result], items: Sequence[Item], done: Callable[[int], None]
) -> list[Result]:
    """The results in the order of the items; `done` hears how many there are. After an error or Ctrl-C nothing more begins."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        waiting = [pool.submit(work, item) for item in items]
        results = []
        for number, future in enumerate(waiting, start=1):
            results.append(future.result())
            done(number)
        return results
    finally:
        pool.shutdown(cancel_futures=True)


def operation_of(method: str) -> str:
    """`describe_endpoint` to `DescribeEndpoint`."""
    return "".join(word.capitalize() for word in method.split("_"))


def permission_of(service: str, method: str) -> str:
    """The IAM action of a boto3 method."""
    return f"{service}:{operation_of(method)}"
