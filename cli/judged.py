"""`pointsman judged`: how often the judge was right on past rollouts, from the audit records. What counts as right is `judged_sums.py`."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Annotated, Any

from cyclopts import Parameter

from cli.judged_sums import Judged, Outcome, sums
from cli.judged_sums import judged as judged_of
from cli.options import AsJson, Exit, guarded, say
from cli.policy_page import Paragraph, page, print_paragraphs
from cli.reach import DEFAULT, Reach, Reached
from cli.status_words import day
from cli.tell import minutes, printable

Json = dict[str, Any]
PAGE = 200
SAYS = {
    Outcome.RIGHT: "right: it spoke against it, and an alarm or a person took it back",
    Outcome.FALSE: "false, as far as the watch can tell: it spoke against it, and the version was watched to its end",
    Outcome.MISSED: "missed: it said nothing against it, and an alarm or a person took it back",
    Outcome.QUIET: "it said nothing against it, and the version was watched to its end",
    Outcome.DECIDED: "it took it back itself, so nobody knows what would have come",
    Outcome.UNKNOWN: "open, or ended for another reason",
}


def judged(
    endpoint: str | None = None,
    /,
    *,
    records: Annotated[
        int, Parameter(help="How many audit records of each endpoint are read at most.")
    ] = 5_000,
    json: AsJson = False,
    reach: Reach = DEFAULT,
) -> int:
    """Tell how often the judge was right: what it first said against each past rollout, and how that ended.

    Under `mode: report` in a policy the judge only says what it would have done. An alarm or a person that takes the
    version back later proves it right; a version that is watched to its end was accused falsely, as far as the watch can
    tell. Where the judge decides, its own rollbacks prove nothing, and only what it missed can be told.

    For example:

        pointsman judged chat-llm
        pointsman judged --json | jq .sums

    Args:
        endpoint: Name of an endpoint; every one without it.
        records: See above.
        json: Print one JSON object for programs instead of text.
        reach: Where.

    """
    if records < 1:
        return say("judged", f"--records must be 1 or more, not {records}", Exit.WRONG_USE)

    return guarded("judged", lambda: _run(reach.open(), endpoint, records, as_json=json))


def _run(reached: Reached, endpoint: str | None, records: int, *, as_json: bool) -> int:
    names = [endpoint] if endpoint else _endpoints(reached)
    found = [each for name in names for each in judged_of(_records(reached, name, records))]
    if as_json:
        sys.stdout.write(jsonlib.dumps(_as_json(found), indent=2) + "\n")
    else:
        print_paragraphs(page(), _paragraphs(found))
    return Exit.OK


def _endpoints(reached: Reached) -> list[str]:
    told = reached.ask_on("releases", parts=("releases",), limit=1)
    return sorted({str(row["endpoint"]) for row in told["releases"]})


def _records(reached: Reached, endpoint: str, most: int) -> list[Json]:
    found: list[Json] = []
    before: str | None = None
    while len(found) < most:
        told = reached.ask("history", endpoint=endpoint, limit=min(PAGE, most - len(found)), next=before)
        found += told["records"]
        if not told["next"]:
            break
        before = str(told["next"])
    return found


def _paragraphs(found: list[Judged]) -> Iterator[Paragraph]:
    if not found:
        yield Paragraph("Rollouts", ("No rollout that had traffic is recorded.",))
        return
    yield Paragraph("Rollouts, newest first", tuple(_line(each) for each in found))
    yield Paragraph(f"Of {len(found)} rollouts that had traffic", tuple(_sums(found)))


def _sums(found: list[Judged]) -> Iterator[str]:
    counted = sums(found)
    yield from (f"{counted[each]} {said}" for each, said in SAYS.items())
    ahead = [each.ahead.total_seconds() for each in found if each.ahead is not None]
    if ahead:
        yield f"Where it was right it was {minutes(timedelta(seconds=median(ahead)))} ahead of the alarm or the person (median)."
    accused, bad = (
        counted[Outcome.RIGHT] + counted[Outcome.FALSE],
        counted[Outcome.RIGHT] + counted[Outcome.MISSED],
    )
    if accused:
        yield f"Of {accused} that it would have taken back, {counted[Outcome.RIGHT]} were taken back later."
    if bad:
        yield f"Of {bad} that an alarm or a person took back, it spoke against {counted[Outcome.RIGHT]}."


def _line(each: Judged) -> str:
    ended = f"{each.phase} ({each.cause})" if each.cause else each.phase
    parts = [each.rollout, each.outcome.value, ended]
    if each.said_at is not None:
        parts.append(f"first said {day(each.said_at.isoformat())}: {each.sentence}")
    return "  ".join(printable(part) for part in parts)


def _as_json(found: list[Judged]) -> Json:
    return {
        "sums": {outcome.value: count for outcome, count in sums(found).items()},
        "rollouts": [
            {
                "endpoint": each.endpoint,
                "rollout": each.rollout,
                "version": each.version,
                "outcome": each.outcome.value,
                "phase": each.phase,
                "cause": each.cause,
                "said_at": each.said_at.isoformat() if each.said_at else None,
                "sentence": each.sentence or None,
                "ended_at": each.ended_at.isoformat() if each.ended_at else None,
                "ahead_s": round(each.ahead.total_seconds()) if each.ahead is not None else None,
            }
            for each in found
        ],
    }
