"""Explanations to draw, and how a page is taken apart: as a browser would, and each drawing as XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from cli.explained import Explained, Judged, Row

BEGIN = datetime(2026, 11, 20, 23, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
VOID = {"meta", "link", "br", "img", "input", "hr"}
HEALTH = {
    "errors": ["5xx"],
    "max_error_percent": 1.0,
    "slow_over_s": 6.79,
    "max_slow_percent": 5.0,
    "min_requests": 50,
    "alarms": [],
}
WAY = (
    (0, "PENDING", "PREPARING", 0, "prepare"),
    (5, "PREPARING", "VALIDATING", 0, None),
    (5, "VALIDATING", "SHIFTING", 500, "shift"),
    (6, "SHIFTING", "BAKING", 500, None),
    (20, "BAKING", "SHIFTING", 10_000, "shift"),
    (21, "SHIFTING", "BAKING", 10_000, None),
    (40, "BAKING", "FINALIZING", 10_000, "finalize"),
    (45, "FINALIZING", "WATCHING", 10_000, None),
)


def decision(
    minute: int, before: str, after: str, share: int, act: str | None, **more: Any
) -> dict[str, Any]:
    facts = {
        "kind": "decision",
        "endpoint": "chat-llm",
        "rollout": "chat-llm.v2.20261120T234000Z",
        "version": 2,
        "before": before,
        "after": after,
        "share_bps": share,
        "act": act,
        "hold": None,
        "cause": None,
        "reason": f"from {before} to {after}",
        "numbers": {},
        "actor": "pointsman",
        "at": (BEGIN + minute * MINUTE).isoformat(),
        "seq": minute + 1,
    }
    return facts | more


def told(**changes: Any) -> Explained:
    """A promoted version with every minute of its bakes, and a watch of two days that goes on."""
    facts = [decision(*step) for step in WAY]
    rows = [row(minute, "step-0") for minute in range(7, 20)] + [
        row(minute, "step-1") for minute in range(22, 40)
    ]
    rows += [replace(row(minute, "watch"), baseline=None) for minute in range(46, 46 + 2880)]
    usual = Explained(
        rollout="chat-llm.v2.20261120T234000Z",
        endpoint="chat-llm",
        facts=facts,
        chain="8 records; the chain they stand in is whole.",
        problems=[],
        region="eu-central-1",
        minutes=rows,
        health=HEALTH,
        now=BEGIN + 2930 * MINUTE,
    )
    return replace(usual, **changes)


def row(minute: int, window: str) -> Row:
    slow = 30 if minute == 12 else 1
    return Row(window, BEGIN + minute * MINUTE, MINUTE, (60, minute % 3, slow), (1140, 3, 9))


def judged(minute: int, **changes: Any) -> Judged:
    """Odds that grow against the candidate, a tenth of their way each minute."""
    against = {"gross": 0.2, "errors": 1.3**minute, "p75": 0.9, "p99": 0.5, "quality": 1.0}
    usual = Judged(
        share_bps=500,
        opinion="NOT_ENOUGH",
        evidence=0.45 * against["errors"],
        needed=50.0,
        against=against,
        proofs={"errors": 0.8, "p75": 1.1**minute, "p99": 2.0**minute},
    )
    return replace(usual, **changes)


def told_with_odds(**changes: Any) -> Explained:
    """The same, with odds in every minute: in the watch those of a version that serves alone."""
    alone = {"errors": 0.4, "slow": 1.2}
    rows = [
        replace(each, judged=judged(number))
        if each.window != "watch"
        else replace(each, judged=judged(0, share_bps=10_000, evidence=0.8, against=alone, proofs={}))
        for number, each in enumerate(told().minutes)
    ]
    return told(**({"minutes": rows} | changes))


@dataclass
class Parsed(HTMLParser):
    """What a page consists of; raises for tags that are not closed in order."""

    open: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(text: str) -> Parsed:
    parser = Parsed()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser


def drawings(text: str) -> Iterator[ET.Element]:
    """Every drawing, which is well-formed XML by itself."""
    for drawn in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        yield ET.fromstring(drawn)  # noqa: S314 - our own page
