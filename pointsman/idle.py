"""Finds idle endpoints with few calls: what rules out the busy first, then history for the rest. What a verdict rests on is `core/idle.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pointsman.core.idle import judged, screened, sized
from pointsman.core.idle_finding import ONE_DAY, ONE_HOUR, Finding, Verdict, Window
from pointsman.core.idle_instances import gpu_of, requests_of
from pointsman.core.idle_kinds import asked_by, signs_of_life, signs_of_work
from pointsman.core.idle_underused import Use, may_be_underused
from pointsman.hosted import AllSeries, Hosted, Hosting, Metric
from pointsman.prices import find_accelerators
from pointsman.survey import Progress


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `rollouts`: what Pointsman is at work on, by endpoint, in words; `everything`: sizes without GPUs as well."""

    window: Window
    rollouts: Mapping[str, str]
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
    """Each as it is now, with every hour of its history."""
    window = search.window
    described = hosting.described(candidates, progress, live=True)
    progress("their history", 0, 0)
    asked = [metric for each in described for metric in asked_by(each)]
    series = dict(hosting.series(asked, window.history_since, window.until, ONE_HOUR))
    signs = [metric for each in described for metric in (*signs_of_life(each), *signs_of_work(each))]
    series.update(hosting.series(signs, window.since, window.until, ONE_DAY))
    return [judged(each, series, window, search.rollouts) for each in described]


def _sized(
    hosting: Hosting, busy: Sequence[Finding], by_day: AllSeries, search: Search, progress: Progress
) -> list[Finding]:
    """Pages of GPU use for all that are busy, and a config for those that may have too much."""
    progress("use of GPUs", 0, 0)
    window = search.window
    gpus = _daily(hosting, [_gpus(found.endpoint) for found in busy], window)
    uses = {found.name: Use(_by_day(found.endpoint, by_day), gpus) for found in busy}
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


def _by_day(endpoint: Hosted, by_day: AllSeries) -> dict[datetime, float]:
    summed: dict[datetime, float] = {}
    for metric in _requests(endpoint):
        for at, value in by_day[metric].points.items():
            summed[at] = summed.get(at, 0.0) + value
    return summed


def _accelerators(instance_type: str) -> int | None:
    found = find_accelerators(instance_type)
    return found.count if found is not None else None
