"""What an installation may be told: the keys of cdk.json's context and of `-c key=value`, typed. Unknown ones are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from infra.errors import NotDeployable

RETENTIONS = {
    1: "ONE_DAY",
    3: "THREE_DAYS",
    5: "FIVE_DAYS",
    7: "ONE_WEEK",
    14: "TWO_WEEKS",
    30: "ONE_MONTH",
    60: "TWO_MONTHS",
    90: "THREE_MONTHS",
    120: "FOUR_MONTHS",
    150: "FIVE_MONTHS",
    180: "SIX_MONTHS",
    365: "ONE_YEAR",
    400: "THIRTEEN_MONTHS",
    545: "EIGHTEEN_MONTHS",
    731: "TWO_YEARS",
    1096: "THREE_YEARS",
    1827: "FIVE_YEARS",
    2192: "SIX_YEARS",
    2557: "SEVEN_YEARS",
    2922: "EIGHT_YEARS",
    3288: "NINE_YEARS",
    3653: "TEN_YEARS",
}
"""Days for which CloudWatch Logs can keep lines, and what the CDK calls them."""
NOT_OURS = re.compile(r"@|aws:|aws-cdk:|cdk|tree|[a-z-]+:")
"""Keys of the CDK itself: feature flags, settings of its command, answers that it looked up."""

INSTEAD = {
    "registry_accounts": " any more: remove it, and name the account in each policy whose group is there, as "
    "`registry_account` (docs/policy.md)",
}
"""Keys that there were, and what takes their place."""


@dataclass(frozen=True, slots=True)
class Context:
    """One installation. Every field is a key of the context, by the same name."""

    prefix: str = "pointsman"
    """Begins the name of everything that is deployed."""
    policies: str = "policies"
    """Folder of the policies."""
    account: str = ""
    """Where to deploy; empty: the account of the credentials."""
    regions: tuple[str, ...] = ()
    """One stack for each; empty: the Region of the credentials."""
    topic: str = ""
    """Name of an existing SNS topic that hears of decisions, in every Region; empty: one is made."""
    log_retention_days: int = 90
    """How long log lines of the functions are kept."""
    execution_roles: tuple[str, ...] = ()
    """Names, with their path, of the roles that the models run under: `iam:PassRole` is granted for these alone."""


def context_of(given: Mapping[str, Any]) -> Context:
    """Read a CDK context.

    Raises:
        NotDeployable: naming every key that is unknown or has a value that cannot be.

    """
    known = [each.name for each in fields(Context)]
    unknown = sorted(key for key in given if key not in known and not NOT_OURS.match(key))
    problems = [f"{key} is no key of the context{INSTEAD.get(key, '')}" for key in unknown]
    values = {}
    for key in known:
        if key in given:
            try:
                values[key] = READERS[key](given[key])
            except ValueError as err:
                problems.append(f"{key} {err}, not {given[key]!r}")
    if not problems and not values.get("execution_roles"):
        problems.append("execution_roles names no role: no model could be created")
    if problems:
        raise NotDeployable(
            f"cdk.json or -c: {'; '.join(problems)}. The keys are {', '.join(known)} (docs/deploy.md)."
        )
    return Context(**values)


def _text(pattern: str, means: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f"must be {means}")
        return value

    return read


def _texts(pattern: str, means: str) -> Callable[[object], tuple[str, ...]]:
    """A list, or what `-c key=a,b` makes of one."""
    read_one = _text(pattern, means)

    def read(value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            value = (
                json.loads(value) if value.startswith("[") else [part for part in value.split(",") if part]
            )
        if not isinstance(value, list):
            raise ValueError(f"must be a list, each {means}")  # noqa: TRY004 - a value that cannot be, like the others
        return tuple(dict.fromkeys(read_one(each) for each in value))

    return read


def _retention(value: object) -> int:
    days = int(value) if isinstance(value, str) and value.isdigit() else value
    if not isinstance(days, int) or isinstance(days, bool) or days not in RETENTIONS:
        raise ValueError(f"must be one of {', '.join(map(str, RETENTIONS))} days")
    return days


READERS: dict[str, Callable[[object], Any]] = {
    "prefix": _text(r"[a-z](-?[a-z0-9]){1,23}", "2 to 24 lower-case letters, digits and single hyphens"),
    "policies": _text(r".+", "a folder"),
    "account": _text(r"(\d{12})?", "an account's 12 digits"),
    "regions": _texts(r"[a-z]{2}(-[a-z]+)+-\d", "a Region such as eu-west-1"),
    "topic": _text(r"[A-Za-z0-9_-]{0,256}", "the name of an SNS topic (not its ARN)"),
    "log_retention_days": _retention,
    "execution_roles": _texts(r"(?!\*)[A-Za-z0-9+=,.@_/*-]{4,}", "the name of a role, with its path"),
}
