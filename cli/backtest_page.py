"""A backtest as one HTML page that needs nothing else: charts by the hour, and a table of what was taken back, unproved or marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import htpy as h

from cli.backtest_run import Backtested
from cli.backtest_words import incident_lines, paragraphs, percent, time, where
from cli.explained import Row
from cli.page import document
from cli.page_chart import LEFT, RIGHT, Line, Panel, Point, Sheet, draw
from cli.page_marks import Mark
from cli.page_panels import HEADROOM, WIDTHS
from cli.page_scale import numbers_up_to, span, time_axis
from cli.tell import minutes, printable
from pointsman import __version__
from pointsman.core.backtest import Ending, Played
from pointsman.core.past import slow_us
from pointsman.core.past_traffic import ONE_HOUR

ONE_MINUTE = timedelta(minutes=1)
TONES = {Ending.ROLLED_BACK: "bad", Ending.PATIENCE_OVER: "warn"}
SAID = {Ending.ROLLED_BACK: "rolled back", Ending.PATIENCE_OVER: "not proved"}


@dataclass(frozen=True, slots=True)
class _Event:
    """What is marked in the charts and told in a row of the table."""

    at: datetime
    tone: str
    what: str
    where: str
    after: str
    why: str


def page_of(told: Backtested) -> str:
    """The whole page."""
    title = f"Backtest of {printable(told.asked.endpoint)}"
    events = sorted(_events(told), key=lambda each: each.at)
    return document(
        title, [_top(title, told), _charts(told, events), _table(events), *_texts(told), _footer(told)]
    )


def _top(title: str, told: Backtested) -> h.Node:
    tally = told.tally
    count, false = len(tally.plays), len(tally.beside)
    tone = "bad" if count and false > told.asked.policy.plan.health.comparison.alpha * count else "good"
    found = [each for one in told.found for each in (one.first, one.watch) if each is not None]
    seen = [each for each in found if each.ending is Ending.ROLLED_BACK]
    pairs = [
        ("Policy", printable(told.asked.policy_file)),
        ("Past", f"{time(told.past.since)} to {time(told.past.until)} UTC"),
        ("From", printable(told.source)),
        ("Falsely rolled back", f"{false} of {count} ({percent(false, count)})"),
        ("Rolled back by the limits, alone", f"{len(tally.alone)} of {count}"),
        ("Every step proved", f"{len(tally.proved)} of {count}"),
        ("Incidents found", f"{len(seen)} of {len(found)} times" if found else "none is marked"),
    ]
    return h.header[
        h.h1[title, " ", h.span(class_=f"badge {tone}")[f"{percent(false, count)} false"]],
        h.dl[((h.div[h.dt[name], h.dd[said]]) for name, said in pairs)],
    ]


def _events(told: Backtested) -> Iterable[_Event]:
    for each in told.tally.plays:
        if each.ending in TONES:
            yield _Event(
                each.start,
                TONES[each.ending],
                SAID[each.ending],
                where(told, each),
                minutes(each.lasted),
                printable(each.sentence),
            )
    for found in told.found:
        first, *others = incident_lines(told, found)
        length = minutes(found.incident.end - found.incident.start)
        why = " ".join((first, *others))
        yield _Event(found.incident.start, "plain", "incident", "", f"lasts {length}", printable(why))


def _charts(told: Backtested, events: Sequence[_Event]) -> h.Node:
    if not told.past.hours:
        return h.section[h.h2["Charts"], h.p["There is no hour to draw."]]
    days = span((told.past.since, told.past.until))
    return h.section[
        h.h2[f"Hour by hour, UTC, {days}"],
        h.p(class_="key")[
            h.span(class_="candidate")["pretended releases, by their start"],
            h.span(class_="baseline")["what served"],
            h.span(class_="limit")["tolerated"],
        ],
        [_drawing(told, events, width) for width in WIDTHS],
        h.p(class_="key")["Numbers at the top are those of the table below."],
    ]


def _drawing(told: Backtested, events: Sequence[_Event], width: int) -> h.Element:
    past, limit = told.past, slow_us(told.asked.policy.plan.health)
    rows = [
        Row("past", at, ONE_HOUR, None, (each.requests, each.errors, each.slower_than(limit) or 0))
        for at, each in past.hours.items()
    ]
    axis = time_axis(past.since, past.until, None, (LEFT, width - RIGHT))
    marks = [
        Mark(number, each.at, each.tone, f"{number}. {time(each.at)} {each.what}: {each.why}")
        for number, each in enumerate(events, 1)
    ]
    says = f"Pretended releases and traffic by the hour on endpoint {printable(told.asked.endpoint)}"
    return draw(Sheet(width, axis, list(_panels(told, rows)), marks, past.until, says))


def _panels(told: Backtested, rows: Sequence[Row]) -> Iterable[Panel]:
    health = told.asked.policy.plan.health
    proved = {each.start: _proved_after(each) for each in told.tally.plays}
    longest = max((each for each in proved.values() if each is not None), default=1.0)
    yield Panel(
        "Minutes until every step of a good version is proved",
        numbers_up_to(longest),
        "",
        100,
        (_line("candidate", rows, lambda row: proved.get(row.at), "pretended releases"),),
    )
    yield _percents("Failed, % of the requests", rows, 1, health.max_error_percent)
    slow = f"Slower than {health.slow_over.total_seconds():g} s, % of the requests"
    yield _percents(slow, rows, 2, health.max_slow_percent)
    yield _panel("Requests a minute", rows, lambda row: row.baseline[0] / 60 if row.baseline else None)


def _percents(title: str, rows: Sequence[Row], index: int, limit: float) -> Panel:
    def value(row: Row) -> float | None:
        return 100 * row.baseline[index] / row.baseline[0] if row.baseline and row.baseline[0] else None

    return _panel(title, rows, value, limit)


def _panel(
    title: str, rows: Sequence[Row], value: Callable[[Row], float | None], limit: float | None = None
) -> Panel:
    highest = max((each for each in map(value, rows) if each is not None), default=0.0)
    top = max(highest, (limit or 0) * HEADROOM, 0.1)
    unit = "" if limit is None else " %"
    return Panel(title, numbers_up_to(top), unit, 90, (_line("baseline", rows, value, "what served"),), limit)


def _line(style: str, rows: Sequence[Row], value: Callable[[Row], float | None], says: str) -> Line:
    points = [(row, value(row)) for row in rows]
    return Line(style, tuple(Point(row, each) for row, each in points if each is not None), says)


def _proved_after(played: Played) -> float | None:
    return (played.proved_at - played.start) / ONE_MINUTE if played.proved_at is not None else None


def _table(events: Sequence[_Event]) -> h.Node:
    if not events:
        return h.section[
            h.h2["Marked"], h.p["Nothing was rolled back or left unproved, and no incident is marked."]
        ]
    titles = ("No.", "Begins, UTC", "What", "Where", "After", "Why")
    rows = [
        h.tr(class_=each.tone)[
            h.td(class_="number")[str(number)],
            h.td(class_="time")[time(each.at)],
            h.td(class_="move")[each.what],
            h.td(class_="share")[each.where],
            h.td(class_="share")[each.after],
            h.td(class_="why")[each.why],
        ]
        for number, each in enumerate(events, 1)
    ]
    return h.section[h.h2["Marked"], h.table[h.thead[h.tr[(h.th[title] for title in titles)]], h.tbody[rows]]]


def _texts(told: Backtested) -> Iterable[h.Node]:
    for each in paragraphs(told):
        yield h.section[h.h2[each.heading], (h.p[sentence] for sentence in each.sentences)]


def _footer(told: Backtested) -> h.Node:
    count = len(told.tally.plays) + len(told.tally.met)
    return h.footer[h.p[f"{count} pretended releases, seed {told.asked.seed}. Pointsman {__version__}."]]
