"""Asks the registry for approvals that nobody told us of, and adopts endpoints that are new here. What becomes of one is `approvals.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pointsman.approvals import Heard, hear
from pointsman.core.lane import Lane, adopt, find_unheard, is_adopted
from pointsman.errors import Conflict, NotFound
from pointsman.outbox import announce
from pointsman.policy import EndpointName, ModelGroup
from pointsman.ports import Package
from pointsman.reconcile import Outcome
from pointsman.record import note
from pointsman.world import World

MAX_NEWS = 20
"""So many lost approvals of one endpoint are looked at in one sweep, the newest; older ones would be superseded anyway."""
EVERY = timedelta(minutes=15)
"""As `triggers.py` has it: each such time is another sweep's."""
LONGEST = timedelta(seconds=40)
"""No group is begun later than this after the first: one that takes long still ends before the function's 60 s are over."""
GOLDEN = (5**0.5 - 1) / 2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def in_turn(groups: Sequence[ModelGroup], now: datetime) -> list[ModelGroup]:
    """The groups in the order of this sweep. Each sweep begins elsewhere, so that none is the last for long.

    Beginnings lie a golden section of the circle apart, which spreads any number of them evenly: where a sweep comes
    through the part p of the groups, each group has its turn within 2 / p sweeps. Nothing needs to be remembered.
    """
    start = int((now - EPOCH) // EVERY * GOLDEN % 1.0 * len(groups))
    return [*groups[start:], *groups[:start]]


def sweep_endpoint(
    world: World, endpoint: EndpointName, group: ModelGroup, approved: Mapping[int, str]
) -> Outcome | None:
    """Adopt the endpoint for a group, or bring it what was approved there and never heard of. None: nothing new.

    Raises:
        Transient: the world does not answer.
        Misconfigured: the endpoint's policy or state cannot be read.

    """
    lane = world.store.get_lane(endpoint)
    if not is_adopted(lane, str(group)):
        return _adopt(world, lane, group, approved)
    unheard = find_unheard(lane, approved)[-MAX_NEWS:]
    outcome = None
    for package in _oldest_first(world, [approved[version] for version in unheard]):
        heard = Heard(package.approval.package, approval_changed=True, modified_at=package.approval.at)
        outcome = hear(world, endpoint, package, heard) or outcome
    return outcome


def _adopt(world: World, lane: Lane, group: ModelGroup, approved: Mapping[int, str]) -> Outcome | None:
    adopted = adopt(lane, str(group), approved)
    count = len(adopted.adopted or ())
    versions = "version" if count == 1 else "versions"
    reason = f"adopted for group {group}: its past is the {count} {versions} approved by now, none of which is released"
    try:
        announce(world, note(world, lane, adopted, reason))
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
