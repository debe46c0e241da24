"""The figures as tables: false rollbacks, what is found, what is promoted. Cells that were not played are left out."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from benchmarks.judge.posted import SETS, answered
from benchmarks.judge.rules.every import OURS, RULES
from benchmarks.judge.scenarios import FAULTS, GOOD
from benchmarks.judge.setting import NOISES, RPMS
from benchmarks.judge.table import Table
from benchmarks.judge.tally import Key, Tallies, Tally, bounds
from pointsman.core.canary_evidence import Mode

PEER_LIMIT = 0.05
"""A rule that takes more good versions back than this is no measure for harm."""
GOOD_NAMES, FAULT_NAMES = tuple(each.name for each in GOOD), tuple(each.name for each in FAULTS)


def rules_in(tallies: Tallies) -> list[str]:
    """In the order of the list of rules."""
    played = {key[3] for key in tallies}
    return [rule for rule in RULES if rule in played]


def good_cells(tallies: Tallies, noise: str, rule: str, rpm: int | None = None) -> list[tuple[Key, Tally]]:
    """What a rule did with good candidates in fixed mode, under a noise and at one or all levels of traffic."""
    return [
        (key, tally)
        for key, tally in tallies.items()
        if key[0] == noise
        and key[3] == rule
        and key[4] is Mode.FIXED
        and key[1] in GOOD_NAMES
        and rpm in (None, key[2])
    ]


def false_rate(tallies: Tallies, noise: str, rule: str, rpm: int | None = None) -> float | None:
    """Part of the good candidates that were taken back, all cells together."""
    cells = [tally for _key, tally in good_cells(tallies, noise, rule, rpm)]
    runs = sum(tally.runs for tally in cells)
    return sum(tally.rolled_back for tally in cells) / runs if runs else None


def false_rollbacks(tallies: Tallies) -> Table:
    """Over all cells without a fault: the mean, and the worst cell with its bounds."""
    noises = [noise for noise in NOISES if any(key[0] == noise for key in tallies)]
    headings = [
        "rule",
        *(part for noise in noises for part in (f"{noise}: mean", "worst cell", "95 % bounds")),
    ]
    rows = []
    for rule in rules_in(tallies):
        row = [rule]
        for noise in noises:
            row += _false_part(tallies, noise, rule)
        rows.append(row)
    return Table(
        "Good candidates that were taken back", headings, rows, "Percent of whole rollouts of 60 minutes."
    )


def false_by_traffic(tallies: Tallies, noise: str) -> Table:
    """The mean over the cells without a fault, for each level of traffic."""
    rows = [
        [rule, *(percent(false_rate(tallies, noise, rule, rpm)) for rpm in RPMS)]
        for rule in rules_in(tallies)
    ]
    title = f"The same by requests a minute, {noise} noise"
    return Table(title, ["rule", *(f"{rpm:,}" for rpm in RPMS)], rows)


def detection(tallies: Tallies, noise: str, rpm: int) -> Table:
    """Faults at one level of traffic."""
    rows = _rows(tallies, (noise, rpm, Mode.FIXED), FAULT_NAMES, _found)
    note = (
        "Detected (percent) / median minutes from its onset / harm: requests spoilt, in percent of what is spoilt when "
        "nobody judges. In brackets where the rule takes back more than 5 % of the good candidates at this traffic."
    )
    return Table(
        f"Faults at {rpm:,} requests a minute, {noise} noise",
        _headings(tallies),
        _bracketed(tallies, noise, rpm, rows),
        note,
    )


def promotion(tallies: Tallies, noise: str, rpm: int) -> Table:
    """The judge drives: what is promoted within the hour, wrongly where there is a fault."""
    rows = _rows(tallies, (noise, rpm, Mode.ADAPTIVE), (*GOOD_NAMES, *FAULT_NAMES), _promoted)
    note = "Promoted (percent) / median minute / requests spoilt in the hour, after a promotion as well."
    title = f"Promotions at {rpm:,} requests a minute, {noise} noise"
    return Table(title, _headings(tallies), rows, note)


def lost_cells(tallies: Tallies, noise: str) -> Table:
    """Where a rule with few false rollbacks does less harm than ours."""
    rows = []
    for rule in rules_in(tallies):
        for rpm in RPMS:
            wrong = false_rate(tallies, noise, rule, rpm)
            if RULES[rule].is_ours or wrong is None or wrong > PEER_LIMIT:
                continue
            for name in FAULT_NAMES:
                peer, ours = (tallies.get((noise, name, rpm, each, Mode.FIXED)) for each in (rule, OURS))
                if peer and ours and peer.harm_percent < ours.harm_percent:
                    rows.append(
                        [
                            name,
                            f"{rpm:,}",
                            rule,
                            f"{peer.harm_percent:.1f}",
                            f"{ours.harm_percent:.1f}",
                            percent(wrong),
                        ]
                    )
    headings = [
        "fault",
        "requests a minute",
        "rule",
        "harm %",
        f"{OURS}: harm %",
        "the rule's false rollbacks %",
    ]
    return Table(f"Where another rule does less harm, {noise} noise", headings, rows)


def posted_sets() -> Table:
    """What each rule answers to what users posted."""
    rows = []
    for posted in SETS:
        cells = []
        for rule in RULES.values():
            said = answered(posted, rule.start)
            cells.append(f"{said.value}{'' if said in posted.right else ' (wrong)'}")
        rows.append([f"{posted.thread}: {posted.about}", *cells])
    return Table("What users posted", ["data", *RULES], rows)


def _false_part(tallies: Tallies, noise: str, rule: str) -> list[str]:
    cells = good_cells(tallies, noise, rule)
    if not cells:
        return ["", "", ""]
    key, worst = max(cells, key=lambda cell: cell[1].rolled_back / cell[1].runs)
    low, high = bounds(worst.rolled_back, worst.runs)
    rate = worst.rolled_back / worst.runs
    where = f"{percent(rate)} {key[1]}@{key[2]}"
    return [percent(false_rate(tallies, noise, rule)), where, f"{percent(low)} to {percent(high)}"]


def _rows(
    tallies: Tallies, where: tuple[str, int, Mode], names: Sequence[str], shown: Callable[[Tally], str]
) -> list[list[str]]:
    noise, rpm, mode = where
    rows = []
    for name in names:
        cells = [tallies.get((noise, name, rpm, rule, mode)) for rule in rules_in(tallies)]
        if any(cells):
            rows.append([name, *(shown(tally) if tally else "" for tally in cells)])
    return rows


def _bracketed(tallies: Tallies, noise: str, rpm: int, rows: list[list[str]]) -> list[list[str]]:
    wrong = [false_rate(tallies, noise, rule, rpm) for rule in rules_in(tallies)]
    return [
        [
            row[0],
            *(
                f"({cell})" if (rate or 0) > PEER_LIMIT else cell
                for cell, rate in zip(row[1:], wrong, strict=True)
            ),
        ]
        for row in rows
    ]


def _headings(tallies: Tallies) -> list[str]:
    return ["cell", *rules_in(tallies)]


def _found(tally: Tally) -> str:
    minutes = "-" if tally.minutes is None else f"{tally.minutes:.0f}"
    return f"{100 * tally.detected:.0f}/{minutes}/{tally.harm_percent:.1f}"


def _promoted(tally: Tally) -> str:
    part = 100 * len(tally.promoted_at) / tally.runs
    minute = f"{statistics.median(tally.promoted_at):.0f}" if tally.promoted_at else "-"
    return f"{part:.0f}/{minute}/{tally.harm / tally.runs:.0f}"


def percent(rate: float | None) -> str:
    """With two decimals; empty where nothing was played."""
    return "" if rate is None else f"{100 * rate:.2f}"


def tables_of(tallies: Tallies) -> list[Table]:
    """All that have something to show."""
    noises = [noise for noise in NOISES if any(key[0] == noise for key in tallies)]
    found = [false_rollbacks(tallies)]
    for noise in noises:
        parts = [false_by_traffic(tallies, noise)]
        parts += [detection(tallies, noise, rpm) for rpm in RPMS]
        parts += [promotion(tallies, noise, rpm) for rpm in RPMS]
        found += [*parts, lost_cells(tallies, noise)]
    return [*(table for table in found if any(any(row[1:]) for row in table.rows)), posted_sets()]
