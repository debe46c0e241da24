"""Answers where rollouts stand, what serves, what belongs to the installation. How one rollout is put is `standing.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pointsman import __version__
from pointsman.core.lane import Lane
from pointsman.core.observed import Endpoint
from pointsman.errors import Misconfigured, NeedsPerson, NotFound, PointsmanError
from pointsman.policy import EndpointName
from pointsman.standing import at_rest, lane_part, standing
from pointsman.world import World

Json = dict[str, Any]
ROLLOUTS, MAX_ROLLOUTS = 100, 300


def status(world: World, endpoint: EndpointName | None, limit: int | None, after: str) -> Json:
    """Every open rollout, or one endpoint, which may be at rest.

    Raises:
        NotFound: nothing is known of the endpoint.
        Misconfigured: what is stored of it cannot be read.
        Transient: the table does not answer.

    """
    if endpoint is not None:
        return {"region": world.names.region, "rollouts": [_one(world, endpoint)], "next": None}
    found = [each for each in sorted(world.store.find_open()) if each > after]
    chosen = found[: min(limit or ROLLOUTS, MAX_ROLLOUTS)]
    more = chosen[-1] if chosen and len(found) > len(chosen) else None
    entries = [_entry_or_problem(world, each) for each in chosen]
    return {"region": world.names.region, "rollouts": entries, "next": more}


def names(world: World) -> Json:
    """Endpoints that have a policy or an open rollout, and the ids of open rollouts: what a shell completes."""
    open_there = sorted(world.store.find_open())
    endpoints = sorted({*world.policies.endpoints(), *open_there})
    found = []
    for endpoint in open_there[:MAX_ROLLOUTS]:
        try:
            rollout = world.store.get_lane(endpoint).rollout
        except Misconfigured:
            continue
        found += [rollout.id] if rollout is not None else []
    return {"endpoints": endpoints, "rollouts": found}


def about(world: World) -> Json:
    """The installation itself: versions, names, policies that cannot be read, what waits in its queues."""
    given = world.names
    endpoints = world.policies.endpoints()
    alarms, problems = _alarms_named(world, endpoints)
    queues, unread = _queues(world)
    unsent = world.store.find_unsent()
    return {
        "version": __version__,
        "region": given.region,
        "account": given.account,
        "tables": {"state": given.state_table, "audit": given.audit_table},
        "topic": given.topic,
        "bus": given.bus,
        "policies": {"count": len(endpoints), "unreadable": problems, "alarms": alarms},
        "registries": [{"group": name, "account": account} for name, account in _elsewhere(world)],
        "queues": queues,
        "queues_unread": unread,
        "open_rollouts": len(world.store.find_open()),
        "unsent_messages": sum(each.message is not None for each in unsent),
        "unpublished_events": sum(each.event is not None for each in unsent),
    }


def _elsewhere(world: World) -> list[tuple[str, str]]:
    """Groups in registries of other accounts."""
    return [(each.name, each.account) for each in world.policies.groups() if each.account]


def _one(world: World, endpoint: EndpointName) -> Json:
    """One endpoint with what it serves right now, as far as that can be seen."""
    lane = world.store.get_lane(endpoint)
    if lane.fence == 0 and not _has_policy(world, endpoint):
        raise NotFound(f"no policy names endpoint {endpoint}, and no rollout of it is known")
    now = world.clock.now()
    live, unseen = _live(world, endpoint)
    entry = _entry(world, lane, now) if lane.rollout is not None else at_rest(lane, live)
    return (
        {"endpoint": endpoint, "region": world.names.region}
        | entry
        | lane_part(lane)
        | {
            "live": None if live is None else _live_to(live),
            "live_unseen": unseen,
        }
    )


def _entry_or_problem(world: World, endpoint: EndpointName) -> Json:
    """A lane that cannot be read hides no other."""
    head = {"endpoint": endpoint, "region": world.names.region}
    try:
        lane = world.store.get_lane(endpoint)
        return head | _entry(world, lane, world.clock.now()) | lane_part(lane)
    except Misconfigured as err:
        return head | {"is_open": True, "problem": str(err)}


def _entry(world: World, lane: Lane, now: datetime) -> Json:
    return at_rest(lane, None) if lane.rollout is None else standing(world, lane.rollout, now)


def _live(world: World, endpoint: EndpointName) -> tuple[Endpoint | None, str]:
    try:
        return world.serving.observe(endpoint), ""
    except PointsmanError as err:
        return None, str(err)


def _live_to(live: Endpoint) -> Json:
    return {
        "status": live.status.value,
        "config": live.config,
        "variants": [
            {
                "name": each.name,
                "model": each.model,
                "instance_type": each.instance_type,
                "instances": each.current_count,
                "share_percent": live.share_bps(each.name) / 100,
            }
            for each in live.variants
        ],
    }


def _has_policy(world: World, endpoint: EndpointName) -> bool:
    try:
        world.policies.get(endpoint)
    except NotFound:
        return False
    except Misconfigured:
        return True
    return True


def _alarms_named(world: World, endpoints: Iterable[EndpointName]) -> tuple[list[str], dict[str, str]]:
    """Every alarm that a policy names or defines, once; and why policies cannot be read, by endpoint."""
    names: set[str] = set()
    problems: dict[str, str] = {}
    for endpoint in endpoints:
        try:
            names.update(world.policies.get(endpoint).plan.health.alarms)
        except Misconfigured as err:
            problems[endpoint] = str(err)
    return sorted(names), problems


def _queues(world: World) -> tuple[list[Json], str]:
    try:
        lengths = world.backlog.read_lengths()
    except (NeedsPerson, PointsmanError) as err:
        return [], str(err)
    return [{"queue": each.queue, "waiting": each.waiting, "dead": each.dead} for each in lengths], ""
