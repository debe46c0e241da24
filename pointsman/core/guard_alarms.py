"""What the alarms of a policy see of a release, and whether they can fire in time. What can never fire is `alarms.py`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pointsman.core.alarms import NAMESPACES, breaches_for, why_never
from pointsman.policy import EndpointName
from pointsman.survey import SeenAlarm, SeenVariant, Sight

METRIC_LAG = timedelta(minutes=3)
"""CloudWatch shows a minute one to three minutes later (facts/aws.md, 3.3)."""
ONE_MINUTE = timedelta(minutes=1)
"""The least period of what a query looks at, whose own is not read."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Sees(StrEnum):
    """What an alarm sees of a release while both variants run, the most first."""

    BOTH = "both"
    BASELINE = "baseline"
    UNKNOWN = "unknown"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class AlarmDetail:
    """An alarm, and what of its settings a release depends on. `suppressed`: why its actions tell nobody now.

    `has_data`: what it watches had data when it should have been evaluated; only asked of one in INSUFFICIENT_DATA.
    """

    seen: SeenAlarm
    missing_data: str = "missing"
    acts: bool = True
    suppressed: str = ""
    has_data: bool = False
    children: tuple[AlarmDetail, ...] = ()

    @property
    def kind(self) -> str:
        """What it looks at."""
        if self.seen.rule:
            return "composite"
        return "math or query" if self.seen.expressions else "metric"


@dataclass(frozen=True, slots=True)
class Guard:
    """What an alarm is worth for one release. `cautions` are to be known; the other two hold a release up before it begins.

    `harms` would take a good version back, `gaps` are why it can protect nothing. Each says after a colon what to do.
    """

    name: str
    kind: str
    state: str
    sees: Sees
    fires_after: timedelta | None
    harms: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """The endpoint and variant that serve, whether they had requests lately, and how long a step and the watch last."""

    endpoint: EndpointName
    variant: str
    config: str
    has_traffic: bool
    bake_min: timedelta
    bake_max: timedelta
    watch: timedelta

    @property
    def sight(self) -> Sight:
        """The same for who judges what can never fire."""
        variants = (SeenVariant(self.variant),) if self.variant else ()
        return Sight(
            self.endpoint,
            "InService",
            LONG_AGO,
            LONG_AGO,
            config_name=self.config,
            variants=variants,
        )


def guard_of(name: str, alarm: AlarmDetail | None, scene: Scene) -> Guard:
    """Weigh one alarm that the policy names. Without a kind it does not exist."""
    if alarm is None:
        return Guard(name, "", "", Sees.NOTHING, None)
    after = fires_after(alarm)
    sees, about = sees_of(alarm, scene)
    harms = _harms(alarm, sees, scene)
    gaps = _gaps(alarm, (sees, about), after, scene)
    if sees is Sees.NOTHING:
        return Guard(name, alarm.kind, alarm.seen.state, sees, after, tuple(harms), tuple(gaps))
    cautions = [*about, *_of_state(alarm, scene), *_of_time(after, sees, scene)]
    if alarm.missing_data == "notBreaching" and not scene.has_traffic and not alarm.children:
        cautions.append("treats missing data as good, and there is no traffic: its OK proves nothing")
    return Guard(name, alarm.kind, alarm.seen.state, sees, after, tuple(harms), tuple(gaps), tuple(cautions))


def fires_after(alarm: AlarmDetail) -> timedelta:
    """How long after the first bad request it can fire at the earliest."""
    if alarm.children:
        return min(fires_after(child) for child in alarm.children)
    at_least = ONE_MINUTE * alarm.seen.needed
    return max(breaches_for(alarm.seen), at_least) + METRIC_LAG


def sees_of(alarm: AlarmDetail, scene: Scene) -> tuple[Sees, list[str]]:
    """What it sees before the promotion; with sentences where that may surprise.

    The candidate runs under a variant name of its own until it is promoted, and CloudWatch's dimensions are exact: an
    alarm on the serving variant's name does not see it before (facts/aws.md, 3.1).
    """
    never = why_never(alarm.seen, scene.sight)
    if never:
        return Sees.NOTHING, [f"can never fire: {never}"]
    if alarm.children:
        each = [sees_of(child, scene)[0] for child in alarm.children]
    else:
        each = _of_metrics(alarm.seen, scene)
    sees = next((kind for kind in Sees if kind in each), Sees.UNKNOWN)
    return sees, _words(sees, alarm.seen, scene)


