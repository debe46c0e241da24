"""Takes away what runs have made, found by name and tag alone, so that it also works after a run that was killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from contract.cloud import TAG, Cloud

Delete = Callable[[], object]
_PATIENCE = timedelta(minutes=40)
_POLL = timedelta(seconds=10)
_LISTS = (
    ("list_endpoints", "Endpoint", "delete_endpoint"),
    ("list_endpoint_configs", "EndpointConfig", "delete_endpoint_config"),
    ("list_models", "Model", "delete_model"),
)


def clear(cloud: Cloud, prefix: str, tell: Callable[[str], None]) -> list[str]:
    """Delete everything whose name begins with `prefix`; return what is left, with the reason.

    Instances cost money, so endpoints go first and are waited for; one failure does not keep the rest.
    """
    left: list[str] = []
    for name, delete in _everything(cloud, prefix):
        reason = _deleted(cloud, delete)
        tell(f"deleted {name}" if reason is None else f"could not delete {name}: {reason}")
        left += [] if reason is None else [f"{name}: {reason}"]
    return left + _still_going(cloud, prefix)


def _still_going(cloud: Cloud, prefix: str) -> list[str]:
    """Wait until endpoints that are Deleting are gone; return those that are not when patience ends."""
    end = cloud.now + _PATIENCE
    while True:
        rows = _rows(cloud.client("sagemaker"), "list_endpoints", "Endpoints", NameContains=prefix)
        going = [row["EndpointName"] for row in rows if row["EndpointStatus"] == "Deleting"]
        if not going or cloud.now >= end:
            return [f"Endpoint {name}: still Deleting" for name in going]
        cloud.wait(_POLL)


def _deleted(cloud: Cloud, delete: Delete) -> str | None:
    """Delete, again and again while something is in progress; return why it did not work, None if it did."""
    end = cloud.now + _PATIENCE
    while True:
        try:
            delete()
        except (ClientError, BotoCoreError) as err:
            if "Could not find" in str(err):
                return None
            if "in-progress" not in str(err) or cloud.now >= end:
                return str(err)
            cloud.wait(_POLL)
        else:
            return None


def _everything(cloud: Cloud, prefix: str) -> Iterator[tuple[str, Delete]]:
    yield from _targets(cloud, prefix)
    for operation, kind, delete in _LISTS:
        yield from _named(cloud, prefix, operation, kind, delete)
    yield from _groups(cloud, prefix)
    yield from _alarms(cloud, prefix)
    yield from _mute_rules(cloud, prefix)


def _named(cloud: Cloud, prefix: str, operation: str, kind: str, delete: str) -> Iterator[tuple[str, Delete]]:
    sagemaker = cloud.client("sagemaker")
    for row in _rows(sagemaker, operation, f"{kind}s", NameContains=prefix):
        name = row[f"{kind}Name"]
        if row.get("EndpointStatus") != "Deleting" and _is_ours(cloud, name, prefix, row[f"{kind}Arn"]):
            yield f"{kind} {name}", partial(getattr(sagemaker, delete), **{f"{kind}Name": name})


def _groups(cloud: Cloud, prefix: str) -> Iterator[tuple[str, Delete]]:
    sagemaker = cloud.client("sagemaker")
    groups = _rows(
        sagemaker, "list_model_package_groups", "ModelPackageGroupSummaryList", NameContains=prefix
    )
    for row in groups:
        group = row["ModelPackageGroupName"]
        if not _is_ours(cloud, group, prefix, row["ModelPackageGroupArn"]):
            continue
        versions = _rows(
            sagemaker, "list_model_packages", "ModelPackageSummaryList", ModelPackageGroupName=group
        )
        for version in versions:
            arn = version["ModelPackageArn"]
            yield f"ModelPackage {arn}", partial(sagemaker.delete_model_package, ModelPackageName=arn)
        yield (
            f"ModelPackageGroup {group}",
            partial(sagemaker.delete_model_package_group, ModelPackageGroupName=group),
        )


def _targets(cloud: Cloud, prefix: str) -> Iterator[tuple[str, Delete]]:
    autoscaling = cloud.client("application-autoscaling")
    rows = _rows(autoscaling, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="sagemaker")
    for row in rows:
        if row["ResourceId"].startswith(f"endpoint/{prefix}"):
            named = {
                member: row[member] for member in ("ServiceNamespace", "ResourceId", "ScalableDimension")
            }
            yield (
                f"ScalableTarget {row['ResourceId']}",
                partial(autoscaling.deregister_scalable_target, **named),
            )


def _alarms(cloud: Cloud, prefix: str) -> Iterator[tuple[str, Delete]]:
    """Composite alarms first: one that is used in a rule cannot go."""
    cloudwatch = cloud.client("cloudwatch")
    for kind in ("CompositeAlarm", "MetricAlarm"):
        rows = _rows(cloudwatch, "describe_alarms", f"{kind}s", AlarmNamePrefix=prefix, AlarmTypes=[kind])
        for row in rows:
            name = row["AlarmName"]
            yield f"{kind} {name}", partial(cloudwatch.delete_alarms, AlarmNames=[name])


def _mute_rules(cloud: Cloud, prefix: str) -> Iterator[tuple[str, Delete]]:
    cloudwatch = cloud.client("cloudwatch")
    for row in _rows(cloudwatch, "list_alarm_mute_rules", "AlarmMuteRuleSummaries"):
        name = str(row["AlarmMuteRuleArn"]).rpartition(":alarm-mute-rule:")[2]
        if name.startswith(prefix):
            yield f"AlarmMuteRule {name}", partial(cloudwatch.delete_alarm_mute_rule, AlarmMuteRuleName=name)


def _rows(client: Any, operation: str, member: str, **asked: Any) -> list[dict[str, Any]]:
    pages = client.get_paginator(operation).paginate(**asked)
    return [row for page in pages for row in page.get(member, [])]


def _is_ours(cloud: Cloud, name: str, prefix: str, arn: str) -> bool:
    """Whether name and tag both say so: nothing is deleted for its name alone where it can bear a tag."""
    if not name.startswith(prefix):
        return False
    tags = cloud.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]
    return any(tag["Key"] == TAG for tag in tags)
