"""Answers the stored minutes of a rollout, with what the judge said of each. It reads; it decides nothing."""

from __future__ import annotations

from typing import Any

from pointsman.archive import KeptMinute
from pointsman.core.minutes import Side
from pointsman.policy import EndpointName
from pointsman.world import World

Json = dict[str, Any]
MAX_MINUTES = 7_000
MINUTES = "minutes:"


def read_minutes(
    world: World, endpoint: EndpointName, rollout_id: str, after: str
) -> tuple[list[Json], str | None]:
    """Minutes behind a mark, window by window; and where to go on, if these are not all."""
    found = world.archive.read_minutes(endpoint, rollout_id, after, MAX_MINUTES)
    more = f"{MINUTES}{found[-1].mark}" if len(found) == MAX_MINUTES else None
    return [minute_to(each) for each in found], more


def minute_to(kept: KeptMinute) -> Json:
    """A stored minute: requests, errors and slow requests of both sides; null where CloudWatch had no data.

    `judged` is what was said then: the share, the odds against the candidate, what they needed to be for a FAIL, and the
    e-value of each process with that of its proof; null in minutes of an older judge.
    """
    said = kept.judged
    return {
        "window": kept.window,
        "at": kept.minute.at.isoformat(),
        "candidate": _side_to(kept.minute.candidate),
        "baseline": _side_to(kept.minute.baseline),
        "judged": {
            "share_bps": said.share_bps,
            "opinion": said.opinion.value,
            "evidence": said.evidence,
            "needed": said.needed,
            "e": {each.name: [each.e_value, each.proof] for each in said.weighed},
        }
        if said
        else None,
    }


def _side_to(side: Side | None) -> list[int] | None:
    return [side.requests, side.errors, side.slow] if side else None
