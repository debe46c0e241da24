"""The guard in front of a run that costs money: whose account, what it costs, yes or no, and everything taken away after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from contract.case import Case
from contract.cleaning import clear
from contract.cloud import FAMILY, TAG, Cloud
from contract.estimate import estimated
from contract.run import Outcome, Verdict, run
from contract.scene import Scene

ACCOUNT = "POINTSMAN_CONTRACT_ACCOUNT"
NOT_NAMED = (
    f"{ACCOUNT} is not set. Set it to the number of an account in which endpoints may be made and deleted."
)


class Exit(IntEnum):
    """Exit codes of a run."""

    OK = 0
    DIFFERS = 1
    REFUSED = 2
    LEFT_BEHIND = 3
    """Something that was made could not be deleted: this costs money until somebody does."""
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account it is by AWS's own word, and how to reach it."""

    number: str
    region: str
    cloud: Cloud


@dataclass(frozen=True, slots=True)
class Desk:
    """Where people are asked and told, and the environment that names the account."""

    environment: Mapping[str, str]
    ask: Callable[[str], str]
    tell: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run, at which price for an instance and hour, and the token that tells this run from others."""

    cases: Sequence[Case]
    usd_per_hour: float
    priced: str
    token: str
    is_agreed: bool = False


def refusal(account: Account, desk: Desk) -> str | None:
    """Why nothing may be done in this account; None if it may."""
    named = desk.environment.get(ACCOUNT, "")
    if not named:
        return NOT_NAMED
    if named != account.number:
        return f"{ACCOUNT} is {named}, and the credentials belong to {account.number}. Nothing was done."
    return None


def perform(account: Account, desk: Desk, plan: Plan) -> tuple[Exit, list[Verdict]]:
    """Refuse, ask, run, and take everything away, also after an interruption; exit code and verdicts."""
    why_not = refusal(account, desk)
    if why_not is not None:
        desk.tell(why_not)
        return Exit.REFUSED, []
    _tell_costs(account, desk, plan)
    if not plan.is_agreed and desk.ask("Run them? Type yes: ").strip() != "yes":
        desk.tell("Nothing was done.")
        return Exit.REFUSED, []
    return _run(account, desk, plan)


def clean(account: Account, desk: Desk) -> Exit:
    """Take away what all runs have made in this account and Region."""
    why_not = refusal(account, desk)
    if why_not is not None:
        desk.tell(why_not)
        return Exit.REFUSED
    return _cleared(account, desk, FAMILY, Exit.OK)


def _tell_costs(account: Account, desk: Desk, plan: Plan) -> None:
    costs = estimated(plan.cases)
    price = plan.usd_per_hour
    minutes = round(costs.takes.total_seconds() / 60)
    desk.tell(
        f"{costs.cases} {'case' if costs.cases == 1 else 'cases'} in account {account.number}, {account.region}: about {minutes} minutes. "
        f"At most {costs.most_instances} instances of {account.cloud.settings.instance_type} at once, "
        f"{costs.instance_hours:.1f} instance-hours at {price:g} USD ({plan.priced}): about "
        f"{costs.usd(price):.2f} USD, and some cents for alarms and requests."
    )
    desk.tell(
        f"Everything is named {FAMILY}{plan.token}-..., tagged {TAG}, and deleted at the end, also after Ctrl-C. "
        "What a killed run leaves behind, `make contract-aws ARGS=--clean` takes away."
    )


def _run(account: Account, desk: Desk, plan: Plan) -> tuple[Exit, list[Verdict]]:
    prefix = f"{FAMILY}{plan.token}"
    verdicts: list[Verdict] = []

    def tell(verdict: Verdict) -> None:
        verdicts.append(verdict)
        note = f" ({verdict.note})" if verdict.note else ""
        desk.tell(f"{verdict.outcome:<9} {verdict.case.name}{note}")

    try:
        run(plan.cases, Scene(account.cloud, prefix), tell)
    except KeyboardInterrupt:
        desk.tell("Interrupted; what was made is deleted now. Please let this finish: endpoints cost money.")
        return _cleared(account, desk, prefix, Exit.INTERRUPTED), verdicts
    except BaseException:
        _cleared(account, desk, prefix, Exit.OK)
        raise
    desk.tell(_summed_up(verdicts))
    failed = {Outcome.DIFFERS, Outcome.BROKE_OFF} & {verdict.outcome for verdict in verdicts}
    return _cleared(account, desk, prefix, Exit.DIFFERS if failed else Exit.OK), verdicts


def _summed_up(verdicts: Sequence[Verdict]) -> str:
    counts = {outcome: sum(verdict.outcome is outcome for verdict in verdicts) for outcome in Outcome}
    return (
        "Of the cases, " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) + "."
    )


def _cleared(account: Account, desk: Desk, prefix: str, code: Exit) -> Exit:
    try:
        left = clear(account.cloud, prefix, desk.tell)
    except KeyboardInterrupt:
        left = ["all that is not named above"]
    if not left:
        desk.tell(f"Nothing that is named {prefix}... is left.")
        return code
    desk.tell(
        f"Left behind, and costs money: {'; '.join(left)}. Run `make contract-aws ARGS=--clean` until nothing is."
    )
    return Exit.LEFT_BEHIND