def _of_metrics(alarm: SeenAlarm, scene: Scene) -> list[Sees]:
    found = []
    for watched in alarm.watched:
        if watched.namespace not in NAMESPACES:
            found.append(Sees.UNKNOWN)
            continue
        names = watched.dimensions.get("EndpointName"), watched.dimensions.get("VariantName")
        if names == (scene.endpoint, None):
            # What is reported by variant only, `why_never` knows; of the rest nothing is claimed.
            found.append(Sees.UNKNOWN)
            continue
        found.append(Sees.BASELINE if names == (scene.endpoint, scene.variant) else Sees.NOTHING)
    ours = [expression for expression in alarm.expressions if scene.endpoint in expression]
    return found + [Sees.UNKNOWN if scene.variant in expression else Sees.BOTH for expression in ours]


def _words(sees: Sees, alarm: SeenAlarm, scene: Scene) -> list[str]:
    if sees is Sees.BASELINE:
        where = f"watches variant {scene.variant}: it does NOT see the candidate, which runs under a name of its own"
        return [f"{where} until it is promoted. Until then the judge alone looks at the candidate"]
    if sees is Sees.UNKNOWN:
        return ["whether it sees the candidate cannot be told from here"]
    if sees is Sees.NOTHING and alarm.rule:
        return ["is made of alarms that see nothing of this endpoint, or can never fire"]
    if sees is Sees.NOTHING:
        said = [f"{name}={value}" for each in alarm.watched for name, value in each.dimensions.items()]
        return [f"watches {', '.join(said) or 'nothing'}, which is not this endpoint"]
    return []


def _gaps(alarm: AlarmDetail, seen: tuple[Sees, list[str]], after: timedelta, scene: Scene) -> list[str]:
    """Why it can protect nothing. One that sees only the baseline protects others while steps last, and the version after."""
    sees, about = seen
    if sees is Sees.NOTHING:
        return [f"{each}: mend that, or take it out of health.alarms" for each in about]
    found = []
    if _is_stuck(alarm):
        found.append(
            "is in INSUFFICIENT_DATA although what it watches has data: wait some minutes if it is new, else mend its "
            "unit or statistic, or take it out of health.alarms"
        )
    longest = max(scene.bake_max, scene.watch) if sees is Sees.BASELINE else scene.bake_max
    if after > longest:
        found.append(
            f"{_earliest(after)}, for which no step is held long enough: shorten its period or its evaluations, "
            "lengthen bake.max, or take it out of health.alarms"
        )
    return found


def _is_stuck(alarm: AlarmDetail) -> bool:
    if alarm.children:
        return all(_is_stuck(child) for child in alarm.children)
    return alarm.seen.state == "INSUFFICIENT_DATA" and alarm.has_data


def _earliest(after: timedelta) -> str:
    return f"can fire {after.total_seconds() / 60:.0f} min after a failure at the earliest"


def _of_state(alarm: AlarmDetail, scene: Scene) -> list[str]:
    found, seen = [], alarm.seen
    if seen.evaluation_state:
        found.append(f"is in {seen.evaluation_state}: it does not protect until CloudWatch can evaluate it")
    if seen.state == "INSUFFICIENT_DATA" and scene.has_traffic and not _is_stuck(alarm):
        found.append("is in INSUFFICIENT_DATA although the endpoint has traffic")
    if alarm.suppressed:
        found.append(
            f"{alarm.suppressed}: while that lasts it takes no traffic back, and nothing goes forward while it fires"
        )
    elif not alarm.acts:
        found.append("has its actions switched off: its state still takes the traffic back")
    return found


def _of_time(after: timedelta, sees: Sees, scene: Scene) -> list[str]:
    """Whether it can fire while that which it sees lasts: the watch, or a step. One that never can is a gap."""
    if sees is Sees.BASELINE:
        is_late = scene.watch < after <= scene.bake_max
        return [f"{_earliest(after)}, when the watch is over"] if is_late else []
    is_late = scene.bake_min < after <= scene.bake_max
    return [f"{_earliest(after)}, when a short step is over"] if is_late else []


def _harms(alarm: AlarmDetail, sees: Sees, scene: Scene) -> list[str]:
    """In the last step the serving variant has no requests left: what takes that for a failure ends every release."""
    if sees is not Sees.BASELINE or alarm.children:
        return []
    if alarm.missing_data == "breaching":
        why = f"in the last step variant {scene.variant} has no requests; it treats missing data as breaching, fires"
        return [f"{why}, and takes a good version back: set TreatMissingData to notBreaching or ignore"]
    is_floor = alarm.seen.comparison.startswith("LessThan")
    if is_floor and any(each.metric.startswith("Invocations") for each in alarm.seen.watched):
        why = f"it fires when variant {scene.variant} has few requests, and every release takes them from it"
        return [f"{why}: take it out of health.alarms"]
    return []
