"""Records of a rollout in words: where it moved, on what evidence, what else was counted, how grave it is. It prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.explained import Explained, time_of
from cli.odds_words import in_order, odds, process
from cli.tell import printable

Json = dict[str, Any]
SIDES = ("candidate", "baseline")
COUNTED = frozenset(
    {"verdict", "minutes", "share_percent", "evidence", "evidence_needed"}
    | {f"{side}_{what}" for side in SIDES for what in ("requests", "errors", "slow")}
)
AGAINST, PROOF_OF = "e_", "proof_"
"""What the names of odds begin with in the numbers of a decision."""
UNMOVED = 1
"""Odds of a process that was told nothing, which is most often the quality."""
BAD = frozenset({"ROLLING_BACK", "ROLLED_BACK", "NEEDS_HUMAN"})
GOOD = frozenset({"WATCHING", "SUCCEEDED"})


def move_of(facts: Mapping[str, Any]) -> str:
    """`BAKING -> SHIFTING`; one phase where it stayed in it; empty for what is no decision."""
    if facts.get("kind") != "decision":
        return ""
    before, after = printable(facts["before"]), printable(facts["after"])
    return after if before == after else f"{before} -> {after}"


def share_of(facts: Mapping[str, Any]) -> str:
    """The share that is wanted from then on."""
    return f"{facts['share_bps'] / 100:g} %" if facts.get("kind") == "decision" else ""


def tone_of(facts: Mapping[str, Any]) -> str:
    """How grave it is: `bad`, `warn`, `good` or `plain`."""
    if facts.get("kind") == "journal" or facts.get("after") in BAD:
        return "bad"
    if facts.get("hold") or (facts.get("numbers") or {}).get("verdict") in {"NOT_ENOUGH", "BLIND"}:
        return "warn"
    return "good" if facts.get("after") in GOOD and facts["before"] != facts["after"] else "plain"


def evidence_of(facts: Mapping[str, Any], health: Mapping[str, Any] | None) -> str:
    """The numbers of both sides with what is tolerated; empty where the decision rested on none."""
    numbers = facts.get("numbers") or {}
    if "verdict" not in numbers:
        return ""
    opinion = f"{printable(numbers['verdict'])} over {printable(numbers.get('minutes', '?'))} min"
    sides = [told for side in SIDES if (told := _side(side, numbers))]
    tolerance = tolerance_of(health)
    tolerated = [f"tolerated {tolerance}"] if tolerance and sides else []
    return f"{opinion}: " + "; ".join([*sides, *tolerated]) if sides else opinion


def odds_of(facts: Mapping[str, Any]) -> str:
    """The evidence against the candidate and the proofs, by process; empty where the decision rested on none."""
    numbers = facts.get("numbers") or {}
    if "evidence" not in numbers:
        return ""
    told = [f"evidence {odds(numbers['evidence'])} of {odds(numbers['evidence_needed'])}"]
    for prefix, word in ((AGAINST, "against it"), (PROOF_OF, "proved")):
        found = {name.removeprefix(prefix): numbers[name] for name in numbers if name.startswith(prefix)}
        moved = [name for name in in_order(found) if found[name] != UNMOVED]
        each = [f"{process(name)} {odds(found[name])}" for name in moved]
        told += [f"{word}: {', '.join(each)}"] if each else []
    return "; ".join(told)


def tolerance_of(health: Mapping[str, Any] | None) -> str:
    """What the plan tolerates, from how many requests on."""
    if not health:
        return ""
    return (
        f"{health['max_error_percent']:g} % failed, {health['max_slow_percent']:g} % slower than "
        f"{health['slow_over_s']:g} s, from {health['min_requests']:,} requests on"
    )


def others_of(facts: Mapping[str, Any]) -> str:
    """Every further number of a decision, with its name."""
    numbers = facts.get("numbers") or {}
    rest = {
        name: value
        for name, value in numbers.items()
        if name not in COUNTED and not name.startswith((AGAINST, PROOF_OF))
    }
    return ", ".join(
        f"{_words(name)} {printable(value)}{_unit(name)}" for name, value in sorted(rest.items())
    )


def by_of(facts: Mapping[str, Any]) -> str:
    """What was asked for, and who decided."""
    actor = printable(facts.get("actor", "unknown"))
    return f"{_words(facts['act'])}, decided by {actor}" if facts.get("act") else f"decided by {actor}"


def is_marked(facts: Mapping[str, Any], before: Mapping[str, Any] | None) -> bool:
    """Whether a decision is worth a mark: the phase, the hold, the share or the verdict is another, or a person spoke."""
    if facts.get("kind") == "journal":
        return True
    if facts.get("kind") != "decision":
        return False
    if (
        before is None
        or facts["before"] != facts["after"]
        or str(facts.get("actor", "")).startswith("operator:")
    ):
        return True
    return any(_seen(facts, name) != _seen(before, name) for name in ("hold", "share_bps", "verdict"))


def headline(told: Explained) -> str:
    """`chat-llm: version 2`."""
    return f"{printable(told.endpoint)}: version {printable(told.version)}"


def outcome_of(told: Explained) -> tuple[str, str]:
    """How it ended, or where it stands, with its tone."""
    last = told.last
    if last.get("kind") != "decision":
        return "opened", "plain"
    hold = f" ({printable(last['hold'])})" if last.get("hold") else ""
    return f"{printable(last['after'])}{hold}", tone_of(last)


def day_of(facts: Mapping[str, Any]) -> str:
    """The day of a record."""
    return f"{time_of(facts):%Y-%m-%d}"


def _side(side: str, numbers: Mapping[str, Any]) -> str:
    requests = numbers.get(f"{side}_requests")
    if not isinstance(requests, int):
        return ""
    parts = [f"{side} {requests:,} requests"]
    for key, word in (("errors", "failed"), ("slow", "slow")):
        count = numbers.get(f"{side}_{key}")
        if isinstance(count, int) and requests:
            parts.append(f"{count:,} {word} ({100 * count / requests:.2f} %)")
    return ", ".join(parts)


def _seen(facts: Mapping[str, Any], name: str) -> object:
    return (facts.get("numbers") or {}).get("verdict") if name == "verdict" else facts.get(name)


def _words(name: object) -> str:
    return printable(name).removesuffix("_percent").replace("_", " ")


def _unit(name: str) -> str:
    return " %" if name.endswith("_percent") else ""
