"""The unmodified AWS CLI, which nobody here wrote, against a local world: it reads, waits, approves, invokes and sees what follows."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.local_client import LocalWorld
from tests.cli.upkept import Upkept, upkept

AWS = Path(sys.executable).with_name("aws")
Aws = Callable[..., Any]
pytestmark = pytest.mark.skipif(not AWS.exists(), reason="the AWS CLI is installed by `make test`")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upkept]:
    """One world for all of them; in the end SIGTERM ends it."""
    with upkept(tmp_path_factory.mktemp("aws")) as world:
        yield world
        assert world.end(signal.SIGTERM) == 0
        assert not (world.folder / ".pointsman" / "local.env").exists()


@pytest.fixture
def aws(up: Upkept) -> Aws:
    """Run the AWS CLI; what it prints, read as JSON."""

    def run(*words: str) -> Any:
        done = subprocess.run(  # noqa: S603 - what the environment installed
            [AWS, *words], cwd=up.folder, env=up.env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return run


@pytest.fixture
def world(up: Upkept) -> LocalWorld:
    return LocalWorld(up.said["address"])


def test_it_lists_every_endpoint_over_several_pages(aws: Aws, up: Upkept) -> None:
    listed = aws("sagemaker", "list-endpoints", "--page-size", "10")["Endpoints"]

    names = [each["EndpointName"] for each in listed]
    assert sorted(names) == [each["endpoint"] for each in up.said["status"]["endpoints"]]
    assert len(names) > 30


def test_it_describes_an_endpoint_and_its_config_and_waits_for_it(aws: Aws) -> None:
    endpoint = aws("sagemaker", "describe-endpoint", "--endpoint-name", "chat-llm")
    config = aws(
        "sagemaker", "describe-endpoint-config", "--endpoint-config-name", endpoint["EndpointConfigName"]
    )

    assert aws("sagemaker", "wait", "endpoint-in-service", "--endpoint-name", "chat-llm") is None
    assert endpoint["EndpointStatus"] == "InService"
    assert endpoint["ProductionVariants"][0]["CurrentInstanceCount"] == 2
    assert config["ProductionVariants"][0]["InstanceType"] == "ml.g5.2xlarge"


def test_it_finds_endpoints_by_a_tag(aws: Aws) -> None:
    by_team = {
        "Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "payments-risk"}],
    }

    found = aws("sagemaker", "search", "--resource", "Endpoint", "--search-expression", json.dumps(by_team))

    assert "fraud-prod" in [each["Endpoint"]["EndpointName"] for each in found["Results"]]


def test_it_reads_the_metrics_of_the_past_days(aws: Aws, world: LocalWorld) -> None:
    now = datetime.fromisoformat(world.ask("status")["now"])
    dimensions = [
        {"Name": "EndpointName", "Value": "chat-llm"},
        {"Name": "VariantName", "Value": "AllTraffic"},
    ]
    metric = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Dimensions": dimensions}
    query = [{"Id": "sums", "MetricStat": {"Metric": metric, "Period": 86_400, "Stat": "Sum"}}]

    answer = aws(
        *("cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(query)),
        *("--start-time", (now - timedelta(days=5)).isoformat(), "--end-time", now.isoformat()),
    )

    [sums] = answer["MetricDataResults"]
    assert len(sums["Values"]) >= 5
    assert all(value > 10_000 for value in sums["Values"][1:-1])


def test_it_sees_the_alarms_the_scaling_the_tables_and_the_rules(aws: Aws) -> None:
    alarms = aws("cloudwatch", "describe-alarms", "--alarm-names", "chat-llm-5xx", "fraud-prod-p99")
    targets = aws(
        *("application-autoscaling", "describe-scalable-targets", "--service-namespace", "sagemaker"),
        *("--resource-ids", "endpoint/fraud-prod/variant/AllTraffic"),
    )
    table = aws("dynamodb", "describe-table", "--table-name", "pointsman-state")
    rules = aws("events", "list-rules", "--name-prefix", "pointsman-")

    assert [alarm["StateValue"] for alarm in alarms["MetricAlarms"]] == ["OK", "OK"]
    assert targets["ScalableTargets"][0]["MaxCapacity"] == 2
    assert table["Table"]["TableStatus"] == "ACTIVE"
    assert {rule["State"] for rule in rules["Rules"]} == {"ENABLED"}


def test_it_learns_who_it_is(aws: Aws) -> None:
    assert aws("sts", "get-caller-identity")["Account"] == "111122223333"


def test_it_invokes_a_function(aws: Aws, up: Upkept) -> None:
    order = {"command": "abort", "target": "fraud-prod", "reason": "none", "by": "me", "request_id": "a-1"}

    answer = aws(
        *("lambda", "invoke", "--function-name", "pointsman-operator-request"),
        *("--payload", json.dumps(order), "answer.json"),
    )

    assert answer["StatusCode"] == 200
    told = json.loads((up.folder / "answer.json").read_text(encoding="utf-8"))
    assert "no rollout is open on endpoint fraud-prod" in told["message"]


def test_a_version_that_it_approves_is_rolled_out(aws: Aws, world: LocalWorld) -> None:
    package = aws(
        *("sagemaker", "create-model-package", "--model-package-group-name", "chat-llm"),
        *("--model-approval-status", "PendingManualApproval", "--inference-specification"),
        json.dumps(
            {
                "Containers": [{"Image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/serving:2.0"}],
                "SupportedContentTypes": ["application/json"],
                "SupportedResponseMIMETypes": ["application/json"],
            }
        ),
    )["ModelPackageArn"]

    aws(
        *("sagemaker", "update-model-package", "--model-package-arn", package),
        *("--model-approval-status", "Approved"),
    )
    world.ask("advance", duration_s=600)

    endpoint = aws("sagemaker", "describe-endpoint", "--endpoint-name", "chat-llm")
    weights = {each["VariantName"]: each["CurrentWeight"] for each in endpoint["ProductionVariants"]}
    assert len(weights) == 2
    assert weights["AllTraffic"] == 99 * min(weights.values())


def test_a_rule_that_it_disables_lets_nothing_through(aws: Aws, world: LocalWorld) -> None:
    aws("events", "disable-rule", "--name", "pointsman-model-package-changed")
    before = world.ask("status")["records"]

    world.ask("approve", group="fraud-detector", character="good")
    world.ask("advance", duration_s=60)
    records = world.ask("status")["records"]
    aws("events", "enable-rule", "--name", "pointsman-model-package-changed")

    assert records == before


def test_a_queue_behind_a_rule_on_the_bus_hears_of_a_version_that_is_approved(
    aws: Aws, up: Upkept, world: LocalWorld
) -> None:
    # Version 1 of the AWS CLI asks SQS at an address of its own, unless it is told here.
    sqs = ("sqs", "--endpoint-url", up.said["address"])
    queue = aws(*sqs, "create-queue", "--queue-name", "mine")["QueueUrl"]
    asked = aws(*sqs, "get-queue-attributes", "--queue-url", queue, "--attribute-names", "QueueArn")
    arn = asked["Attributes"]["QueueArn"]
    on_bus = ("--event-bus-name", "pointsman")
    pattern = {"source": ["pointsman"], "detail-type": ["Endpoint Queue Change"]}
    aws("events", "put-rule", *on_bus, "--name", "queues", "--event-pattern", json.dumps(pattern))
    aws("events", "put-targets", *on_bus, "--rule", "queues", "--targets", f"Id=mine,Arn={arn}")
    world.ask("approve", group="fraud-detector", character="good")
    world.ask("advance", duration_s=30)

    [message] = aws(*sqs, "receive-message", "--queue-url", queue)["Messages"]
    heard = json.loads(message["Body"])
    assert (heard["source"], heard["detail-type"]) == ("pointsman", "Endpoint Queue Change")
    assert heard["detail"]["endpoint"] == "fraud-prod"
