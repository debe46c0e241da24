"""A world in one process: kernels answer for SageMaker and its neighbours, moto for the other services."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Lock
from types import TracebackType
from typing import Any, Self

import boto3
import botocore.session
import moto.applicationautoscaling.urls
import moto.cloudwatch.urls
import moto.sagemaker.urls
import moto.sagemakerruntime.urls
import moto.servicequotas.urls
from botocore.config import Config
from moto import mock_aws

from twin.wire.models import LOADER
from twin.wire.responses import Twin, response_classes

_URL_TABLES: dict[str, dict[str, Any]] = {
    "sagemaker": moto.sagemaker.urls.url_paths,
    "sagemaker-runtime": moto.sagemakerruntime.urls.url_paths,
    "cloudwatch": moto.cloudwatch.urls.url_paths,
    "application-autoscaling": moto.applicationautoscaling.urls.url_paths,
    "service-quotas": moto.servicequotas.urls.url_paths,
}
_TABLES_TAKEN = Lock()


class Wire:
    """Within `with Wire(kernel):`, boto3 clients of this process talk to the kernel and to a fresh moto.

    One at a time, since moto is one per process. Leaving restores moto's tables, the environment and boto3's
    default session, and drops what moto stored. `account` and `region` are those the kernel was made with, here
    with the kernel's own defaults; `elsewhere` holds further kernels by Region.
    """

    def __init__(
        self,
        kernel: Twin,
        *,
        account: str = "111122223333",
        region: str = "us-east-1",
        elsewhere: Mapping[str, Twin] | None = None,
    ) -> None:
        self._kernels = {region: kernel, **(elsewhere or {})}
        self._account = account
        self._region = region
        self._stack = ExitStack()
        self._session: boto3.Session | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(answering(self._kernels))
            # Whoever uses a local world over HTTP has AWS_ENDPOINT_URL set; clients of this one must not go there.
            settings = {"MOTO_ACCOUNT_ID": self._account, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
            stack.enter_context(_environment(settings))
            stack.enter_context(mock_aws())
            # What boto3.client uses; mock_aws puts the former one back.
            self._session = boto3.DEFAULT_SESSION = _session(self._region)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session = None
        self._stack.close()

    def client(self, service: str, region_name: str | None = None) -> Any:
        """A boto3 client in the world's Region unless told otherwise.

        It sends each call once, since botocore waits in real time between retries. Otherwise: boto3.client.
        """
        if self._session is None:
            raise RuntimeError("a world's clients exist only within its with-statement")
        return self._session.client(  # type: ignore[call-overload]
            service, region_name=region_name, config=Config(retries={"total_max_attempts": 1})
        )


@contextmanager
def answering(kernels: Mapping[str, Twin]) -> Iterator[None]:
    """Let kernels, by Region, answer where moto reads its URL tables: in process or in a ThreadedMotoServer.

    A server must be started within. Raises RuntimeError if another world holds the tables.
    """
    if not _TABLES_TAKEN.acquire(blocking=False):
        raise RuntimeError("another world is open in this process")
    originals = {service: dict(table) for service, table in _URL_TABLES.items()}
    handlers = response_classes(kernels)
    for service, table in _URL_TABLES.items():
        table.update(dict.fromkeys(table, handlers[service]))
    try:
        yield
    finally:
        for service, table in _URL_TABLES.items():
            table.update(originals[service])
        _TABLES_TAKEN.release()


def _session(region: str) -> boto3.Session:
    """A session whose clients share the parsed models with other worlds and nothing else, hooks included."""
    core = botocore.session.get_session()
    core.register_component("data_loader", LOADER)
    return boto3.Session(
        botocore_session=core, region_name=region, aws_access_key_id="twin", aws_secret_access_key="twin"
    )


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
