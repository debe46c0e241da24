"""Answers one rollout whole: its decisions, its minutes, and whether the chain they stand in is unbroken up to its head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pointsman.core.audit import GENESIS, Head, Record, check
from pointsman.core.lane import Lane
from pointsman.core.rollout import Rollout
from pointsman.errors import BadEvent, Misconfigured, NotFound
from pointsman.policy import EndpointName, Plan
from pointsman.policy_json import plan_from_json
from pointsman.query_minutes import MINUTES, read_minutes
from pointsman.query_records import facts_of, find_releases, number, within
from pointsman.record import stream_of
from pointsman.standing import health_to, standing
from pointsman.world import World

Json = dict[str, Any]
APPROVED_AT = re.compile(r"\.(\d{8}T\d{6}Z)\Z")
EARLIER = timedelta(minutes=10)
"""How far the clocks of the registry and of our functions may be apart."""
PAGE, MAX_READ = 250, 10_000
MAX_RECORDS = 1_000
RECORD_BYTES = 2_500_000
"""Of an answer's records: with 7,000 minutes of some 400 bytes it stays below Lambda's 6 MB."""
RECENT = 50


@dataclass(frozen=True, slots=True)
class _Reach:
    """Whose records are looked for, in which stream, and up to which number."""

    stream: str
    until: int
    rollout: str


@dataclass(slots=True)
class _Walk:
    """A walk along a stream that keeps what is of one rollout and checks every link on its way."""

    start: Head
    last: Head
    kept: list[Json]
    problems: list[str]


def one_rollout(world: World, wanted: str, limit: int | None, after: str) -> Json:
    """Everything about one rollout. `wanted`: its id, the beginning of one, or an endpoint for its newest.

    `next` goes on where this answer had to stop; first come the records, then the minutes.

    Raises:
        NotFound: no such rollout, or several that begin so; with those that there are.
        BadEvent: no rollout is named, or `next` is of another question.
        Transient: the table does not answer.

    """
    endpoint = EndpointName(wanted.split(".", 1)[0])
    lane = world.store.get_lane(endpoint)
    rollout_id = _resolve(world, lane, wanted)
    head: Json = {"rollout": rollout_id, "endpoint": endpoint, "region": world.names.region}
    told = head | _about(world, lane, rollout_id)
    if after.startswith(MINUTES):
        minutes, more = read_minutes(world, endpoint, rollout_id, after.removeprefix(MINUTES))
        return told | {"records": [], "chain": None, "minutes": minutes, "next": more}
    walk, more_records = _walk(world, lane, rollout_id, min(limit or MAX_RECORDS, MAX_RECORDS), number(after))
    told |= {"records": walk.kept, "chain": _chain(walk, lane)} | _plan_recorded(walk.kept)
    if more_records:
        return told | {"minutes": [], "next": more_records}
    if not walk.kept and not after:
        raise NotFound(f"no record of rollout {rollout_id} is kept")
    minutes, more = read_minutes(world, endpoint, rollout_id, "")
    return told | {"minutes": minutes, "next": more}


def _resolve(world: World, lane: Lane, wanted: str) -> str:
    if APPROVED_AT.search(wanted):
        return wanted
    if lane.rollout is not None and wanted == lane.endpoint:
        return lane.rollout.id
    known = [each.rollout for each in find_releases(world, lane.endpoint, RECENT, None)]
    fits = known[:1] if wanted == lane.endpoint else _beginning(known, wanted)
    if len(fits) == 1:
        return fits[0]
    if not known:
        raise NotFound(f"no rollout of endpoint {lane.endpoint} is recorded")
    why = "is the beginning of several rollouts" if fits else "is no rollout"
    shown = ", ".join((fits or known)[:10])
    raise NotFound(f"{wanted} {why} of endpoint {lane.endpoint}; there is: {shown}")


def _beginning(known: list[str], wanted: str) -> list[str]:
    """Ids that begin so; `x.v1` means version 1 and not version 10."""
    whole = [name for name in known if name.startswith(f"{wanted}.")]
    return whole or [name for name in known if name.startswith(wanted)]


def _about(world: World, lane: Lane, rollout_id: str) -> Json:
    """Where it stands, if it is the open one, and the plan it goes by, as far as that is still kept."""
    rollout = next((each for each in (lane.rollout, lane.last) if each and each.id == rollout_id), None)
    is_open = rollout is not None and rollout is lane.rollout
    now = world.clock.now()
    plan, kept_by = (rollout.plan, "rollout") if rollout else (_plan_of_today(world, lane.endpoint), "policy")
    return {
        "standing": standing(world, rollout, now) if rollout is not None and is_open else None,
        "plan": _plan_to(plan) if plan else None,
        "plan_of": kept_by if plan else None,
        "version": _version(rollout, rollout_id),
    }


def _plan_recorded(records: list[Json]) -> Json:
    """The plan as the record holds it with which the rollout began; nothing where that record is not among these."""
    for each in records:
        if "plan" in each:
            return {"plan": _plan_to(plan_from_json(each["plan"])), "plan_of": "rollout"}
    return {}


def _plan_of_today(world: World, endpoint: EndpointName) -> Plan | None:
    try:
        return world.policies.get(endpoint).plan
    except (NotFound, Misconfigured):
        return None


def _version(rollout: Rollout | None, rollout_id: str) -> int | None:
    if rollout is not None:
        return rollout.version
    found = re.search(r"\.v(\d+)\.", rollout_id)
    return int(found[1]) if found else None


def _plan_to(plan: Plan) -> Json:
    return {
        "steps": list(plan.steps),
        "gates": list(plan.gates),
        "bake_min_s": round(plan.bake_min.total_seconds()),
        "bake_max_s": round(plan.bake_max.total_seconds()),
        "patience_s": round(plan.patience.total_seconds()),
        "watch_s": round(plan.watch.total_seconds()),
        "health": health_to(plan.health),
    }


def _walk(
    world: World, lane: Lane, rollout_id: str, limit: int, after: int | None
) -> tuple[_Walk, str | None]:
    """From before the rollout's approval to the head, as far as one answer goes; and where to go on, if not all."""
    reach = _Reach(stream_of(lane.endpoint), lane.head.seq, rollout_id)
    seq = _first_near(world, reach) if after is None else after
    start = _head_at(world, reach.stream, seq)
    walk = _Walk(start, start, [], [])
    read, space = 0, RECORD_BYTES
    while walk.last.seq < reach.until:
        page, mine = _page(world, reach, walk.last.seq, space)
        walk.problems += check(page, page[-1].head if page else lane.head, walk.last)
        if not page:
            break
        walk.kept += mine
        walk.last, read = page[-1].head, read + len(page)
        space -= sum(len(str(each)) for each in mine)
        is_full = read >= MAX_READ or len(walk.kept) >= limit or space < RECORD_BYTES // 2
        if walk.last.seq < reach.until and is_full:
            return walk, str(walk.last.seq)
    return walk, None


