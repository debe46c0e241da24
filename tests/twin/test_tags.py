"""Tags: seen through ListTags only, whatever the resource, in any case of its ARN."""

from __future__ import annotations

from tests.twin.cloud import ARN, Cloud, refused, variant

TEAM = {"Key": "team", "Value": "risk"}


def test_tags_are_added_overwritten_and_deleted(live: Cloud) -> None:
    live.call("AddTags", ResourceArn=ARN, Tags=[TEAM, {"Key": "stage", "Value": "dev"}])
    live.call("AddTags", ResourceArn=ARN, Tags=[{"Key": "stage", "Value": "prod"}])
    live.call("DeleteTags", ResourceArn=ARN, TagKeys=["team", "unknown"])
    assert live.call("ListTags", ResourceArn=ARN)["Tags"] == [{"Key": "stage", "Value": "prod"}]


def test_tags_given_at_creation_are_listed(cloud: Cloud) -> None:
    answer = cloud.call(
        "CreateModel", ModelName="m", ExecutionRoleArn="role", PrimaryContainer={"Image": "i"}, Tags=[TEAM]
    )
    assert cloud.call("ListTags", ResourceArn=answer["ModelArn"])["Tags"] == [TEAM]


def test_the_case_of_an_arn_does_not_matter(live: Cloud) -> None:
    live.call("AddTags", ResourceArn=ARN.replace("fraud-prod", "Fraud-Prod"), Tags=[TEAM])
    assert live.call("ListTags", ResourceArn=ARN)["Tags"] == [TEAM]


def test_an_unknown_resource_has_no_tags_to_list(cloud: Cloud) -> None:
    assert refused(lambda: cloud.call("ListTags", ResourceArn=ARN)).code == "ValidationException"


def test_a_resource_has_at_most_fifty_tags(live: Cloud) -> None:
    many = [{"Key": str(number), "Value": ""} for number in range(51)]
    assert refused(lambda: live.call("AddTags", ResourceArn=ARN, Tags=many)).code == "ValidationException"
    live.call("AddTags", ResourceArn=ARN, Tags=many[:50])


def test_what_infrastructure_tools_stamp_is_listed_and_not_for_clients_to_set(live: Cloud) -> None:
    live.kernel.stamp_tags(ARN, {"aws:cloudformation:stack-name": "fraud"})
    [shown] = live.call("ListTags", ResourceArn=ARN)["Tags"]
    assert shown == {"Key": "aws:cloudformation:stack-name", "Value": "fraud"}
    reserved = [{"Key": "aws:made-up", "Value": ""}, {"Key": "AWS:made-up", "Value": ""}]
    for tag in reserved:
        for ask in (
            lambda tag=tag: live.call("AddTags", ResourceArn=ARN, Tags=[tag]),
            lambda tag=tag: live.config("c", variant("stable", "old"), Tags=[tag]),
            lambda tag=tag: live.call("DeleteTags", ResourceArn=ARN, TagKeys=[tag["Key"]]),
        ):
            assert refused(ask).code == "ValidationException"


def test_a_refused_tag_leaves_nothing_behind(cloud: Cloud) -> None:
    reserved = [{"Key": "aws:made-up", "Value": ""}]
    refused(lambda: cloud.config("c", variant("stable", "old"), Tags=reserved))
    cloud.config("c", variant("stable", "old"))


def test_stamps_do_not_count_toward_the_fifty(live: Cloud) -> None:
    live.kernel.stamp_tags(ARN, {f"aws:{number}": "" for number in range(10)})
    live.call("AddTags", ResourceArn=ARN, Tags=[{"Key": str(number), "Value": ""} for number in range(50)])
    assert len(live.call("ListTags", ResourceArn=ARN)["Tags"]) == 50


def test_only_a_resource_that_exists_is_stamped(cloud: Cloud) -> None:
    assert refused(lambda: cloud.kernel.stamp_tags(ARN, {"aws:a": "b"})).code == "ValidationException"


def test_a_page_holds_fifty_tags_by_key(live: Cloud) -> None:
    many = [{"Key": f"{number:02}", "Value": ""} for number in reversed(range(50))]
    live.call("AddTags", ResourceArn=ARN, Tags=many)
    live.kernel.stamp_tags(ARN, {"aws:cloudformation:stack-name": "fraud"})
    first = live.call("ListTags", ResourceArn=ARN, MaxResults=50)
    rest = live.call("ListTags", ResourceArn=ARN, NextToken=first["NextToken"])
    assert [tag["Key"] for tag in first["Tags"]] == [f"{number:02}" for number in range(50)]
    assert rest == {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "fraud"}]}
