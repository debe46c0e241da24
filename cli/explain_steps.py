"""What the minutes of each step came to: requests, rates, evidence, proofs, and what ended it. For text; charts are `page_panels.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from cli.explain_words import move_of
from cli.explained import Counts, Explained, Judged, Row, time_of
from cli.odds_words import in_order, odds, process
from cli.page_rates import WATCH, wilson
from pointsman.core.canary_judge import PROOF

Json = dict[str, Any]
GROWS_FROM = 1.0
"""Odds at which betting begins: neither for nor against."""


@dataclass(frozen=True, slots=True)
class Step:
    """The minutes of one step, or of the watch, oldest first; at least one."""

    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """`step 1`, or `watch`."""
        window = self.rows[-1].window
        return f"step {int(window.removeprefix('step-')) + 1}" if window.startswith("step-") else window

    @property
    def judged(self) -> list[Judged]:
        """What was said in its minutes; empty where an older judge took them."""
        return [row.judged for row in self.rows if row.judged]

    @property
    def candidate(self) -> Counts:
        """All that the candidate answered in it."""
        return _sum([row.candidate for row in self.rows])

    @property
    def baseline(self) -> Counts:
        """All that the baseline answered in it."""
        return _sum([row.baseline for row in self.rows])


def steps_of(rows: Sequence[Row]) -> list[Step]:
    """The steps that have minutes, in order of time."""
    return [Step(tuple(found)) for _, found in groupby(rows, key=lambda row: row.window)]


def steps_lines(told: Explained) -> Iterator[str]:
    """A block of lines for each step that has minutes."""
    for step in steps_of(told.minutes):
        share = f", {step.judged[-1].share_bps / 100:g} %" if step.judged else ""
        yield f"  {step.name}{share}, {len(step.rows)} min with counts"
        for side, counts in (("candidate", step.candidate), ("baseline", step.baseline)):
            if counts[0]:
                yield f"    {side:<9}  {_rates(counts)}"
        if step.judged:
            yield f"    evidence   {evidence_line(step)}"
        if proofs := proofs_line(step):
            yield f"    proofs     {proofs}"
        if ended := _ended(told, step):
            yield f"    ended      {time_of(ended):%H:%M:%S}  {move_of(ended)}{_opinion(ended)}"


def evidence_line(step: Step) -> str:
    """From the first to the last minute, the highest, and what it takes. The step must have been judged."""
    values = [said.evidence for said in step.judged]
    grown = f"{odds(values[0])} -> {odds(values[-1])}" if len(values) > 1 else odds(values[-1])
    highest = f", highest {odds(max(values))}" if max(values) > max(values[0], values[-1]) else ""
    return f"{grown}{highest}; {odds(step.judged[-1].needed)} takes it back"


def proofs_line(step: Step) -> str:
    """The newest proofs, by process, and what it takes; empty where nothing has to be proved."""
    proofs = step.judged[-1].proofs if step.judged else {}
    if not proofs:
        return ""
    told = ", ".join(f"{process(name)} {odds(proofs[name])}" for name in in_order(proofs))
    return f"{told}; {odds(PROOF)} lets it go on"


def highest_evidence(rows: Sequence[Row]) -> tuple[float, float] | None:
    """The highest evidence of all minutes, and what was needed; None where no minute was judged."""
    judged = [row.judged for row in rows if row.judged]
    return max((said.evidence, said.needed) for said in judged) if judged else None


def _rates(counts: Counts) -> str:
    requests, failed, slow = counts
    return f"{requests:,} requests, {_rate(failed, requests)} failed, {_rate(slow, requests)} slow"


def _rate(bad: int, requests: int) -> str:
    low, high = wilson(bad, requests)
    return f"{100 * bad / requests:.2f} % ({100 * low:.2f} to {100 * high:.2f})"


def _ended(told: Explained, step: Step) -> Json | None:
    phase = "WATCHING" if step.rows[-1].window == WATCH else "BAKING"
    last: datetime = step.rows[-1].at
    left = (each for each in told.decisions if each["before"] == phase != each["after"])
    return next((each for each in left if time_of(each) > last), None)


def _opinion(facts: Json) -> str:
    verdict = (facts.get("numbers") or {}).get("verdict")
    return f" on {verdict}" if verdict else ""


def _sum(counts: Sequence[Counts | None]) -> Counts:
    told = [each for each in counts if each]
    return sum(each[0] for each in told), sum(each[1] for each in told), sum(each[2] for each in told)
