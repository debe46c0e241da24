"""What permissions may reach: ARNs of the installation, of the endpoints and groups of its policies, of its models' roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.context import Context
from infra.facts import PolicyFacts
from infra.names import Names, Place
from infra.narrowing import Narrowed, narrow

LONGEST = Place("aws-us-gov", "ap-southeast-99", "0" * 12)
"""Sizes are measured as if everything were here, so that they hold wherever the stack goes."""
ENDPOINT_ROOM, GROUP_ROOM = 3200, 1900
"""Characters of a policy that these names may take; the rest of 10,240 is for what does not grow with the policies."""
MADE = "pointsman-*"
"""Models and configs that a rollout makes are called so, whatever the installation's prefix."""
ROLLOUT_TAG = "pointsman:rollout"

Conditions = Mapping[str, Mapping[str, Any]]
TAGGED_IN_REQUEST: Conditions = {"Null": {f"aws:RequestTag/{ROLLOUT_TAG}": "false"}}
TAGGED: Conditions = {"Null": {f"aws:ResourceTag/{ROLLOUT_TAG}": "false"}}


@dataclass(frozen=True, slots=True)
class Scope:
    """One stack's reach."""

    place: Place
    names: Names
    endpoints: Narrowed
    registries: Mapping[str, Narrowed]
    """The account of a registry, empty for our own, to the groups of the policies in it."""
    topics: tuple[str, ...]
    roles: tuple[str, ...]
    topic_key: str

    def endpoint_arns(self) -> tuple[str, ...]:
        """Endpoints of the policies. SageMaker writes ARNs in lower case (facts/aws.md, 1.3)."""
        return tuple(self.place.arn("sagemaker", f"endpoint/{name}") for name in self.endpoints.patterns)

    def package_arns(self) -> tuple[str, ...]:
        """Versions of the policies' groups, each in the account that its policy names."""
        return self._packages(self.registries)

    def packages_elsewhere(self) -> tuple[str, ...]:
        """Those in other accounts."""
        return self._packages(self.accounts_elsewhere())

    def accounts_elsewhere(self) -> tuple[str, ...]:
        """Other accounts whose registry a policy names."""
        return tuple(account for account in self.registries if account)

    def _packages(self, accounts: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            self.place.arn("sagemaker", f"model-package/{group}/*", account)
            for account in accounts
            for group in self.registries[account].patterns
        )

    def sagemaker(self, kind: str, name: str = "*") -> str:
        """A model or config, or all of them."""
        return self.place.arn("sagemaker", f"{kind}/{name}")

    def table(self, name: str) -> str:
        """A table."""
        return self.place.arn("dynamodb", f"table/{name}")

    def queue(self, name: str) -> str:
        """A queue."""
        return self.place.arn("sqs", name)

    def bus(self) -> str:
        """The installation's bus."""
        return self.place.arn("events", f"event-bus/{self.names.bus}")

    def topic_arns(self) -> tuple[str, ...]:
        """The installation's topic, and those that policies name."""
        return (self.place.arn("sns", self.names.topic), *self.topics)

    def role_arns(self) -> tuple[str, ...]:
        """Roles that models run under."""
        return tuple(self.place.role(name) for name in self.roles)


def scope_of(context: Context, facts: PolicyFacts, place: Place, topic_key: str) -> Scope:
    """Narrow by name where there is room, by the beginning of the name beyond."""
    endpoints = [name.lower() for name in facts.endpoints]
    return Scope(
        place=place,
        names=Names(context.prefix, context.topic),
        endpoints=narrow(endpoints, len(LONGEST.arn("sagemaker", "endpoint/")), ENDPOINT_ROOM),
        registries=_registries(facts, place.account),
        topics=facts.topics,
        roles=context.execution_roles,
        topic_key=topic_key,
    )


def _registries(facts: PolicyFacts, own: str) -> dict[str, Narrowed]:
    """Groups by account. Those elsewhere stand in two statements of a function, so they take twice the room."""
    names: dict[str, list[str]] = {}
    for group in facts.groups:
        # Whether a group's name is in lower case in the ARNs of its versions is not documented: both are granted.
        account = "" if group.account == own else group.account
        names.setdefault(account, []).extend((group.name, group.name.lower()))
    shares = sum(2 if account else 1 for account in names)
    around = len(LONGEST.arn("sagemaker", "model-package//*"))
    return {account: narrow(names[account], around, GROUP_ROOM // shares) for account in sorted(names)}
