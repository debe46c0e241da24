"""Quotas by their names, and instances of all other endpoints by type."""

from typing import Any

import pytest

from pointsman.adapters.aws.quotas import MOST_CONFIGS, EndpointUsage, ServiceQuotas
from pointsman.core.quota_check import Quotas
from pointsman.errors import Denied, Transient
from pointsman.policy import EndpointName
from tests.adapters.answers import Answering, denied
from tests.functions.account import ENDPOINT
from tests.functions.world import Here
from tests.worlds.kernel_client import client_error

TYPE = "ml.c7i.large"
PER_ENDPOINT, ACROSS = (
    "Maximum number of instances per endpoint",
    "Number of instances across active endpoints",
)


def listed(values: dict[str, float] | None = None, then: str = "") -> dict[str, Any]:
    quotas = [{"QuotaName": name, "Value": value} for name, value in (values or {}).items()]
    return {"Quotas": quotas} | ({"NextToken": then} if then else {})


def quotas(*pages: Any, defaults: Any = None) -> tuple[Quotas, Answering]:
    client = Answering(
        list_service_quotas=list(pages), list_aws_default_service_quotas=[defaults or listed()]
    )
    return ServiceQuotas(client).read([TYPE]), client  # type: ignore[arg-type]


def test_they_are_found_by_name_on_any_page() -> None:
    found, client = quotas(
        listed({f"{TYPE} for endpoint usage": 20.0, f"{TYPE} for training job usage": 4.0}, "more"),
        listed({PER_ENDPOINT: 10.0, ACROSS: 40.0}),
    )

    assert found == Quotas({TYPE: 20}, 10, 40)
    assert client.asked["list_aws_default_service_quotas"] == []


def test_what_was_never_raised_is_found_among_the_defaults() -> None:
    found, _ = quotas(
        listed({f"{TYPE} for endpoint usage": 20.0}),
        defaults=listed({f"{TYPE} for endpoint usage": 0.0, PER_ENDPOINT: 4.0, ACROSS: 4.0}),
    )

    assert found == Quotas({TYPE: 20}, 4, 4)


def test_what_no_list_has_is_not_known() -> None:
    found, _ = quotas(listed())

    assert found == Quotas({}, None, None)


def test_a_missing_permission_is_told() -> None:
    with pytest.raises(Denied, match="ListServiceQuotas"):
        quotas(denied("servicequotas:ListServiceQuotas"))


def test_in_the_account_the_quotas_are_those_it_goes_by(here: Here) -> None:
    here.kernel.quota[TYPE] = 17

    assert ServiceQuotas(here.wire.client("service-quotas")).read([TYPE]).by_type == {TYPE: 17}


def endpoint(name: str, config: str, *counts: tuple[int, int]) -> dict[str, Any]:
    variants = [
        {"VariantName": f"v{index}", "CurrentInstanceCount": now, "DesiredInstanceCount": wanted}
        for index, (now, wanted) in enumerate(counts)
    ]
    return {"Endpoint": {"EndpointName": name, "EndpointConfigName": config, "ProductionVariants": variants}}


def config(*types: str) -> dict[str, Any]:
    variants = [{"VariantName": f"v{index}", "InstanceType": kind} for index, kind in enumerate(types)]
    return {"ProductionVariants": variants}


def usage(pages: list[Any], configs: list[Any]) -> tuple[Any, Answering]:
    client = Answering(search=pages, describe_endpoint_config=configs)
    return EndpointUsage(client).read(EndpointName("mine")), client  # type: ignore[arg-type]


def test_instances_of_the_others_are_counted_by_type_what_grows_at_its_aim() -> None:
    found, client = usage(
        [
            {"Results": [endpoint("a", "one", (2, 5), (1, 1))], "NextToken": "more"},
            {"Results": [endpoint("b", "one", (3, 3)), endpoint("MINE", "two", (9, 9))]},
        ],
        [config(TYPE, "ml.g5.xlarge")],
    )

    assert found.others == {TYPE: 8, "ml.g5.xlarge": 1}
    assert [asked["EndpointConfigName"] for asked in client.asked["describe_endpoint_config"]] == ["one"]


def test_a_config_that_was_deleted_counts_nothing() -> None:
    gone = client_error("ValidationException", 'Could not find endpoint configuration "x".', "Describe")

    found, _ = usage([{"Results": [endpoint("a", "gone", (2, 2))]}], [gone])

    assert found.others == {}
    assert found.unread == ""


def test_an_account_of_too_many_configs_is_not_counted() -> None:
    many = [endpoint(f"e{index}", f"c{index}", (1, 1)) for index in range(MOST_CONFIGS + 1)]

    found, client = usage([{"Results": many}], [config(TYPE)])

    assert "not counted" in found.unread
    assert client.asked["describe_endpoint_config"] == []


def test_serverless_and_component_variants_have_no_instances_of_a_type() -> None:
    found, _ = usage([{"Results": [endpoint("a", "one", (0, 0))]}], [config("")])

    assert found.others == {}


def test_what_takes_too_many_calls_is_given_up_and_not_half_counted() -> None:
    looks = iter([False, False, True])
    pages = [{"Results": [endpoint("a", "one", (2, 2)), endpoint("b", "two", (2, 2))]}]
    client = Answering(search=pages, describe_endpoint_config=[config(TYPE)])

    with pytest.raises(Transient, match="no time left"):
        EndpointUsage(client, lambda: next(looks)).read(EndpointName("mine"))  # type: ignore[arg-type]
    assert len(client.asked["describe_endpoint_config"]) == 1


def test_in_the_account_everybody_else_is_counted(here: Here) -> None:
    counted = EndpointUsage(here.wire.client("sagemaker")).read(EndpointName("another"))
    mine = EndpointUsage(here.wire.client("sagemaker")).read(ENDPOINT)

    assert counted.total - mine.total == here.kernel.running(ENDPOINT)
