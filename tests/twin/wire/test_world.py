"""A world opens, serves the twin's services beside moto's, and leaves nothing behind."""

import os

import boto3
import moto.sagemaker.urls
import pytest

from tests.twin.wire.stand_in import StandIn
from twin.wire.validator import AnswerOutsideModel
from twin.wire.world import Wire


def _create_table() -> None:
    boto3.client("dynamodb").create_table(
        TableName="state",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_transactions_of_dynamodb_work_beside_the_twin() -> None:
    kernel = StandIn()
    with Wire(kernel) as wire:
        _create_table()
        dynamodb = wire.client("dynamodb")
        put = {
            "TableName": "state",
            "Item": {"pk": {"S": "a"}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        dynamodb.transact_write_items(TransactItems=[{"Put": put}])
        with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as refusal:
            dynamodb.transact_write_items(TransactItems=[{"Put": put}])
        wire.client("sagemaker").delete_endpoint(EndpointName="e")

    assert refusal.value.response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed"
    assert [operation for _, operation, _ in kernel.asked] == ["DeleteEndpoint"]


def test_queues_and_topics_work_beside_the_twin_in_the_kernel_s_account() -> None:
    with Wire(StandIn()) as wire:
        queue = wire.client("sqs").create_queue(QueueName="events")["QueueUrl"]
        topic = wire.client("sns").create_topic(Name="people")["TopicArn"]

    assert "/111122223333/" in queue
    assert topic == "arn:aws:sns:us-east-1:111122223333:people"


def test_clients_made_by_boto3_itself_talk_to_the_kernel_too() -> None:
    kernel = StandIn()
    with Wire(kernel):
        boto3.client("sagemaker", region_name="us-east-1").delete_endpoint(EndpointName="e")

    assert kernel.asked == [("sagemaker", "DeleteEndpoint", {"EndpointName": "e"})]


def test_an_endpoint_url_of_the_environment_leads_no_client_out_of_the_world(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    kernel = StandIn()

    with Wire(kernel) as wire:
        wire.client("sagemaker").delete_endpoint(EndpointName="a")
        boto3.client("sagemaker").delete_endpoint(EndpointName="b")

    assert [params["EndpointName"] for _, _, params in kernel.asked] == ["a", "b"]


def test_two_worlds_in_a_row_share_nothing() -> None:
    first, second = StandIn(), StandIn()
    with Wire(first):
        _create_table()
    with Wire(second) as wire:
        wire.client("sagemaker").delete_endpoint(EndpointName="e")
        tables = wire.client("dynamodb").list_tables()["TableNames"]

    assert tables == []
    assert first.asked == []
    assert len(second.asked) == 1


def test_an_event_hook_of_one_world_is_not_heard_in_the_next() -> None:
    heard: list[str] = []
    for _ in range(2):
        with Wire(StandIn()) as wire:
            client = wire.client("sagemaker")
            if not heard:
                client.meta.events.register("before-call", lambda **_: heard.append("call"))
            client.delete_endpoint(EndpointName="e")

    assert heard == ["call"]


def test_leaving_restores_what_entering_changed_even_after_an_error() -> None:
    session, environment = boto3.DEFAULT_SESSION, dict(os.environ)
    urls = dict(moto.sagemaker.urls.url_paths)

    with pytest.raises(ZeroDivisionError), Wire(StandIn()):
        raise ZeroDivisionError

    assert boto3.DEFAULT_SESSION is session
    assert dict(os.environ) == environment
    assert moto.sagemaker.urls.url_paths == urls


def test_a_second_world_at_the_same_time_is_refused_and_harms_nothing() -> None:
    kernel = StandIn()
    with Wire(kernel) as wire:
        with pytest.raises(RuntimeError, match="another world is open"), Wire(StandIn()):
            pass
        wire.client("sagemaker").delete_endpoint(EndpointName="e")

    assert len(kernel.asked) == 1


def test_a_client_is_not_to_be_had_outside_the_world() -> None:
    wire = Wire(StandIn())
    with wire:
        pass

    with pytest.raises(RuntimeError, match="with-statement"):
        wire.client("sagemaker")


def test_each_region_has_its_own_kernel() -> None:
    virginia, ireland = StandIn(), StandIn()
    with Wire(virginia, elsewhere={"eu-west-1": ireland}) as wire:
        wire.client("sagemaker", "eu-west-1").delete_endpoint(EndpointName="e")
        with pytest.raises(LookupError, match="sagemaker in eu-north-1"):
            wire.client("sagemaker", "eu-north-1").delete_endpoint(EndpointName="e")

    assert (len(virginia.asked), len(ireland.asked)) == (0, 1)


def test_an_answer_outside_the_model_stops_the_caller_in_its_own_process() -> None:
    kernel = StandIn({"DescribeAlarms": {"MetricAlarms": [{"StateValue": "FINE"}]}})
    with Wire(kernel) as wire, pytest.raises(AnswerOutsideModel, match="Value 'FINE' at 'metricAlarms"):
        wire.client("cloudwatch").describe_alarms()
