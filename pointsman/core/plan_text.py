"""A plan as plain text: what the command line prints into a pipe, and what the message carries when a release starts. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from pointsman.core.peaks import Need, Stage
from pointsman.core.plan_words import (
    accelerators_of,
    alarm_line,
    cost_line,
    ending,
    heading,
    quota_line,
    step_line,
    times_heading,
    watch_line,
)
from pointsman.core.release_plan import ReleasePlan

WIDTH = 100
MOST_LINES = 48
LABEL = 11

STAGES = {
    Stage.NOW: "now",
    Stage.START: "candidate starts",
    Stage.STEPS: "during steps",
    Stage.END: "final fleet starts",
    Stage.AFTER: "afterwards",
}


def plan_text(plan: ReleasePlan, most_lines: int = MOST_LINES) -> list[str]:
    """Lines of at most 100 characters, at most so many of them. The end, which says whether it is ready, is never cut."""
    last = [line for said in ending(plan) for line in _wrapped("", said, "   ")]
    lines = [line for label, said in _body(plan) for line in _wrapped(label, said, " " * (LABEL + 2))]
    room = most_lines - len(last)
    if len(lines) > room > 1:
        left_out = len(lines) - room + 1
        command = f"pointsman plan {plan.facts.policy.endpoint} --version {plan.rollout.version}"
        lines = [*lines[: room - 1], f"... {left_out} lines more: {command}"]
    return [*lines, *last]


def _body(plan: ReleasePlan) -> Iterator[tuple[str, str]]:
    yield from heading(plan)
    yield from _labelled("instances", (need_line(plan, need) for need in plan.needs))
    yield from _labelled("quota", (quota_line(fit) for fit in plan.quota))
    if plan.needs:
        yield "capacity", "SageMaker tells nobody in advance whether it has the instances: asking shows it"
        yield "time", times_heading(plan)
        for index, percent in enumerate(plan.facts.policy.plan.steps):
            yield "", step_line(plan, index, percent)
        yield "", watch_line(plan)
    yield "cost", cost_line(plan)
    yield from _labelled("alarms", (alarm_line(guard) for guard in plan.guards))
    yield from _labelled("taken back", (f"{undo.when}: {undo.how}" for undo in plan.undo))
    yield from _labelled("note", plan.notes)
    yield from _labelled("not read", plan.unread)


def need_line(plan: ReleasePlan, need: Need) -> str:
    """One stage: how many instances of which types, and for what."""
    types = ", ".join(f"{count} x {kind}" for kind, count in need.by_type.items())
    parts = " + ".join(f"{what} {fleet.count}" for what, fleet in need.parts)
    made_of = f": {parts}" if len(need.parts) > 1 else ""
    return f"{STAGES[need.stage]:18} {types}{accelerators_of(plan, need)}{made_of}"


def _labelled(label: str, sentences: Iterable[str]) -> Iterator[tuple[str, str]]:
    for index, said in enumerate(sentences):
        yield (label if index == 0 else ""), said


def _wrapped(label: str, said: str, indent: str) -> list[str]:
    """Text from outside (a reason, a name) cannot pass for lines of the plan."""
    printable = "".join(char if char.isprintable() else "?" for char in said)
    first = f"{label:{LABEL}}" if label or len(indent) > LABEL else ""
    return textwrap.wrap(
        printable, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    ) or [first.rstrip()]
