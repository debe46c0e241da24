"""Findings in rows: what is said of each, in which order, and what all of it costs. How rows look is `idle_report.py` and `idle_page.py`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from cli.idle_reading import Looked
from pointsman.account import Account
from pointsman.core.idle_cost import Cost, cost_of, is_accelerated
from pointsman.core.idle_finding import Finding, Verdict
from pointsman.core.owner import team_of
from pointsman.prices import find_accelerators, find_price

COLUMNS = ("endpoint", "verdict", "runs on", "GPU", "idle since", "so far", "a month", "team", "why")
SHOWN = (Verdict.IDLE, Verdict.UNDERUSED, Verdict.UNKNOWN)
"""What a report is for; `--all` adds the rest."""
ORDER = {verdict: number for number, verdict in enumerate((*SHOWN, Verdict.BUSY, Verdict.EXEMPT))}


@dataclass(frozen=True, slots=True)
class Row:
    """One finding with its price and the words for it."""

    finding: Finding
    cost: Cost
    team: str

    @property
    def runs_on(self) -> str:
        """`2 x ml.g5.xlarge`, of every type; without the type where its config was not read."""
        counts = self.finding.endpoint.by_type
        return (
            " + ".join(f"{count} x {kind or 'not read'}" for kind, count in counts.items()) or "no instances"
        )

    @property
    def gpu_percent(self) -> float | None:
        """The busiest minute, of 100 for one GPU; None where it was not read or the type's GPUs are not known."""
        kinds = {kind for kind in self.finding.endpoint.by_type if find_accelerators(kind) is not None}
        gpus = find_accelerators(next(iter(kinds))) if len(kinds) == 1 else None
        if self.finding.gpu_percent is None or gpus is None:
            return None
        return self.finding.gpu_percent / gpus.count

    @property
    def why(self) -> str:
        """The reason, and what would fit where something would."""
        finding = self.finding
        return f"{finding.reason}; {finding.suggestion}" if finding.suggestion else finding.reason

    @property
    def idle_since(self) -> str:
        """A day, or `before` it where nothing was ever seen."""
        since = self.finding.idle_since
        if since is None:
            return ""
        return f"{'before ' if self.finding.is_longer else ''}{since:%Y-%m-%d}"

    @property
    def so_far(self) -> str:
        """What it cost since then, `over` it where nothing was ever seen."""
        amount = usd(self.cost.so_far, self.cost)
        return f"over {amount}" if self.finding.is_longer and amount.startswith("$") else amount

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns."""
        is_idle = self.finding.verdict is Verdict.IDLE
        percent = self.gpu_percent
        return (
            self.finding.name,
            self.finding.verdict.value,
            self.runs_on,
            "" if percent is None else f"{percent:.0f} %",
            self.idle_since,
            self.so_far if is_idle else "",
            usd(self.cost.per_month, self.cost) if self.is_priced_for else "",
            self.team or "none",
            self.why,
        )

    @property
    def is_priced_for(self) -> bool:
        """Whether its instances are known, so that a price or its absence tells something."""
        return self.finding.endpoint.is_described and self.finding.verdict in SHOWN


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `hidden` counts what is not shown."""

    rows: tuple[Row, ...]
    counts: Counter[Verdict]
    looked: Looked
    hidden: int

    def of(self, verdict: Verdict) -> tuple[Row, ...]:
        """The rows of one verdict."""
        return tuple(row for row in self.rows if row.finding.verdict is verdict)

    @property
    def so_far(self) -> float:
        """USD of what is idle and has a price."""
        return sum(row.cost.so_far or 0.0 for row in self.of(Verdict.IDLE))

    @property
    def is_longer(self) -> bool:
        """Whether any of it was idle before the history begins."""
        return any(row.finding.is_longer for row in self.of(Verdict.IDLE))

    @property
    def per_month(self) -> float:
        """USD a month of what is idle and has a price."""
        return sum(row.cost.per_month or 0.0 for row in self.of(Verdict.IDLE))

    @property
    def unpriced(self) -> tuple[str, ...]:
        """What has no price in the table, of all that is idle or underused."""
        priced_for = [row for row in self.rows if row.is_priced_for]
        return tuple(sorted({name for row in priced_for for name in row.cost.unpriced}))

    @property
    def as_of(self) -> date | None:
        """The oldest day of a price that was used."""
        return min((row.cost.as_of for row in self.rows if row.cost.as_of is not None), default=None)


def report_of(looked: Looked, account: Account, *, everything: bool) -> Report:
    """What is idle first, the dearest with accelerators before all others; then what may have too much, then what was not read."""
    rows = [_row(finding, account) for finding in looked.findings]
    shown = [row for row in rows if everything or row.finding.verdict in SHOWN]
    counts = Counter(row.finding.verdict for row in rows)
    return Report(tuple(sorted(shown, key=_place)), counts, looked, len(rows) - len(shown))


def usd(amount: float | None, cost: Cost) -> str:
    """`$1,028`, or that there is no price."""
    if amount is None:
        return "no price" if cost.unpriced else ""
    return f"${amount:,.0f}"


def _row(finding: Finding, account: Account) -> Row:
    team = team_of(finding.endpoint.tags)
    cost = cost_of(finding, lambda kind: find_price(account.region, kind), account.now)
    return Row(finding, cost, team[1] if team else "")


def _place(row: Row) -> tuple[int, bool, float, str]:
    return (
        ORDER[row.finding.verdict],
        not is_accelerated(row.finding.endpoint),
        -(row.cost.per_month or 0.0),
        row.finding.name,
    )
