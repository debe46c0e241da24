"""What the alarms of a policy see of a release, and whether they can fire in time. Pure; reading them is an adapter's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SAGEMAKER = ("AWS/SageMaker", "/aws/sagemaker/Endpoints")
METRIC_LAG = timedelta(minutes=3)
"""CloudWatch shows a minute one to three minutes later (facts/aws.md, 3.3)."""


class Kind(StrEnum):
    """Kinds of alarms by what they look at."""

    METRIC = "metric"
    MATH = "math"
    COMPOSITE = "composite"
    OTHER = "other"


class Sight(StrEnum):
    """What an alarm sees of a release while both variants run."""

    BOTH = "both"
    BASELINE_ONLY = "baseline only"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Watched:
    """One metric that an alarm looks at. `query` is SQL or PromQL instead of a metric."""

    namespace: str = ""
    metric: str = ""
    dimensions: tuple[tuple[str, str], ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class AlarmDetail:
    """An alarm as CloudWatch describes it, in neutral words."""

    name: str
    kind: Kind
    state: str
    watched: tuple[Watched, ...] = ()
    period: timedelta = timedelta(minutes=1)
    periods: int = 1
    datapoints: int = 1
    missing_data: str = "missing"
    fires_when_low: bool = False
    """Its threshold is a floor: it fires when the number falls."""
    evaluation: str = ""
    """Empty, or PARTIAL_DATA, EVALUATION_ERROR, EVALUATION_FAILURE: then it does not protect (facts/aws.md, 3.4)."""
    acts: bool = True
    suppressed: str = ""
    """Why its actions are suppressed or muted now; empty: they are not."""
    children: tuple[AlarmDetail, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """What an alarm is worth for one release. `harms` would take a good version back; `cautions` are to be known."""

    name: str
    kind: Kind | None
    state: str
    sight: Sight
    fires_after: timedelta | None
    harms: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def exists(self) -> bool:
        """CloudWatch knows it."""
        return self.kind is not None


@dataclass(frozen=True, slots=True)
class Scene:
    """The endpoint and variant that serve, whether they had requests lately, and how long a step is held."""

    endpoint: str
    variant: str
    config: str
    has_traffic: bool
    bake_min: timedelta
    bake_max: timedelta
    watch: timedelta


def guard_of(name: str, alarm: AlarmDetail | None, scene: Scene) -> Guard:
    """Weigh one alarm that the policy names."""
    if alarm is None:
        return Guard(name, None, "", Sight.NOTHING, None)
    after = fires_after(alarm)
    sight, about = sight_of(alarm, scene)
    harms = _harms(alarm, sight, scene)
    cautions = [*about, *_of_state(alarm, scene), *_of_time(after, sight, scene)]
    if alarm.missing_data == "notBreaching" and not scene.has_traffic and not alarm.children:
        cautions.append("treats missing data as good, and there is no traffic: its OK proves nothing")
    return Guard(name, alarm.kind, alarm.state, sight, after, tuple(harms), tuple(cautions))


def fires_after(alarm: AlarmDetail) -> timedelta:
    """How long after the first bad request it can fire at the earliest."""
    if alarm.children:
        return min(fires_after(child) for child in alarm.children)
    return alarm.period * alarm.datapoints + METRIC_LAG


def sight_of(alarm: AlarmDetail, scene: Scene) -> tuple[Sight, list[str]]:
    """What it sees before the promotion; with sentences where that may surprise.

    The candidate runs under a variant name of its own until it is promoted, and CloudWatch's dimensions are exact: an
    alarm on the serving variant's name does not see it before (facts/aws.md, 3.1).
    """
    if alarm.children:
        seen = [sight_of(child, scene)[0] for child in alarm.children]
    else:
        seen = [_of_watched(each, scene) for each in alarm.watched]
    sight = next((each for each in Sight if each in seen), Sight.UNKNOWN)
    if sight is Sight.BASELINE_ONLY:
        return sight, [
            f"watches variant {scene.variant}, so it does NOT see the candidate before it is promoted: until then it "
            f"tells of the baseline only, and the candidate is judged by its own numbers"
        ]
    if sight is Sight.NOTHING:
        return sight, [_blind(alarm, scene)]
    if sight is Sight.UNKNOWN:
        return sight, ["whether it sees the candidate cannot be told from here"]
    return sight, []


def _of_watched(watched: Watched, scene: Scene) -> Sight:
    if watched.query:
        names_both = scene.endpoint in watched.query and scene.variant not in watched.query
        return Sight.BOTH if names_both else Sight.UNKNOWN
    if watched.namespace not in SAGEMAKER:
        return Sight.UNKNOWN
    found = dict(watched.dimensions)
    is_ours = found == {"EndpointName": scene.endpoint, "VariantName": scene.variant}
    return Sight.BASELINE_ONLY if is_ours else Sight.NOTHING


def _blind(alarm: AlarmDetail, scene: Scene) -> str:
    found = dict(alarm.watched[0].dimensions) if alarm.watched else {}
    said = ", ".join(f"{name}={value}" for name, value in found.items()) or "no dimensions"
    wanted = f"EndpointName={scene.endpoint}, VariantName={scene.variant}"
    if "EndpointConfigName" in found:
        return f"watches config {found['EndpointConfigName']} ({said}); a release serves from new configs, which it never sees"
    return f"watches {said}, where this endpoint reports nothing: give it {wanted}"


def _of_state(alarm: AlarmDetail, scene: Scene) -> list[str]:
    found = []
    if alarm.evaluation:
        found.append(f"is in {alarm.evaluation}: it does not protect until CloudWatch can evaluate it")
    if alarm.state == "INSUFFICIENT_DATA" and scene.has_traffic:
        found.append(
            "is in INSUFFICIENT_DATA although the endpoint has traffic: it may look at the wrong place"
        )
    if alarm.suppressed:
        found.append(
            f"{alarm.suppressed}; its state still takes the traffic back, but its own actions tell nobody"
        )
    elif not alarm.acts:
        found.append("has its actions switched off; its state still takes the traffic back")
    return found


def _of_time(after: timedelta, sight: Sight, scene: Scene) -> list[str]:
    minutes = f"{after.total_seconds() / 60:.0f} min"
    if after > scene.watch and sight is Sight.BASELINE_ONLY:
        return [f"can fire {minutes} after a failure at the earliest, which is later than the watch ends"]
    if after > scene.bake_max:
        return [f"can fire {minutes} after a failure at the earliest, which no bake is long enough for"]
    if after > scene.bake_min:
        return [f"can fire {minutes} after a failure at the earliest, when a short bake is over"]
    return []


def _harms(alarm: AlarmDetail, sight: Sight, scene: Scene) -> list[str]:
    """In the last step the serving variant has no requests left: what takes that for a failure ends every release."""
    if sight is not Sight.BASELINE_ONLY or alarm.kind is Kind.COMPOSITE:
        return []
    left = f"in the last step all traffic is on the candidate, and variant {scene.variant} reports nothing"
    if alarm.missing_data == "breaching":
        return [f"{left}: it treats missing data as breaching, fires, and takes a good version back"]
    if alarm.fires_when_low and any(each.metric.startswith("Invocations") for each in alarm.watched):
        return [f"it fires when variant {scene.variant} has few requests, which every release takes from it"]
    return []
