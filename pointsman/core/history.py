"""Traces of an update that SageMaker took back without a word: a config made for an endpoint later than the one that serves. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from pointsman.survey import SeenConfig

OURS = re.compile(r"pointsman-.+-v[0-9]+-[0-9a-f]{8}-(?:canary|final-[0-9]+)")
"""Names of configs that a rollout makes (`core/rollout.py`, resource_name)."""
_TAIL = re.compile(r"(?:[-_]?(?:v?[0-9][0-9-]*|[0-9a-f]{7,}))+$", re.IGNORECASE)


def stem(name: str) -> str:
    """A config's name without the number, time or hash at its end."""
    return _TAIL.sub("", name).lower()


def passed_over(
    live: SeenConfig, changed: datetime, configs: Iterable[SeenConfig], stems_of_others: Collection[str]
) -> tuple[SeenConfig, ...]:
    """Configs named like the live one, made after it and before the endpoint last changed.

    `stems_of_others` are those of what serves elsewhere: names that several endpoints use tell nothing.
    """
    mine = stem(live.name)
    if not mine or mine in stems_of_others or OURS.fullmatch(live.name):
        return ()
    return tuple(
        config
        for config in configs
        if config.name != live.name and stem(config.name) == mine and live.made < config.made <= changed
    )
