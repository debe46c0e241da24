"""Reaches an installation: its two functions for people, by the caller's own credentials. What is said to them belongs to the commands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import Parameter

from pointsman.account import Account, open_account
from pointsman.adapters.aws.functions import Functions
from pointsman.errors import Misconfigured, NotFound

Json = dict[str, Any]
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Reached:
    """An installation that can be talked to."""

    account: Account
    functions: Functions

    def ask(self, query: str, **given: str | int | None) -> Json:
        """Put a question (docs/operate.md has the shapes).

        Raises:
            NotFound: what was asked about is not known there; in the installation's own words.
            Misconfigured, Denied, Transient: the installation cannot be asked.

        """
        said = {key: value for key, value in given.items() if value is not None}
        told = self.functions.call("operator_query", {"query": query} | said)
        if told.get("ok") is not True:
            raise NotFound(
                str(told.get("message", "the installation gave no answer that this version knows"))
            )
        return told

    def ask_on(self, query: str, parts: tuple[str, ...], **given: str | int | None) -> Json:
        """Put a question and every question that goes on with it; the lists named by `parts` are joined."""
        whole = told = self.ask(query, **given)
        while told.get("next"):
            told = self.ask(query, **given, next=str(told["next"]))
            whole = told | {part: [*whole[part], *told[part]] for part in parts}
        return whole

    def request(self, event: Json) -> Json:
        """Send a person's request. Raises Misconfigured, Denied or Transient where it cannot be carried there."""
        return self.functions.call("operator_request", event)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Reach:
    """Which account and Region, as for the AWS CLI, and which installation there."""

    profile: Annotated[str | None, Parameter(help="AWS profile; as for the AWS CLI.")] = None
    region: Annotated[str | None, Parameter(help="AWS Region; as for the AWS CLI.")] = None
    installation: Annotated[
        str,
        Parameter(
            name=("--installation", "--function-prefix"),
            env_var="POINTSMAN_INSTALLATION",
            help="Name of the installation: what the names of its functions begin with.",
        ),
    ] = "pointsman"

    def open(self) -> Reached:
        """Open the account and find the functions. Raises what `pointsman.account.open_account` raises."""
        if not NAME.fullmatch(self.installation):
            raise Misconfigured(f"not a name of an installation: {self.installation!r}")
        account = open_account(self.profile, self.region)
        return Reached(account, account.functions(self.installation))


DEFAULT = Reach()
