"""What `adopt` says of one endpoint, in words and as data: strategies, owner, what would be undone, risks, what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from cli.adopt_words import NAMES, READS, canary, kinds_of, owner_of, runs_on
from cli.adopt_yaml import notes_of, policy_mapping
from cli.policy_page import Paragraph, print_indented, print_paragraphs, print_title
from cli.tell import printable
from pointsman.core.draft import Draft
from pointsman.core.eligibility import Verdict, judged
from pointsman.core.guesses import traffic_of
from pointsman.core.handover import Advice, advice
from pointsman.core.history import OURS
from pointsman.core.ownership import Ownership, owner_in_code
from pointsman.core.risks import ADVICE, risks_of
from pointsman.policy import Tool
from pointsman.survey import Past, Sight

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Found:
    """Everything about one endpoint. Without a draft no strategy of this version serves it."""

    sight: Sight
    past: Past | None = None
    draft: Draft | None = None
    written_to: Path | None = None

    @property
    def ownership(self) -> Ownership:
        """Who owns it in code."""
        return owner_in_code(self.sight)

    @property
    def advice(self) -> Advice:
        """What that means after a rollout."""
        groups = [model.group for model in self.sight.models if model.group]
        return advice(self.ownership, self.sight.name, groups[0] if groups else "")

    @property
    def unread(self) -> tuple[str, ...]:
        """Every permission that was missing."""
        return tuple(sorted({*self.sight.unread, *(self.past.unread if self.past else ())}))


def print_found(console: Console, found: Found) -> None:
    """For people."""
    sight = found.sight
    about = ", ".join(
        filter(None, (kinds_of(sight), runs_on(sight), f"{sight.status} on config {sight.config_name}"))
    )
    print_title(console, printable(sight.name), printable(about))
    print_paragraphs(console, [Paragraph("Strategy", tuple(_strategies(sight)))])
    if found.past is not None:
        print_paragraphs(console, [Paragraph("Traffic", (f"{_capital(traffic_of(found.past))}.",))])
    _print_owner(console, found)
    risks = tuple(f"{_capital(printable(each.what))}. {ADVICE[each.risk]}" for each in risks_of(sight))
    print_paragraphs(console, [Paragraph("At risk today", risks or ("Nothing of what was looked at.",))])
    if found.unread:
        gaps = tuple(f"{each}: {READS[each]}" for each in found.unread)
        print_paragraphs(console, [Paragraph("Not read, for lack of permission", gaps)])
    print_paragraphs(console, [Paragraph("Next", tuple(_next(found)))])


def found_as_json(found: Found) -> dict[str, Any]:
    """For programs: the shape is described in docs/adopt.md."""
    sight, ownership, told = found.sight, found.ownership, found.advice
    return {
        "endpoint": sight.name,
        "status": sight.status,
        "config": sight.config_name,
        "kinds": [
            {"kind": each.kind.value, "where": each.where, "detail": each.detail} for each in sight.traits
        ],
        "takes_canary": canary(sight).works,
        "strategies": [_verdict_as_json(each) for each in judged(sight.traits)],
        "owned_by": {
            "name": ownership.by.value,
            "tool": ownership.tool.value,
            "confidence": ownership.confidence.value,
            "evidence": list(ownership.evidence),
        },
        "would_undo": list(told.undoes),
        "recipes": [{"title": each.title, "text": each.text} for each in told.recipes],
        "risks": [
            {"risk": each.risk.value, "what": each.what, "advice": ADVICE[each.risk]}
            for each in risks_of(sight)
        ],
        "policy": policy_mapping(found.draft) if found.draft else None,
        "rests_on": notes_of(found.draft) if found.draft else {},
        "fill_in": list(found.draft.fill_in) if found.draft else [],
        "written_to": str(found.written_to) if found.written_to else None,
        "unread": list(found.unread),
    }


def _verdict_as_json(answer: Verdict) -> dict[str, Any]:
    return {
        "strategy": answer.way.value,
        "answer": answer.answer.value,
        "carried_out": answer.is_carried_out,
        "reasons": [{"why": each.why, "instead": each.instead} for each in answer.reasons],
    }


def _strategies(sight: Sight) -> Iterator[str]:
    answer = canary(sight)
    yield f"canary {answer.answer.value}" + ("." if not answer.reasons else ":")
    yield from (f"- {printable(reason)}" for reason in answer.reasons)
    if OURS.fullmatch(sight.config_name):
        yield "It runs on a config that a rollout of Pointsman made: it is adopted already."
    later = [NAMES[each.way] for each in judged(sight.traits) if each.works and not each.is_carried_out]
    if later and not answer.works:
        yield f"{', '.join(later)} would work; this version of Pointsman does not carry that out yet."


def _print_owner(console: Console, found: Found) -> None:
    ownership, told = found.ownership, found.advice
    owner = [f"{owner_of(ownership)}: {'; '.join(ownership.evidence)}"]
    print_paragraphs(console, [Paragraph("Owned in code by", tuple(printable(each) for each in owner))])
    if found.draft is None:
        return
    whose = (
        "What a deploy by somebody would undo"
        if ownership.tool is Tool.NONE
        else "What its next deploy would undo"
    )
    undone = Paragraph(whose, told.undoes)
    print_paragraphs(console, [undone])
    print_paragraphs(console, [Paragraph("How to keep it", ())])
    for recipe in told.recipes:
        print_indented(console, f"{recipe.title}:")
        for line in recipe.text.splitlines():
            # Not wrapped: it is there to be pasted.
            console.print(Text(f"      {printable(line)}"), soft_wrap=True)


def _next(found: Found) -> Iterator[str]:
    draft = found.draft
    if draft is None:
        yield "Nothing can be adopted yet: see what would help above."
        return
    name = found.written_to or Path(f"policies/{found.sight.name}.yaml")
    if found.written_to is None:
        yield f"Write it: pointsman adopt {found.sight.name} --out {name}"
    if draft.fill_in:
        yield f"Fill in {' and '.join(draft.fill_in)}: policy check refuses the file until then."
    yield "Put a request into validation.body as your callers send it: a candidate that cannot answer it takes no traffic."
    yield "Look at every line marked as a guess, and have the file reviewed like code."
    yield f"Check it: pointsman policy check {name}"
    yield "Nothing was changed in AWS."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
