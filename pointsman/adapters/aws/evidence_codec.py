"""The judge's memory and its minutes as JSON, and back. Keys are stored: they are added, never renamed."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from pointsman.archive import KeptVerdict
from pointsman.core.alone import Alone
from pointsman.core.canary_memory import state_from_json, state_to_json
from pointsman.core.canary_odds import Wealth
from pointsman.core.judge import Evidence, Judged
from pointsman.core.minutes import Side
from pointsman.core.usual import Usual
from pointsman.core.verdict import Counts, Opinion, Weighed

Json = dict[str, Any]


def evidence_to(evidence: Evidence) -> Json:
    """The judge's memory as JSON."""
    return {
        "window": evidence.window,
        "until": evidence.until.isoformat(),
        "since": evidence.since.isoformat() if evidence.since else None,
        "usual": dataclasses.asdict(evidence.usual),
        "compared": state_to_json(evidence.compared) if evidence.compared else None,
        "alone": _alone_to(evidence.alone),
        "stage": evidence.stage,
        "candidate": _counts_to(evidence.candidate),
        "baseline": _counts_to(evidence.baseline),
        "reference": _counts_to(evidence.reference),
        "minutes": evidence.minutes,
    }


def evidence_from(raw: Json) -> Evidence:
    """Read what `evidence_to` wrote, within `readable`. Of an older judge's memory only the place is kept, to be written over."""
    window, until = str(raw["window"]), datetime.fromisoformat(raw["until"])
    if not raw.get("since"):
        return Evidence(window, until, None)
    return Evidence(
        window=window,
        until=until,
        since=datetime.fromisoformat(raw["since"]),
        usual=Usual(**raw["usual"]),
        compared=state_from_json(raw["compared"]) if raw["compared"] else None,
        alone=_alone_from(raw["alone"]),
        stage=int(raw["stage"]),
        candidate=Counts(*raw["candidate"]),
        baseline=Counts(*raw["baseline"]),
        reference=Counts(*raw["reference"]),
        minutes=int(raw["minutes"]),
    )


def judged_to(judged: Judged) -> Json:
    """One minute of both sides, and what was said of it."""
    verdict = judged.verdict
    return {
        "candidate": side_to(judged.minute.candidate),
        "baseline": side_to(judged.minute.baseline),
        "share_bps": judged.share_bps,
        "opinion": verdict.opinion.value,
        "evidence": [_short(verdict.evidence), _short(verdict.needed)],
        "e": {
            each.name: [_short(each.e_value)] + ([] if each.proof is None else [_short(each.proof)])
            for each in verdict.weighed
        },
    }


def verdict_from(raw: Json) -> KeptVerdict | None:
    """What was said of a minute, within `readable`; None in rows that an older judge had stored."""
    if "opinion" not in raw:
        return None
    weighed = [
        Weighed(name, float(numbers[0]), float(numbers[1]) if len(numbers) > 1 else None)
        for name, numbers in raw["e"].items()
    ]
    evidence, needed = raw["evidence"]
    return KeptVerdict(
        int(raw["share_bps"]), Opinion(raw["opinion"]), float(evidence), float(needed), tuple(weighed)
    )


def side_to(side: Side | None) -> list[Any] | None:
    """A side's counts in the order of their fields, without what is missing at the end."""
    if side is None:
        return None
    score, output = side.score or (None, None), side.output or (None, None)
    row = [
        *(side.requests, side.errors, side.slow, side.timed, side.over_p75, side.over_p99),
        *(*score, *output),
    ]
    while len(row) > LEAST and not row[-1]:
        row.pop()
    return row


LEAST = 3


def side_from(row: list[Any] | None) -> Side | None:
    """Read what `side_to` wrote, within `readable`."""
    if row is None:
        return None
    whole = [*row, *[None] * (10 - len(row))]
    requests, errors, slow, timed, over_p75, over_p99, mean, scored, tokens, milliseconds = whole
    return Side(
        requests,
        errors,
        slow,
        timed or 0,
        over_p75,
        over_p99,
        (float(mean), int(scored)) if scored else None,
        (int(tokens), float(milliseconds)) if tokens else None,
    )


def _alone_to(alone: Alone) -> list[Any]:
    bets = [[_short(wealth.cash), *map(_short, wealth.bets)] for wealth in alone.bets]
    return [bets, list(alone.bad_minutes), alone.dark_minutes, _short(alone.usual_rpm)]


def _alone_from(raw: list[Any]) -> Alone:
    (errors, slow), (first, second), dark, rpm = raw
    wealths = [Wealth(float(each[0]), tuple(float(bet) for bet in each[1:])) for each in (errors, slow)]
    return Alone((wealths[0], wealths[1]), (int(first), int(second)), int(dark), float(rpm))


def _counts_to(counts: Counts) -> list[int]:
    return [counts.requests, counts.errors, counts.slow]


def _short(number: float) -> float:
    return float(f"{number:.6g}")
