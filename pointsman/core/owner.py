"""Which team an endpoint belongs to, and what else its tags say that messages should carry. Which tool made it is `ownership.py`. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from pointsman.core.ownership import is_of_a_tool, plain

OWNERS = (
    "team",
    "owner",
    "owningteam",
    "ownerteam",
    "teamowner",
    "teamname",
    "ownedby",
    "squad",
    "serviceowner",
    "modelowner",
    "technicalowner",
    "owneremail",
    "teamemail",
    "contact",
    "maintainer",
)
"""Keys that name an owner, the clearest first; compared without case, prefix and punctuation."""
ABOUT = frozenset(
    {"costcentre", "costcenter", "costcode", "costallocation", "billing", "billingcode", "chargecode"}
    | {"environment", "env", "stage", "project", "application", "app", "service", "product", "domain"}
    | {"businessunit", "department", "classification", "dataclassification", "confidentiality", "criticality"}
    | {"ticket", "slack", "slackchannel", "oncall", "pagerduty", "runbook", "compliance", "tier"}
)
"""Keys worth having in every message."""
MOST_PAIRS, MOST_OF_KEY, MOST_OF_VALUE, MOST_OF_TEAM = 50, 128, 256, 128


def team_of(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """The tag that names the owner, as key and value; None where there is none."""
    found = {
        plain(key): (key, value.strip())
        for key, value in sorted(tags.items())
        if value.strip() and not is_of_a_tool(key, value)
    }
    return next((found[name] for name in OWNERS if name in found), None)


def about(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags that belong into the policy's metadata, by their own keys."""
    owner = team_of(tags)
    kept = {
        key: value
        for key, value in sorted(tags.items())
        if plain(key) in ABOUT
        or (plain(key) in OWNERS and value.strip() and (owner is None or key != owner[0]))
    }
    fits = {key: value for key, value in kept.items() if _fits(key, value)}
    return dict(list(fits.items())[:MOST_PAIRS])


def left_out(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of people's tags that are neither the owner nor carried along."""
    owner = team_of(tags)
    kept = set(about(tags)) | ({owner[0]} if owner else set())
    return tuple(
        key for key, value in sorted(tags.items()) if key not in kept and not is_of_a_tool(key, value)
    )


def _fits(key: str, value: str) -> bool:
    return not is_of_a_tool(key, value) and len(key) <= MOST_OF_KEY and len(value) <= MOST_OF_VALUE
