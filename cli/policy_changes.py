"""What changes from one policy to another, key by key: one rule for each key that can be written. How changes are printed is `policy_diff`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cli.policy_change import (
    FASTER,
    LOOSER,
    NEITHER,
    SLOWER,
    STRICTER,
    Effects,
    Rule,
    Said,
    amount,
    collection,
    opposite,
    replaced,
    section,
)
from cli.policy_changes_judge import HEALTH_RULES
from cli.policy_compile import to_authoring
from cli.policy_model import PolicyDocument
from cli.policy_problems import escaped
from cli.policy_section import keys_of, section_of
from cli.policy_steps_change import hours_change, steps_change
from cli.policy_words import far_enough, lasting, listed, opening_hours, ownership, percent, request_body
from pointsman.policy import CreatedAlarm, OnPatience, Policy, Until
from pointsman.policy_alarms import alarm_words, created_names

_FOR_THE_NEXT_ROLLOUT = ("serve", "rollout", "validation", "health", "watch")
_AT_ONCE = ("rollout.windows", "rollout.after", "rollout.freeze")


@dataclass(frozen=True, slots=True)
class Change:
    """One key that differs. `old` and `new` are as the file writes them; None where the key is not there."""

    key: str
    old: Any
    new: Any
    words: str
    effects: Effects
    is_at_once: bool
    """It holds for a rollout that is under way as well; the plan of one does not change."""


def changes(old: Policy, new: Policy) -> list[Change]:
    """Every difference, in the order in which the keys are written."""
    found = []
    for key, before, after in _differing(to_authoring(old), to_authoring(new)):
        said = RULES[key](old, new)
        found.append(Change(key, before, after, said.words, said.effects, _is_at_once(key)))
    return found


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for key, field in keys_of(PolicyDocument):
        around, _, _name = key.rpartition(".")
        if around and (_at(old, around) is None or _at(new, around) is None):
            continue
        before, after = _at(old, key), _at(new, key)
        is_whole = section_of(field) is None or before is None or after is None
        if is_whole and before != after:
            yield key, before, after


def _at(document: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401  (a key may hold anything that YAML knows)
    found: Any = document
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _is_at_once(key: str) -> bool:
    return key.startswith(_AT_ONCE) or not key.startswith(_FOR_THE_NEXT_ROLLOUT)


def _on_patience(_old: Policy, new: Policy) -> Said:
    if new.plan.on_patience is OnPatience.HOLD:
        return Said("when patience is over, a person decides; until now traffic went back", LOOSER)
    return Said("when patience is over, traffic goes back; until now a person decided", STRICTER)


def _freeze(old: Policy, new: Policy) -> Said:
    if not new.freeze:
        return Said(f"no longer frozen (it was: {escaped(old.freeze)})", FASTER)
    frozen = f"frozen, so that nothing automatic moves forward: {escaped(new.freeze)}"
    if old.freeze:
        return Said(
            f"still frozen, for another reason: {escaped(new.freeze)} instead of {escaped(old.freeze)}"
        )
    return Said(frozen, SLOWER)


def _waits(policy: Policy) -> str:
    after = policy.after
    return far_enough(after.until, after.endpoint) if after else ""


def _until(_old: Policy, new: Policy) -> Said:
    later = STRICTER | SLOWER
    is_later = new.after is not None and new.after.until is Until.WATCHED
    return Said(f"a version begins here only after it {_waits(new)}", later if is_later else opposite(later))


def _hours(policy: Policy) -> str:
    return f"{opening_hours(policy.windows)} ({policy.windows.timezone})" if policy.windows else "at any time"


def _alarms(policy: Policy) -> list[str]:
    created = created_names(policy.endpoint, policy.plan.health)
    return [_defined(name, created.get(name)) for name in policy.plan.health.alarms]


def _defined(name: str, created: CreatedAlarm | None) -> str:
    """A name alone would not tell that a threshold has changed."""
    return f"{name} ({alarm_words(created)}, on variant {created.variant})" if created else name


def _metadata(old: Policy, new: Policy) -> Said:
    before, after = old.metadata, new.metadata
    parts = [
        f"{name} {'becomes' if name in before else 'is added:'} {value}"
        for name, value in after.items()
        if before.get(name) != value
    ]
    parts += [f"{name} is removed" for name in before if name not in after]
    return Said(f"messages carry other pairs: {listed(parts)}")


def _endpoint(old: Policy, new: Policy) -> Said:
    before, after = old.endpoint, new.endpoint
    if before.lower() == after.lower():
        return Said(f"written {after} instead of {before}")
    return Said(f"the policy is for {after} instead of {before}, which has none any more")


def _ownership(_old: Policy, new: Policy) -> Said:
    return Said(ownership(new.managed_by).rstrip("."))


def _topic(policy: Policy) -> str:
    return policy.owner.notify or "the installation's topic"


def _registry(policy: Policy) -> str:
    return policy.registry_account or "the endpoint's own"


RULES: Mapping[str, Rule] = {
    "endpoint": _endpoint,
    "model_package_group": replaced(
        "the group whose versions are released", lambda p: p.model_package_group, str
    ),
    "registry_account": replaced("the account whose registry has the group", lambda p: p, _registry),
    "owner.team": replaced("the team", lambda p: p.owner.team, escaped),
    "owner.notify": replaced("the topic that hears of decisions", lambda p: p, _topic),
    "managed_by": _ownership,
    "managed_by.tool": _ownership,
    "managed_by.read_by": _ownership,
    "managed_by.read_on": _ownership,
    "serve.instance_type": replaced(
        "the instance type of a candidate", lambda p: p.plan.serve.instance_type, str
    ),
    "serve.instance_count": amount(
        "the least size of a candidate", lambda p: p.plan.serve.instance_count, "{:,}".format, NEITHER
    ),
    "rollout.strategy": replaced("the strategy", lambda p: p.plan.strategy.value, str),
    "rollout.steps": lambda old, new: steps_change(old.plan.steps, new.plan.steps),
    "rollout.bake.min": amount(
        "the least time that a step is held", lambda p: p.plan.bake_min, lasting, STRICTER | SLOWER
    ),
    "rollout.bake.max": amount(
        "the time after which thin evidence is told", lambda p: p.plan.bake_max, lasting, NEITHER
    ),
    "rollout.patience": amount("the wait for evidence", lambda p: p.plan.patience, lasting, SLOWER),
    "rollout.on_patience": _on_patience,
    "rollout.approve_before": collection(
        "steps that a person approves, in percent", lambda p: p.plan.gates, STRICTER | SLOWER
    ),
    "rollout.approval_wait": amount("the wait for an approval", lambda p: p.plan.gate_wait, lasting, SLOWER),
    "rollout.windows": section(
        lambda p: p.windows,
        lambda _old, new: Said(f"nothing moves forward any more outside {_hours(new)}"),
        lambda old, _new: Said(f"releases move forward at any time; until now within {_hours(old)}"),
        SLOWER,
    ),
    "rollout.windows.timezone": replaced(
        "the time zone of the windows", lambda p: p.windows and p.windows.timezone, str
    ),
    "rollout.windows.open": hours_change,
    "rollout.windows.holidays": collection(
        "holidays", lambda p: p.windows.holidays if p.windows else (), SLOWER
    ),
    "rollout.after": section(
        lambda p: p.after,
        lambda _old, new: Said(f"a version begins here only after it {_waits(new)}"),
        lambda old, _new: Said(
            f"a version waits for no other endpoint; until now it began only after it {_waits(old)}"
        ),
        STRICTER | SLOWER,
    ),
    "rollout.after.endpoint": replaced(
        "the endpoint that goes first", lambda p: p.after and p.after.endpoint, str
    ),
    "rollout.after.until": _until,
    "rollout.freeze": _freeze,
    "validation.content_type": replaced(
        "the content type of the first request", lambda p: p.plan.validation.content_type, escaped
    ),
    "validation.body": replaced(
        "the body of the first request", lambda p: p.plan.validation.body, request_body
    ),
    "health.errors.count": collection(
        "what counts as an error", lambda p: [kind.value for kind in p.plan.health.errors], STRICTER
    ),
    "health.errors.max_percent": amount(
        "tolerated errors", lambda p: p.plan.health.max_error_percent, percent, LOOSER
    ),
    "health.latency.slow_over": amount(
        "the limit over which a request is slow", lambda p: p.plan.health.slow_over, lasting, LOOSER
    ),
    "health.latency.max_percent": amount(
        "tolerated slow requests", lambda p: p.plan.health.max_slow_percent, percent, LOOSER
    ),
    **HEALTH_RULES,
    "health.min_requests": amount(
        "the requests that a pass needs",
        lambda p: p.plan.health.min_requests,
        "{:,}".format,
        STRICTER | SLOWER,
    ),
    "health.metric_delay": amount(
        "the delay after which metrics count as complete",
        lambda p: p.plan.health.metric_delay,
        lasting,
        STRICTER | SLOWER,
    ),
    "health.alarms": collection("alarms that send traffic back", _alarms, STRICTER),
    "watch": amount("the watch after a promotion", lambda p: p.plan.watch, lasting, STRICTER | SLOWER),
    "metadata": _metadata,
}