def _page(world: World, reach: _Reach, after: int, space: int) -> tuple[list[Record], list[Json]]:
    """The next records, and those of the rollout among them; up to the last one for which there is space."""
    page = world.archive.read_forward(reach.stream, after, reach.until, PAGE)
    mine = [facts_of(each) for each in page if each.facts().get("rollout") == reach.rollout]
    fitting = list(within(mine, space))
    if len(fitting) == len(mine):
        return page, mine
    return [each for each in page if each.seq <= fitting[-1]["seq"]], fitting


def _chain(walk: _Walk, lane: Lane) -> Json:
    """Which records were checked, and what is wrong with them. Up to the head means: nothing is cut off at the end."""
    problems = list(walk.problems)
    reaches_head = walk.last.seq >= lane.head.seq
    if reaches_head and walk.last != lane.head:
        problems.append(
            f"record {walk.last.seq} is not what the endpoint's state holds for its newest record"
        )
    first = min(walk.start.seq + 1, walk.last.seq)
    return {"first": first, "last": walk.last.seq, "reaches_head": reaches_head, "problems": problems}


def _first_near(world: World, reach: _Reach) -> int:
    """The number of a record shortly before the approval that the id speaks of: records are in the order of time."""
    found = APPROVED_AT.search(reach.rollout)
    if not found:
        raise BadEvent(f"{reach.rollout} is no rollout's id")
    since = datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) - EARLIER
    low, high = 0, reach.until
    while low < high:
        middle = (low + high + 1) // 2
        record = world.archive.find_record(reach.stream, middle)
        if record is not None and datetime.fromisoformat(str(record.facts()["at"])) < since:
            low = middle
        else:
            high = middle - 1
    return low


def _head_at(world: World, stream: str, seq: int) -> Head:
    record: Record | None = world.archive.find_record(stream, seq) if seq else None
    return record.head if record is not None else GENESIS
