"""List operations of SageMaker: ten to a page, in the documented order, filtered after the page is cut."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, refused, variant

LISTINGS = {
    "ListEndpoints": ("Endpoints", "EndpointName"),
    "ListEndpointConfigs": ("EndpointConfigs", "EndpointConfigName"),
    "ListModels": ("Models", "ModelName"),
    "ListModelPackageGroups": ("ModelPackageGroupSummaryList", "ModelPackageGroupName"),
}


@pytest.fixture
def many(live: Cloud) -> Cloud:
    """The endpoint of `live` and 24 more of everything, one a minute."""
    for number in range(24):
        live.pass_minutes(1)
        live.model(f"m-{number:02}")
        live.config(f"c-{number:02}", variant("stable", "old", 1))
        live.call("CreateEndpoint", EndpointName=f"e-{number:02}", EndpointConfigName=f"c-{number:02}")
        live.call("CreateModelPackageGroup", ModelPackageGroupName=f"g-{number:02}")
    return live


def names(cloud: Cloud, operation: str, **asked: Any) -> list[str]:
    """Names of one page."""
    answer, name = LISTINGS[operation]
    return [row[name] for row in cloud.call(operation, **asked)[answer]]


def walked(cloud: Cloud, operation: str, **asked: Any) -> list[list[str]]:
    """Names of all pages."""
    answer, name = LISTINGS[operation]
    pages = []
    more: dict[str, Any] = {}
    while True:
        shown = cloud.call(operation, **asked, **more)
        pages.append([row[name] for row in shown[answer]])
        if "NextToken" not in shown:
            return pages
        more = {"NextToken": shown["NextToken"]}


@pytest.mark.parametrize(
    ("operation", "total"), [("ListEndpoints", 25), ("ListEndpointConfigs", 25), ("ListModels", 26)]
)
def test_ten_are_on_a_page_newest_first(many: Cloud, operation: str, total: int) -> None:
    pages = walked(many, operation)
    together = [name for page in pages for name in page]
    assert [len(page) for page in pages] == [10, 10, total - 20]
    assert len(set(together)) == total
    assert together[:24] == [f"{together[0][0]}-{number:02}" for number in reversed(range(24))]


def test_groups_are_listed_oldest_first(many: Cloud) -> None:
    pages = walked(many, "ListModelPackageGroups")
    assert [name for page in pages for name in page] == [f"g-{number:02}" for number in range(24)]


@pytest.mark.parametrize("operation", LISTINGS)
def test_up_to_a_hundred_can_be_had_at_once(many: Cloud, operation: str) -> None:
    assert len(walked(many, operation, MaxResults=100)) == 1
    assert refused(lambda: many.call(operation, MaxResults=101)).code == "ValidationException"


@pytest.mark.parametrize("operation", LISTINGS)
def test_a_list_is_sorted_by_name_if_asked(many: Cloud, operation: str) -> None:
    found = names(many, operation, SortBy="Name", SortOrder="Ascending", MaxResults=100)
    assert found == sorted(found)


@pytest.mark.parametrize("operation", LISTINGS)
def test_a_filter_looks_at_a_page_after_it_was_cut(many: Cloud, operation: str) -> None:
    order = "Ascending" if operation == "ListModelPackageGroups" else "Descending"
    pages = walked(many, operation, NameContains="-12", SortOrder=order)
    assert [len(page) for page in pages] == [0, 1, 0]


def test_times_narrow_a_list_from_the_first_moment_on_to_before_the_last(many: Cloud) -> None:
    newest = many.kernel.now
    earlier = newest - timedelta(minutes=2)
    span = {"CreationTimeAfter": earlier, "CreationTimeBefore": newest}
    assert names(many, "ListEndpoints", **span) == ["e-22", "e-21"]
    assert names(many, "ListModels", **span) == ["m-22", "m-21"]
    changed = names(many, "ListEndpoints", LastModifiedTimeAfter=earlier, StatusEquals="Creating")
    assert changed == ["e-23", "e-22", "e-21"]


def test_endpoints_are_sorted_and_filtered_by_status(many: Cloud) -> None:
    many.pass_minutes(10)
    many.kernel.set_endpoint_status("e-07", "Failed", "no reason")
    assert names(many, "ListEndpoints", SortBy="Status", SortOrder="Ascending")[0] == "e-07"
    assert names(many, "ListEndpoints", StatusEquals="Failed", MaxResults=100) == ["e-07"]


def test_a_row_shows_what_aws_shows(live: Cloud) -> None:
    [row] = live.call("ListEndpoints")["Endpoints"]
    live_one = live.endpoint()
    assert row == {member: live_one[member] for member in row}
    assert row.keys() == {
        "EndpointName",
        "EndpointArn",
        "CreationTime",
        "LastModifiedTime",
        "EndpointStatus",
    }
    assert live.call("ListEndpointConfigs")["EndpointConfigs"][0].keys() == {
        "EndpointConfigName",
        "EndpointConfigArn",
        "CreationTime",
    }
    assert row["EndpointName"] == ENDPOINT


def test_no_group_is_shared_by_another_account(many: Cloud) -> None:
    assert names(many, "ListModelPackageGroups", CrossAccountFilterOption="CrossAccount") == []
