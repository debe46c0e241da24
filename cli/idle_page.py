"""The report on idle endpoints as one HTML page that needs nothing else: sums, two charts, tables. Everything from outside is escaped by htpy."""

from __future__ import annotations

from datetime import datetime

import htpy as h
from markupsafe import Markup

from cli.idle_report import money
from cli.idle_rows import Report, Row
from cli.page import POLICY
from cli.page_style import STYLE
from cli.tell import printable
from pointsman import __version__
from pointsman.account import Account
from pointsman.core.idle_finding import Verdict

MOST_BARS = 20
TITLES = {
    Verdict.IDLE: "Idle",
    Verdict.UNDERUSED: "Underused: asked, and larger than needed",
    Verdict.UNKNOWN: "Unknown: signals were not read, so not idle",
    Verdict.BUSY: "Busy",
    Verdict.EXEMPT: "Exempt: not looked at for a reason",
}
TONES = {Verdict.IDLE: "bad", Verdict.UNDERUSED: "warn", Verdict.UNKNOWN: "plain"}
HEADINGS = ("Endpoint", "Runs on", "GPU", "Idle since, UTC", "So far", "A month", "Team", "Why")
OWN_STYLE = """
.bars { display: grid; grid-template-columns: minmax(8rem, 16rem) 1fr max-content; gap: .3rem .8rem; align-items: center;
  margin: .4rem 0 1rem; font-size: .92rem; }
.bars .name { overflow-wrap: anywhere; }
.bars .track { background: var(--soft); height: 1.1rem; border-radius: .2rem; display: flex; }
.bars .bar { height: 100%; border-radius: .2rem; background: var(--candidate); min-width: 2px; }
.bars .asked { height: 100%; background: transparent; }
.bars .silent { height: 100%; background: var(--limit); border-radius: .2rem; min-width: 2px; opacity: .85; }
.bars .figure { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
td.money { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.why { min-width: 14rem; }
td.runs { overflow-wrap: normal; } td.team { overflow-wrap: normal; }
@media (min-width: 1020px) { td.runs { white-space: nowrap; } }
@media (max-width: 1020px) {
  thead { display: none; }
  tr { display: block; border-top: 1px solid var(--rule); padding: .5rem 0; }
  td:empty { display: none; }
  td[data-label]::before { content: attr(data-label) " "; color: var(--muted); }
  td.move { font-weight: 600; }
  td { display: inline-block; border: 0; padding: 0 .6rem 0 0; }
  td.why { display: block; padding: .15rem 0 0; } }
@media (max-width: 560px) { .bars { grid-template-columns: 1fr max-content; grid-auto-flow: dense; }
  .bars .track { grid-column: 1 / 3; } }
"""


def page(report: Report, account: Account) -> str:
    """The whole page."""
    title = f"Idle endpoints of account {account.identity.account}, {account.region}"
    head = h.head[
        h.meta(charset="utf-8"),
        h.meta(http_equiv="Content-Security-Policy", content=POLICY),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.title[f"{title} - Pointsman"],
        h.style[Markup(STYLE + OWN_STYLE)],  # noqa: S704 - our own text, no word of it from outside
    ]
    tables = [_table(verdict, report.of(verdict)) for verdict in TITLES]
    body = h.body[_top(title, report), _charts(report, account.now), tables, _footer(report, account)]
    return str(h.html(lang="en")[head, body])


def _top(title: str, report: Report) -> h.Node:
    idle = report.counts[Verdict.IDLE]
    window = report.looked.window
    pairs = [(TITLES[verdict].partition(":")[0], str(report.counts[verdict])) for verdict in Verdict]
    return h.header[
        h.h1[title, " ", h.span(class_=f"badge {'bad' if idle else 'good'}")[f"{idle} idle"]],
        [h.p[line] for line in money(report)],
        h.dl[
            (h.div[h.dt[name], h.dd[count]] for name, count in pairs),
            h.div[h.dt["Without a request for"], h.dd[f"{window.days} days"]],
            h.div[h.dt["History looked at from"], h.dd[f"{window.history_since:%Y-%m-%d}"]],
        ],
    ]


