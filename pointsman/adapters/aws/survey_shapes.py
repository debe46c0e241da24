"""AWS's answers to the survey's values. Pure; nothing is called here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pointsman.adapters.aws.survey_calls import Answer
from pointsman.adapters.aws.survey_traits import GROUP_VERSION, config_traits, model_traits, package_of
from pointsman.core.history import OURS
from pointsman.survey import Kind, Scaling, SeenAlarm, SeenModel, SeenVariant, Trait, Watched

Json = Mapping[str, Any]

BROKEN = {"Failed": Kind.FAILED, "OutOfService": Kind.FAILED, "UpdateRollbackFailed": Kind.MIXED}
SERVING = frozenset({"InService", *BROKEN})


@dataclass(frozen=True, slots=True)
class Parts:
    """The answers about one endpoint: DescribeEndpoint, its config, and by name each model and its package."""

    live: Json
    config: Answer
    models: Mapping[str, tuple[Answer, Answer | None]]
    scaling: tuple[Scaling, ...]


def variants_of(parts: Parts) -> tuple[SeenVariant, ...]:
    """The live production variants with what their config says of them."""
    described = {each["VariantName"]: each for each in parts.config.body.get("ProductionVariants", [])}
    return tuple(
        SeenVariant(
            name=str(live["VariantName"]),
            model=str(described.get(live["VariantName"], {}).get("ModelName") or ""),
            instance_type=str(described.get(live["VariantName"], {}).get("InstanceType") or ""),
            instances=max(live.get("CurrentInstanceCount") or 0, live.get("DesiredInstanceCount") or 0),
        )
        for live in parts.live.get("ProductionVariants") or []
    )


def models_of(parts: Parts) -> tuple[SeenModel, ...]:
    """The models of the config, with what the registry says of their versions."""
    own = _account_of(str(parts.live["EndpointArn"]))
    found = (_model(name, model, package) for name, (model, package) in parts.models.items())
    return tuple(replace(each, registry_account=_elsewhere(each.package, own)) for each in found)


def traits_of(parts: Parts) -> tuple[Trait, ...]:
    """Everything that makes this endpoint more than the simple case."""
    return (*_of_status(parts), *_of_config(parts), *_of_models(parts), *_of_scaling(parts.scaling))


def names_of_models(config: Json) -> list[str]:
    """The models that a config names, each once."""
    variants = [*config.get("ProductionVariants", []), *config.get("ShadowProductionVariants", [])]
    return list(dict.fromkeys(str(each["ModelName"]) for each in variants if each.get("ModelName")))


def version_of(model: Json) -> str:
    """ARN of the version that a model was made from; empty where it was made of something else."""
    package = package_of(model)
    return package if GROUP_VERSION.search(package) else ""


def tags_of(pairs: Iterable[Json]) -> dict[str, str]:
    """Tags as SageMaker lists them."""
    return {str(tag["Key"]): str(tag["Value"]) for tag in pairs}


def alarm_of(alarm: Json) -> SeenAlarm:
    """One entry of DescribeAlarms: a metric alarm or a composite one."""
    queries = alarm.get("Metrics") or []
    criteria = (alarm.get("EvaluationCriteria") or {}).get("PromQLCriteria") or {}
    expressions = [query["Expression"] for query in queries if query.get("Expression")]
    stats = [query["MetricStat"] for query in queries if query.get("MetricStat")]
    evaluations = int(alarm.get("EvaluationPeriods") or 1)
    return SeenAlarm(
        name=str(alarm["AlarmName"]),
        state=str(alarm.get("StateValue", "")),
        watched=tuple(_watched(each["Metric"], each["Stat"], each["Period"]) for each in stats)
        or _single(alarm),
        expressions=(*expressions, *([criteria["Query"]] if criteria.get("Query") else [])),
        rule=str(alarm.get("AlarmRule") or ""),
        comparison=str(alarm.get("ComparisonOperator") or ""),
        threshold=alarm.get("Threshold"),
        evaluations=evaluations,
        needed=int(alarm.get("DatapointsToAlarm") or evaluations),
        evaluation_state=str(alarm.get("EvaluationState") or ""),
        missing_data=str(alarm.get("TreatMissingData") or "missing"),
    )


def scaling_of(targets: Iterable[Json], policies: Iterable[Json]) -> dict[tuple[str, str], list[Scaling]]:
    """Scalable targets by what they scale: ("endpoint" or "inference-component", its name)."""
    names: dict[str, list[str]] = {}
    for policy in policies:
        names.setdefault(str(policy["ResourceId"]), []).append(str(policy["PolicyName"]))
    found: dict[tuple[str, str], list[Scaling]] = {}
    for target in targets:
        resource = str(target["ResourceId"])
        kind, _, rest = resource.partition("/")
        name, _, variant = rest.partition("/variant/")
        what = f"variant {variant}" if variant else f"inference component {name}"
        scaling = Scaling(what, target["MinCapacity"], target["MaxCapacity"], tuple(names.get(resource, ())))
        found.setdefault((kind, name), []).append(scaling)
    return found


def _single(alarm: Json) -> tuple[Watched, ...]:
    if not alarm.get("MetricName"):
        return ()
    stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or ""
    return (_watched(alarm, stat, alarm.get("Period") or 0),)


def _watched(metric: Json, stat: str, period: int) -> Watched:
    dimensions = {str(each["Name"]): str(each["Value"]) for each in metric.get("Dimensions") or []}
    return Watched(
        str(metric.get("Namespace", "")),
        str(metric["MetricName"]),
        dimensions,
        stat,
        timedelta(seconds=period),
    )


def _model(name: str, model: Answer, package: Answer | None) -> SeenModel:
    version = version_of(model.body)
    if package is None or package.is_denied:
        group, number = version.rpartition(":model-package/")[2].split("/") if version else ("", "0")
        return SeenModel(name, not model.is_missing, version, group, int(number))
    body = package.body
    return SeenModel(
        name=name,
        package=version,
        group=str(body.get("ModelPackageGroupName") or version.split("/")[-2]),
        version=int(body.get("ModelPackageVersion") or version.split("/")[-1]),
        approval=str(body.get("ModelApprovalStatus") or "") if package.is_there else "deleted",
        content_types=tuple((body.get("InferenceSpecification") or {}).get("SupportedContentTypes") or ()),
    )


def _elsewhere(package: str, own: str) -> str:
    account = _account_of(package)
    return "" if account == own else account


def _account_of(arn: str) -> str:
    return arn.split(":")[4] if arn else ""


def _of_status(parts: Parts) -> list[Trait]:
    status, config = str(parts.live["EndpointStatus"]), str(parts.live.get("EndpointConfigName", ""))
    variants = parts.live.get("ProductionVariants") or []
    if status in BROKEN:
        return [Trait(BROKEN[status])]
    if status not in SERVING:
        return [Trait(Kind.CHANGING, detail=status)]
    if OURS.fullmatch(config) and config.endswith("-canary"):
        return [Trait(Kind.RELEASING)]
    return [Trait(Kind.VARIANTS, detail=str(len(variants)))] if len(variants) != 1 else []


def _of_config(parts: Parts) -> tuple[Trait, ...]:
    if parts.config.is_denied:
        return (Trait(Kind.UNREAD, "its endpoint config", parts.config.permission),)
    return config_traits(parts.config.body if parts.config.is_there else None)


def _of_models(parts: Parts) -> list[Trait]:
    found: list[Trait] = []
    for name, (model, _) in parts.models.items():
        if model.is_denied:
            found.append(Trait(Kind.UNREAD, f"model {name}", model.permission))
        elif model.is_missing:
            found.append(Trait(Kind.MODEL_DELETED, name))
        else:
            found += model_traits(name, model.body)
    return found


def _of_scaling(scaling: tuple[Scaling, ...]) -> list[Trait]:
    return [Trait(Kind.AUTOSCALED, each.resource, f"{each.least} and {each.most}") for each in scaling]
