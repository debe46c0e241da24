"""The first policy of an endpoint: what it will say, and what each value rests on. Pure; how it is written as YAML is the command line's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pointsman.core.alarms import (
    LONGEST_STEP,
    breaches_for,
    children_of,
    is_composite,
    is_for_scaling,
    why_never,
)
from pointsman.core.guard_alarms import AlarmDetail, Scene, guard_of
from pointsman.core.guess_check import checked_numbers
from pointsman.core.guesses import Guess, Numbers
from pointsman.core.owner import about, left_out, team_of
from pointsman.core.ownership import Confidence, Ownership, owner_in_code
from pointsman.policy import CreatedAlarm, ErrorKind, ErrorsAlarm, LatencyAlarm, Tool
from pointsman.policy_alarms import LEAST_REQUESTS, USUAL_MINUTES, made_for
from pointsman.survey import Past, Scaling, SeenAlarm, SeenModel, Sight

MOST_ALARMS, LONGEST_NAME = 50, 255
JSON = "application/json"
WATCH = timedelta(hours=24)
COARSE_PERCENT, MINUTES_OF_AN_HOUR = 10.0, 60
LONGEST_REQUEST = timedelta(seconds=60)
"""SageMaker ends it then."""
FILL_IN_GROUP = "<fill in, or run adopt again with --group NAME>"
"""No name of a group: `policy check` refuses it, and shows it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the person who adopts said that cannot be read; empty: nothing."""

    group: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy with its reasons. `fill_in` names the keys that a person has to fill in before it can be used."""

    endpoint: str
    group: Guess[str]
    registry_account: Guess[str]
    """Empty: the endpoint's own."""
    team: Guess[str]
    tool: Guess[Tool]
    instance_type: Guess[str]
    instance_count: Guess[int]
    numbers: Numbers
    content_type: Guess[str]
    body: Guess[str]
    alarms: tuple[Guess[str], ...]
    alarms_left_out: tuple[Guess[str], ...]
    created: tuple[Guess[CreatedAlarm], ...]
    """Alarms for the deployment to create, where none that could fire is there."""
    metadata: Mapping[str, str]
    tags_left_out: tuple[str, ...]
    watch: Guess[timedelta]
    fill_in: tuple[str, ...]


def draft(sight: Sight, past: Past, given: Given) -> Draft:
    """Write the policy for what is there. The endpoint must have exactly one variant, which a canary can serve."""
    [variant] = sight.variants
    model = next((each for each in sight.models if each.name == variant.model), SeenModel(variant.model))
    taken, left = _alarms(sight)
    group, team, body = _group(model, given), _team(sight, given), _body(model)
    guessed = checked_numbers(past, _slowest(sight))
    missing = {"model_package_group": group.value == FILL_IN_GROUP, "owner.team": not team.value}
    return Draft(
        endpoint=sight.name,
        group=group,
        registry_account=_registry(model, group.value),
        team=team,
        tool=_tool(owner_in_code(sight)),
        instance_type=Guess(variant.instance_type, "as it is live"),
        instance_count=_count(sight, variant.instances),
        numbers=guessed,
        content_type=_content_type(model),
        body=body,
        alarms=tuple(Guess(alarm.name, _looks_at(alarm)) for alarm in taken),
        alarms_left_out=tuple(left),
        created=() if taken else _created(variant.name, past, guessed),
        metadata=about(sight.tags),
        tags_left_out=left_out(sight.tags),
        watch=Guess(
            WATCH, "the default: after promotion, a late failure still goes back to the last good version"
        ),
        fill_in=tuple(key for key, is_missing in missing.items() if is_missing),
    )


def _group(model: SeenModel, given: Given) -> Guess[str]:
    if given.group:
        return Guess(given.group, "given with --group")
    if model.group:
        approved = f", {model.approval} in the registry" if model.approval else ""
        return Guess(
            model.group, f"version {model.version} of it serves now, as model {model.name}{approved}"
        )
    return Guess(
        FILL_IN_GROUP,
        f"model {model.name} was made without a package, so the baseline is this model. Name the group whose approved "
        f"versions are to be rolled out",
    )


def _registry(model: SeenModel, group: str) -> Guess[str]:
    """Whose registry has the group: the version that serves tells, where it is of that group."""
    if group != model.group or not model.registry_account:
        return Guess("", "")
    return Guess(model.registry_account, "the version that serves is in the registry of this account")


def _team(sight: Sight, given: Given) -> Guess[str]:
    if given.team:
        return Guess(given.team, "given with --team")
    tag = team_of(sight.tags)
    if tag is not None:
        return Guess(tag[1], f"tag {tag[0]}")
    return Guess(
        "", "fill in who owns it (or run adopt again with --team NAME): no tag of the endpoint tells"
    )


