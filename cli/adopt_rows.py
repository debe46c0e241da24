"""A whole account in rows: what is known of each endpoint, which rows are shown, and what to do first. How rows look is `adopt_report.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cli.adopt_words import canary, kinds_of, owner_of, runs_on, strategy_of
from pointsman.core.owner import team_of
from pointsman.core.ownership import owner_in_code
from pointsman.core.risks import ADVICE, AtRisk, Risk, risks_of
from pointsman.survey import Sight

COLUMNS = ("endpoint", "kind", "runs on", "strategy", "owned in code by", "team", "at risk")
OF_COLUMN = {
    "sagemaker:DescribeEndpoint": "every column of some endpoints",
    "sagemaker:DescribeEndpointConfig": "kind, runs on, strategy",
    "sagemaker:DescribeModel": "kind, strategy",
    "sagemaker:DescribeModelPackage": "at risk (versions that are not approved)",
    "sagemaker:ListTags": "owned in code by, team",
    "sagemaker:ListEndpointConfigs": "at risk (silent rollbacks)",
    "sagemaker:ListInferenceComponents": "at risk (alarms of components)",
    "cloudwatch:DescribeAlarms": "at risk (alarms)",
    "application-autoscaling:DescribeScalableTargets": "kind (autoscaled)",
    "application-autoscaling:DescribeScalingPolicies": "autoscaling policies",
}
"""What is missing from the report without a permission."""
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One endpoint in words. A value that could not be read says so."""

    sight: Sight
    takes_canary: bool
    cells: tuple[str, ...]
    risks: tuple[AtRisk, ...]

    @property
    def is_worth_showing(self) -> bool:
        """It could be adopted, or something is at risk."""
        return self.takes_canary or bool(self.risks)


@dataclass(frozen=True, slots=True)
class First:
    """One thing to do: what is wrong, with whom, and what mends it."""

    risk: Risk
    endpoints: tuple[str, ...]

    def __str__(self) -> str:
        named = ", ".join(self.endpoints[:MOST_NAMED])
        more = len(self.endpoints) - MOST_NAMED
        rest = f" and {more} more" if more > 0 else ""
        return f"{self.risk.value}: {named}{rest}. {ADVICE[self.risk]}"


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `hidden` are rows that nothing can be done for and that nothing is wrong with."""

    rows: tuple[Row, ...]
    hidden: int
    firsts: tuple[First, ...]
    adoptable: tuple[str, ...]
    unread: tuple[str, ...]


def report_of(sights: Iterable[Sight], *, everything: bool) -> Report:
    """Rows in the order of the endpoints' names, and what to do first, the worst first."""
    rows = [_row(sight) for sight in sights]
    shown = [row for row in rows if everything or row.is_worth_showing]
    firsts = [First(risk, tuple(row.sight.name for row in rows if _has(row, risk))) for risk in Risk]
    return Report(
        rows=tuple(shown),
        hidden=len(rows) - len(shown),
        firsts=tuple(first for first in firsts if first.endpoints),
        adoptable=tuple(row.sight.name for row in rows if row.takes_canary),
        unread=tuple(sorted({name for row in rows for name in row.sight.unread})),
    )


def _row(sight: Sight) -> Row:
    risks = risks_of(sight)
    team = team_of(sight.tags)
    tags = "" if sight.was_read("sagemaker:ListTags") else "not read"
    owner = owner_in_code(sight)
    cells = (
        sight.name,
        kinds_of(sight),
        runs_on(sight) or "no instances",
        strategy_of(sight),
        tags or owner_of(owner),
        tags or (team[1] if team else "none"),
        ", ".join(dict.fromkeys(each.risk.value for each in risks)) or "nothing",
    )
    return Row(sight, canary(sight).works, cells, risks)


def _has(row: Row, risk: Risk) -> bool:
    return any(each.risk is risk for each in row.risks)
