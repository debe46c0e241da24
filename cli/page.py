"""A rollout as one HTML page that needs nothing else: facts, charts, a table of decisions. Everything from outside is escaped by htpy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

import htpy as h
from markupsafe import Markup

from cli.explain_words import (
    by_of,
    day_of,
    evidence_of,
    headline,
    move_of,
    odds_of,
    others_of,
    outcome_of,
    share_of,
    tolerance_of,
    tone_of,
)
from cli.explained import Explained, time_of
from cli.page_panels import drawings, has_own_scale, span_of
from cli.page_style import STYLE
from cli.tell import minutes, printable
from pointsman import __version__

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page may fetch nothing and run nothing, whatever stands in it."""
RATES = (
    "95 % bands (Wilson); rates are counted from the beginning of each step, in the watch over its last hour"
)
CUT = " What is higher or lower than a chart runs along its side."


def page(told: Explained) -> str:
    """The whole page."""
    return document(headline(told), [_top(told), _charts(told), _decisions(told), _footer(told)])


def document(title: str, body: Iterable[h.Node]) -> str:
    """A page around its parts, with the style sheet and nothing from elsewhere."""
    head = h.head[
        h.meta(charset="utf-8"),
        h.meta(http_equiv="Content-Security-Policy", content=POLICY),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.title[f"{title} - Pointsman"],
        h.style[Markup(STYLE)],  # noqa: S704 - our own text, no word of it from outside
    ]
    return str(h.html(lang="en")[head, h.body[list(body)]])


def _top(told: Explained) -> h.Node:
    outcome, tone = outcome_of(told)
    pairs = [(name, said) for name, said in _pairs(told) if said]
    return h.header[
        h.h1[headline(told), " ", h.span(class_=f"badge {tone}")[outcome]],
        h.p[printable(told.last.get("reason", ""))],
        h.dl[((h.div[h.dt[name], h.dd[said]]) for name, said in pairs)],
    ]


def _pairs(told: Explained) -> Iterable[tuple[str, str]]:
    yield "Rollout", printable(told.rollout)
    yield "Endpoint", f"{printable(told.endpoint)} {printable(told.region)}".strip()
    yield "Approved by", printable(told.approved_by)
    yield "Opened", f"{told.begin.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield "Still open" if told.is_open else "Took", minutes(told.end - told.begin)
    yield "Largest share", f"{max([each['share_bps'] for each in told.decisions] or [0]) / 100:g} %"
    tolerance = tolerance_of(told.health)
    note = " (the policy of today; that of then is not kept)" if told.health_of == "policy" else ""
    yield "Tolerated", tolerance + note if tolerance else ""


def _charts(told: Explained) -> h.Node:
    if not told.decisions:
        return h.section[h.h2["Charts"], h.p["There is no decision yet to draw."]]
    limit = h.span(class_="limit")["tolerated"] if told.health and told.minutes else None
    own_scale = " The shaded watch has a time scale of its own." if has_own_scale(told) else ""
    without = None if told.minutes else h.p["No minute of evidence is kept for this rollout."]
    return h.section[
        h.h2[f"Minute by minute, UTC, {span_of(told)}"],
        h.p(class_="key")[
            h.span(class_="candidate")[f"version {printable(told.version)}, the candidate"],
            h.span(class_="baseline")["what served before, the baseline"],
            limit,
        ],
        without,
        h.p(class_="key")[h.span(class_="band")[RATES]] if told.minutes else None,
        drawings(told),
        h.p(class_="key")[f"Numbers at the top are those of the decisions below.{own_scale}{CUT}"],
    ]


def _decisions(told: Explained) -> h.Node:
    titles = ("No.", "Time, UTC", "Move", "Share", "Why, and on what", "Who")
    rows, day = [], ""
    for number, facts in enumerate(told.facts, 1):
        fresh = day_of(facts)
        rows.append(_row(number, facts, told, "" if fresh == day else fresh))
        day = fresh
    return h.section[
        h.h2["Decisions"],
        h.table[h.thead[h.tr[(h.th[title] for title in titles)]], h.tbody[rows]],
    ]


def _row(number: int, facts: dict[str, object], told: Explained, day: str) -> h.Element:
    details = [evidence_of(facts, told.health), odds_of(facts), others_of(facts)]
    return h.tr(class_=tone_of(facts))[
        h.td(class_="number")[str(number)],
        h.td(class_="time")[f"{day} " if day else None, f"{time_of(facts).astimezone(UTC):%H:%M:%S}"],
        h.td(class_="move")[move_of(facts).replace(" -> ", " \N{RIGHTWARDS ARROW}\N{NO-BREAK SPACE}")],
        h.td(class_="share")[share_of(facts)],
        h.td(class_="why")[
            printable(facts.get("reason", "")),
            ((h.span(class_="minor")[each]) for each in details if each),
        ],
        h.td(class_="by")[by_of(facts)],
    ]


def _footer(told: Explained) -> h.Node:
    chain = [h.p(class_="broken" if told.problems else None)[told.chain]]
    chain += [h.p(class_="broken")[printable(each)] for each in told.problems]
    made = f"{told.now.astimezone(UTC):%Y-%m-%d %H:%M} UTC, " if told.now else ""
    return h.footer[
        chain, h.p[f"{made}{len(told.facts)} records, {len(told.minutes)} minutes. Pointsman {__version__}."]
    ]