def _charts(report: Report, now: datetime) -> h.Node:
    idle = report.of(Verdict.IDLE)
    priced = [row for row in idle if row.cost.per_month][:MOST_BARS]
    if not idle:
        return None
    return h.section[
        _money(priced, len(idle)) if priced else None,
        h.h2["Days without a request"],
        h.div(class_="bars", role="list")[(_silence(row, report, now) for row in idle[:MOST_BARS])],
        h.p(class_="key")[f"The whole width is {report.looked.window.history_since:%Y-%m-%d} until now."],
    ]


def _money(rows: list[Row], total: int) -> h.Node:
    most = max(row.cost.per_month or 0.0 for row in rows)
    left_out = (
        f" Not drawn: {total - len(rows)} that cost less or have no price." if total > len(rows) else ""
    )
    return h.fragment[
        h.h2["Idle, USD a month"],
        h.div(class_="bars", role="list")[
            (_bar(row, (row.cost.per_month or 0.0) / most, f"${row.cost.per_month:,.0f}") for row in rows)
        ],
        h.p(class_="key")[f"730 hours at the on-demand list price.{left_out}"],
    ]


def _bar(row: Row, share: float, figure: str) -> h.Node:
    return h.fragment[
        h.span(class_="name", role="listitem")[printable(row.finding.name)],
        h.span(class_="track")[h.span(class_="bar", style=f"width: {100 * share:.1f}%")],
        h.span(class_="figure")[figure],
    ]


def _silence(row: Row, report: Report, now: datetime) -> h.Node:
    begin, since = report.looked.window.history_since, row.finding.idle_since or now
    silent = (now - max(since, begin)) / (now - begin)
    days = f"{(now - since).days} days{' or longer' if row.finding.is_longer else ''}"
    return h.fragment[
        h.span(class_="name", role="listitem")[printable(row.finding.name)],
        h.span(class_="track")[
            h.span(class_="asked", style=f"width: {100 * (1 - silent):.1f}%"),
            h.span(class_="silent", style=f"width: {100 * silent:.1f}%"),
        ],
        h.span(class_="figure")[days],
    ]


def _table(verdict: Verdict, rows: tuple[Row, ...]) -> h.Node:
    if not rows:
        return None
    return h.section[
        h.h2[TITLES[verdict], " ", h.span(class_=f"badge {TONES.get(verdict, 'good')}")[str(len(rows))]],
        h.table[h.thead[h.tr[(h.th[title] for title in HEADINGS)]], h.tbody[(_row(row) for row in rows)]],
    ]


def _row(row: Row) -> h.Node:
    name, _verdict, instances, gpu, since, so_far, month, team, why = (printable(cell) for cell in row.cells)
    rests_on = ", ".join(printable(each) for each in row.finding.rests_on)
    return h.tr[
        h.td(class_="move")[name],
        h.td(class_="runs")[instances],
        h.td(class_="share", data_label="GPU")[gpu],
        h.td(class_="time", data_label="idle since")[since],
        h.td(class_="money", data_label="so far")[so_far],
        h.td(class_="money", data_label="a month")[month],
        h.td(class_="team", data_label="team")[team],
        h.td(class_="why")[why, h.span(class_="minor")[f"Rests on {rests_on}"] if rests_on else None],
    ]


def _footer(report: Report, account: Account) -> h.Node:
    hidden = f" {report.hidden} busy or exempt ones are not shown (--all)." if report.hidden else ""
    unasked = report.looked.unasked
    return h.footer[
        h.p[f"Read {account.now:%Y-%m-%d %H:%M} UTC.{hidden} Nothing was changed. Pointsman {__version__}."],
        h.p[f"{printable(unasked[:1].upper() + unasked[1:])}."] if unasked else None,
    ]
