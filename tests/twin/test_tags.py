"""Tags: seen through ListTags only, whatever the resource, in any case of its ARN."""

from __future__ import annotations

from tests.twin.cloud import ARN, Cloud, refused

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
