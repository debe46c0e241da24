"""What stands in a local world when it comes up: endpoints that serve, with alarms, autoscaling, traffic and a past. Who releases what is not its business."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from local import usages_measured as seen
from local.fleet import VARIANT, Site, scale, start, watch_errors, watch_latency
from local.installation import Installation
from local.kinds import Sample, build_fleet
from local.load import Load
from local.releases import LLM, SCORER
from local.usage_meter import Meter
from twin.traffic import Profile

PAST = timedelta(days=7)
PEAK_UTC = 9
"""The hour in which most requests came, on every day of the past; as many come from the beginning on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An endpoint, how its versions answer, how much it is asked, and what else its team made."""

    site: Site
    character: Profile
    add: Callable[[Installation, Site], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """How much an endpoint is asked, and how long it took to answer in the past."""

    requests_per_minute: float
    latency_ms: float


def _chat_extras(here: Installation, site: Site) -> None:
    watch_errors(here, site, "chat-llm-5xx")


def _fraud_extras(here: Installation, site: Site) -> None:
    watch_latency(here, site, "fraud-prod-p99", timedelta(milliseconds=150))
    scale(here, site)
    sagemaker = here.client("sagemaker")
    tags = {"team": site.team, "ManagedBy": "terraform"}
    arn = sagemaker.describe_endpoint(EndpointName=site.endpoint)["EndpointArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": name, "Value": value} for name, value in tags.items()])


STANDING = (
    Standing(Site("chat-llm", "chat-llm", "chat-platform", "ml.g5.2xlarge", 2), LLM, _chat_extras),
    Standing(Site("fraud-prod", "fraud-detector", "payments-risk", "ml.c7i.large", 2), SCORER, _fraud_extras),
)
"""What `policies/` speaks of; versions of these groups are what a visitor approves."""
ASKED = {
    "chat-llm": Asked(240.0, 1_430.0),
    "fraud-prod": Asked(300.0, 26.0),
    "search-autoscaled": Asked(120.0, 180.0),
    "fraud-plain": Asked(60.0, 180.0),
    "churn-capture": Asked(30.0, 180.0),
    "lab-alone": Asked(2.0, 180.0),
}
USED = {
    "embeddings-pools": seen.pools_quiet,
    "ranking-shadow": seen.shadowed,
    "speech-inf1": seen.quiet_processor,
    "llm-reserved": seen.month_end,
    "vision-direct": seen.direct_busy,
    "reports-async": seen.queue_processed,
    "ads-multi-model": seen.silent,
}
"""Endpoints that have stood for weeks, and how they are used, if at all. The rest is as old as the world, and asked nothing."""
STOOD = timedelta(weeks=7)


def furnish(here: Installation, load: Load, samples: Iterable[Sample]) -> dict[str, Profile]:
    """Make all of it; returns how the versions of each group answer. Some half an hour passes while fleets start."""
    begun, beside = here.kernel.now, tuple(samples)
    build_fleet(here.client, here.kernel, beside)
    for standing in STANDING:
        start(here, standing.site, standing.character)
        standing.add(here, standing.site)
    characters = {standing.site.group: standing.character for standing in STANDING}
    others = {sample.name for sample in beside}
    for endpoint, asked in ASKED.items():
        if endpoint in others | {standing.site.endpoint for standing in STANDING}:
            _remember(here, endpoint, asked, begun)
            load.set_rate(endpoint, asked.requests_per_minute)
        if endpoint in others:
            characters[endpoint] = _go_on(here, endpoint, asked)
    for endpoint, measure in USED.items():
        if endpoint in others:
            here.kernel.antedate(endpoint, begun - STOOD)
            measure(Meter(here.kernel, endpoint, begun - STOOD, begun))
    return characters


def _go_on(here: Installation, endpoint: str, asked: Asked) -> Profile:
    """Let what serves answer as fast as it is remembered to; its group has the endpoint's name."""
    character = replace(SCORER, base_ms=asked.latency_ms)
    versions = here.client("sagemaker").list_model_packages(ModelPackageGroupName=endpoint)
    for version in versions["ModelPackageSummaryList"]:
        here.kernel.profiles[version["ModelPackageArn"]] = character
    return character


def _remember(here: Installation, endpoint: str, asked: Asked, until: datetime) -> None:
    """Metrics of a week, with more requests by day than by night."""

    def rate(at: datetime) -> float:
        return asked.requests_per_minute * (0.65 + 0.35 * math.sin(math.tau * (at.hour - PEAK_UTC + 6) / 24))

    here.kernel.remember(
        endpoint, VARIANT, until - PAST, PAST // timedelta(minutes=1), rate, latency_ms=asked.latency_ms
    )
