"""The matrix itself: every kind of endpoint under every strategy, with the reason and the way out. How it is read is `eligibility.py`.

Sources: facts/aws.md 2.1 to 2.5. `{where}` and `{detail}` are those of the trait. Each sentence reads "<why>: <instead>".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pointsman.survey import Kind


class Way(StrEnum):
    """A strategy, whether it is carried out yet or not."""

    CANARY = "canary"
    ROLLING = "rolling"
    BLUE_GREEN = "blue_green"
    LINEAR = "linear"
    SHADOW = "shadow"
    COMPONENT = "component"


class Answer(StrEnum):
    """What a strategy does for a kind of endpoint."""

    WORKS = "works"
    RESTRICTED = "works with a restriction"
    NO = "does not work"


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer. `instead` says what would help, or under a restriction what to do."""

    answer: Answer
    why: str = ""
    instead: str = ""


Row = Mapping[Way, Cell]

WORKS = Cell(Answer.WORKS)
UPDATES = (Way.ROLLING, Way.BLUE_GREEN, Way.LINEAR)
"""The strategies that are one UpdateEndpoint, carried out by SageMaker."""
ITSELF = "roll the component itself"
OWN_UPDATE = "deploy it with an UpdateEndpoint of your own"
OTHER_TYPE = "move it to another instance type"
ONE_MODEL = "give each an endpoint of its own"
NO_SHADOW = "deploy it without a shadow test"
AT_ONCE = "SageMaker switches it at once, silently, without bake, alarms or deployment events"


def _no(why: str, instead: str) -> Cell:
    return Cell(Answer.NO, why, instead)


def _limits(why: str, instead: str) -> Cell:
    return Cell(Answer.RESTRICTED, why, instead)


def _notes(why: str) -> Cell:
    return Cell(Answer.WORKS, why)


def _row(canary: Cell, updates: Cell, shadow: Cell, **others: Cell) -> Row:
    """A row in which the three updates answer alike unless one is given by its name. What is not given works."""
    same = {Way.CANARY: canary, Way.SHADOW: shadow} | dict.fromkeys(UPDATES, updates)
    return same | {Way(name): cell for name, cell in others.items()}


def _never(why: str, instead: str) -> Row:
    return dict.fromkeys(Way, _no(why, instead))


_MANY_CONTAINERS = "SageMaker allows no shadow variant beside a model of several containers, such as {where}"
_WHOLE_PIPELINE = _limits(
    "a version replaces all {detail} containers of model {where}", "register them together as one version"
)

