"""What a run from end to end does and waits for: two approvals at once, one promoted, the other taken back by an alarm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from e2e.errors import NotProved
from e2e.installed import Installed
from e2e.left_out import Json
from e2e.simulated import Simulated
from local.fleet import Site, approve
from local.releases import SCORER
from pointsman.core.phases import Cause, Phase
from pointsman.core.rollout import Rollout
from pointsman.policy import EndpointName

FORWARD, BACK = EndpointName("e2e-forward"), EndpointName("e2e-back")
SITES = tuple(Site(name, name, "gate", "ml.c7i.large", 1) for name in (FORWARD, BACK))
ENDS_WITHIN_S = 1_200.0
"""Twice as long as it takes: on a slow machine a tick may miss a minute that has just become complete."""
POLL_S = 1.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How long each of them took, seconds; and how long from the alarm until traffic was back."""

    forward_s: float
    back_s: float
    alarm_to_baseline_s: float


@dataclass(slots=True)
class Watch:
    """What was seen of one rollout."""

    endpoint: EndpointName
    phases: list[Phase]
    ended_after_s: float = 0.0

    def look(self, installed: Installed, say: Say, elapsed_s: float) -> Rollout | None:
        """Read its rollout, and say what is new."""
        rollout = installed.store.get_lane(self.endpoint).rollout
        if rollout is not None and (not self.phases or self.phases[-1] is not rollout.phase):
            self.phases.append(rollout.phase)
            at = f", {rollout.share_bps / 100:g} %" if rollout.phase in {Phase.SHIFTING, Phase.BAKING} else ""
            say(f"{self.endpoint}: {rollout.phase.value}{at}")
        if rollout is not None and rollout.is_terminal and not self.ended_after_s:
            self.ended_after_s = elapsed_s
        return rollout


def alarm_of(endpoint: str) -> str:
    """Name of the alarm that guards an endpoint, as its policy has it."""
    return f"{endpoint}-slow"


def make_alarms(world: Simulated, of_template: Iterable[Json]) -> None:
    """Those of the template that ministack cannot take, and the team's own.

    The team has one for each endpoint on a number of its business: it keeps its state while the number is silent.
    """
    cloudwatch = world.client("cloudwatch")
    for resource in of_template:
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            cloudwatch.put_metric_alarm(**resource["Properties"])
    for site in SITES:
        cloudwatch.put_metric_alarm(
            AlarmName=alarm_of(site.endpoint),
            Namespace="Shop",
            MetricName="CheckoutsTooSlow",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0.0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="ignore",
        )
        set_alarm(world, site.endpoint, "OK")


def set_alarm(world: Simulated, endpoint: str, state: str) -> None:
    """Bring the alarm into a state; the twin tells the bus."""
    world.client("cloudwatch").set_alarm_state(
        AlarmName=alarm_of(endpoint), StateValue=state, StateReason="checkouts wait too long"
    )


def play(installed: Installed, world: Simulated, say: Say) -> Ended:
    """Approve a version on each endpoint at once, and wait for both ends.

    Raises:
        NotProved: an ending is another one than it should be, or does not come.

    """
    begun = time.monotonic()
    forward, back = Watch(FORWARD, []), Watch(BACK, [])
    for site in SITES:
        approve(world, site.group, SCORER)
    say("a version of each group is registered and approved")
    alarmed_s = traffic_back_s = 0.0
    while not (forward.ended_after_s and back.ended_after_s):
        elapsed = time.monotonic() - begun
        if elapsed > ENDS_WITHIN_S:
            raise NotProved(f"after {elapsed:.0f} s: {FORWARD} {forward.phases}, {BACK} {back.phases}")
        _no_other_end(forward.look(installed, say, elapsed), Phase.SUCCEEDED)
        rollout = _no_other_end(back.look(installed, say, elapsed), Phase.ROLLED_BACK)
        if rollout is not None and rollout.phase is Phase.BAKING and not alarmed_s:
            alarmed_s = elapsed
            say(
                f"{BACK}: alarm {alarm_of(BACK)} goes off while {rollout.share_bps / 100:g} % of the traffic are out"
            )
            set_alarm(world, BACK, "ALARM")
        if alarmed_s and not traffic_back_s and rollout is not None and _is_back(world, rollout):
            traffic_back_s = time.monotonic() - begun
            say(
                f"{BACK}: the baseline has all of the traffic, {traffic_back_s - alarmed_s:.1f} s after the alarm"
            )
        time.sleep(POLL_S if not alarmed_s or traffic_back_s else POLL_S / 10)
    return Ended(forward.ended_after_s, back.ended_after_s, traffic_back_s - alarmed_s)


def _no_other_end(rollout: Rollout | None, wanted: Phase) -> Rollout | None:
    if rollout is None:
        return None
    if rollout.phase is Phase.NEEDS_HUMAN or (rollout.is_terminal and rollout.phase is not wanted):
        raise NotProved(
            f"{rollout.id} is {rollout.phase.value} ({rollout.cause or rollout.hold}), not {wanted.value}"
        )
    if rollout.phase is Phase.ROLLED_BACK and rollout.cause is not Cause.ALARM:
        raise NotProved(f"{rollout.id} went back because of {rollout.cause}, not of the alarm")
    return rollout


def _is_back(world: Simulated, rollout: Rollout) -> bool:
    """What SageMaker says, not what was recorded."""
    endpoint = world.client("sagemaker").describe_endpoint(EndpointName=rollout.endpoint)
    weights = {each["VariantName"]: each["CurrentWeight"] for each in endpoint["ProductionVariants"]}
    return not weights.get(rollout.candidate_variant, 0.0)
