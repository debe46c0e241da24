"""What a plan promises is what the rollout in the twin then needs: instances exactly, time and cost within the range it gives."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

import boto3
import pytest

from cli.plan import Options, made_plan
from local.fleet import VARIANT, Site, register, scale, set_approval, start, watch_errors
from local.installation import Installation, installed
from pointsman.account import Account
from pointsman.adapters.aws.identity import Identity
from pointsman.core.peaks import Stage, peak_total
from pointsman.core.phases import Phase
from pointsman.core.release_plan import ReleasePlan
from pointsman.core.timetable import Course, Grounds, Span
from pointsman.policy import Policy
from pointsman.record import stream_of
from tests.local.plan_cases import CASES, HOUR, MINUTE, Case
from twin.traffic import Profile, Request

GOOD = Profile(base_ms=40.0)
FLEET = Span(4 * MINUTE, 5 * MINUTE, 6 * MINUTE, Grounds.GIVEN)
"""As fleets of the twin take; a person of that account would give it with --fleet-minutes."""
SERVED_MS = 204.0
"""As long as a request takes GOOD on average: the past is of the same version."""
SETTLES = 10 * MINUTE
LONGEST = 12 * HOUR
NOT_FORWARD = {Phase.ROLLING_BACK, Phase.ROLLED_BACK, Phase.NEEDS_HUMAN}


@dataclass(frozen=True)
class Kept:
    """The plan of a case, and what its rollout then did. `hours`: of instances that would not have run without it."""

    plan: ReleasePlan
    peak: int
    entered: list[tuple[Phase, datetime]]
    hours: dict[str, float]

    def at(self, phase: Phase) -> list[datetime]:
        return [moment for each, moment in self.entered if each is phase]

    @property
    def usd(self) -> float:
        prices = self.plan.facts.machines.usd_per_hour
        return sum(hours * prices[kind] for kind, hours in self.hours.items())


@cache
def kept(case: Case) -> Kept:
    policy = case.policy()
    with installed([policy], io.StringIO(), case.seed) as here:
        _serve(here, case, policy)
        here.kernel.traffic(policy.endpoint, _traffic(case, here.kernel.now))
        here.dispatcher.start()
        _past(here, case, policy)
        package = register(here, policy.model_package_group, GOOD)
        plan = _planned(here, policy)
        begun, hours = here.kernel.now, here.kernel.instance_hours(policy.endpoint)
        set_approval(here, package, "Approved")
        _follow(here, policy)
        entered = _entered(here, policy)
        extra = dict(here.kernel.instance_hours(policy.endpoint))
        for kind, count in hours.items():
            extra[kind] -= count
        _without(extra, plan, Stage.NOW, entered[-1][1] - begun)
        _without(extra, plan, Stage.AFTER, here.kernel.now - entered[-1][1])
        return Kept(plan, here.kernel.peak_instances(policy.endpoint), entered, extra)


def _serve(here: Installation, case: Case, policy: Policy) -> None:
    site = Site(policy.endpoint, policy.model_package_group, "team", case.live_kind or case.kind, case.live)
    start(here, site, GOOD)
    if case.is_autoscaled:
        scale(here, site)
    for alarm in case.alarms:
        watch_errors(here, site, alarm)


def _past(here: Installation, case: Case, policy: Policy) -> None:
    """Traffic before the plan: served for two hours, or remembered for a week and served since."""
    if not case.has_a_week_behind:
        here.pass_time(2 * HOUR)
        return
    begin = here.kernel.now - 7 * 24 * HOUR
    here.kernel.remember(policy.endpoint, VARIANT, begin, 7 * 24 * 60, case.rpm, latency_ms=SERVED_MS)
    here.pass_time(SETTLES)


def _traffic(case: Case, begin: datetime) -> Iterator[Request]:
    """Requests by chance, at an even rate."""
    chance, at = Random(f"kept:{case.seed}"), begin
    while True:
        at += timedelta(minutes=chance.expovariate(case.rpm))
        yield Request(at)


def _planned(here: Installation, policy: Policy) -> ReleasePlan:
    identity = Identity("111122223333", "arn:aws:iam::111122223333:user/approver", here.kernel.now)
    account = Account("us-east-1", identity, boto3.DEFAULT_SESSION)
    return made_plan(account, ("policies/kept.yaml", policy), Options(None, None, FLEET, None))


def _follow(here: Installation, policy: Policy) -> None:
    """Until the version serves alone under the old name."""
    end = here.kernel.now + LONGEST
    while here.kernel.now < end:
        here.pass_time(MINUTE)
        rollout = here.world.store.get_lane(policy.endpoint).rollout
        assert rollout is not None
        assert rollout.phase not in NOT_FORWARD, rollout.cause_reason
        if rollout.phase is Phase.WATCHING:
            return
    raise AssertionError("the rollout never ended")


def _entered(here: Installation, policy: Policy) -> list[tuple[Phase, datetime]]:
    facts = [record.facts() for record in here.stream(stream_of(policy.endpoint), 0)]
    moves = [each for each in facts if each["kind"] == "decision" and each["before"] != each["after"]]
    return [(Phase(each["after"]), datetime.fromisoformat(each["at"])) for each in moves]


def _without(hours: dict[str, float], plan: ReleasePlan, stage: Stage, length: timedelta) -> None:
    """Take off what runs in a stage that is no part of the release."""
    need = next(each for each in plan.needs if each.stage is stage)
    for kind, count in need.by_type.items():
        hours[kind] = hours.get(kind, 0.0) - count * (length / HOUR)


def _ends(course: Course) -> list[datetime | None]:
    """When each step gives way to the next, or to the final config."""
    return [*(step.begins for step in course.steps[1:]), course.finalizes]


every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@every_case
def test_it_needs_as_many_instances_as_planned(case: Case) -> None:
    found = kept(case)

    assert found.peak == peak_total(found.plan.needs)


@every_case
def test_every_step_ends_and_the_version_is_promoted_within_the_range(case: Case) -> None:
    found = kept(case)

    early, _usual, late = found.plan.times.courses
    ends = [*found.at(Phase.SHIFTING)[1:], *found.at(Phase.FINALIZING)]
    for first, end, last in zip(_ends(early), ends, _ends(late), strict=True):
        assert first is not None
        assert last is not None
        assert first <= end <= last
    assert early.promoted is not None
    assert late.promoted is not None
    assert early.promoted <= found.at(Phase.WATCHING)[0] <= late.promoted


@every_case
def test_what_is_expected_comes_close(case: Case) -> None:
    """Within a quarter of the time it takes, or within a quarter of an hour."""
    found = kept(case)

    expected, real = found.plan.times.expected.promoted, found.at(Phase.WATCHING)[0]
    assert expected is not None
    took = real - found.plan.facts.start
    assert abs(expected - real) <= max(took / 4, 15 * MINUTE)


@every_case
def test_it_costs_what_was_planned(case: Case) -> None:
    found = kept(case)

    early, _usual, late = found.plan.bills
    assert early.instance_hours <= sum(found.hours.values()) <= late.instance_hours
    assert early.usd is not None
    assert late.usd is not None
    assert early.usd <= found.usd <= late.usd


@every_case
def test_nothing_but_the_approval_was_missing(case: Case) -> None:
    assert [each.what for each in kept(case).plan.missing] == ["version 2 waits for its approval"]