MATRIX: Mapping[Kind, Row] = {
    Kind.PLAIN: _row(
        WORKS,
        WORKS,
        WORKS,
        component=_no("it serves its model directly, not as an inference component", "use another strategy"),
    ),
    Kind.AUTOSCALED: _row(
        _limits(
            "{where} is scaled between {detail} instances",
            "keep its instance type; scale-in is suspended while a rollout runs, and restored after",
        ),
        _limits(
            "SageMaker does not scale {where} while it updates",
            "keep its instance type, and retain the scaled count (RetainAllVariantProperties)",
        ),
        _limits("the shadow of {where} does not scale with it", "size it for the traffic that it copies"),
    ),
    Kind.COMPONENTS: _row(
        _no("variant {where} hosts inference components", ITSELF),
        _no(
            "an update of the endpoint replaces instances of variant {where}, not a component's model", ITSELF
        ),
        _no("nothing says that a shadow variant can copy requests for components, as on {where}", ITSELF),
        component=_limits(
            "components take no weights, so two versions never serve side by side on variant {where}",
            "judge the time after the update against the time before it",
        ),
    ),
    Kind.MULTI_MODEL: _row(
        _no("model {where} hosts several models from one container", ONE_MODEL),
        _no(
            "model {where} hosts several models, and a version would replace the container of all", ONE_MODEL
        ),
        _no("SageMaker allows no shadow variant beside several models in one container ({where})", ONE_MODEL),
    ),
    Kind.PIPELINE: _row(
        _no(
            "model {where} is an inference pipeline of {detail} containers, and a version would replace them all with its first one",
            "serve the pipeline from one container, or use blue/green",
        ),
        _WHOLE_PIPELINE,
        _no(_MANY_CONTAINERS, NO_SHADOW),
    ),
    Kind.DIRECT: _row(
        _no(
            "model {where} has {detail} containers that callers choose by name, and a version would replace them all with its first one",
            "give each container an endpoint of its own, or use blue/green",
        ),
        _WHOLE_PIPELINE,
        _no(_MANY_CONTAINERS, NO_SHADOW),
    ),
    Kind.ASYNC: _row(
        _no("it is an asynchronous endpoint, which has no weighted requests", "use blue/green"),
        _limits(
            "it is asynchronous and reports neither requests nor overhead",
            "judge it by its backlog and by its failed requests",
        ),
        _no("SageMaker allows no shadow variant on an asynchronous endpoint", NO_SHADOW),
    ),
    Kind.SERVERLESS: _row(
        _no("variant {where} is serverless, which allows one variant only", "use blue/green"),
        _no("SageMaker's step-wise updates exclude serverless variants, such as {where}", "use blue/green"),
        _no("SageMaker allows no shadow variant beside a serverless one, such as {where}", NO_SHADOW),
        blue_green=_limits(
            "variant {where} is serverless, and SageMaker switches it at once, without bake or alarms",
            "judge the version after the switch, and switch back if need be",
        ),
    ),
    Kind.SHADOW: _row(
        _no("it has a shadow variant", "end the shadow test first"),
        _no(
            "it has a shadow variant, and nothing says how an update treats that", "end the shadow test first"
        ),
        _no("it has a shadow variant, and SageMaker allows only one", "end the shadow test first"),
    ),
    Kind.CAPTURE: _row(
        _notes("what the candidate answers is captured under the name of its own variant"),
        _notes("capture goes on with the new fleet, under the same variant's name"),
        _notes("what the shadow answers is captured under the name of its own variant"),
    ),
    Kind.MARKETPLACE: _row(
        _no("model {where} comes from {detail}, which is no version of a group (Marketplace)", OWN_UPDATE),
        _no("model {where} comes from the Marketplace ({detail}), and " + AT_ONCE, OWN_UPDATE),
        _no("SageMaker allows no shadow variant beside a Marketplace model, such as {where}", OWN_UPDATE),
    ),
    Kind.INF1: _row(
        _no("variant {where} runs on Inf1, which deployments exclude", OTHER_TYPE),
        _no("variant {where} runs on Inf1, and " + AT_ONCE, OTHER_TYPE),
        _no("SageMaker allows no shadow variant on Inf1, as for {where}", OTHER_TYPE),
        blue_green=_limits(
            "variant {where} runs on Inf1, and " + AT_ONCE,
            "judge the version after the switch, or move it to another instance type",
        ),
    ),
    Kind.VARIANTS: _row(
        _no(
            "the endpoint has {detail} production variants; a weighted canary needs exactly one",
            "finish or remove the other experiment first",
        ),
        _limits(
            "it has {detail} production variants, and an update replaces the fleets of all",
            "keep every variant's name, and release one model at a time",
        ),
        _no(
            "a shadow test needs exactly one production variant; the endpoint has {detail}",
            "remove the others",
        ),
        rolling=_no(
            "SageMaker's rolling updates exclude endpoints with several variants, and this one has {detail}",
            "use blue/green",
        ),
    ),
    Kind.POOLS: _row(
        _no("variant {where} uses instance pools", "give it one instance type"),
        _limits(
            "variant {where} takes its instances from pools, and its metrics are split by instance type",
            "judge every type on its own",
        ),
        _no(
            "nothing says that a shadow variant works beside instance pools ({where})",
            "give it one instance type",
        ),
    ),
    Kind.CONFIG_DELETED: _never(
        "its endpoint config was deleted",
        "SageMaker can neither scale nor patch it; update it to a new config",
    ),
    Kind.MODEL_DELETED: _never(
        "model {where} was deleted, so that SageMaker can neither scale nor patch what runs it",
        "create it again under this name, or update the endpoint to a config with another model",
    ),
    Kind.FAILED: _never(
        "it has failed, and SageMaker allows nothing but deleting it",
        "delete it, create it anew, then adopt it",
    ),
    Kind.MIXED: _never(
        "an update and its rollback failed, and it serves a mix of two configs",
        "put one good config live with an UpdateEndpoint of your own, then adopt it",
    ),
    Kind.CHANGING: _never("it is {detail} right now", "wait until it is InService"),
    Kind.RELEASING: _never(
        "a rollout of Pointsman is on it", "it is adopted already; wait for the rollout's end"
    ),
    Kind.UNTRIED: dict.fromkeys(
        Way,
        _limits(
            "{where} has {detail}, with which this version of Pointsman has not been tried",
            "try a rollout on a copy of the endpoint first",
        ),
    ),
    Kind.UNKNOWN: _never(
        "{where} has {detail}, which is not known to this version of Pointsman",
        "see whether a newer version knows it; it is not guessed at",
    ),
    Kind.UNREAD: _never("{where} could not be read", "ask for the permission {detail}"),
}