def _tool(ownership: Ownership) -> Guess[Tool]:
    told = "; ".join(ownership.evidence)
    if ownership.tool is Tool.NONE:
        return Guess(ownership.tool, f"guess: {told}")
    sure = "" if ownership.confidence is Confidence.CERTAIN else "guess: "
    return Guess(ownership.tool, f"{sure}{ownership.by.value}: {told}")


def _count(sight: Sight, instances: int) -> Guess[int]:
    scaled = [f", scaled between {each.least} and {each.most}{_by(each)}" for each in sight.scaling]
    return Guess(max(1, instances), f"as it is live{''.join(scaled)}; a larger live fleet is matched")


def _by(scaling: Scaling) -> str:
    return f" by {', '.join(scaling.policies)}" if scaling.policies else ""


def _content_type(model: SeenModel) -> Guess[str]:
    if not model.content_types:
        return Guess(JSON, "guess: the registry names none")
    others = [each for each in model.content_types if each != JSON]
    chosen = JSON if JSON in model.content_types else others[0]
    return Guess(chosen, f"the registry names {', '.join(model.content_types)}")


def _body(model: SeenModel) -> Guess[str]:
    is_json = _content_type(model).value == JSON
    return Guess(
        "{}" if is_json else "",
        f"guess: {'an empty object' if is_json else 'nothing'}. Put a request here as callers send it, without anything "
        f"secret: a candidate that cannot answer it never takes traffic",
    )


def _alarms(sight: Sight) -> tuple[list[SeenAlarm], list[Guess[str]]]:
    """Those that the policy names, and the others with why not."""
    taken: list[SeenAlarm] = []
    left: list[Guess[str]] = []
    for alarm in sight.alarms:
        why = _why_not(alarm, sight) or (
            f"a policy takes {MOST_ALARMS} alarms" if len(taken) == MOST_ALARMS else ""
        )
        if why:
            left.append(Guess(alarm.name, why))
        else:
            taken.append(alarm)
    return taken, left


def _created(variant: str, past: Past, guessed: Numbers) -> tuple[Guess[CreatedAlarm], ...]:
    """Coarse ones: what is a little too much is for the judge. None where no minute has the requests that they need."""
    busiest = max(past.hours, default=0.0) / MINUTES_OF_AN_HOUR
    if busiest < LEAST_REQUESTS:
        return ()
    tolerated, slow = guessed.max_error_percent.value, guessed.max_slow_percent.value
    over_percent = max(COARSE_PERCENT, tolerated)
    over = min(2 * guessed.slow_over.value, LONGEST_REQUEST)
    percentile = 100 - COARSE_PERCENT if slow <= COARSE_PERCENT else 50.0
    common = (USUAL_MINUTES, LEAST_REQUESTS, variant)
    why = "no alarm that could fire looks at it: the deployment creates this one"
    return (
        Guess(
            ErrorsAlarm(ErrorKind.SERVER, over_percent, *common), f"{why}. It is coarser than health.errors"
        ),
        Guess(LatencyAlarm(percentile, over, *common), "the same. It is coarser than health.latency"),
    )


def _why_not(alarm: SeenAlarm, sight: Sight) -> str:
    """Why an alarm is no guard of a release; empty where it is one."""
    if is_for_scaling(alarm):
        return "autoscaling made it for itself"
    if alarm.name.startswith(made_for(sight.name)):
        return "a deployment of Pointsman created it from a policy, and takes it away with that"
    if never := why_never(alarm, sight):
        return f"it can never fire: {never}"
    if composite := next((each.name for each in sight.alarms if alarm.name in children_of(each)), ""):
        return f"composite alarm {composite} speaks for it"
    if len(alarm.name) > LONGEST_NAME:
        return f"a policy takes names of at most {LONGEST_NAME} characters"
    scene = Scene(
        sight.name,
        sight.variants[0].name,
        sight.config_name,
        has_traffic=True,
        bake_min=LONGEST_STEP,
        bake_max=LONGEST_STEP,
        watch=WATCH,
    )
    guard = guard_of(alarm.name, AlarmDetail(alarm, alarm.missing_data), scene)
    return "; ".join((*guard.harms, *guard.gaps))


def _slowest(sight: Sight) -> timedelta:
    """How long the slowest alarm takes that can fire at all, and within a step."""
    took = [
        breaches_for(alarm)
        for alarm in sight.alarms
        if not is_for_scaling(alarm) and not why_never(alarm, sight)
    ]
    return max((each for each in took if each <= LONGEST_STEP), default=timedelta())


def _looks_at(alarm: SeenAlarm) -> str:
    if is_composite(alarm):
        said = f"composite of {', '.join(children_of(alarm))}"
    else:
        metrics = (
            " and ".join(dict.fromkeys(f"{each.metric} {each.stat}" for each in alarm.watched))
            or "an expression"
        )
        minutes = breaches_for(alarm) / timedelta(minutes=1)
        said = f"{metrics}, fires after {minutes:g} min" if minutes else metrics
    return (
        f"{said}. It is in ALARM now, and no rollout passes before it is OK"
        if alarm.state == "ALARM"
        else said
    )
