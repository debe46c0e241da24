"""A fleet with an endpoint of every kind and of every owner, and what adopting each must say. The local world shows the same fleet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from local import kinds_made as made
from local import owners_made as owned
from local.yard import VARIANT, Client, Yard
from pointsman.core.ownership import By
from pointsman.core.risks import Risk
from pointsman.survey import Kind
from twin.kernel import Kernel

Maker = Callable[[Yard, str], None]
WATCHED = made.watch


@dataclass(frozen=True, slots=True)
class Sample:
    """An endpoint: how it is made, what happens to it once it runs, and what is to be said of it."""

    name: str
    make: Maker
    then: Maker
    kinds: frozenset[Kind]
    takes_canary: bool
    by: By = By.UNKNOWN
    risks: frozenset[Risk] = frozenset()


def _kind(name: str, make: Maker, *kinds: Kind, then: Maker = WATCHED, risks: Iterable[Risk] = ()) -> Sample:
    served = {Kind.AUTOSCALED, Kind.CAPTURE, Kind.UNTRIED}
    return Sample(name, make, then, frozenset(kinds), set(kinds) <= served, risks=frozenset(risks))


def _owner(name: str, make: Maker, by: By) -> Sample:
    return Sample(name, make, WATCHED, frozenset(), takes_canary=True, by=by)


KINDS = (
    _kind("fraud-plain", made.plain),
    _kind("search-autoscaled", made.autoscaled, Kind.AUTOSCALED, then=made.scale),
    _kind("churn-unregistered", made.bare),
    _kind("churn-capture", made.capture, Kind.CAPTURE),
    _kind("llm-reserved", made.reserved, Kind.UNTRIED),
    _kind("llm-components", made.components, Kind.COMPONENTS, then=made.add_component, risks={Risk.NO_ALARM}),
    _kind("ads-multi-model", made.multi_model, Kind.MULTI_MODEL),
    _kind("vision-pipeline", made.pipeline, Kind.PIPELINE),
    _kind("vision-direct", made.direct, Kind.DIRECT),
    _kind("reports-async", made.asynchronous, Kind.ASYNC),
    _kind("demo-serverless", made.serverless, Kind.SERVERLESS),
    _kind("ranking-shadow", made.shadow, Kind.SHADOW),
    _kind("ocr-marketplace", made.marketplace, Kind.MARKETPLACE),
    _kind("speech-inf1", made.inf1, Kind.INF1),
    _kind("pricing-experiment", made.variants, Kind.VARIANTS),
    _kind("embeddings-pools", made.pools, Kind.POOLS),
    _kind(
        "geo-config-lost",
        made.autoscaled,
        Kind.CONFIG_DELETED,
        then=made.lose_config,
        risks={Risk.CONFIG_DELETED},
    ),
    _kind(
        "geo-model-lost",
        made.autoscaled,
        Kind.MODEL_DELETED,
        then=made.lose_model,
        risks={Risk.MODEL_DELETED},
    ),
    _kind("tax-failed", made.never_starts, Kind.FAILED, risks={Risk.FAILED}),
    _kind("tax-mixed", made.autoscaled, Kind.MIXED, then=made.mix, risks={Risk.MIXED}),
    _kind("mail-patched", made.autoscaled, Kind.CHANGING, then=made.patch),
    _kind("mail-went-back", made.autoscaled, then=made.fail_silently, risks={Risk.SILENT_ROLLBACK}),
    _kind("mail-composed", made.autoscaled, then=made.compose),
    _kind("mail-rejected", made.autoscaled, then=made.reject, risks={Risk.NOT_APPROVED}),
    _kind(
        "lab-alone",
        made.single,
        Kind.AUTOSCALED,
        then=made.pin,
        risks={Risk.ONE_INSTANCE, Risk.SCALING_PINNED, Risk.DEAD_ALARM, Risk.NO_OWNER},
    ),
)
OWNERS = (
    _owner("by-nobody", owned.nobody, By.UNKNOWN),
    _owner("by-cloudformation", owned.cloudformation, By.CLOUDFORMATION),
    _owner("by-cdk", owned.cdk, By.CDK),
    _owner("by-project", owned.project, By.PROJECT),
    _owner("by-terraform", owned.terraform, By.TERRAFORM),
    _owner("by-terraform-names", owned.terraform_named, By.TERRAFORM),
    _owner("by-opentofu", owned.opentofu, By.OPENTOFU),
    _owner("by-pulumi", owned.pulumi, By.PULUMI),
    _owner("by-crossplane", owned.crossplane, By.CROSSPLANE),
    _owner("by-ack", owned.ack, By.ACK),
    _owner("by-studio", owned.studio, By.STUDIO),
    _owner("canvas-churn-11-20-2026", owned.canvas, By.CANVAS),
    _owner("by-jumpstart", owned.jumpstart, By.JUMPSTART),
    _owner("pytorch-inference-2026-11-20-14-00-00-000", owned.sdk, By.SDK),
)
SAMPLES = (*KINDS, *OWNERS)


ONE_MINUTE = timedelta(minutes=1)
MORNING, NIGHT = 6, 22
BUSY = {"fraud-plain": (240.0, 48.0), "search-autoscaled": (1200.0, 240.0), "mail-composed": (2.0, 0.0)}
"""Endpoints that are given a past: requests a minute by day and by night."""


def give_past(kernel: Kernel, length: timedelta) -> None:
    """Traffic of so much time before now for some of the fleet. Adopting looks back a week, and not behind an endpoint's making."""
    start = kernel.now.replace(second=0, microsecond=0) - length
    for name, (by_day, by_night) in BUSY.items():

        def rpm(when: datetime, by_day: float = by_day, by_night: float = by_night) -> float:
            return by_day if MORNING <= when.hour < NIGHT else by_night

        kernel.remember(name, VARIANT, start, length // ONE_MINUTE, rpm, latency_ms=140.0, error_rate=0.001)


def build_fleet(client: Client, kernel: Kernel, samples: Iterable[Sample] = SAMPLES) -> None:
    """Make the endpoints and let time pass until what happens to them has happened, some half an hour."""
    yard, wanted = Yard(cache(client), kernel), tuple(samples)
    for sample in wanted:
        sample.make(yard, sample.name)
    yard.settle()
    for sample in wanted:
        sample.then(yard, sample.name)
    yard.settle()
