"""Decides what an endpoint is: idle, underused, busy, unknown or exempt. Ordered rules, each with its reason; what was not read is never idle. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pointsman.core.history import OURS
from pointsman.core.idle_components import is_empty
from pointsman.core.idle_finding import ONE_DAY, ONE_HOUR, Finding, Verdict, Way, Window, counted, day
from pointsman.core.idle_instances import requests_of
from pointsman.core.idle_kinds import asked_by, signs_of_life, signs_of_work, ways_of
from pointsman.core.idle_rhythm import comes_back
from pointsman.core.idle_spared import free, spared
from pointsman.core.idle_underused import Accelerators, Use, gpu_peak, suggestion
from pointsman.hosted import AllSeries, Hosted, Metric, Reading, Series

WORKS_FROM = 5.0
"""Percent of a GPU in any minute from which an endpoint works although no request is counted."""
FRESH = timedelta(days=2)
"""A sign of life that is older says nothing of today."""
NOT_ASKED = Series(Reading.FAILED, why="it was not asked for")
Rollouts = Mapping[str, str] | None
"""What Pointsman is at work on, by endpoint, in words; None: it could not be asked."""


def screened(endpoint: Hosted, by_day: AllSeries, window: Window, rollouts: Rollouts) -> Finding | None:
    """What the list of endpoints and their daily requests tell; None: it may be idle, so more must be read."""
    why = free(endpoint)
    if why:
        return Finding(endpoint, Verdict.EXEMPT, why)
    metrics = [requests_of(endpoint, variant) for variant in endpoint.serving]
    found = _busy(endpoint, metrics, by_day, window)
    if found is not None:
        return found
    why = spared(endpoint, window, rollouts or {})
    return Finding(endpoint, Verdict.EXEMPT, why) if why else None


def judged(endpoint: Hosted, series: AllSeries, window: Window, rollouts: Rollouts) -> Finding:
    """What a described endpoint is, from the hours of its history and what its instances report."""
    why = free(endpoint)
    if why:
        return Finding(endpoint, Verdict.EXEMPT, why)
    busy = _busy(endpoint, asked_by(endpoint), series, window)
    if busy is not None:
        return busy
    why = spared(endpoint, window, rollouts or {})
    if why:
        return Finding(endpoint, Verdict.EXEMPT, why)
    works = _works(endpoint, series, window)
    if works is not None:
        return works
    unread = _unread(endpoint, series, window)
    if rollouts is None and OURS.fullmatch(endpoint.config_name):
        unread.append("whether Pointsman is at work on it")
    if unread:
        return Finding(endpoint, Verdict.UNKNOWN, f"signals not read: {'; '.join(unread)}")
    return _paused_or_idle(endpoint, series, window)


def sized(finding: Finding, use: Use, window: Window, accelerators: Accelerators) -> Finding:
    """A busy endpoint looked at once more: underused where something smaller would do."""
    endpoint = finding.endpoint
    peak = gpu_peak(endpoint, use.series, window)
    would_do = suggestion(endpoint, use, window, accelerators)
    return Finding(
        endpoint,
        Verdict.UNDERUSED if would_do else finding.verdict,
        finding.reason,
        (
            *finding.rests_on,
            *(str(each) for each in signs_of_work(endpoint) if _of(use.series, each).is_there),
        ),
        requests=finding.requests,
        suggestion=would_do,
        gpu_percent=peak,
    )


def _busy(endpoint: Hosted, metrics: Sequence[Metric], series: AllSeries, window: Window) -> Finding | None:
    """Any request in the window, whatever else could not be read."""
    found = {metric: _asked(_of(series, metric), window.since) for metric in metrics}
    by_metric = {metric: points for metric, points in found.items() if points}
    if not by_metric:
        return None
    most = max(by_metric, key=lambda metric: sum(by_metric[metric].values()))
    last = max(moment for points in by_metric.values() for moment in points)
    waits = most.stat == "Maximum"
    requests = max(by_metric[most].values()) if waits else sum(by_metric[most].values())
    return Finding(
        endpoint,
        Verdict.BUSY,
        f"{counted(most, requests, window.days)}, last on {day(last)}",
        tuple(str(metric) for metric in by_metric),
        requests=None if waits else requests,
    )


def _works(endpoint: Hosted, series: AllSeries, window: Window) -> Finding | None:
    for metric in signs_of_work(endpoint):
        points = [value for at, value in _of(series, metric).points.items() if at >= window.since]
        if points and max(points) >= WORKS_FROM:
            why = f"no request is counted, yet its GPUs reached {max(points):.0f} %: it is asked in a way that is not seen"
            return Finding(endpoint, Verdict.BUSY, why, (str(metric),), gpu_percent=max(points))
    return None


def _unread(endpoint: Hosted, series: AllSeries, window: Window) -> list[str]:
    """Everything that idleness would rest on and that was not read."""
    found = list(endpoint.unread)
    if not endpoint.is_described and not found:
        found.append("its config")
    ways = ways_of(endpoint)
    if not ways and not is_empty(endpoint):
        found.append("no way to ask it is known")
    for metric in (*asked_by(endpoint), *signs_of_work(endpoint)):
        one = _of(series, metric)
        if one.reading is not Reading.READ:
            found.append(f"{metric} ({one.reading}{': ' if one.why else ''}{one.why})")
    found += [each for way in ways for each in _missing(way, series, window)]
    found += [each for metric in signs_of_life(endpoint) for each in _lifeless(metric, series, window)]
    return list(dict.fromkeys(found))


def _missing(way: Way, series: AllSeries, window: Window) -> list[str]:
    """A series that exists nowhere in the history may stand under other dimensions: its absence is no proof."""
    absent = [
        each
        for each in way.needed
        if _of(series, each).reading is Reading.READ and not _of(series, each).points
    ]
    if way.any_will_do and len(absent) < len(way.needed):
        return []
    return [f"{each} has no data since {day(window.history_since)}" for each in absent]


def _lifeless(metric: Metric, series: AllSeries, window: Window) -> list[str]:
    """Instances that run report every minute: where they do not, other metrics may be lost as well."""
    one = _of(series, metric)
    if one.reading is not Reading.READ:
        return [f"{metric} ({one.reading}{': ' if one.why else ''}{one.why})"]
    days = {at.date() for at in one.points if at >= window.since}
    if len(days) < window.days or max(one.points) < window.until - FRESH:
        return [f"{metric} came on {len(days)} of {window.days} days only"]
    return []


def _paused_or_idle(endpoint: Hosted, series: AllSeries, window: Window) -> Finding:
    read = [metric for metric in asked_by(endpoint) if _of(series, metric).is_there]
    rests_on = tuple(str(metric) for metric in (*read, *signs_of_life(endpoint)))
    hours = sorted({at for metric in read for at in _asked(_of(series, metric), window.history_since)})
    returning = comes_back(hours, endpoint.made, window.until)
    if returning:
        why = f"no request in {window.days} days, but {returning}"
        return Finding(endpoint, Verdict.BUSY, why, rests_on, requests=0.0)
    since = hours[-1] + ONE_HOUR if hours else max(endpoint.made, window.history_since)
    nothing = "hosts no inference component, so nothing can be asked of it" if is_empty(endpoint) else ""
    silence = f"no request for {(window.until - since) // ONE_DAY} days"
    never = (
        "no request since it was made" if endpoint.made >= window.history_since else f"{silence} or longer"
    )
    return Finding(
        endpoint,
        Verdict.IDLE,
        nothing or (silence if hours else never),
        rests_on,
        idle_since=since,
        is_longer=not hours and endpoint.made < window.history_since,
        requests=0.0,
        gpu_percent=gpu_peak(endpoint, series, window),
    )


def _asked(series: Series, since: datetime) -> dict[datetime, float]:
    return {at: value for at, value in series.points.items() if value > 0 and at >= since}


def _of(series: AllSeries, metric: Metric) -> Series:
    return series.get(metric, NOT_ASKED)
