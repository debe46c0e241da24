"""Rebuilds a rollout from the live endpoint alone: the tags of its config name the baseline. For when the table cannot be read."""

from __future__ import annotations

from datetime import datetime

from pointsman.core.phases import Phase
from pointsman.core.rollout import ALL_BPS, Approval, Rollout
from pointsman.errors import NotFound
from pointsman.policy import EndpointName, Version
from pointsman.world import World


def find_rollout(world: World, endpoint: EndpointName, now: datetime) -> Rollout | None:
    """The rollout whose config is live, as far as the endpoint shows it; None where nothing of ours is open.

    A version that has served alone for longer than its watch has succeeded: an alarm of today is not about its release.
    What it does not show (the step, the evidence) is left at its start: this is only good for going back.
    """
    live = world.serving.observe(endpoint)
    origin = world.serving.find_origin(live)
    if origin is None:
        return None
    try:
        plan = world.policies.get(endpoint).plan
    except NotFound:
        return None
    rollout = Rollout(
        id=origin.rollout,
        endpoint=endpoint,
        approval=Approval(Version(origin.version), "", origin.approved_at),
        plan=plan,
        opened_at=now,
        entered_at=now,
        phase=Phase.FINALIZING,
        share_bps=ALL_BPS,
        traffic_has_moved=True,
        baseline=origin.baseline,
        final_count=origin.final_count,
    )
    is_watched = live.config == rollout.final_config and now - origin.made_at < plan.watch
    return rollout if is_watched or live.config == rollout.canary_config else None
