"""Sentences and cells of a plan, shared by its plain text and its table. Layout is theirs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from pointsman.core.guard_alarms import Guard
from pointsman.core.past_traffic import Basis
from pointsman.core.peaks import Need, Stage
from pointsman.core.quota_check import Fit
from pointsman.core.release_cost import extra_of, usd_per_hour
from pointsman.core.release_facts import Standing
from pointsman.core.release_plan import ReleasePlan, serving_version
from pointsman.core.spoken import clock, count_of, duration, money, tail_of
from pointsman.core.timetable import Course, Grounds, Span

NOT_REACHED = "-"


def heading(plan: ReleasePlan) -> Iterator[tuple[str, str]]:
    """What is released over what, and under which policy: labels with sentences."""
    facts, candidate = plan.facts, plan.facts.candidate
    old = serving_version(facts)
    steps = " -> ".join(str(percent) for percent in facts.policy.plan.steps)
    over = f" in place of {old}" if old is not None else ""
    yield "release", f"{facts.policy.endpoint}: version {plan.rollout.version}{over}, canary {steps} %"
    by = f" by {tail_of(candidate.approval.by)}" if candidate.approval.by else ""
    when = f"{candidate.approval.at:%Y-%m-%d %H:%M} UTC"
    said = {
        Standing.APPROVED: f"approved {when}{by}",
        Standing.PENDING: "not approved yet",
        Standing.REJECTED: f"rejected {when}{by}",
    }[candidate.standing]
    yield "version", f"{tail_of(candidate.approval.package)}, {said}"
    where = f"{facts.policy_file}, on this machine; " if facts.policy_file else ""
    yield "policy", f"{where}team {facts.policy.owner.team}"


def quota_line(fit: Fit) -> str:
    """One quota against the peak."""
    limit = "not known" if fit.limit is None else f"{fit.limit:,}"
    others = "others not counted" if fit.others is None else f"{fit.others:,} elsewhere"
    verdict = "EXCEEDED" if fit.is_exceeded else "fits" if fit.limit is not None else "not checked"
    return f"{fit.name}: {fit.peak:,} at the peak, {others}, limit {limit}: {verdict}"


def times_heading(plan: ReleasePlan) -> str:
    """From when on, at which traffic, and what the durations rest on."""
    start = plan.times.expected.begins or plan.facts.start
    return (
        f"from {start:%a %Y-%m-%d %H:%M} UTC, earliest .. expected .. latest; {traffic_words(plan)}; "
        f"a fleet starts in {span_words(plan.facts.around.fleet)}"
    )


def traffic_words(plan: ReleasePlan) -> str:
    """The traffic that the times rest on."""
    traffic = plan.facts.around.traffic
    if traffic is None:
        return "the traffic is not known, so only bake.min counts"
    rate, basis = traffic.expected(plan.times.expected.begins or plan.facts.start)
    if basis is Basis.NOTHING:
        return "no requests in the past 7 days"
    return f"{rate:,.1f} requests a minute ({basis})"


def span_words(span: Span) -> str:
    """How long a fleet takes, and how that is known."""
    known = f"measured {span.times} times here" if span.grounds is Grounds.MEASURED else span.grounds.value
    return f"{duration(span.low)} to {duration(span.high)} ({known})"


def step_cells(plan: ReleasePlan, index: int, percent: int) -> tuple[str, str, str]:
    """When a step is proved: earliest, expected, latest."""
    early, usual, late = (_step_at(plan, course, index, percent) for course in plan.times.courses)
    return early, usual, late


def step_line(plan: ReleasePlan, index: int, percent: int) -> str:
    """One step: its share, its requests, when it is proved."""
    gate = "after an approval, " if percent in plan.facts.policy.plan.gates else ""
    if not is_reached(plan, index, percent):
        return f"{percent:>4} %  not reached"
    rate = requests_at(plan, index, percent)
    gets = f"{rate} requests a minute, " if rate else ""
    return f"{percent:>4} %  {gate}{gets}proved {' .. '.join(step_cells(plan, index, percent))}"


def requests_at(plan: ReleasePlan, index: int, percent: int) -> str:
    """Requests a minute that the candidate gets in that step; empty where that is not known."""
    steps, traffic = plan.times.expected.steps, plan.facts.around.traffic
    if traffic is None or traffic.total <= 0:
        return ""
    at = steps[index].begins if index < len(steps) else plan.facts.start
    rate, _basis = traffic.expected(at)
    each = rate * percent / 100
    return f"{each:,.1f}" if each >= 1 else f"{each:.2g}"


def moments(plan: ReleasePlan, of: Callable[[Course], datetime | None]) -> tuple[str, str, str]:
    """A moment in all three courses."""
    early, usual, late = (_clock(plan, of(course)) for course in plan.times.courses)
    return early, usual, late


def lengths(plan: ReleasePlan) -> tuple[str, str, str]:
    """How long from the beginning to the promotion."""
    early, usual, late = (_length(course) for course in plan.times.courses)
    return length_words(early), length_words(usual), length_words(late)


def length_words(length: timedelta | None) -> str:
    """A duration, or that there is none."""
    return duration(length) if length is not None else NOT_REACHED


def watch_line(plan: ReleasePlan) -> str:
    """When the version serves alone, and how long it is watched; or where the way there ends."""
    usual = plan.times.expected
    if usual.promoted is None:
        return f"not promoted: {_where_it_ends(plan, usual)}"
    promoted = " .. ".join(moments(plan, lambda course: course.promoted))
    took = " .. ".join(lengths(plan))
    watch = duration(plan.facts.policy.plan.watch)
    return f"promoted {promoted}, which is {took} after its start; watched for {watch} then"


def _where_it_ends(plan: ReleasePlan, course: Course) -> str:
    if course.stuck_at is None:
        return "no release window opens for it"
    until = _clock(plan, course.gives_up)
    return f"step {course.stuck_at} % waits for its proof until {until}, when the policy's patience is over"


def cost_line(plan: ReleasePlan) -> str:
    """Money beyond what runs anyway."""
    if not plan.needs:
        return "none: a canary cannot serve this endpoint as it is"
    unpriced = unpriced_types(plan)
    usual = plan.bills[1]
    bills = plan.bills if usual.is_whole else (usual,)
    hours = " .. ".join(f"{bill.instance_hours:,.1f}" if bill.is_whole else NOT_REACHED for bill in bills)
    usd = " .. ".join(money(bill.usd or 0.0) if bill.is_whole else NOT_REACHED for bill in bills)
    if not usual.is_whole:
        hours, usd = f"{usual.instance_hours:,.1f}", money(usual.usd or 0.0)
    until = "" if usual.is_whole else ", until it gives up"
    if unpriced:
        return f"{hours} instance-hours{until}; no price is known for {', '.join(unpriced)} here (--price-per-hour gives one)"
    return f"{usd} for {hours} instance-hours beyond what runs anyway{until}; {price_words(plan)}{waiting_cost(plan)}"


def unpriced_types(plan: ReleasePlan) -> list[str]:
    """Instance types without a price."""
    types = {kind for need in plan.needs for kind in need.by_type}
    return sorted(types - set(plan.facts.machines.usd_per_hour))


def price_words(plan: ReleasePlan) -> str:
    """Which prices."""
    as_of = plan.facts.machines.as_of
    return f"list price of {as_of:%Y-%m-%d}" if as_of else "price as given"


def waiting_cost(plan: ReleasePlan) -> str:
    """What each further hour of the steps costs."""
    fleets = {need.stage: need for need in plan.needs}
    extra = extra_of(fleets[Stage.STEPS], fleets[Stage.NOW])
    each = usd_per_hour(extra, plan.facts.machines.usd_per_hour)
    return f"; each hour that a step waits {money(each)}" if each is not None else ""


def accelerators_of(plan: ReleasePlan, need: Need) -> str:
    """GPUs and their like of a stage, such as ` (8 NVIDIA A10G)`; empty where there are none."""
    known = plan.facts.machines.accelerators
    chips: dict[str, int] = {}
    for kind, count in need.by_type.items():
        if kind in known:
            each, name = known[kind]
            chips[name] = chips.get(name, 0) + each * count
    return f" ({', '.join(f'{count} {name}' for name, count in chips.items())})" if chips else ""


def alarm_line(guard: Guard) -> str:
    """One alarm: what it is, how it stands, what it sees before the promotion."""
    if not guard.kind:
        return f"{guard.name}: does not exist"
    after = (
        f", fires {duration(guard.fires_after)} after a failure at the earliest" if guard.fires_after else ""
    )
    return f"{guard.name}: {guard.kind}, {guard.state}, sees before the promotion: {guard.sees}{after}"


def ending(plan: ReleasePlan) -> Iterator[str]:
    """Ready, or what is missing, numbered."""
    if plan.is_ready:
        yield "Ready, as far as could be read." if plan.unread else "Ready."
        return
    yield f"Not ready: {count_of(len(plan.missing), 'thing')} missing."
    for number, missing in enumerate(plan.missing, 1):
        yield f"{number}. {missing.what}. To do: {missing.do}."
    lines = next((way.yaml for way in plan.ways if way.yaml), ())
    if lines:
        yield "To paste into the policy, in place of what it says there:"
        yield from lines


def _step_at(plan: ReleasePlan, course: Course, index: int, percent: int) -> str:
    if index < len(course.steps):
        return _clock(plan, course.steps[index].proved)
    return "never" if course.stuck_at == percent else NOT_REACHED


def is_reached(plan: ReleasePlan, index: int, percent: int) -> bool:
    """At least one course comes to this step."""
    return any(cell != NOT_REACHED for cell in step_cells(plan, index, percent))


def _clock(plan: ReleasePlan, moment: datetime | None) -> str:
    """Days are named where they are not that on which it begins."""
    today = plan.times.expected.begins or plan.facts.start
    return clock(moment, today) if moment is not None else NOT_REACHED


def _length(course: Course) -> timedelta | None:
    return course.promoted - course.begins if course.promoted and course.begins else None
