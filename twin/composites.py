"""Composite alarms: what their rules may say, and which state a rule comes to. Alarms are kept in alarms."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from twin import rules
from twin.alarm_shapes import Alarm, stamp
from twin.errors import TwinError
from twin.evaluation import Finding

Params = dict[str, Any]
Known = Mapping[str, Alarm]


def rule_of(params: Params, known: Known) -> rules.Rule:
    """Read the rule of a composite alarm; ValidationError for one that names what is not there or itself."""
    if params.keys() & {"ActionsSuppressor", "ActionConfiguration"}:
        raise TwinError("ValidationError", "The twin does not do this yet: suppressors of actions.")
    rule = rules.read(params["AlarmRule"])
    unknown = [name for name in rule.children if name not in known]
    if unknown:
        # That AWS refuses this, and in which words, is recalled.
        raise TwinError("ValidationError", f"The alarms {', '.join(unknown)} in the rule do not exist.")
    if params["AlarmName"] in _below(rule, known):
        # AWS allows cycles and then stops to evaluate them.
        raise TwinError("ValidationError", "The twin does not do this yet: cycles of composite alarms.")
    return rule


def _below(rule: rules.Rule, known: Known) -> set[str]:
    """Return the names of all alarms that a rule depends on, directly or not."""
    names = set(rule.children)
    for name in rule.children:
        child = known[name].rule
        names |= _below(child, known) if child is not None else set()
    return names


def found_at_creation(alarm: Alarm, known: Known) -> Finding:
    """Return the state of a composite alarm that was just put."""
    state = _state(alarm, known)
    reason = f"{alarm.arn} was created and its alarm rule evaluates to {state}"
    return Finding(state, reason, _triggers(known[name] for name in children_of(alarm)))


def found_after(change: Alarm, alarm: Alarm, known: Known) -> Finding:
    """Return the state of a composite alarm after the `change` of a child, in the words of the samples in events/."""
    at = change.changed
    moment = f"{at:%A} {at.day} {at:%B, %Y %H:%M:%S} UTC"
    reason = f"{change.arn} transitioned to {change.state} at {moment}"
    return Finding(_state(alarm, known), reason, _triggers([change]))


def _state(alarm: Alarm, known: Known) -> str:
    rule = alarm.rule
    return "ALARM" if rule is not None and rule.holds(lambda name: known[name].state) else "OK"


def _triggers(children: Iterable[Alarm]) -> str:
    told = [
        {"arn": child.arn, "state": {"value": child.state, "timestamp": stamp(child.changed)}}
        for child in children
    ]
    return json.dumps({"triggeringAlarms": told}, separators=(",", ":"))


def children_of(alarm: Alarm) -> tuple[str, ...]:
    """Return the names that an alarm's rule looks at, none for a metric alarm."""
    return () if alarm.rule is None else alarm.rule.children


def check_deletion(names: set[str], known: Known) -> None:
    """Raise ValidationError for alarms that cannot go together, or that a composite alarm still looks at."""
    if sum(name in known and known[name].rule is not None for name in names) > 1:
        raise TwinError("ValidationError", "At most one composite alarm can be deleted at once.")
    for parent in known.values():
        needed = sorted(names.intersection(children_of(parent)))
        if needed and parent.name not in names:
            raise TwinError(
                "ValidationError", f"{needed[0]} is in the rule of the composite alarm {parent.name}."
            )
