"""CloudWatch: the past of one variant, by the minute as long as that is kept. What is made of it is `core/backtests.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.cloudwatch import series_of
from pointsman.adapters.aws.metric_queries import HOUR_S, MINUTE_S, Series, hour_queries, hours_of, side_of
from pointsman.core.observed import Sides
from pointsman.core.past import Past, PastMinute, slow_us
from pointsman.core.past_traffic import ONE_DAY, ONE_HOUR, floor_hour
from pointsman.core.usual import Usual, thresholds_of, usual_of
from pointsman.policy import EndpointName, Health

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

KEPT_BY_MINUTE = timedelta(days=15)
KEPT_BY_FIVE = timedelta(days=63)
"""How long CloudWatch keeps points of a minute and of five (facts/aws.md, 3.3)."""
FIVE_MINUTES_S = 300
CALL_POINTS = 100_000
"""About one page of GetMetricData: a call more often than that would only be paged."""
PERCENTILES = frozenset({"b_p75", "b_p99"})

Progress = Callable[[str, int, int], None]
Queries = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose past, by which policy's health, in [since, until)."""

    endpoint: EndpointName
    variant: str
    health: Health
    since: datetime
    until: datetime


class PastMinutes:
    """Reads the past with GetMetricData alone."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client."""
        self._client: Any = client

    def read(self, wanted: Wanted, now: datetime, progress: Progress) -> Past:
        """Hours first, which say over which thresholds minutes must be counted; then minutes, a day or so a call.

        Raises:
            Denied, Transient: CloudWatch may not be asked, or does not answer.

        """
        until = min(wanted.until, floor_hour(now))
        since = max(floor_hour(wanted.since), _next_hour(now - KEPT_BY_FIVE))
        sides = Sides(wanted.endpoint, wanted.variant, wanted.variant)
        hours = hour_queries(sides, wanted.health)
        fine = min(until, max(since, _next_hour(now - KEPT_BY_MINUTE)))
        coarse = [
            each
            for part in self._parts(_counted(hours, (slow_us(wanted.health),), FIVE_MINUTES_S), since, fine)
            for each in _minutes(part, wanted.health, FIVE_MINUTES_S)
        ]
        progress("hours", 0, 0)
        thresholds = self._thresholds(hours, wanted.health, fine, until)
        found: dict[datetime, PastMinute] = {}
        for part in self._parts(_counted(hours, thresholds, MINUTE_S), fine, until):
            found |= {each.at: each for each in _minutes(part, wanted.health, MINUTE_S)}
            if found:
                progress("minutes of days", (max(found) - fine) // ONE_DAY, (until - fine) // ONE_DAY)
        return Past(since, until, found, tuple(coarse))

    def _thresholds(
        self, hours: Queries, health: Health, since: datetime, until: datetime
    ) -> tuple[int, ...]:
        """Every threshold that a judge would have counted over, whenever its rollout had begun."""
        if since >= until:
            return ()
        series = series_of(self._client, hours, since, until)
        usual = {usual_of([hour]) for hour in hours_of(series, until, health)} | {Usual()}
        over = [thresholds_of(each, health) for each in usual]
        each_of = {
            count
            for one in over
            for count in (one.baseline_p75, one.candidate_p75, one.baseline_p99, one.candidate_p99)
            if count is not None
        }
        return tuple(sorted(each_of | {slow_us(health)}))

    def _parts(self, queries: Queries, since: datetime, until: datetime) -> Iterator[dict[str, Series]]:
        length = max(1, CALL_POINTS * queries[0]["MetricStat"]["Period"] // (HOUR_S * len(queries)))
        while since < until:
            end = min(until, since + length * ONE_HOUR)
            yield series_of(self._client, queries, since, end)
            since = end


def _counted(hours: Queries, thresholds: tuple[int, ...], period_s: int) -> Queries:
    """The counts of the hours' queries by another period, and how many requests were within each threshold."""
    counts = [_with(each, period_s) for each in hours if each["Id"] not in PERCENTILES]
    [latency] = [each for each in counts if each["Id"] == "b_ln"]
    within = [_with(latency, period_s, f"b_o{each}", f"PR(:{each})") for each in thresholds]
    return counts + within


def _with(query: dict[str, Any], period_s: int, name: str = "", stat: str = "") -> dict[str, Any]:
    changed = query["MetricStat"] | {"Period": period_s}
    return {"Id": name or query["Id"], "MetricStat": changed | ({"Stat": stat} if stat else {})}


def _minutes(series: dict[str, Series], health: Health, period_s: int) -> Iterator[PastMinute]:
    """Periods that are complete. The policy's own limit is one of the thresholds."""
    within = {int(name.removeprefix("b_o")): name for name in series if name.startswith("b_o")}
    whole = series | {"b_lp": series.get(f"b_o{slow_us(health)}", {})}
    for at in sorted(series.get("b_n", {})):
        side = side_of("b", whole, at, health)
        if side is None:
            continue
        over = {
            threshold: round(side.timed * (100 - series[name][at]) / 100)
            for threshold, name in within.items()
            if at in series[name]
        }
        yield PastMinute(at, side.requests, side.errors, side.timed, over, period_s // MINUTE_S)


def _next_hour(moment: datetime) -> datetime:
    floor = floor_hour(moment)
    return floor if floor == moment else floor + ONE_HOUR
