"""The four stories of the demonstration: what stands, what is approved, and what happens on the endpoint. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import IO, Any

from local.fleet import approve, serve
from local.installation import START, Installation, installed
from local.releases import LLM
from local.trace import Trace
from pointsman.archive import KeptMinute
from pointsman.core.audit import Record, check
from pointsman.core.lane import Lane
from pointsman.core.phases import Phase
from pointsman.core.rollout import Rollout
from pointsman.policy import Policy
from pointsman.record import stream_of
from twin.traffic import Profile, Served

PAST = timedelta(minutes=75)
"""Traffic before anybody listens: it holds one whole hour of the clock, from which thresholds are taken (`core/usual.py`)."""
SETTLE_IN = timedelta(minutes=5)
LONGEST = timedelta(hours=8)
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Story:
    """A version with a character, and how its rollout ought to end."""

    number: int
    title: str
    character: Callable[[Trace, int], Profile]
    ends_in: Phase


SOUND = replace(LLM, error_rate=LLM.error_rate / 2)
"""Fails half as often as what serves. One that fails just as often is taken back by chance, at most once in fifty times."""


def _good(_trace: Trace, _instances: int) -> Profile:
    return replace(SOUND, base_ms=38.0)


def _failing(_trace: Trace, _instances: int) -> Profile:
    return replace(LLM, error_rate=0.03)


def _slow_under_load(trace: Trace, instances: int) -> Profile:
    """Its queue grows from three tenths of the busiest minute on: a quarter of the traffic never reaches that."""
    return replace(SOUND, knee_rpm_per_instance=0.3 * trace.busiest_rpm / instances, slow_factor=12.0)


def _never_starts(_trace: Trace, _instances: int) -> Profile:
    return replace(LLM, starts=False)


STORIES = (
    Story(1, "A good version is promoted through every step", _good, Phase.SUCCEEDED),
    Story(2, "A version that fails 3 % of its requests is taken back", _failing, Phase.ROLLED_BACK),
    Story(
        3, "A version that is slow only under load is taken back late", _slow_under_load, Phase.ROLLED_BACK
    ),
    Story(
        4,
        "A version whose container never starts leaves the baseline alone",
        _never_starts,
        Phase.ROLLED_BACK,
    ),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """What the stories have in common. Log lines and metrics of the handlers go to `log`."""

    policy: Policy
    trace: Trace
    seed: int
    log: IO[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """One look at a story: the endpoint now, what the last pass said, and the records that are new."""

    now: datetime
    lane: Lane
    share_percent: float
    said: str
    records: tuple[Record, ...]
    minutes: tuple[KeptMinute, ...] = ()
    """Judged minutes that are new."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a story ended, and what it cost."""

    story: Story
    rollout: str
    phase: Phase | None
    reason: str
    took: timedelta
    served: dict[str, Served]
    past_requests: int
    candidate: str
    baseline_instances: int
    peak_instances: int
    chain_problems: tuple[str, ...]
    dead_letters: int
    minutes: tuple[KeptMinute, ...]

    @property
    def requests(self) -> int:
        """Requests of everybody from the minutes before the approval on, without what is only the past."""
        return sum(each.requests for each in self.served.values()) - self.past_requests

    @property
    def harmed(self) -> int:
        """Requests that the candidate failed or answered too slowly."""
        mine = self.served.get(self.candidate)
        return (mine.errors + (mine.slow or 0)) if mine else 0

    @property
    def harmed_percent(self) -> float:
        """Harmed requests as percent of all."""
        return 100 * self.harmed / self.requests if self.requests else 0.0

    @property
    def is_as_told(self) -> bool:
        """It ended as its title says, with a whole chain and nothing lost."""
        return self.phase is self.story.ends_in and not self.chain_problems and not self.dead_letters


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What stood when the version was approved."""

    candidate: str
    instances: int
    at: datetime
    past_requests: int


@dataclass(slots=True)
class _Watcher:
    """Collects what a story shows."""

    endpoint: str
    records: list[Record] = field(default_factory=list)
    said: str = ""
    mark: str = ""

    def answered(self, _name: str, answer: Any) -> None:  # noqa: ANN401 - whatever a handler answers
        """Keep what the last pass over the endpoint said."""
        for each in answer if isinstance(answer, list) else [answer]:
            if isinstance(each, dict) and each.get("endpoint") == self.endpoint:
                self.said = str(each.get("reason", ""))


def demo_policy(policy: Policy, trace: Trace) -> Policy:
    """The policy with a latency bound that fits the trace: 1.5 times what 98 % of its requests take."""
    costs = sorted(
        LLM.base_ms + LLM.ms_per_context_token * context + LLM.ms_per_generated_token * made
        for _offset, context, made in trace.rows
    )
    bound = timedelta(milliseconds=round(1.5 * costs[int(0.98 * (len(costs) - 1))], -1))
    plan = policy.plan
    return replace(policy, plan=replace(plan, health=replace(plan.health, slow_over=bound)))


def play(story: Story, stage: Stage, show: Callable[[Frame], None]) -> Ending:
    """Play one story to its end in a fresh world. `show` is called after every minute."""
    policy, trace = stage.policy, stage.trace
    start = START + timedelta(days=story.number - 1) - PAST
    with installed([policy], stage.log, stage.seed, start) as here:
        watcher = _Watcher(policy.endpoint)
        here.dispatcher.answered = watcher.answered
        here.kernel.slow_above_ms = policy.plan.health.slow_over / timedelta(milliseconds=1)
        serve(here, policy, LLM)
        here.kernel.traffic(policy.endpoint, trace.looped(here.kernel.now))
        here.kernel.advance(PAST)
        past = sum(each.requests for each in here.kernel.served(policy.endpoint).values())
        here.dispatcher.start()
        here.pass_time(SETTLE_IN)
        before, begun = here.kernel.running(policy.endpoint), here.kernel.now
        candidate = approve(
            here, policy.model_package_group, story.character(trace, policy.plan.serve.instance_count)
        )
        last = _watch(here, policy, watcher, show)
        return _ending(here, story, _Beginning(candidate, before, begun, past), watcher, last)


def _watch(here: Installation, policy: Policy, watcher: _Watcher, show: Callable[[Frame], None]) -> Lane:
    last = here.world.store.get_lane(policy.endpoint)
    end = here.kernel.now + LONGEST
    while here.kernel.now < end:
        here.pass_time(ONE_MINUTE)
        lane = here.world.store.get_lane(policy.endpoint)
        seen = watcher.records[-1].seq if watcher.records else 0
        fresh = here.stream(stream_of(policy.endpoint), seen)
        watcher.records += fresh
        judged = _minutes(here, lane.rollout, watcher.mark)
        watcher.mark = judged[-1].mark if judged else watcher.mark
        show(Frame(here.kernel.now, lane, _share(here, policy, lane), watcher.said, tuple(fresh), judged))
        if lane.rollout is None and last.rollout is not None:
            return last
        last = lane
    return last


def _share(here: Installation, policy: Policy, lane: Lane) -> float:
    if lane.rollout is None:
        return 0.0
    live = here.world.serving.observe(policy.endpoint)
    if live.config == lane.rollout.final_config:
        return 100.0
    return live.share_bps(lane.rollout.candidate_variant) / 100


def _ending(here: Installation, story: Story, start: _Beginning, watcher: _Watcher, last: Lane) -> Ending:
    decisions = [record.facts() for record in watcher.records if record.facts()["kind"] == "decision"]
    rollout = last.rollout
    lane = here.world.store.get_lane(last.endpoint)
    return Ending(
        story=story,
        rollout=rollout.id if rollout else "",
        phase=rollout.phase if rollout else None,
        reason=str(decisions[-1]["reason"]) if decisions else "nothing happened",
        took=(rollout.entered_at if rollout else here.kernel.now) - start.at,
        served=here.kernel.served(last.endpoint),
        past_requests=start.past_requests,
        candidate=start.candidate,
        baseline_instances=start.instances,
        peak_instances=here.kernel.peak_instances(last.endpoint),
        chain_problems=tuple(check(watcher.records, lane.head)),
        dead_letters=len(here.dispatcher.dead),
        minutes=_minutes(here, rollout, ""),
    )


def _minutes(here: Installation, rollout: Rollout | None, after: str) -> tuple[KeptMinute, ...]:
    if rollout is None:
        return ()
    most = LONGEST // ONE_MINUTE
    return tuple(here.world.archive.read_minutes(rollout.endpoint, rollout.id, after, most))
