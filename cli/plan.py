"""`pointsman plan`: what a release will do, need, cost and take, before anything moves. What it prints is `plan_view.py`; it only reads."""

from __future__ import annotations

import difflib
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.options import NOWHERE_ELSE, AsJson, Exit, Where, guarded, say
from cli.plan_json import plan_as_json
from cli.plan_view import print_plan
from cli.policy_file import Examined, NoPolicies, examine
from pointsman.account import Account
from pointsman.core.release_plan import ReleasePlan, plan_release
from pointsman.core.timetable import Grounds, Span
from pointsman.errors import NotFound
from pointsman.forecast import gather
from pointsman.policy import Policy
from pointsman.surroundings import Wish

_COMMAND = "plan"
_LONGEST_FLEET = 24 * 60

Version = Annotated[
    int | None, Parameter(help="Version of the model package group; see above for the default.")
]
Policies = Annotated[Path, Parameter(help="Folder of policies, or one policy file.")]
At = Annotated[
    str | None, Parameter(help="When it begins: 2026-11-24T08:00, in UTC unless it says otherwise.")
]
FleetMinutes = Annotated[str | None, Parameter(help="How long a fleet takes to start here: 6, or 4-8.")]
PricePerHour = Annotated[
    float | None, Parameter(help="USD per instance and hour, in place of the list price.")
]


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked beside the endpoint, read."""

    version: int | None
    start: datetime | None
    fleet: Span | None
    usd_per_hour: float | None


def plan(  # noqa: PLR0913 - one parameter an option
    endpoint: str,
    /,
    *,
    version: Version = None,
    policies: Policies = Path("policies"),
    at: At = None,
    fleet_minutes: FleetMinutes = None,
    price_per_hour: PricePerHour = None,
    where: Where = NOWHERE_ELSE,
    as_json: AsJson = False,
) -> int:
    """Tell what a release will do, need, cost and take, and what is missing for it. Nothing is changed.

    Without --version: the newest approved version after the one that serves, or else the newest that waits for its
    approval. Exit code 0 if it is ready, 1 if something is missing, 2 for a wrong call, 3 if AWS could not be asked.

    For the endpoint of a policy that ships here:

        pointsman plan chat-llm --policies policies/

    docs/plan.md explains every line, what it rests on, and the JSON.

    Parameters
    ----------
    endpoint
        Name of the endpoint, as its policy has it.

    """
    try:
        options = Options(version, _moment(at), _span(fleet_minutes), _price(price_per_hour))
        file, policy, others_wrong = _policy(policies, endpoint)
    except (ValueError, NoPolicies) as err:
        return say(_COMMAND, str(err), Exit.WRONG_USE)
    if others_wrong:
        say(_COMMAND, f"{others_wrong}: see pointsman policy check {policies}", Exit.OK)
    return guarded(_COMMAND, lambda: _run(where.open(), (file, policy), options, as_json=as_json))


def _run(account: Account, chosen: tuple[str, Policy], options: Options, *, as_json: bool) -> int:
    made = made_plan(account, chosen, options)
    if as_json:
        sys.stdout.write(json.dumps(plan_as_json(made), indent=2) + "\n")
    else:
        print_plan(made)
    return Exit.OK if made.is_ready else Exit.NO


def made_plan(account: Account, chosen: tuple[str, Policy], options: Options) -> ReleasePlan:
    """Read the account and work the plan out. Raises what `forecast.gather` raises."""
    file, policy = chosen
    wish = Wish(
        policy=policy,
        now=account.now,
        start=options.start or account.now,
        version=options.version,
        fleet=options.fleet,
        usd_per_hour=options.usd_per_hour,
        policy_file=file,
    )
    if wish.start < account.now - timedelta(minutes=1):
        raise NotFound(
            f"--at {wish.start:%Y-%m-%d %H:%M} UTC is over; now it is {account.now:%Y-%m-%d %H:%M} UTC"
        )
    return plan_release(gather(account.surroundings(), wish))


def _policy(path: Path, endpoint: str) -> tuple[str, Policy, str]:
    """The endpoint's policy with its file, and a sentence where other files have mistakes. Raises ValueError, NoPolicies."""
    examined = examine(path)
    own = [one for one in examined if one.endpoint.lower() == endpoint.lower()]
    if not own:
        raise ValueError(_no_such(path, endpoint, examined))
    if own[0].policy is None:
        told = "; ".join(str(problem) for problem in own[0].problems)
        raise ValueError(f"the policy of {endpoint} has mistakes: {told}")
    wrong = [one.file for one in examined if one.problems]
    others = (
        f"{len(wrong)} of {len(examined)} policy files have mistakes ({', '.join(wrong)})" if wrong else ""
    )
    return own[0].file, own[0].policy, others


def _no_such(path: Path, endpoint: str, examined: list[Examined]) -> str:
    names = sorted({one.endpoint for one in examined} - {""})
    close = difflib.get_close_matches(endpoint, names, n=1)
    meant = f"did you mean {close[0]}? " if close else ""
    unread = any(not one.endpoint for one in examined)
    hint = f"; some files cannot be read: pointsman policy check {path}" if unread else ""
    return f"{path}: no policy for endpoint {endpoint}; {meant}policies there: {', '.join(names) or 'none'}{hint}"


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"--at {text}: write it as 2026-11-24T08:00, with +01:00 where it is not UTC"
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _span(text: str | None) -> Span | None:
    if text is None:
        return None
    low, dash, high = text.partition("-")
    try:
        numbers = float(low), float(high if dash else low)
    except ValueError:
        raise ValueError(f"--fleet-minutes {text}: write minutes, as 6 or 4-8") from None
    if not 0 < numbers[0] <= numbers[1] <= _LONGEST_FLEET:
        raise ValueError(
            f"--fleet-minutes {text}: more than 0, the smaller number first, at most {_LONGEST_FLEET}"
        )
    least, most = timedelta(minutes=numbers[0]), timedelta(minutes=numbers[1])
    return Span(least, (least + most) / 2, most, Grounds.GIVEN)


def _price(usd: float | None) -> float | None:
    if usd is not None and not 0 <= usd < float("inf"):
        raise ValueError(f"--price-per-hour {usd}: a price in USD, not below 0")
    return usd
