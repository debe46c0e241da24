"""Endpoints that are not called idle whatever their traffic: free of charge, in change, in a rollout, too young, or kept on purpose. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from pointsman.core.history import OURS
from pointsman.core.idle_finding import Window, day
from pointsman.core.ownership import plain
from pointsman.hosted import Hosted

KEEPING = frozenset(
    {
        "keep",
        "donotdelete",
        "donotstop",
        "donotremove",
        "alwayson",
        "standby",
        "disasterrecovery",
        "dr",
        "failover",
    }
)
"""Keys of tags that keep an endpoint; compared without case, prefix and punctuation, so that `pointsman:keep` is one."""
UNTIL = "keepuntil"
ROLES = frozenset({"role", "purpose", "usage", "tier", "mode"})
STANDBY = frozenset(
    {"standby", "hotstandby", "warmstandby", "coldstandby", "dr", "disasterrecovery", "failover", "passive"}
)
NO = frozenset({"false", "no", "0", "off", "none", "never"})


def free(endpoint: Hosted) -> str:
    """Why it costs nothing by the hour; empty where it does."""
    if any(variant.is_serverless for variant in endpoint.variants):
        return "serverless: nothing is paid while nothing is asked"
    if endpoint.variants and not any(variant.instances for variant in endpoint.variants):
        return "scaled to zero: no instance runs"
    return ""


def spared(endpoint: Hosted, window: Window, rollouts: Mapping[str, str]) -> str:
    """Why it is not touched; empty where nothing speaks for it. `rollouts`: what is under way, by endpoint."""
    return next(_reasons(endpoint, window, rollouts), "")


def _reasons(endpoint: Hosted, window: Window, rollouts: Mapping[str, str]) -> Iterator[str]:
    if endpoint.status != "InService":
        yield f"its status is {endpoint.status}: looked at again when it is InService"
    if endpoint.name in rollouts:
        yield f"Pointsman is at work on it: {rollouts[endpoint.name]}"
    if OURS.fullmatch(endpoint.config_name) and endpoint.config_name.endswith("-canary"):
        yield "a rollout is under way: it serves by the config of a canary"
    kept = kept_by(endpoint.tags, window.until)
    if kept:
        yield kept
    yield from _young(endpoint, window)


def _young(endpoint: Hosted, window: Window) -> Iterator[str]:
    for moment, what in ((endpoint.made, "made"), (endpoint.changed, "changed")):
        if moment > window.since:
            yield f"it was {what} on {day(moment)}, within the {window.days} days looked at"
    for component in endpoint.components:
        if component.changed > window.since:
            yield f"component {component.name} was changed on {day(component.changed)}, within the {window.days} days looked at"


def kept_by(tags: Mapping[str, str], now: datetime) -> str:
    """The tag that keeps it, in words; empty where there is none, or where its date has passed."""
    for key, value in sorted(tags.items()):
        word = plain(value)
        if plain(key) == UNTIL:
            end = _date(value)
            if end is None:
                return f"kept by the tag {key}={value}, which is no date (YYYY-MM-DD)"
            if end >= now.date():
                return f"kept until {end} by the tag {key}"
        elif (plain(key) in KEEPING and word not in NO) or (plain(key) in ROLES and word in STANDBY):
            return f"kept by the tag {key}={value}"
    return ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
