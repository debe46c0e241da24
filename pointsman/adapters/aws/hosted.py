"""Implements `pointsman.hosted.Hosting`: Search for all endpoints, and describes for the few that are looked at. It changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.hosted_metrics import MOST_QUERIES, Asked, HostedMetrics
from pointsman.adapters.aws.hosted_shapes import component_of, endpoint_of, models_of, with_config
from pointsman.adapters.aws.survey_calls import (
    CLOUDWATCH,
    PER_PAGE,
    SAGEMAKER,
    Answer,
    Calls,
    Client,
    Found,
    side_by_side,
)
from pointsman.errors import PointsmanError
from pointsman.hosted import AllSeries, Component, Hosted, Metric
from pointsman.survey import Progress

Json = dict[str, Any]


class AwsHosting:
    """Implements `hosted.Hosting`."""

    def __init__(self, client: Client) -> None:
        """Take a factory of boto3 clients, by service; they should retry by themselves."""
        self._client = client

    def found(self, progress: Progress) -> list[Hosted]:
        """Search, the oldest first: what is made meanwhile comes last, so no page leaves one out."""
        client, seen, token = self._client(SAGEMAKER), dict[str, Hosted](), Json()
        while True:
            with mapped("Search"):
                page = client.search(
                    Resource="Endpoint",
                    MaxResults=PER_PAGE,
                    SortBy="CreationTime",
                    SortOrder="Ascending",
                    **token,
                )
            for record in page["Results"]:
                endpoint = endpoint_of(record["Endpoint"])
                seen[endpoint.name] = endpoint
            progress("endpoints", len(seen), 0)
            if not page.get("NextToken"):
                return [seen[name] for name in sorted(seen)]
            token = {"NextToken": page["NextToken"]}

    def described(self, endpoints: Sequence[Hosted], progress: Progress, *, live: bool) -> list[Hosted]:
        """DescribeEndpoint each where `live`; each config, and each model of those, once; the components in one list."""
        calls = Calls(self._client)
        looked = side_by_side(
            lambda endpoint: _described(calls, endpoint, live=live),
            endpoints,
            lambda number: progress("configs", number, len(endpoints)),
        )
        there = [each for each in looked if each is not None]
        return _with_components(calls, there)

    def series(
        self, metrics: Sequence[Metric], since: datetime, until: datetime, period: timedelta
    ) -> AllSeries:
        """GetMetricData for each 500 different metrics."""
        wanted, asked = list(dict.fromkeys(metrics)), Asked(since, until, period)
        reader = HostedMetrics(self._client(CLOUDWATCH))
        batches = [wanted[start : start + MOST_QUERIES] for start in range(0, len(wanted), MOST_QUERIES)]
        read = side_by_side(lambda batch: reader.read(batch, asked), batches, lambda _number: None)
        return {metric: series for some in read for metric, series in some.items()}


def _described(calls: Calls, endpoint: Hosted, *, live: bool) -> Hosted | None:
    """None where it is gone. A call that fails makes it unread, and stops no other."""
    if live:
        answer, why = _asked(calls, "describe_endpoint", EndpointName=endpoint.name)
        if answer is None:
            return replace(endpoint, unread=(why,))
        if answer.is_missing:
            return None
        endpoint = replace(endpoint_of(answer.body), tags=endpoint.tags)
    config, why = _asked(calls, "describe_endpoint_config", EndpointConfigName=endpoint.config_name)
    if config is None or config.is_missing:
        return replace(endpoint, unread=(why or f"config {endpoint.config_name} was deleted",))
    models, unread = dict[str, Json](), list[str]()
    for name in models_of(config.body):
        model, why = _asked(calls, "describe_model", ModelName=name)
        if model is None or model.is_missing:
            unread.append(why or f"model {name} was deleted")
        else:
            models[name] = model.body
    return replace(with_config(endpoint, config.body, models), unread=tuple(unread))


def _with_components(calls: Calls, endpoints: Sequence[Hosted]) -> list[Hosted]:
    """ListInferenceComponents for the account, where any endpoint hosts some."""
    if not any(variant.hosts_components for each in endpoints for variant in each.variants):
        return list(endpoints)
    by_endpoint: dict[str, list[Component]] = defaultdict(list)
    try:
        answer, [rows] = calls.listed(
            SAGEMAKER, "list_inference_components", "InferenceComponents", MaxResults=PER_PAGE
        )
        why = "" if answer.found is Found.THERE else f"{answer.permission} is not allowed"
    except PointsmanError as err:
        why, rows = _brief(err), []
    for row in rows:
        by_endpoint[str(row["EndpointName"])].append(component_of(row))
    return [
        replace(
            each,
            components=tuple(sorted(by_endpoint[each.name], key=_by_name)),
            unread=(*each.unread, *([why] if why else [])),
        )
        if any(variant.hosts_components for variant in each.variants)
        else each
        for each in endpoints
    ]


def _by_name(component: Component) -> str:
    return component.name


def _asked(calls: Calls, method: str, **params: str) -> tuple[Answer | None, str]:
    """The answer, or why there is none."""
    try:
        answer = calls.ask(SAGEMAKER, method, **params)
    except PointsmanError as err:
        return None, _brief(err)
    return (None, f"{answer.permission} is not allowed") if answer.is_denied else (answer, "")


def _brief(err: PointsmanError) -> str:
    return ": ".join(str(err).split(": ")[:2])
