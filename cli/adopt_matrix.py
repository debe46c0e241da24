"""The matrix of kinds and strategies as text and as the page's table. Run to renew docs/adopt.md: python -m cli.adopt_matrix."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from cli.adopt_words import MARKS, NAMES, READS
from cli.policy_page import print_indented
from pointsman.core.eligibility import Answer, Verdict, judged
from pointsman.core.matrix import MATRIX, Way
from pointsman.survey import Kind, Trait

if TYPE_CHECKING:
    from rich.console import Console

PAGE = Path(__file__).parents[1] / "docs" / "adopt.md"
EXAMPLES = {
    Kind.AUTOSCALED: ("variant NAME", "N and M"),
    Kind.MARKETPLACE: ("NAME", "PACKAGE"),
    Kind.CHANGING: ("", "Updating"),
    Kind.UNTRIED: ("variant NAME", "a capacity reservation"),
    Kind.UNKNOWN: ("variant NAME", "the setting SETTING"),
    Kind.UNREAD: ("its endpoint config", "sagemaker:DescribeEndpointConfig"),
}
MEANINGS = {Answer.WORKS: "works", Answer.RESTRICTED: "works with a restriction", Answer.NO: "does not work"}
_BLOCK = re.compile(r"<!-- (matrix|permissions) -->\n.*?<!-- end -->", re.DOTALL)


def rows() -> Iterator[tuple[Kind, tuple[Verdict, ...]]]:
    """Each kind alone, with every strategy's answer."""
    for kind in MATRIX:
        where, detail = EXAMPLES.get(kind, ("NAME", "N"))
        yield kind, judged([Trait(kind, where, detail)])


def heading(way: Way, *, answers: tuple[Verdict, ...]) -> str:
    """A strategy's name, marked where this version does not carry it out."""
    done = next(each.is_carried_out for each in answers if each.way is way)
    return NAMES[way] if done else f"{NAMES[way]}*"


def grouped(answers: tuple[Verdict, ...]) -> list[tuple[str, Verdict]]:
    """Strategies with the same answer for the same reasons, together."""
    same: dict[tuple[Answer, str], list[Verdict]] = {}
    for each in answers:
        said = "; ".join(str(reason) for reason in each.reasons)
        same.setdefault((each.answer, said), []).append(each)
    return [(", ".join(NAMES[each.way] for each in group), group[0]) for group in same.values()]


def print_matrix(console: Console) -> None:
    """For people: a table of answers, then each kind's reasons."""
    everything = list(rows())
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("kind of endpoint", overflow="fold")
    for way in Way:
        table.add_column(heading(way, answers=everything[0][1]), no_wrap=True)
    for kind, answers in everything:
        table.add_row(kind.value, *(MARKS[each.answer] for each in answers))
    console.print(table)
    console.print()
    console.print("limits: works with a restriction   *: not carried out by this version yet", soft_wrap=True)
    for kind, answers in everything:
        console.print()
        console.print(Text(kind.value, style="bold"), soft_wrap=True)
        for names, answer in grouped(answers):
            said = "; ".join(str(reason) for reason in answer.reasons)
            print_indented(console, f"{names}: {answer.answer.value}{f'. {_sentence(said)}' if said else ''}")


def matrix_as_json() -> dict[str, Any]:
    """For programs: kind to strategy to answer, whether it is carried out, why and what would help."""
    return {
        kind.value: {
            each.way.value: {
                "answer": each.answer.value,
                "carried_out": each.is_carried_out,
                "why": "; ".join(reason.why for reason in each.reasons),
                "instead": "; ".join(reason.instead for reason in each.reasons if reason.instead),
            }
            for each in answers
        }
        for kind, answers in rows()
    }


def permissions() -> dict[str, Any]:
    """The IAM policy that is enough, and no more than what is used."""
    statement = {"Sid": "PointsmanAdoptReads", "Effect": "Allow", "Action": sorted(READS), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def with_blocks(text: str) -> str:
    """The page with what is generated in it renewed."""
    made = {"matrix": "\n".join(_markdown()), "permissions": "\n".join(_permissions_markdown())}
    return _BLOCK.sub(lambda match: f"<!-- {match[1]} -->\n{made[match[1]]}\n<!-- end -->", text)


def main() -> int:
    """Renew docs/adopt.md."""
    text = PAGE.read_text(encoding="utf-8")
    renewed = with_blocks(text)
    PAGE.write_text(renewed, encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} {'is current' if renewed == text else 'was renewed'}\n")
    return 0


def _markdown() -> Iterator[str]:
    everything = list(rows())
    yield f"| kind | {' | '.join(heading(way, answers=everything[0][1]) for way in Way)} |"
    yield f"|---|{'---|' * len(Way)}"
    for kind, answers in everything:
        yield f"| {kind.value} | {' | '.join(MARKS[each.answer] for each in answers)} |"
    yield ""
    yield "`limits`: works with a restriction. `*`: not carried out by this version yet."
    for kind, answers in everything:
        yield f"\n**{kind.value[:1].upper()}{kind.value[1:]}**\n"
        for names, answer in grouped(answers):
            said = "; ".join(str(reason) for reason in answer.reasons)
            yield f"- {names}: {answer.answer.value}{f'. {_sentence(said)}' if said else ''}"


def _permissions_markdown() -> Iterator[str]:
    yield "| permission | what it tells |"
    yield "|---|---|"
    yield from (f"| `{name}` | {READS[name]} |" for name in sorted(READS))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


if __name__ == "__main__":
    sys.exit(main())
