"""Target tracking: when a variant gets more or fewer instances. Targets and policies are kept in autoscaling."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from twin.autoscaling import Autoscaling, Policy, Target
from twin.errors import TwinError
from twin.fleets import Variant
from twin.metrics import Metrics
from twin.weights import Weights
from twin.world import World

# Target tracking scales out after 3 minutes above the target, in after 15 that fewer instances could have served.
OUT_MINUTES = 3
IN_MINUTES = 15
DEFAULT_COOLDOWN_S = 300


class Scaling:
    """Looks at every target once a minute; a scaling action is a weights-and-capacities change (facts 2.4)."""

    def __init__(self, world: World, autoscaling: Autoscaling, weights: Weights, metrics: Metrics) -> None:
        self._world = world
        self._autoscaling = autoscaling
        self._metrics = metrics
        self._weights = weights

    def run(self) -> None:
        """Scale what needs it; an endpoint that is not InService waits."""
        for target in self._autoscaling.targets():
            endpoint = self._weights.endpoints.find(target.endpoint)
            if endpoint is None or endpoint.status != "InService" or endpoint.fleet is None:
                continue
            variant = endpoint.fleet.variants.get(target.variant)
            if variant is not None:
                self._scale(target, variant)

    def _scale(self, target: Target, variant: Variant) -> None:
        wanted = max(
            (self._wanted(target, policy, variant) for policy in target.policies.values()), default=None
        )
        count = min(max(variant.count if wanted is None else wanted, target.least), target.most)
        direction = "Out" if count > variant.count else "In"
        if count == variant.count or target.suspended[f"DynamicScaling{direction}Suspended"]:
            return
        change = {"VariantName": variant.name, "DesiredInstanceCount": count}
        try:
            self._weights.update({"EndpointName": target.endpoint, "DesiredWeightsAndCapacities": [change]})
        except TwinError:
            # As on AWS, a scaling activity that is refused (by the quota) fails by itself and is tried again later.
            return
        if direction == "Out":
            target.scaled_out_at = self._world.agenda.now
        else:
            target.scaled_in_at = self._world.agenda.now

    def _wanted(self, target: Target, policy: Policy, variant: Variant) -> int:
        goal = float(policy.tracking["TargetValue"])
        loads = self._loads(target)
        recent = loads[:OUT_MINUTES]
        if min(recent) > goal * variant.count and self._is_over(
            target.scaled_out_at, policy, "ScaleOutCooldown"
        ):
            return math.ceil(max(recent) / goal)
        fewer = max(variant.count - 1, math.ceil(max(loads) / goal))
        if fewer > variant.count or policy.tracking.get("DisableScaleIn"):
            return variant.count
        if self._is_over(self._last_action(target), policy, "ScaleInCooldown"):
            return fewer
        return variant.count

    def _loads(self, target: Target) -> list[int]:
        """Return requests per minute, newest first.

        A minute without data counts as 0: what lost all its traffic is scaled in, which is what an automation that
        moves traffic must be ready for.
        """
        end = self._metrics.hidden_from()
        minutes = range(end - 1, end - 1 - IN_MINUTES, -1)
        return [self._metrics.requests(target.endpoint, target.variant, minute) for minute in minutes]

    def _last_action(self, target: Target) -> datetime:
        times = [target.created + timedelta(minutes=IN_MINUTES), target.scaled_out_at, target.scaled_in_at]
        return max(time for time in times if time is not None)

    def _is_over(self, last: datetime | None, policy: Policy, cooldown: str) -> bool:
        length = timedelta(seconds=policy.tracking.get(cooldown, DEFAULT_COOLDOWN_S))
        return last is None or self._world.agenda.now - last >= length
