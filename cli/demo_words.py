"""What the demonstration says: reasons in short, the evidence as it grows, how strong it was in the end. How it looks is `demo_view.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Any

from cli.explain_steps import Step, highest_evidence, steps_of
from cli.explain_words import PROOF_OF
from cli.explained import Row, row_from
from cli.odds_words import odds, process
from local.stories import Ending
from pointsman.archive import KeptMinute
from pointsman.core.canary_judge import PROOF
from pointsman.query_minutes import minute_to

LONG = 120
"""Characters of a reason that is told whole."""
VERIFIED = ". Verified: "


@dataclass(slots=True)
class Growing:
    """The judged minutes of the step that is under way."""

    rows: list[Row] = field(default_factory=list)

    def take(self, minutes: Sequence[KeptMinute]) -> None:
        """Add minutes; the first one of another step begins anew."""
        self.rows += [row_from(minute_to(each)) for each in minutes]
        self.rows = list(steps_of(self.rows)[-1].rows) if self.rows else []

    @property
    def step(self) -> Step | None:
        """The step; None before the first minute with a judgement."""
        step = Step(tuple(self.rows)) if self.rows else None
        return step if step and step.judged else None


def growth(step: Step) -> str:
    """`67 requests, evidence 0.91:1 of 50:1, least proved: 75th percentile, 1.1:1 of 10:1`. The step must have been judged."""
    said = step.judged[-1]
    told = [f"{step.candidate[0]:,} requests", f"evidence {odds(said.evidence)} of {odds(said.needed)}"]
    return ", ".join([*told, *_least(said.proofs)])


def on_the_way(value: float, bar: float) -> float:
    """How far odds have come from 1 to their bar, 0 to 1, on a logarithmic scale."""
    return min(1.0, max(0.0, log(value) / log(bar))) if value > 0 else 0.0


def least_proof(step: Step) -> tuple[str, float] | None:
    """The process that is proved least, with its odds; None where nothing has to be proved."""
    proofs = step.judged[-1].proofs
    return min(proofs.items(), key=lambda each: each[1]) if proofs else None


def in_short(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same record with its reason in short, where that is long: the leading clause, and the odds that decided."""
    reason = str(facts.get("reason", ""))
    lead, _, rest = reason.partition("; ")
    if len(reason) <= LONG or not rest:
        return dict(facts)
    numbers = facts.get("numbers") or {}
    told = [lead]
    verdict = numbers.get("verdict") if "evidence" in numbers else None
    if verdict in {"PASS", "FAIL"}:
        between = " of" if verdict == "PASS" else ", needed"
        told.append(f"evidence {odds(numbers['evidence'])}{between} {odds(numbers['evidence_needed'])}")
    if verdict == "PASS":
        told += _least({name: value for name, value in numbers.items() if name.startswith(PROOF_OF)})
    _, _, verified = rest.partition(VERIFIED)
    return dict(facts) | {"reason": ", ".join(told) + (f"{VERIFIED}{verified}" if verified else "")}


def strength(ending: Ending) -> str:
    """How strong the evidence of a story was."""
    found = highest_evidence([row_from(minute_to(each)) for each in ending.minutes])
    if found is None:
        return "no minute was judged"
    highest, needed = found
    if highest >= needed:
        return f"the evidence against it came to {odds(highest)}, and {odds(needed)} was needed"
    return f"the evidence against it never came above {odds(highest)} of {odds(needed)}"


def _least(proofs: Mapping[str, float]) -> list[str]:
    if not proofs:
        return []
    name, value = min(proofs.items(), key=lambda each: each[1])
    return [f"least proved: {process(name.removeprefix(PROOF_OF))}, {odds(value)} of {odds(PROOF)}"]
