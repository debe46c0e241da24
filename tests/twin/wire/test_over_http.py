"""The same response classes behind moto's own server, for clients in other processes."""

from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from tests.twin.wire.stand_in import StandIn
from twin.errors import TwinError
from twin.wire.world import answering


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[StandIn, str]]:
    """A kernel behind moto's server, and the address of that server."""
    kernel = StandIn(
        {
            "InvokeEndpoint": {"Body": b"\xff", "InvokedProductionVariant": "live"},
            "DescribeAlarms": {"MetricAlarms": [{"AlarmName": "high", "StateValue": "OK"}]},
            "DeleteAlarms": TwinError("ResourceNotFound", "no <such> alarm", 404),
        }
    )
    with answering({"us-east-1": kernel}):
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        try:
            yield kernel, f"http://{host}:{port}"
        finally:
            server.stop()


@pytest.mark.parametrize(
    ("service", "method", "params", "member"),
    [
        ("sagemaker", "delete_endpoint", {"EndpointName": "e"}, None),
        (
            "sagemaker-runtime",
            "invoke_endpoint",
            {"EndpointName": "e", "Body": b"\x80"},
            "InvokedProductionVariant",
        ),
        ("cloudwatch", "describe_alarms", {"AlarmNames": ["high"]}, "MetricAlarms"),
        ("application-autoscaling", "describe_scalable_targets", {"ServiceNamespace": "sagemaker"}, None),
        ("service-quotas", "list_service_quotas", {"ServiceCode": "sagemaker"}, None),
    ],
)
def test_the_same_kernel_answers_over_http(
    served: tuple[StandIn, str], service: str, method: str, params: dict[str, object], member: str | None
) -> None:
    kernel, address = served
    client = boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="twin",
        aws_secret_access_key="twin",  # noqa: S106 (nobody checks it)
        config=Config(retries={"total_max_attempts": 1}),
    )

    answer = getattr(client, method)(**params)

    assert kernel.asked[-1][::2] == (service, params)
    assert member is None or answer[member]


def _in_the_query_protocol(address: str, form: str) -> tuple[int, str]:
    credential = "Credential=twin/20261120/us-east-1/monitoring/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = HTTPConnection(address.removeprefix("http://"))
    connection.request("POST", "/", form, headers)
    with closing(connection), connection.getresponse() as response:
        return response.status, response.read().decode()


def test_an_old_client_may_ask_cloudwatch_in_the_query_protocol(served: tuple[StandIn, str]) -> None:
    kernel, address = served

    _, answer = _in_the_query_protocol(address, "Action=DescribeAlarms&AlarmNames.member.1=high")

    assert "<AlarmName>high</AlarmName>" in answer
    assert kernel.asked[-1] == ("cloudwatch", "DescribeAlarms", {"AlarmNames": ["high"]})


def test_an_old_client_is_refused_in_the_query_protocol(served: tuple[StandIn, str]) -> None:
    status, answer = _in_the_query_protocol(served[1], "Action=DeleteAlarms&AlarmNames.member.1=high")

    assert status == HTTPStatus.NOT_FOUND
    assert "<Code>ResourceNotFound</Code><Message>no &lt;such&gt; alarm</Message>" in answer


def test_an_operation_that_aws_does_not_have_is_unknown(served: tuple[StandIn, str]) -> None:
    status, answer = _in_the_query_protocol(served[1], "Action=DropAlarms")

    assert status == HTTPStatus.NOT_FOUND
    assert "UnknownOperationException" in answer


def test_an_answer_outside_the_model_is_an_internal_failure_that_says_what_is_wrong(
    served: tuple[StandIn, str],
) -> None:
    kernel, address = served
    kernel.answers["DescribeAlarmsForMetric"] = {"MetricAlarms": [{"StateValue": "FINE"}]}

    form = "Action=DescribeAlarmsForMetric&Namespace=AWS/SageMaker&MetricName=Invocations"
    status, answer = _in_the_query_protocol(address, form)

    assert status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "<Code>InternalFailure</Code>" in answer
    assert "Value 'FINE' at 'metricAlarms.1.member.stateValue'" in answer
