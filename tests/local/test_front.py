"""What clients reach: AWS's services with the world's own time, and commands for programs of this machine alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest
from werkzeug.test import Client, TestResponse

from local.front import Front
from local.running import Running
from tests.local.worlds import small_world

SIGNED = "AWS4-HMAC-SHA256 Credential=local/20261117/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"


@pytest.fixture(scope="module")
def up() -> Iterator[Running]:
    """One world for what changes nothing in it."""
    with small_world() as world:
        yield world


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def client(up: Running, log: io.StringIO) -> Client:
    return Client(Front(up, log))


def call(client: Client, service: str, target: str, region: str = "us-east-1") -> TestResponse:
    headers = {
        "Authorization": SIGNED.format(region=region, service=service),
        "X-Amz-Target": target,
        "Content-Type": "application/x-amz-json-1.1",
    }
    return client.post("/", base_url="http://127.0.0.1", headers=headers, data="{}")


def command(client: Client, name: str, **params: object) -> TestResponse:
    return client.post(f"/_pointsman/{name}", base_url="http://127.0.0.1:4810", json=params)


def test_a_call_of_aws_is_answered_with_the_time_of_the_world(client: Client, up: Running) -> None:
    answer = call(client, "sagemaker", "SageMaker.ListEndpoints")

    names = [each["EndpointName"] for each in json.loads(answer.data)["Endpoints"]]
    assert sorted(names) == ["chat-llm", "fraud-prod"]
    assert parsedate_to_datetime(answer.headers["Date"]) == up.here.kernel.now.replace(microsecond=0)
    assert len(answer.headers.getlist("Date")) == 1


def test_moto_plays_the_other_services(client: Client) -> None:
    answer = call(client, "dynamodb", "DynamoDB_20120810.ListTables")

    assert sorted(json.loads(answer.data)["TableNames"]) == ["pointsman-audit", "pointsman-state"]


@pytest.mark.parametrize(
    ("service", "target", "region", "says"),
    [
        ("sagemaker", "SageMaker.ListEndpoints", "eu-west-1", "us-east-1"),
        ("logs", "Logs_20140328.GetLogRecord", "us-east-1", "get_log_record"),
    ],
)
def test_what_the_world_does_not_have_is_refused_in_words_and_not_to_be_tried_again(  # noqa: PLR0917
    client: Client, log: io.StringIO, service: str, target: str, region: str, says: str
) -> None:
    answer = call(client, service, target, region)

    assert answer.status_code == 501
    assert says in json.loads(answer.data)["message"]
    assert "Traceback" in log.getvalue()


def test_a_command_is_answered_in_json_lines(client: Client, up: Running) -> None:
    answer = command(client, "ping")

    assert answer.mimetype == "application/x-ndjson"
    assert json.loads(answer.data) == {"now": up.here.kernel.now.isoformat()}


def test_a_command_that_makes_no_sense_is_refused(client: Client) -> None:
    answer = command(client, "dance")

    assert answer.status_code == 400
    assert answer.get_json() == {"error": "there is no command 'dance'"}


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_what_is_no_json_object_is_refused(client: Client, body: bytes) -> None:
    answer = client.post(
        "/_pointsman/ping", base_url="http://localhost", data=body, content_type="application/json"
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["pointsman.example", "127.0.0.1.example", "10.0.0.1:4810"])
def test_a_page_whose_name_was_made_to_point_here_is_not_answered(client: Client, host: str) -> None:
    for path in ("/", "/_pointsman/ping"):
        assert client.post(path, base_url=f"http://{host}", json={}).status_code == 403


def test_a_web_page_gives_no_commands(client: Client, up: Running) -> None:
    down, local = "/_pointsman/down", "http://127.0.0.1"

    answers = [
        client.post(down, base_url=local, json={}, headers={"Origin": "https://pointsman.example"}),
        client.post(down, base_url=local, data="{}", content_type="text/plain"),
        client.get(down, base_url=local),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not up.stopping.is_set()
