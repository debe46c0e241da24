"""What must hold when a schedule is over, in words where it does not. It looks; it drives nothing but time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pointsman.core.audit import check
from pointsman.core.phases import Cause, Hold, Phase
from pointsman.core.rollout import Rollout
from tests.properties.conduct import forward_in_a_pause, reopened
from tests.properties.faults import AT_TIMES, Schedule
from tests.properties.installations import InMemory, Maker
from tests.properties.run import MINUTE, Run, install
from tests.worlds.account import START

TICKS = 10
MOST = timedelta(hours=1)
LOST = frozenset({"Failed", "UpdateRollbackFailed"})
JUDGED = frozenset({Cause.JUDGED_BAD.value, Cause.ALARM.value})
WORLD_REFUSES = frozenset({Hold.CANNOT_RETURN})
"""The version serves alone and the cloud has no room for the fleet to go back to: tried again until it has."""


def explore(schedule: Schedule, *, is_told: bool = False, make: Maker = InMemory) -> Run:
    """Run a schedule until nothing is left to do, or until ten ticks were not enough.

    The ten ticks begin when the last fault struck and the story's own happenings are over. They begin anew when a
    rollout opens, when it wins a step and when it turns back, and where a named hold ends by itself: each of these happens finitely often.
    What the policy itself asks to wait for (the bake, the watch) is not counted.
    """
    run = Run(schedule, is_told, make)
    install(run)
    waits = run.scenario.plan.bake_min + run.scenario.plan.watch
    since = START + run.scenario.length
    for fault in schedule.faults:
        if fault.kind in AT_TIMES:
            since = max(since, START + timedelta(seconds=fault.at + fault.seconds))
    seen = None
    while not is_over(run) and run.now < since + TICKS * MINUTE + waits and run.now < START + MOST:
        run.advance_to(run.now + MINUTE)
        rollout = open_rollout(run)
        progress = (rollout.id, rollout.step, rollout.phase is Phase.ROLLING_BACK) if rollout else None
        if progress != seen or is_held(run):
            since = max(since, run.now)
        since, seen = max(since, run.gate.struck or since), progress
    return run


def is_over(run: Run) -> bool:
    """Everything is at rest, or a person has been asked for long enough that no late call can land any more."""
    if run.now < START + run.scenario.length:
        return False
    rollout = open_rollout(run)
    if rollout is not None and rollout.phase is Phase.NEEDS_HUMAN:
        return run.now - rollout.entered_at > 2 * MINUTE and not run.memory.unsent()
    return run.is_at_rest


def is_held(run: Run) -> bool:
    """The rollout stands still for a reason that has a name, and goes on by itself when that is over."""
    rollout = open_rollout(run)
    return rollout is not None and rollout.hold is not None and rollout.hold is not Hold.FROZEN


def open_rollout(run: Run) -> Rollout | None:
    """The rollout that the lane holds."""
    return run.memory.lane().rollout


def problems(run: Run) -> list[str]:
    """Everything that must hold and does not."""
    found = [*run.crashes, *_unended(run), *_traffic(run), *_chain(run), *_harm(run), *_left_behind(run)]
    decisions = list(_decisions(run))
    found += [*run.gate.conduct.problems, *reopened(decisions), *forward_in_a_pause(decisions)]
    return list(dict.fromkeys(found))


def last_phases(run: Run) -> dict[int, Phase]:
    """The last recorded phase of each version."""
    return {facts["version"]: Phase(facts["after"]) for facts in _decisions(run)}


def _decisions(run: Run) -> Iterator[dict[str, Any]]:
    for entry in run.memory.records():
        facts = entry.facts()
        if facts["kind"] == "decision":
            yield facts


def _unended(run: Run) -> Iterator[str]:
    rollout = open_rollout(run)
    if rollout is not None and not (
        rollout.is_terminal or rollout.phase is Phase.NEEDS_HUMAN or rollout.hold is not None
    ):
        yield f"{rollout.id} is still {rollout.phase} {TICKS} ticks after the last fault"


def _traffic(run: Run) -> Iterator[str]:
    status = run.account.status()
    if status in LOST:
        return
    rollout = open_rollout(run)
    if rollout is not None and rollout.hold in WORLD_REFUSES:
        return
    split = run.account.split()
    versions = [version for version, package in run.account.packages.items() if package in split]
    if len(versions) != 1:
        yield f"traffic is on versions {versions}"
    judged = {facts["version"] for facts in _decisions(run) if facts["cause"] in JUDGED}
    for version in versions:
        if version in judged:
            yield f"version {version} was judged bad and serves"
        if version in run.scenario.bad:
            yield f"version {version} is bad and serves"
        if version in run.aborted:
            yield f"version {version} serves although its abort was confirmed"


def _chain(run: Run) -> Iterator[str]:
    yield from check(run.memory.records(), run.memory.lane().head)


def _harm(run: Run) -> Iterator[str]:
    for at, _endpoint, variant in run.account.kernel.under_capacity:
        yield f"variant {variant} had too few instances at {at:%H:%M}"
    for config in run.account.kernel.broken_configs:
        yield f"config {config} was deleted while it served"
    if run.account.kernel.unanswered:
        yield f"requests found no fleet: {run.account.kernel.unanswered}"


def _left_behind(run: Run) -> Iterator[str]:
    rollout = open_rollout(run)
    if rollout is None and run.account.is_scale_in_suspended():
        yield "scale-in is still suspended although nothing is under way"
    untold = [each.message.subject for each in run.memory.unsent() if each.message is not None]
    if untold:
        yield f"people were not told: {untold}"
    heard = {detail["id"] for detail in run.memory.published()}
    unheard = [record.seq for record in run.memory.records() if f"{record.stream}:{record.seq}" not in heard]
    if unheard:
        yield f"records were not published: {unheard}"
