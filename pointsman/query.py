"""Questions of people, and which module answers them. Nothing here, or in what it calls, changes anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pointsman.errors import BadEvent, NeedsPerson, NotFound
from pointsman.query_records import history, releases
from pointsman.query_rollout import one_rollout
from pointsman.query_status import about, names, status
from pointsman.question import Ask, Query
from pointsman.world import World

Json = dict[str, Any]


def answer(world: World, query: Query) -> Json:
    """The answer as JSON: `ok`, `now`, and what was asked for; `ok` false with a `message` where it cannot be answered.

    Raises:
        Transient: the world does not answer.

    """
    told: Mapping[str, Any]
    try:
        told = {"ok": True} | _ANSWERS[query.ask](world, query)
    except (NotFound, NeedsPerson, BadEvent) as err:
        told = {"ok": False, "message": str(err)}
    return {"now": world.clock.now().isoformat(), **told}


_ANSWERS: dict[str, Callable[[World, Query], Json]] = {
    Ask.STATUS: lambda world, query: status(world, query.endpoint, query.limit, query.next),
    Ask.ROLLOUT: lambda world, query: one_rollout(world, query.rollout, query.limit, query.next),
    Ask.HISTORY: lambda world, query: history(world, query.endpoint, query.limit, query.next),
    Ask.RELEASES: lambda world, query: releases(world, query.endpoint, query.limit, query.next),
    Ask.ABOUT: lambda world, _query: about(world),
    Ask.NAMES: lambda world, _query: names(world),
}
