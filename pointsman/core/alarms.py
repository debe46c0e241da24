"""Which alarms look at which endpoint, and which of them can never fire. Pure; it judges what was read, it reads nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain

from pointsman.survey import Kind, SeenAlarm, Sight, Watched

SERVICE_SCALED = "TargetTracking-"
"""How Application Auto Scaling names its own alarms: they fire in ordinary operation."""
LONGEST_STEP = timedelta(hours=1)
"""No step of a SageMaker deployment is held for longer (facts/aws.md, 2.2); what breaches for longer stops nothing in time."""
FLAGS = frozenset({"Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors"})
"""0 or 1 for each request: no average is above 1 (facts/peers-delivery.md, 6)."""
BY_VARIANT = FLAGS | {
    "Invocations",
    "InvocationsPerInstance",
    "ModelLatency",
    "OverheadLatency",
    "CPUUtilization",
    "MemoryUtilization",
    "DiskUtilization",
    "GPUUtilization",
    "GPUMemoryUtilization",
}
"""Metrics that SageMaker reports for a variant, never for an endpoint as a whole (facts/aws.md, 3.1)."""
NAMESPACES = frozenset({"AWS/SageMaker", "/aws/sagemaker/Endpoints", "/aws/sagemaker/InferenceComponents"})
FURTHER = frozenset({"InstanceType", "EndpointConfigName", "ContainerName"})

_QUOTED = re.compile(r"""'([^']+)'|"([^"]+)\"""")
_NAMED = re.compile(
    r"""\(\s*(?:"([^"]+)"|'([^']+)'|([^()"',\s]+))\s*(?=[,)])|,\s*(?:"([^"]+)"|'([^']+)'|([^()"',\s]+))"""
)
_WORDS = frozenset({"ALARM", "OK", "INSUFFICIENT_DATA", "TRUE", "FALSE"})


class AlarmIndex:
    """The alarms of an account by what they look at, found once for all its endpoints. Names are compared without case."""

    def __init__(self, alarms: Iterable[SeenAlarm]) -> None:
        """Sort the alarms; what belongs to nobody stays out."""
        self.by_name = {alarm.name: alarm for alarm in alarms}
        self._by_subject: dict[str, dict[str, SeenAlarm]] = defaultdict(dict)
        for alarm in self.by_name.values():
            for subject in self._subjects(alarm, frozenset()):
                self._by_subject[subject][alarm.name] = alarm

    def of(self, subjects: Iterable[str]) -> tuple[SeenAlarm, ...]:
        """Alarms on an endpoint or on one of its components, by their names."""
        found = dict(chain.from_iterable(self._by_subject[name.lower()].items() for name in subjects))
        return tuple(found[name] for name in sorted(found))

    def _subjects(self, alarm: SeenAlarm, above: frozenset[str]) -> Iterator[str]:
        for watched in alarm.watched:
            if watched.namespace in NAMESPACES:
                for dimension in ("EndpointName", "InferenceComponentName"):
                    yield watched.dimensions.get(dimension, "").lower()
        for expression in alarm.expressions:
            yield from (either or other for either, other in _QUOTED.findall(expression.lower()))
        for name in children_of(alarm):
            child = self.by_name.get(name)
            if child is not None and name not in above:
                yield from self._subjects(child, above | {alarm.name})


def children_of(alarm: SeenAlarm) -> tuple[str, ...]:
    """Names of the alarms that a composite alarm's rule speaks of, in any of its functions."""
    names = (next(filter(None, groups)) for groups in _NAMED.findall(alarm.rule))
    plain = (name.rpartition(":alarm:")[2] for name in names)
    found = [name for name in plain if name not in _WORDS and not re.fullmatch(r"[0-9]+%?", name)]
    return tuple(dict.fromkeys(found))


def is_for_scaling(alarm: SeenAlarm) -> bool:
    """Whether autoscaling made it for itself."""
    return alarm.name.startswith(SERVICE_SCALED)


def is_composite(alarm: SeenAlarm) -> bool:
    """Whether it looks at other alarms rather than at metrics."""
    return bool(alarm.rule)


def breaches_for(alarm: SeenAlarm) -> timedelta:
    """How long a metric must breach before the alarm fires."""
    return alarm.needed * max((watched.period for watched in alarm.watched), default=timedelta())


def why_never(alarm: SeenAlarm, sight: Sight) -> str:
    """Why the alarm can never fire for this endpoint; empty where nothing says so."""
    if alarm.rule:
        return _why_composite_never(alarm, sight)
    if alarm.evaluation_state == "EVALUATION_ERROR":
        return "CloudWatch cannot evaluate it (EVALUATION_ERROR)"
    if len(alarm.watched) != 1 or alarm.expressions:
        reasons = [_why_silent(watched, sight) for watched in alarm.watched]
        return reasons[0] if reasons and all(reasons) else ""
    [watched] = alarm.watched
    return _why_silent(watched, sight) or _why_out_of_reach(alarm, watched)


def _why_composite_never(alarm: SeenAlarm, sight: Sight) -> str:
    known = {each.name: each for each in sight.alarms}
    children = [known[name] for name in children_of(alarm) if name in known and not known[name].rule]
    dead = [child.name for child in children if why_never(child, sight)]
    return (
        f"every alarm it is made of can never fire ({', '.join(dead)})"
        if children and len(dead) == len(children)
        else ""
    )


def _why_silent(watched: Watched, sight: Sight) -> str:
    """Why CloudWatch never gets a data point under these dimensions, which must match exactly."""
    dimensions = watched.dimensions
    if (
        watched.namespace not in NAMESPACES
        or watched.metric not in BY_VARIANT
        or "InferenceComponentName" in dimensions
    ):
        return ""
    endpoint, variant = dimensions.get("EndpointName", ""), dimensions.get("VariantName")
    if endpoint != sight.name:
        return (
            f"it watches {endpoint}, and dimensions are compared with their case: the endpoint is {sight.name}"
            if endpoint.lower() == sight.name.lower()
            else ""
        )
    if sight.has(Kind.COMPONENTS):
        return f"{watched.metric} of inference components is reported by InferenceComponentName only"
    if sight.has(Kind.ASYNC) and watched.metric in {
        "Invocations",
        "InvocationsPerInstance",
        "OverheadLatency",
    }:
        return f"asynchronous endpoints report no {watched.metric}"
    if variant is None:
        return (
            f"{watched.metric} is reported by EndpointName and VariantName together, and it names no variant"
        )
    if sight.variants and variant not in {each.name for each in sight.variants}:
        return f"it watches variant {variant}, which the endpoint does not have"
    pinned = dimensions.get("EndpointConfigName", "")
    if pinned and sight.config_name and pinned != sight.config_name:
        return f"it watches config {pinned}, which no longer serves"
    strange = set(dimensions) - {"EndpointName", "VariantName"} - FURTHER
    return f"{watched.metric} has no dimension {min(strange)}" if strange else ""


def _why_out_of_reach(alarm: SeenAlarm, watched: Watched) -> str:
    if alarm.threshold is None or not alarm.comparison.startswith("Greater"):
        return ""
    is_share = watched.metric in FLAGS and watched.stat in {"Average", "Maximum"}
    reaches = alarm.threshold <= 1 if "OrEqual" in alarm.comparison else alarm.threshold < 1
    if is_share and not reaches:
        return f"{watched.metric} is 0 or 1 for each request, so that its {watched.stat} never gets above {alarm.threshold:g}"
    return ""
