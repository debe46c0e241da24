"""What we remember of one rollout, and the words for it. Choosing what happens next is `decide.py`; storing it is an adapter's work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pointsman.core.phases import STANDING, TERMINAL, TRANSITIONS, Act, Cause, Hold, Phase
from pointsman.policy import EndpointName, Plan, Version

ALL_BPS = 10_000
MAX_NAME = 63


@dataclass(frozen=True, slots=True)
class Intent:
    """An act that was recorded before it is done. Nobody may start it after `act_before`."""

    act: Act
    act_before: datetime
    attempt: int = 1
    share_bps: int = 0


@dataclass(frozen=True, slots=True)
class Baseline:
    """What served when the rollout began: enough to go back to it."""

    config: str
    variant: str
    model: str
    package: str
    instance_count: int
    scale_in_suspended: bool | None
    """Of its autoscaling, before we touched it; None where nothing scales it."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A version that a person approved, when, and who (empty when the registry does not say)."""

    version: Version
    package: str
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody's wish to take a rollout back."""

    cause: Cause
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What a live config's tags tell of the rollout that made it, shortly before it went live at `made_at`."""

    rollout: str
    version: int
    approved_at: datetime
    baseline: Baseline
    final_count: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Rollout:
    """One release on one endpoint: a state machine. `share_bps` is what we want the candidate to carry."""

    id: str
    endpoint: EndpointName
    approval: Approval
    plan: Plan
    opened_at: datetime
    entered_at: datetime
    phase: Phase = Phase.PENDING
    step: int = 0
    share_bps: int = 0
    traffic_has_moved: bool = False
    baseline: Baseline | None = None
    final_count: int = 0
    intent: Intent | None = None
    update_was_seen: bool = False
    """SageMaker was seen at work on the config that the current phase asks for."""
    failed_answers: int = 0
    cause: Cause | None = None
    cause_reason: str = ""
    hold: Hold | None = None
    retry_at: datetime | None = None
    paused: str = ""
    """Who paused it and why; empty while it goes on. Nothing moves forward, and whatever goes back still does."""
    paused_at: datetime | None = None
    waved: str = ""
    """Who waved the current wait through (the rest of a bake, a closed window), and why."""
    gates_passed: tuple[int, ...] = ()
    """Steps, in percent, that a person has approved."""
    stands_since: datetime | None = None
    """Since when one of the `STANDING` holds keeps it from going on."""
    stood_for: timedelta = timedelta()
    """How long such holds kept it in its phase before that."""
    reported: str = ""
    """Where the judge only reports: the step or watch in which it last would have taken the rollout back."""

    @property
    def version(self) -> Version:
        """Model package version of the candidate."""
        return self.approval.version

    @property
    def is_terminal(self) -> bool:
        """Nothing more will be done, but for undoing a late call of ours."""
        return self.phase in TERMINAL

    @property
    def step_bps(self) -> int:
        """Share of the current step, in basis points."""
        return self.plan.steps[self.step] * 100

    @property
    def is_last_step(self) -> bool:
        """The current step is the one in which the candidate carries everything."""
        return self.step == len(self.plan.steps) - 1

    @property
    def next_step(self) -> int:
        """Index of the step that begins next. Only to be asked where there is one."""
        return self.step + 1 if self.traffic_has_moved else self.step

    def lasted(self, now: datetime) -> timedelta:
        """How long it has been in its phase, without the time in which people or the policy kept it from going on."""
        return (self.stands_since or now) - self.entered_at - self.stood_for

    @property
    def gate(self) -> int | None:
        """The next step in percent where a person must still approve it; None where the way is free."""
        if self.traffic_has_moved and self.is_last_step:
            return None
        percent = self.plan.steps[self.next_step]
        return percent if percent in self.plan.gates and percent not in self.gates_passed else None

    @property
    def model_name(self) -> str:
        """SageMaker name of the candidate's model; deterministic, so that a repeat finds it."""
        return resource_name(self, "model")

    @property
    def canary_config(self) -> str:
        """Name of the config with both variants."""
        return resource_name(self, "canary")

    @property
    def final_config(self) -> str:
        """Name of the config in which the version serves alone. It carries the instance count that it was made with."""
        return resource_name(self, f"final-{self.final_count}")

    @property
    def candidate_variant(self) -> str:
        """Name of the temporary variant; never the baseline's."""
        return f"pointsman-v{self.version}-{_digest(self.id)[:6]}"

    @property
    def candidate_count(self) -> int:
        """Instances of the candidate: sized for its largest step before its first request (the last step is all of it)."""
        live = self.baseline.instance_count if self.baseline else 0
        return max(self.plan.serve.instance_count, live)


def rollout_id(endpoint: EndpointName, approval: Approval) -> str:
    """Deterministic: the same approval on the same endpoint is the same rollout."""
    return f"{endpoint}.v{approval.version}.{approval.at:%Y%m%dT%H%M%SZ}"


def open_rollout(endpoint: EndpointName, approval: Approval, plan: Plan, now: datetime) -> Rollout:
    """Start the state machine; nothing on the endpoint is touched yet."""
    return Rollout(rollout_id(endpoint, approval), endpoint, approval, plan, opened_at=now, entered_at=now)


def enter(rollout: Rollout, phase: Phase, now: datetime) -> Rollout:
    """Move to a phase and forget what belonged to the one before. Raises ValueError for an undocumented transition."""
    if phase not in TRANSITIONS[rollout.phase]:
        raise ValueError(f"{rollout.phase} -> {phase} is not a transition")
    return replace(
        rollout,
        phase=phase,
        entered_at=now,
        intent=None,
        update_was_seen=False,
        hold=None,
        retry_at=None,
        paused="",
        paused_at=None,
        waved="",
        stands_since=None,
        stood_for=timedelta(),
    )


def keep_time(rollout: Rollout, now: datetime) -> Rollout:
    """Stop the phase's clock where a hold of people or of the policy begins; let it run where that ends."""
    stands = rollout.hold in STANDING
    if stands and rollout.stands_since is None:
        return replace(rollout, stands_since=now)
    if not stands and rollout.stands_since is not None:
        stood = rollout.stood_for + (now - rollout.stands_since)
        return replace(rollout, stands_since=None, stood_for=stood)
    return rollout


def resource_name(rollout: Rollout, role: str) -> str:
    """Name within SageMaker's 63 characters `[a-zA-Z0-9](-*[a-zA-Z0-9])*` (facts/aws.md, 2.1)."""
    tail = f"-v{rollout.version}-{_digest(rollout.id)[:8]}-{role}"
    stem = f"pointsman-{rollout.endpoint}"[: MAX_NAME - len(tail)].rstrip("-")
    return stem + tail


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
