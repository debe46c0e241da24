"""A plan as one JSON object (docs/plan.md): snake_case keys, ISO 8601 times, durations in seconds (`_s`), shares in percent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pointsman.core.guard_alarms import Guard
from pointsman.core.peaks import Need, peak_by_type, peak_total
from pointsman.core.quota_check import Fit
from pointsman.core.rehearsal import Rehearsed
from pointsman.core.release_cost import Bill
from pointsman.core.release_plan import ReleasePlan, serving_version
from pointsman.core.timetable import Course, Span

SCHEMA = 1
COURSES = ("earliest", "expected", "latest")

Json = dict[str, Any]


def plan_as_json(plan: ReleasePlan) -> Json:
    """Everything that the text says, and the numbers behind it."""
    facts = plan.facts
    return {
        "schema": SCHEMA,
        "ready": plan.is_ready,
        "missing": [{"what": each.what, "do": each.do} for each in plan.missing],
        "notes": list(plan.notes),
        "proposals": [{"says": way.says, "yaml": "\n".join(way.yaml) or None} for way in plan.ways],
        "not_read": list(plan.unread),
        "endpoint": facts.policy.endpoint,
        "version": _version(plan),
        "serving": _serving(plan),
        "policy": {"file": facts.policy_file or None, "team": facts.policy.owner.team},
        "start": _time(facts.start),
        "instances": _instances(plan),
        "quotas": [_fit(fit) for fit in plan.quota],
        "traffic": _traffic(plan),
        "fleet": _span(facts.around.fleet),
        "times": {
            name: _course(plan, course) for name, course in zip(COURSES, plan.times.courses, strict=True)
        },
        "watch_s": _seconds(facts.policy.plan.watch),
        "gates": list(facts.policy.plan.gates),
        "cost": _cost(plan),
        "alarms": [_guard(guard) for guard in plan.guards],
        "taken_back": [{"when": each.when, "how": each.how} for each in plan.undo],
    }


def _version(plan: ReleasePlan) -> Json:
    candidate = plan.facts.candidate
    return {
        "version": candidate.approval.version,
        "package": candidate.approval.package,
        "standing": candidate.standing.value,
        "changed_at": _time(candidate.approval.at),
        "changed_by": candidate.approval.by or None,
        "newer_waiting": list(candidate.waiting),
    }


def _serving(plan: ReleasePlan) -> Json:
    endpoint = plan.facts.observed.endpoint
    variants = [
        {
            "variant": each.name,
            "model": each.model or None,
            "package": each.package or None,
            "instance_type": each.instance_type or None,
            "instances": each.current_count,
        }
        for each in endpoint.variants
    ]
    return {"config": endpoint.config, "version": serving_version(plan.facts), "variants": variants}


def _instances(plan: ReleasePlan) -> Json:
    return {
        "stages": [_need(need) for need in plan.needs],
        "peak": peak_total(plan.needs) if plan.needs else None,
        "peak_by_type": peak_by_type(plan.needs),
        "peak_if_grown": peak_total(plan.grown) if plan.grown else None,
        "accelerators": {
            kind: {"count": count, "kind": name}
            for kind, (count, name) in sorted(plan.facts.machines.accelerators.items())
        },
    }


def _need(need: Need) -> Json:
    fleets = [
        {"what": what, "instance_type": fleet.instance_type, "count": fleet.count}
        for what, fleet in need.parts
    ]
    return {"stage": need.stage.value, "instances": need.total, "by_type": need.by_type, "fleets": fleets}


def _fit(fit: Fit) -> Json:
    return {
        "quota": fit.name,
        "limit": fit.limit,
        "peak": fit.peak,
        "others_in_use": fit.others,
        "exceeded": fit.is_exceeded,
    }


def _traffic(plan: ReleasePlan) -> Json | None:
    traffic = plan.facts.around.traffic
    if traffic is None:
        return None
    rate, basis = traffic.expected(plan.times.expected.begins or plan.facts.start)
    return {
        "requests_past_7_days": round(traffic.total),
        "expected_per_minute": round(rate, 3),
        "basis": basis.value,
    }


def _course(plan: ReleasePlan, course: Course) -> Json:
    return {
        "begins": _time(course.begins),
        "fleet_stands": _time(course.stands),
        "steps": [
            {
                "percent": step.percent,
                "begins": _time(step.begins),
                "proved": _time(step.proved),
                "requests": step.rehearsed.requests if step.rehearsed else None,
                "proves_points_percent": _points(step.rehearsed),
                "load_ratio": load and round(load, 3),
            }
            for step, load in zip(course.steps, plan.loads, strict=False)
        ],
        "stuck_at_percent": course.stuck_at,
        "gives_up": _time(course.gives_up),
        "finalizes": _time(course.finalizes),
        "promoted": _time(course.promoted),
        "ended": _time(course.ended),
    }


def _points(said: Rehearsed | None) -> float | None:
    """What may fail beyond twice the baseline's rate, in percent of the requests."""
    return round(100 * said.points, 3) if said is not None and said.points is not None else None


def _cost(plan: ReleasePlan) -> Json:
    machines = plan.facts.machines
    return {
        "currency": "USD",
        "list_price_of": machines.as_of.isoformat() if machines.as_of else None,
        "usd_per_hour": dict(sorted(machines.usd_per_hour.items())),
        **{name: _bill(bill) for name, bill in zip(COURSES, plan.bills, strict=False)},
    }


def _bill(bill: Bill) -> Json:
    stages = [
        {
            "stage": each.stage.value,
            "extra_by_type": dict(each.extra),
            "duration_s": round(each.hours * 3600),
            "instance_hours": round(each.instance_hours, 4),
            "usd": _money(each.usd),
        }
        for each in bill.stages
    ]
    hours = round(bill.instance_hours, 4)
    return {"usd": _money(bill.usd), "instance_hours": hours, "to_the_end": bill.is_whole, "stages": stages}


def _guard(guard: Guard) -> Json:
    return {
        "name": guard.name,
        "exists": bool(guard.kind),
        "kind": guard.kind or None,
        "state": guard.state or None,
        "sees_before_promotion": guard.sees.value,
        "fires_after_s": _seconds(guard.fires_after),
        "harms": list(guard.harms),
        "gaps": list(guard.gaps),
        "cautions": list(guard.cautions),
    }


def _span(span: Span) -> Json:
    return {
        "low_s": _seconds(span.low),
        "usual_s": _seconds(span.usual),
        "high_s": _seconds(span.high),
        "grounds": span.grounds.value,
        "times_measured": span.times,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _seconds(length: timedelta | None) -> int | None:
    return round(length.total_seconds()) if length is not None else None


def _money(usd: float | None) -> float | None:
    return round(usd, 4) if usd is not None else None
