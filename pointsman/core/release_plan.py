"""The plan of a release: what it will do, need, cost and take, before anything moves. Pure: facts in, a value out.

What stands in its way is `plan_findings.py`, how it reads is `plan_text.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pointsman.core.findings import Findings, Missing
from pointsman.core.fitting import Way, is_proved, ways_to_fit
from pointsman.core.guard_alarms import Guard, Scene, guard_of
from pointsman.core.peaks import Fleet, Need, needs_of
from pointsman.core.plan_evidence import load_ratio
from pointsman.core.plan_findings import find_missing, find_notes
from pointsman.core.preflight import baseline_of
from pointsman.core.quota_check import Fit, fits
from pointsman.core.release_cost import Bill, bill_of
from pointsman.core.release_facts import Facts
from pointsman.core.rollout import Rollout, open_rollout
from pointsman.core.timetable import Question, Timetable, timetable
from pointsman.core.undo import Undo, ways_back


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """Everything an approver asks. `needs` and what follows from it are empty where a canary cannot serve the endpoint."""

    facts: Facts
    rollout: Rollout
    needs: tuple[Need, ...]
    grown: tuple[Need, ...]
    """The same with the baseline at the most that autoscaling may give it; empty where it cannot grow."""
    quota: tuple[Fit, ...]
    times: Timetable
    bills: tuple[Bill, ...]
    """The cost of the earliest, the expected and the latest course."""
    guards: tuple[Guard, ...]
    undo: tuple[Undo, ...]
    missing: tuple[Missing, ...]
    notes: tuple[str, ...]
    ways: tuple[Way, ...] = ()
    """What would let every step prove itself in time; empty where each does."""
    loads: tuple[float | None, ...] = ()
    """What an instance of the candidate carries at each step, over one of the baseline; None where it serves alone."""

    @property
    def is_ready(self) -> bool:
        """Nothing that was read stands in its way."""
        return not self.missing

    @property
    def unread(self) -> tuple[str, ...]:
        """What could not be read."""
        return self.facts.around.unread


def plan_release(facts: Facts) -> ReleasePlan:
    """Work the plan out."""
    rollout = _rollout(facts)
    needs, grown = _fleets(facts, rollout)
    question = _question(facts)
    times = timetable(question)
    prices = facts.machines.usd_per_hour
    found = Findings(
        facts=facts,
        rollout=rollout,
        quota=fits(needs, facts.around.quotas, facts.around.in_use) if needs else (),
        guards=_guards(facts),
        question=question,
        times=times,
        grown=grown,
        ways=ways_to_fit(question) if needs and not is_proved(times) else (),
    )
    return ReleasePlan(
        facts=facts,
        rollout=rollout,
        needs=needs,
        grown=grown,
        quota=found.quota,
        times=times,
        bills=tuple(bill_of(course, needs, prices) for course in times.courses) if needs else (),
        guards=found.guards,
        undo=ways_back(needs, facts.policy.endpoint) if needs else (),
        missing=find_missing(found),
        notes=find_notes(found),
        ways=found.ways,
        loads=tuple(load_ratio(found, step) for step in facts.policy.plan.steps),
    )


def _rollout(facts: Facts) -> Rollout:
    """The rollout that would be opened, with the baseline as it is now."""
    opened = open_rollout(facts.policy.endpoint, facts.candidate.approval, facts.policy.plan, facts.start)
    variants = facts.observed.endpoint.variants
    return replace(opened, baseline=baseline_of(facts.observed)) if len(variants) == 1 else opened


def _fleets(facts: Facts, rollout: Rollout) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
    if rollout.baseline is None or facts.observed.endpoint.obstacles:
        return (), ()
    live = facts.observed.endpoint.variants[0]
    wanted, most = rollout.plan.serve, facts.around.scaling_most or 0
    old_type = live.instance_type or wanted.instance_type
    count = rollout.baseline.instance_count
    needs = needs_of(Fleet(old_type, count), Fleet(wanted.instance_type, rollout.candidate_count))
    if most <= count:
        return needs, ()
    grown = Fleet(old_type, most), Fleet(wanted.instance_type, max(wanted.instance_count, most))
    return needs, needs_of(*grown)


def _question(facts: Facts) -> Question:
    return Question(
        plan=facts.policy.plan,
        start=facts.start,
        traffic=facts.around.traffic,
        reading=facts.reading,
        usual=facts.around.usual,
        fleet=facts.around.fleet,
        windows=facts.policy.windows,
        is_autoscaled=facts.observed.scale_in_suspended is False,
    )


def _guards(facts: Facts) -> tuple[Guard, ...]:
    plan, endpoint, around = facts.policy.plan, facts.observed.endpoint, facts.around
    scene = Scene(
        endpoint=facts.policy.endpoint,
        variant=endpoint.variants[0].name if endpoint.variants else "",
        config=endpoint.config,
        has_traffic=around.traffic is not None and around.traffic.total > 0,
        bake_min=plan.bake_min,
        bake_max=plan.bake_max,
        watch=plan.watch,
    )
    if facts.observed.alarms.blind:
        return ()
    return tuple(guard_of(name, around.alarms.get(name), scene) for name in plan.health.alarms)


def serving_version(facts: Facts) -> int | None:
    """The version that serves, where its package is one of a group."""
    variants = facts.observed.endpoint.variants
    tail = variants[0].package.rpartition("/")[2] if len(variants) == 1 else ""
    return int(tail) if tail.isdigit() else None


def begins(plan: ReleasePlan) -> datetime:
    """When it begins at the earliest; the start itself where no window ever opens."""
    return plan.times.earliest.begins or plan.facts.start
