"""What is at risk on an endpoint today, whoever deploys it: found in what was read of it, each with what would mend it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pointsman.core.alarms import LONGEST_STEP, breaches_for, is_for_scaling, why_never
from pointsman.core.owner import team_of
from pointsman.survey import Kind, Sight

ALARMS, TAGS, SCALING = (
    "cloudwatch:DescribeAlarms",
    "sagemaker:ListTags",
    "application-autoscaling:DescribeScalableTargets",
)
RUNNING = frozenset({"InService", "Updating", "SystemUpdating", "RollingBack", "UpdateRollbackFailed"})


class Risk(StrEnum):
    """What is at risk, the worst first. Its values are read by programs: never rename one."""

    FAILED = "failed"
    MIXED = "mixed"
    CONFIG_DELETED = "config deleted"
    MODEL_DELETED = "model deleted"
    NOT_APPROVED = "version not approved"
    SILENT_ROLLBACK = "silent rollback"
    DEAD_ALARM = "alarm never fires"
    NO_ALARM = "no alarm"
    ONE_INSTANCE = "one instance"
    SCALING_PINNED = "scaling cannot scale"
    SLOW_ALARM = "slow alarm"
    NO_OWNER = "no owner"


ADVICE: dict[Risk, str] = {
    Risk.FAILED: "It serves nobody, and SageMaker allows nothing but deleting it: delete it and create it anew.",
    Risk.MIXED: "It serves a mix of two configs: put one good config live with UpdateEndpoint.",
    Risk.CONFIG_DELETED: "SageMaker can neither scale nor patch it: put a new config live with UpdateEndpoint.",
    Risk.MODEL_DELETED: "A new instance cannot start: create the model again under its name, or put another config live.",
    Risk.NOT_APPROVED: "What serves is not what the registry approves: approve it, or roll an approved version out.",
    Risk.SILENT_ROLLBACK: "An update may have been taken back unnoticed: compare what serves with what was meant to.",
    Risk.DEAD_ALARM: "It looks like protection and is none: give it the dimensions and the threshold of what is reported.",
    Risk.NO_ALARM: "Nothing tells when it fails: put an alarm on Invocation5XXErrors and ModelLatency of its variant.",
    Risk.ONE_INSTANCE: "One host or zone takes it down: run two instances.",
    Risk.SCALING_PINNED: "Its autoscaling has no room: raise MaxCapacity, or remove the target.",
    Risk.SLOW_ALARM: "It fires after the step that it should stop: shorten its period or its evaluations.",
    Risk.NO_OWNER: "Nobody is told: tag it with team or owner.",
}
"""What to do first about each."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One finding on one endpoint, in words."""

    risk: Risk
    what: str


def risks_of(sight: Sight) -> tuple[AtRisk, ...]:
    """Every finding, the worst first. What could not be read gives none."""
    found = [each for look in _LOOKS for each in look(sight)]
    order = list(Risk)
    return tuple(sorted(found, key=lambda each: order.index(each.risk)))


def _of_its_state(sight: Sight) -> Iterator[AtRisk]:
    why = f": {sight.failure_reason}" if sight.failure_reason else ""
    if sight.has(Kind.FAILED):
        yield AtRisk(Risk.FAILED, f"it has failed{why}")
    if sight.has(Kind.MIXED):
        yield AtRisk(Risk.MIXED, f"an update and its rollback failed{why}")
    if sight.has(Kind.CONFIG_DELETED):
        yield AtRisk(Risk.CONFIG_DELETED, f"its config {sight.config_name} was deleted")
    for model in sight.models:
        if not model.is_there:
            yield AtRisk(Risk.MODEL_DELETED, f"model {model.name} was deleted")


def _of_its_versions(sight: Sight) -> Iterator[AtRisk]:
    for model in sight.models:
        if model.approval and model.approval != "Approved":
            version = f"version {model.version} of {model.group}" if model.group else model.package
            yield AtRisk(Risk.NOT_APPROVED, f"{version} serves and is {model.approval} in the registry")


def _of_its_history(sight: Sight) -> Iterator[AtRisk]:
    if sight.status == "InService" and sight.failure_reason:
        yield AtRisk(
            Risk.SILENT_ROLLBACK, f"it is InService, and its last update failed: {sight.failure_reason}"
        )
    elif sight.passed_over and sight.config is not None:
        newest = max(sight.passed_over, key=lambda each: each.made)
        yield AtRisk(
            Risk.SILENT_ROLLBACK,
            f"config {newest.name} was made on {newest.made:%Y-%m-%d} and the endpoint changed after that, "
            f"but {sight.config.name} of {sight.config.made:%Y-%m-%d} serves",
        )


def _of_its_alarms(sight: Sight) -> Iterator[AtRisk]:
    if not sight.was_read(ALARMS) or sight.status not in RUNNING:
        return
    alarms = [alarm for alarm in sight.alarms if not is_for_scaling(alarm)]
    if not alarms:
        yield AtRisk(Risk.NO_ALARM, "no alarm looks at it")
    for alarm in alarms:
        if why := why_never(alarm, sight):
            yield AtRisk(Risk.DEAD_ALARM, f"alarm {alarm.name} can never fire: {why}")
        elif breaches_for(alarm) > LONGEST_STEP:
            hours = breaches_for(alarm) / LONGEST_STEP
            yield AtRisk(Risk.SLOW_ALARM, f"alarm {alarm.name} fires after {hours:g} h of breaching")


def _of_its_size(sight: Sight) -> Iterator[AtRisk]:
    if sight.status not in RUNNING or sight.has(Kind.SERVERLESS, Kind.COMPONENTS):
        return
    instances = sum(variant.instances for variant in sight.variants)
    if instances == 1:
        yield AtRisk(Risk.ONE_INSTANCE, "it runs on one instance")
    for target in sight.scaling:
        if target.least == target.most:
            yield AtRisk(
                Risk.SCALING_PINNED, f"{target.resource} is scaled between {target.least} and {target.most}"
            )


def _of_its_owner(sight: Sight) -> Iterator[AtRisk]:
    if sight.was_read(TAGS) and not team_of(sight.tags):
        yield AtRisk(Risk.NO_OWNER, "no tag names who owns it")


_LOOKS: tuple[Callable[[Sight], Iterator[AtRisk]], ...] = (
    _of_its_state,
    _of_its_versions,
    _of_its_history,
    _of_its_alarms,
    _of_its_size,
    _of_its_owner,
)
