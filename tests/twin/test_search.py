"""Search: what is found by properties and tags, in which order, and what AWS refuses to search by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, TYPE, Cloud, refused, variant
from twin.kernel import Timings
from twin.traffic import Profile


def condition(name: str, comparison: str | None = None, value: str | None = None) -> dict[str, str]:
    given = {"Name": name, "Operator": comparison, "Value": value}
    return {member: text for member, text in given.items() if text is not None}


def found(cloud: Cloud, *conditions: dict[str, str], resource: str = "Endpoint", **asked: Any) -> list[str]:
    """Names of what Search finds on its first page; versions as group and number."""
    if conditions:
        asked["SearchExpression"] = {"Filters": list(conditions)}
    answer = cloud.call("Search", Resource=resource, **asked)
    return [_named(record[resource], resource) for record in answer["Results"]]


def _named(record: dict[str, Any], resource: str) -> str:
    name = str(record[f"{resource}Name"])
    return f"{name}/{record['ModelPackageVersion']}" if resource == "ModelPackage" else name


@pytest.fixture
def fleet(live: Cloud) -> Cloud:
    """The endpoint of `live` and three more, a minute apart, two of them tagged."""
    for name, tags in (("a", {"team": "risk"}), ("b", {"team": "fraud"}), ("c", {})):
        live.pass_minutes(1)
        given = [{"Key": key, "Value": value} for key, value in tags.items()]
        live.call("CreateEndpoint", EndpointName=name, EndpointConfigName="first", Tags=given)
    return live


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([condition("EndpointName", "Equals", "a")], ["a"]),
        ([condition("EndpointName", None, "a")], ["a"]),
        ([condition("EndpointName", "NotEquals", "a")], ["c", "b", ENDPOINT]),
        ([condition("EndpointName", "Contains", "Prod")], [ENDPOINT]),
        ([condition("EndpointName", "In", "a, c,z")], ["c", "a"]),
        ([condition("EndpointStatus", "Equals", "InService")], [ENDPOINT]),
        ([condition("Tags.team", "Exists")], ["b", "a"]),
        ([condition("Tags.team", "NotExists")], ["c", ENDPOINT]),
        ([condition("Tags.team", "Equals", "risk")], ["a"]),
        ([condition("Tags.team", "NotEquals", "risk")], ["c", "b", ENDPOINT]),
        ([condition("FailureReason", "NotExists"), condition("Tags.team", "Exists")], ["b", "a"]),
        ([condition("CreationTime", "GreaterThan", "2026-11-20T14:12:00")], ["c"]),
        ([condition("CreationTime", "GreaterThanOrEqualTo", "2026-11-20T14:12:00Z")], ["c", "b"]),
        ([condition("CreationTime", "LessThan", "2026-11-20T14:11:00")], [ENDPOINT]),
        ([], ["c", "b", "a", ENDPOINT]),
    ],
)
def test_endpoints_are_found_by_conditions(
    fleet: Cloud, asked: list[dict[str, str]], expected: list[str]
) -> None:
    assert found(fleet, *asked) == expected


def test_one_of_several_conditions_is_enough_if_asked_so(fleet: Cloud) -> None:
    either = {
        "Operator": "Or",
        "Filters": [condition("EndpointName", "Equals", "c")],
        "SubExpressions": [
            {
                "Filters": [
                    condition("Tags.team", "Exists"),
                    condition("EndpointName", "NotEquals", "a"),
                ]
            }
        ],
    }
    assert found(fleet, SearchExpression=either) == ["c", "b"]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"Filters": [condition("Color", "Equals", "red")]}, id="an unknown property"),
        pytest.param({"Filters": [condition("EndpointName", "LessThan", "b")]}, id="an order of text"),
        pytest.param({"Filters": [condition("CreationTime", "Contains", "2026")]}, id="a part of a time"),
        pytest.param({"Filters": [condition("CreationTime", "Equals", "noon")]}, id="no time"),
        pytest.param({"Filters": [condition("EndpointName")]}, id="no value"),
        pytest.param({"Filters": [condition("Tags.team", "Exists", "x")]}, id="a value too many"),
        pytest.param({"Filters": [condition("ProductionVariants", "Equals", "x")]}, id="a list"),
        pytest.param({"Filters": [condition("EndpointName", "Equals", "x")] * 21}, id="too many elements"),
        pytest.param(
            {"SubExpressions": [{"Filters": [condition("EndpointName", "Equals", "x")] * 17}] * 3},
            id="too many conditions",
        ),
        pytest.param({}, id="nothing"),
        pytest.param({"NestedFilters": [{"NestedPropertyName": "x", "Filters": []}]}, id="nested filters"),
    ],
)
def test_what_search_refuses(fleet: Cloud, asked: dict[str, Any]) -> None:
    assert refused(lambda: found(fleet, SearchExpression=asked)).code == "ValidationException"


def test_as_many_conditions_as_are_allowed_are_fine(fleet: Cloud) -> None:
    twenty = [condition("EndpointName", "Equals", "a")] * 20
    fifty = {"SubExpressions": [{"Filters": twenty}, {"Filters": twenty}, {"Filters": twenty[:10]}]}
    assert found(fleet, *twenty) == ["a"]
    assert found(fleet, SearchExpression=fifty) == ["a"]


@pytest.mark.parametrize(
    "given",
    [
        {"CrossAccountFilterOption": "CrossAccount"},
        {"VisibilityConditions": [{"Key": "Tags.team", "Value": "risk"}]},
    ],
)
def test_what_others_share_is_not_searched(fleet: Cloud, given: dict[str, Any]) -> None:
    assert refused(lambda: found(fleet, **given)).message.startswith("The twin does not do this yet")


def test_what_was_never_changed_counts_from_its_creation(cloud: Cloud) -> None:
    for _ in range(2):
        cloud.package()
        cloud.pass_minutes(1)
    cloud.call("UpdateModelPackage", ModelPackageArn=cloud.package(), ApprovalDescription="fine")
    cloud.pass_minutes(1)
    cloud.package()
    names = found(cloud, resource="ModelPackage")
    assert names == [f"fraud-detector/{version}" for version in (4, 3, 2, 1)]


def test_contains_can_be_asked_once(fleet: Cloud) -> None:
    asked = [condition("EndpointName", "Contains", text) for text in "ab"]
    assert refused(lambda: found(fleet, *asked)).message == "'CONTAINS' operator usage limit of 1 exceeded."


def test_a_resource_the_twin_has_no_index_of_is_refused_by_name(live: Cloud) -> None:
    error = refused(lambda: live.call("Search", Resource="TrainingJob"))
    assert error.message == "The twin does not do this yet: Search of TrainingJob."


def test_what_was_changed_last_comes_first(fleet: Cloud) -> None:
    fleet.pass_minutes(10)
    fleet.weigh(stable=2.0)
    assert found(fleet)[0] == ENDPOINT
    assert found(fleet, SortBy="EndpointName", SortOrder="Ascending") == [ENDPOINT, "a", "b", "c"]
    assert refused(lambda: found(fleet, SortBy="Color")).code == "ValidationException"


def test_pages_hold_up_to_a_hundred_and_tell_how_many_there_are(fleet: Cloud) -> None:
    fleet.kernel.quota[TYPE] = 1_000
    for number in range(100):
        fleet.call("CreateEndpoint", EndpointName=f"e-{number}", EndpointConfigName="first")
    first = fleet.call("Search", Resource="Endpoint")
    rest = fleet.call("Search", Resource="Endpoint", NextToken=first["NextToken"])
    assert (len(first["Results"]), len(rest["Results"])) == (100, 4)
    assert first["TotalHits"] == {"Value": 104, "Relation": "EqualTo"}
    assert "NextToken" not in rest


def test_a_record_shows_what_describe_shows_with_the_tags(fleet: Cloud) -> None:
    fleet.kernel.advance(timedelta(minutes=10))
    asked = {"Filters": [condition("EndpointName", "Equals", "a")]}
    [record] = fleet.call("Search", Resource="Endpoint", SearchExpression=asked)["Results"]
    described = fleet.call("DescribeEndpoint", EndpointName="a")
    assert record["Endpoint"] == described | {"Tags": [{"Key": "team", "Value": "risk"}]}


def test_versions_are_found_by_approval_life_cycle_and_the_tags_of_their_group(cloud: Cloud) -> None:
    first = cloud.package(ModelLifeCycle={"Stage": "Staging", "StageStatus": "Done"})
    cloud.package("Rejected")
    cloud.call(
        "AddTags",
        ResourceArn=first.replace("model-package", "model-package-group").rpartition("/")[0],
        Tags=[{"Key": "team", "Value": "risk"}],
    )
    for asked in (
        condition("ModelApprovalStatus", "Equals", "Approved"),
        condition("ModelLifeCycle.Stage", "Equals", "Staging"),
        condition("ModelPackageVersion", "LessThan", "2"),
        condition("CertifyForMarketplace", "Equals", "true"),
    ):
        expected = [] if asked["Name"] == "CertifyForMarketplace" else ["fraud-detector/1"]
        assert found(cloud, asked, resource="ModelPackage") == expected
    tagged = condition("Tags.team", "Equals", "risk")
    assert found(cloud, tagged, resource="ModelPackage") == ["fraud-detector/2", "fraud-detector/1"]
    assert found(cloud, tagged, resource="ModelPackageGroup") == ["fraud-detector"]


def test_what_is_young_is_not_found_until_the_index_has_it() -> None:
    cloud = Cloud(timings=Timings(search_lag=timedelta(seconds=30)))
    cloud.model("old", Profile())
    cloud.config("first", variant("stable", "old"))
    cloud.call("CreateEndpoint", EndpointName="a", EndpointConfigName="first")
    assert found(cloud) == []
    cloud.kernel.advance(timedelta(seconds=30))
    assert found(cloud) == ["a"]
