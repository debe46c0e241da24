"""Finds idle endpoints with few calls: what rules out the busy first, then history for the rest. What a verdict rests on is `core/idle.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pointsman.core.idle import judged, screened, sized
from pointsman.core.idle_finding import ONE_DAY, ONE_HOUR, Finding, Verdict, Window
from pointsman.core.idle_instances import gpu_of, requests_of
from pointsman.core.idle_kinds import asked_by, signs_of_life, signs_of_work
from pointsman.core.idle_underused import Use, may_be_underused
from pointsman.hosted import AllSeries, Hosted, Hosting, Metric
from pointsman.prices import find_accelerators
from pointsman.survey import Progress

AT_ONCE = 125
"""Candidates whose histories are held at once: two series each fill the half of a call."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `everything`: sizes without GPUs as well.

    `rollouts`: what Pointsman is at work on, by endpoint, in words; None: it could not be asked, and then no endpoint
    that it has ever rolled out is called idle.
    """

    window: Window
    rollouts: Mapping[str, str] | None
    everything: bool = False


def find(hosting: Hosting, search: Search, progress: Progress) -> list[Finding]:
    """Every endpoint of the account with its verdict, by name. Raises Denied or Transient where they cannot be listed."""
    endpoints = hosting.found(progress)
    progress("requests", 0, 0)
    by_day = _daily(hosting, [_requests(each) for each in endpoints], search.window)
    first = {each.name: screened(each, by_day, search.window, search.rollouts) for each in endpoints}
    candidates = [each for each in endpoints if first[each.name] is None]
    busy = [found for found in first.values() if found is not None and found.verdict is Verdict.BUSY]
    exempt = [found for found in first.values() if found is not None and found.verdict is Verdict.EXEMPT]
    looked_at = _candidates(hosting, candidates, search, progress)
    return sorted(
        [*exempt, *_sized(hosting, busy, by_day, search, progress), *looked_at], key=lambda each: each.name
    )


def _candidates(
    hosting: Hosting, candidates: Sequence[Hosted], search: Search, progress: Progress
) -> list[Finding]:
    """Each as it is now, with every hour of its history: so many at once that histories do not fill the memory."""
    described = hosting.described(candidates, progress, live=True)
    found: list[Finding] = []
    for start in range(0, len(described), AT_ONCE):
        progress("histories", start, len(described))
        some = described[start : start + AT_ONCE]
        series = _history(hosting, some, search.window)
        found += [_looked_at(each, series, search) for each in some]
    return found


def _history(hosting: Hosting, endpoints: Sequence[Hosted], window: Window) -> AllSeries:
    """Requests by the hour, and by the day what their instances did in the window."""
    asked = [metric for each in endpoints for metric in asked_by(each)]
    signs = [metric for each in endpoints for metric in (*signs_of_life(each), *signs_of_work(each))]
    return {
        **hosting.series(asked, window.history_since, window.until, ONE_HOUR),
        **hosting.series(signs, window.since, window.until, ONE_DAY),
    }


def _looked_at(endpoint: Hosted, series: AllSeries, search: Search) -> Finding:
    """Judged, and where it is asked in a way that daily sums do not show, its size as well."""
    finding = judged(endpoint, series, search.window, search.rollouts)
    use = Use(_by_day(asked_by(endpoint), series, search.window), series)
    if not finding.requests or not endpoint.is_described:
        return finding
    if not may_be_underused(endpoint, use, search.window, everything=search.everything):
        return finding
    return sized(finding, use, search.window, _accelerators)


def _sized(
    hosting: Hosting, busy: Sequence[Finding], by_day: AllSeries, search: Search, progress: Progress
) -> list[Finding]:
    """Pages of GPU use for all that are busy, and a config for those that may have too much."""
    progress("use of GPUs", 0, 0)
    window = search.window
    gpus = _daily(hosting, [_gpus(found.endpoint) for found in busy], window)
    uses = {found.name: Use(_by_day(_requests(found.endpoint), by_day, window), gpus) for found in busy}
    worth = [
        found.endpoint
        for found in busy
        if may_be_underused(found.endpoint, uses[found.name], window, everything=search.everything)
    ]
    described = {each.name: each for each in hosting.described(worth, progress, live=False)}
    return [
        sized(_about(found, described[found.name]), uses[found.name], window, _accelerators)
        if found.name in described
        else found
        for found in busy
    ]


def _about(found: Finding, endpoint: Hosted) -> Finding:
    return Finding(endpoint, found.verdict, found.reason, found.rests_on, requests=found.requests)


def _daily(hosting: Hosting, metrics: Sequence[Sequence[Metric]], window: Window) -> AllSeries:
    return hosting.series([each for some in metrics for each in some], window.since, window.until, ONE_DAY)


def _requests(endpoint: Hosted) -> list[Metric]:
    return [requests_of(endpoint, variant) for variant in endpoint.serving if not variant.is_serverless]


def _gpus(endpoint: Hosted) -> list[Metric]:
    return [gpu_of(endpoint, variant) for variant in endpoint.variants if variant.instances]


def _by_day(metrics: Iterable[Metric], series: AllSeries, window: Window) -> dict[date, float]:
    """Requests of each day of the window, whatever period they were read by."""
    summed: dict[date, float] = {}
    for metric in metrics:
        for at, value in series[metric].points.items():
            if at >= window.since:
                summed[at.date()] = summed.get(at.date(), 0.0) + value
    return summed


def _accelerators(instance_type: str) -> int | None:
    found = find_accelerators(instance_type)
    return found.count if found is not None else None
