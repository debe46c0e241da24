"""Endpoints as a reader of the account sees them, and their past: what is usual is filled in, a test names what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pointsman.policy import EndpointName
from pointsman.survey import Past, SeenAlarm, SeenConfig, SeenModel, SeenVariant, Sight, Watched

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MADE = NOW - timedelta(days=30)
HOUR = timedelta(hours=1)
NAME = EndpointName("Fraud-Prod")
VARIANT = "AllTraffic"
GROUP = "fraud-detector"
PACKAGE = f"arn:aws:sagemaker:eu-central-1:111122223333:model-package/{GROUP}/6"
MODEL = SeenModel("fraud-model", package=PACKAGE, group=GROUP, version=6, approval="Approved")
DIMENSIONS = {"EndpointName": NAME, "VariantName": VARIANT}


def sight(**changes: Any) -> Sight:
    """A plain endpoint with an alarm, a team and nothing wrong."""
    usual = Sight(
        name=NAME,
        status="InService",
        made=MADE,
        changed=MADE,
        config=SeenConfig("fraud-prod-v1", MADE),
        config_name="fraud-prod-v1",
        variants=(SeenVariant(VARIANT, MODEL.name, "ml.c7i.large", 2),),
        models=(MODEL,),
        tags={"team": "payments-risk"},
        alarms=(alarm(),),
    )
    return replace(usual, **changes)


def watched(metric: str = "Invocation5XXErrors", stat: str = "Average", **changes: Any) -> Watched:
    usual = Watched("AWS/SageMaker", metric, DIMENSIONS, stat, timedelta(minutes=1))
    return replace(usual, **changes)


def alarm(name: str = "fraud-5xx", *metrics: Watched, **changes: Any) -> SeenAlarm:
    """Every tenth request failing, three minutes in a row."""
    usual = SeenAlarm(
        name=name,
        state="OK",
        watched=metrics or (watched(),),
        comparison="GreaterThanThreshold",
        threshold=0.1,
        evaluations=3,
        needed=3,
    )
    return replace(usual, **changes)


def composite(name: str, rule: str) -> SeenAlarm:
    return SeenAlarm(name, "OK", rule=rule)


def past(rpm: float = 100.0, hours: int = 168, **changes: Any) -> Past:
    """The hours before now with so many requests a minute, a p99 of 1.9 s and one failure in a thousand."""
    usual = Past(
        since=NOW - HOUR * hours,
        until=NOW,
        hours=(rpm * 60,) * hours,
        p99=(timedelta(seconds=1.9),) * (hours // 24) if rpm else (),
        server_errors=rpm * 60 * hours / 1000,
        model_errors=rpm * 60 * hours / 1000,
    )
    return replace(usual, **changes)
