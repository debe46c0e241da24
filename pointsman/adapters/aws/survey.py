"""Implements `pointsman.survey.Survey` with Describe, List and Get calls alone: which are made, how often, and what is put together from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pointsman.adapters.aws.survey_calls import (
    CLOUDFORMATION,
    CLOUDWATCH,
    PER_PAGE,
    SAGEMAKER,
    Answer,
    Calls,
    Client,
    side_by_side,
)
from pointsman.adapters.aws.survey_lists import Around, around_of
from pointsman.adapters.aws.survey_past import PastTraffic
from pointsman.adapters.aws.survey_shapes import (
    Json,
    Parts,
    models_of,
    names_of_models,
    tags_of,
    traits_of,
    variants_of,
    version_of,
)
from pointsman.errors import Denied, NotFound
from pointsman.policy import EndpointName
from pointsman.survey import Kind, Past, Progress, SeenConfig, Sight, StackResource, Trait

STACK, LOGICAL_ID = "aws:cloudformation:stack-name", "aws:cloudformation:logical-id"


class AwsSurvey:
    """Implements `survey.Survey`."""

    def __init__(self, client: Client) -> None:
        """Take a factory of boto3 clients, by service; they should retry by themselves."""
        self._client = client

    def names(self) -> list[EndpointName]:
        """ListEndpoints, to its last page."""
        return [EndpointName(str(row["EndpointName"])) for row in _rows(Calls(self._client))]

    def look(self, endpoint: EndpointName, progress: Progress) -> Sight:
        """What there is about one endpoint. Alarms are listed for the whole account: they cannot be asked for by endpoint."""
        calls = Calls(self._client)
        progress("the endpoint", 0, 0)
        live = calls.ask(SAGEMAKER, "describe_endpoint", EndpointName=endpoint)
        if live.is_missing:
            raise NotFound(f"endpoint {endpoint} does not exist")
        if live.is_denied:
            raise Denied(f"DescribeEndpoint {endpoint}: {live.permission} is not allowed")
        progress("alarms, autoscaling and configs", 0, 0)
        around = around_of(calls, progress, CreationTimeAfter=live.body["CreationTime"])
        sight = around.joined(calls, _described(calls, live.body, around))
        return _with_stack(calls, sight)

    def look_at_all(self, progress: Progress) -> list[Sight]:
        """Every endpoint: a DescribeEndpoint and a ListTags each, one call a distinct config, model and version, and a few lists."""
        calls = Calls(self._client)
        rows = _rows(calls)
        around = around_of(calls, progress)
        found = side_by_side(
            lambda row: _seen(calls, row, around),
            rows,
            lambda number: progress("endpoints", number, len(rows)),
        )
        sights = [sight for sight in found if sight is not None]
        around.note_what_serves(sights)
        return [around.joined(calls, sight) for sight in sights]

    def past(self, endpoint: EndpointName, variant: str, since: datetime, until: datetime) -> Past:
        """One GetMetricData."""
        return PastTraffic(self._client(CLOUDWATCH)).read(endpoint, variant, since, until)


def _rows(calls: Calls) -> list[Json]:
    answer, [rows] = calls.listed(SAGEMAKER, "list_endpoints", "Endpoints", MaxResults=PER_PAGE)
    if answer.is_denied:
        raise Denied(f"ListEndpoints: {answer.permission} is not allowed")
    return sorted(rows, key=lambda row: str(row["EndpointName"]))


def _seen(calls: Calls, row: Json, around: Around) -> Sight | None:
    """One row of ListEndpoints looked at; None where it has vanished since."""
    live = calls.ask(SAGEMAKER, "describe_endpoint", EndpointName=str(row["EndpointName"]))
    if live.is_denied:
        return _undescribed(row, live)
    return _described(calls, live.body, around) if live.is_there else None


def _described(calls: Calls, live: Json, around: Around) -> Sight:
    """An endpoint with its config, its models with their versions, and its tags."""
    config = calls.ask(SAGEMAKER, "describe_endpoint_config", EndpointConfigName=live["EndpointConfigName"])
    models = {name: _model(calls, name) for name in names_of_models(config.body)}
    tags = calls.ask(SAGEMAKER, "list_tags", ResourceArn=live["EndpointArn"])
    parts = Parts(live, config, models, around.scaling_of("endpoint", live["EndpointName"]))
    asked = [config, tags, *(each for pair in models.values() for each in pair if each is not None)]
    return Sight(
        name=EndpointName(str(live["EndpointName"])),
        status=str(live["EndpointStatus"]),
        made=live["CreationTime"],
        changed=live["LastModifiedTime"],
        config=_config(config),
        config_name=str(live["EndpointConfigName"]),
        failure_reason=str(live.get("FailureReason") or ""),
        variants=variants_of(parts),
        models=models_of(parts),
        traits=traits_of(parts),
        tags=tags_of(tags.body.get("Tags", [])),
        scaling=parts.scaling,
        unread=tuple(sorted({answer.permission for answer in asked if answer.is_denied})),
    )


def _undescribed(row: Json, live: Answer) -> Sight:
    """What ListEndpoints tells of an endpoint that may not be described."""
    return Sight(
        name=EndpointName(str(row["EndpointName"])),
        status=str(row["EndpointStatus"]),
        made=row["CreationTime"],
        changed=row["LastModifiedTime"],
        traits=(Trait(Kind.UNREAD, "it", live.permission),),
        unread=(live.permission,),
    )


def _config(answer: Answer) -> SeenConfig | None:
    if not answer.is_there:
        return None
    return SeenConfig(str(answer.body["EndpointConfigName"]), answer.body["CreationTime"])


def _model(calls: Calls, name: str) -> tuple[Answer, Answer | None]:
    model = calls.ask(SAGEMAKER, "describe_model", ModelName=name)
    version = version_of(model.body)
    if not version:
        return model, None
    return model, calls.ask(SAGEMAKER, "describe_model_package", ModelPackageName=version)


def _with_stack(calls: Calls, sight: Sight) -> Sight:
    stack, logical_id = sight.tags.get(STACK), sight.tags.get(LOGICAL_ID)
    if not stack or not logical_id:
        return sight
    answer = calls.ask(
        CLOUDFORMATION, "describe_stack_resource", StackName=stack, LogicalResourceId=logical_id
    )
    unread = tuple(sorted({*sight.unread, *([answer.permission] if answer.is_denied else [])}))
    return replace(sight, stack=StackResource(stack, logical_id, _cdk_path(answer.body)), unread=unread)


def _cdk_path(body: Mapping[str, Any]) -> str:
    """`aws:cdk:path` of a resource's metadata, which is JSON in a string."""
    try:
        metadata = json.loads((body.get("StackResourceDetail") or {}).get("Metadata") or "{}")
    except ValueError:
        return ""
    return str(metadata.get("aws:cdk:path", "")) if isinstance(metadata, dict) else ""
