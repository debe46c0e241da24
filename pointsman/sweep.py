"""Asks the registry for approvals that nobody told us of, and adopts endpoints that are new here. What becomes of one is `approvals.py`."""

from __future__ import annotations

from collections.abc import Mapping

from pointsman.approvals import Heard, hear
from pointsman.core.lane import Lane, adopt, find_unheard, is_adopted
from pointsman.errors import Conflict, NotFound
from pointsman.policy import EndpointName
from pointsman.ports import Package
from pointsman.reconcile import Outcome
from pointsman.record import note
from pointsman.world import World

MAX_NEWS = 20
"""So many lost approvals of one endpoint are looked at in one sweep, the newest; older ones would be superseded anyway."""


def sweep_endpoint(
    world: World, endpoint: EndpointName, group: str, approved: Mapping[int, str]
) -> Outcome | None:
    """Adopt the endpoint for a group, or bring it what was approved there and never heard of. None: nothing new.

    Raises:
        Transient: the world does not answer.
        Misconfigured: the endpoint's policy or state cannot be read.

    """
    lane = world.store.get_lane(endpoint)
    if not is_adopted(lane, group):
        return _adopt(world, lane, group, approved)
    unheard = find_unheard(lane, approved)[-MAX_NEWS:]
    outcome = None
    for package in _oldest_first(world, [approved[version] for version in unheard]):
        heard = Heard(package.approval.package, approval_changed=True, modified_at=package.approval.at)
        outcome = hear(world, endpoint, package, heard) or outcome
    return outcome


def _adopt(world: World, lane: Lane, group: str, approved: Mapping[int, str]) -> Outcome | None:
    adopted = adopt(lane, group, approved)
    count = len(adopted.adopted or ())
    versions = "version" if count == 1 else "versions"
    reason = f"adopted for group {group}: its past is the {count} {versions} approved by now, none of which is released"
    try:
        note(world, lane, adopted, reason)
    except Conflict:
        # Somebody else wrote at this moment: the next sweep adopts.
        return None
    return Outcome(lane.endpoint, None, reason)


def _oldest_first(world: World, packages: list[str]) -> list[Package]:
    """As they are now, in the order of their approval; one that was deleted in between is left out."""
    found = []
    for package in packages:
        try:
            found.append(world.registry.describe(package))
        except NotFound:
            continue
    return sorted(found, key=lambda each: each.approval.at)
