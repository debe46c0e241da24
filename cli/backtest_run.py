"""Runs a backtest: reads the past from CloudWatch or a file, plays what is pretended on it. How it is told lives elsewhere."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cli.past_file import read_past
from cli.progress import progress_of
from pointsman.account import Account
from pointsman.adapters.aws.past_minutes import Wanted
from pointsman.core.backtests import Found, Incident, Rules, Tally, play_good, play_incident, starts, tally
from pointsman.core.past import Past, PastMinute, above_limits
from pointsman.core.past_split import Chance
from pointsman.core.past_traffic import ONE_HOUR
from pointsman.errors import NotFound
from pointsman.evidence import LATE_FILL
from pointsman.policy import EndpointName, Policy


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for. `variant` empty: the one that carries the most traffic; `file`: instead of CloudWatch."""

    policy: Policy
    policy_file: str
    endpoint: EndpointName
    days: int
    every: timedelta
    seed: int
    incidents: tuple[Incident, ...] = ()
    variant: str = ""
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Backtested:
    """What came of it. `failing` and `slow`: hours in which what served was itself above the policy's limits, of `looked` ones outside marked incidents."""

    asked: Asked
    source: str
    past: Past
    tally: Tally
    found: tuple[Found, ...]
    failing: tuple[PastMinute, ...]
    slow: tuple[PastMinute, ...]
    looked: int


def past_of(asked: Asked, open_account: Callable[[], Account]) -> tuple[Past, tuple[Incident, ...], str]:
    """The past, the incidents that are marked in it, and where it is from.

    Raises:
        BadPast: the file cannot be read.
        NotFound: there is no such endpoint, or it has no past.
        Denied, Transient, Misconfigured: AWS cannot be asked.

    """
    if asked.file is not None:
        past, marked = read_past(asked.file)
        return past, (*marked, *asked.incidents), f"file {asked.file}"
    account = open_account()
    variant = asked.variant or _variant(account, asked.endpoint)
    since = account.now - timedelta(days=asked.days)
    wanted = Wanted(asked.endpoint, variant, asked.policy.plan.health, since, account.now)
    with progress_of("reading") as progress:
        past = account.past_minutes().read(wanted, account.now, progress)
    if not past.minutes:
        raise NotFound(
            f"CloudWatch has no minute of variant {variant} of endpoint {asked.endpoint} since {past.since:%Y-%m-%d %H:%M} UTC: "
            "name another with --variant, or play a file with --file"
        )
    return past, asked.incidents, f"CloudWatch, variant {variant}"


def backtested(asked: Asked, past: Past, incidents: tuple[Incident, ...], source: str) -> Backtested:
    """Play every pretended release, then the incidents."""
    rules = Rules(asked.policy, asked.every, LATE_FILL, _chances(asked.seed), incidents)
    begun, outside = starts(past, rules)
    plays = []
    with progress_of("playing") as progress:
        for number, start in enumerate(begun, 1):
            progress("release", number, len(begun))
            plays.append(play_good(past, rules, start))
        progress("incidents", 0, 0)
        found = tuple(play_incident(past, rules, each) for each in incidents)
    outside_incidents = [
        each
        for at, each in past.hours.items()
        if not any(one.overlaps(at, at + ONE_HOUR) for one in incidents)
    ]
    failing, slow, looked = above_limits(outside_incidents, asked.policy.plan.health)
    return Backtested(
        asked, source, past, tally(plays, rules, outside), found, tuple(failing), tuple(slow), looked
    )


def _variant(account: Account, endpoint: EndpointName) -> str:
    variants = account.surroundings().serving.observe(endpoint).variants
    if not variants:
        raise NotFound(
            f"endpoint {endpoint} does not exist in account {account.identity.account}, {account.region}: "
            "is the Region right (--region)?"
        )
    return max(variants, key=lambda each: each.weight).name


def _chances(seed: int) -> Callable[[str], Chance]:
    def chance(name: str) -> Chance:
        return random.Random(f"{seed} {name}").random  # noqa: S311 - the same draw again is what is wanted

    return chance
