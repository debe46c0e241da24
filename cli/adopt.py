"""`pointsman adopt`: reads what is there and writes the policy for it, or reports on a whole account. It changes nothing; what is judged lives in the core."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from cli.adopt_matrix import matrix_as_json, permissions, print_matrix
from cli.adopt_one import Found, found_as_json, print_found
from cli.adopt_reading import found_in, sights_in
from cli.adopt_report import print_csv, print_json, print_report, report_as_json
from cli.adopt_rows import report_of
from cli.adopt_yaml import policy_text
from cli.options import NOWHERE_ELSE, AsJson, Exit, Where, guarded, say
from cli.policy_page import page
from pointsman.account import Account
from pointsman.core.draft import Draft, Given
from pointsman.policy import EndpointName

NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for instead of one endpoint's policy."""

    report: Annotated[
        bool, Parameter(negative=(), help="Report on every endpoint of the account and Region.")
    ] = False
    everything: Annotated[
        bool,
        Parameter(name="--all", negative=(), help="With --report: also those that nothing can be done for."),
    ] = False
    csv: Annotated[bool, Parameter(negative=(), help="With --report: for spreadsheets.")] = False
    matrix: Annotated[
        bool, Parameter(negative=(), help="Print which strategy serves which kind of endpoint, and why not.")
    ] = False
    permissions: Annotated[bool, Parameter(negative=(), help="Print the IAM policy that reading needs.")] = (
        False
    )


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Writing:
    """Where the policy goes, and what cannot be read from the account."""

    out: Annotated[
        Path | None, Parameter(help="File to write the policy to, such as policies/chat-llm.yaml.")
    ] = None
    force: Annotated[bool, Parameter(negative=(), help="Write over a file that is there.")] = False
    group: Annotated[str | None, Parameter(help="Model package group, for a model without a package.")] = None
    team: Annotated[str | None, Parameter(help="Team that owns it, where no tag tells.")] = None


NOTHING_ELSE, TO_STDOUT = Asked(), Writing()


def adopt(
    endpoint: Annotated[str | None, Parameter(help="Name of an endpoint that serves.")] = None,
    /,
    *,
    writing: Writing = TO_STDOUT,
    asked: Asked = NOTHING_ELSE,
    as_json: AsJson = False,
    where: Where = NOWHERE_ELSE,
) -> int:
    """Write the policy of an endpoint that serves already, or report on a whole account. It only reads.

    The policy goes to the standard output or to a file, with a comment on every guess. What a rollout means for the
    tool that owns the endpoint in code, and what is at risk today, is said beside it.

    Examples: `pointsman adopt chat-llm --out policies/chat-llm.yaml`, `pointsman adopt --report`,
    `pointsman adopt --matrix`. docs/adopt.md describes the policy, the report, its JSON and the permissions.
    """
    if wrong := _wrong_use(endpoint, asked, writing, as_json=as_json):
        return say("adopt", wrong, Exit.WRONG_USE)
    if asked.permissions:
        print_json(permissions())
        return Exit.OK
    if asked.matrix:
        print_json(matrix_as_json()) if as_json else print_matrix(page())
        return Exit.OK
    if endpoint is None:
        return guarded("adopt", lambda: _report(where.open(), asked, as_json=as_json))
    return guarded("adopt", lambda: _adopt(endpoint, where, writing, as_json=as_json))


def _wrong_use(endpoint: str | None, asked: Asked, writing: Writing, *, as_json: bool) -> str:
    """What is wrong with the call; empty where nothing is."""
    if [endpoint is not None, asked.report, asked.matrix, asked.permissions].count(True) != 1:
        return "give the name of one endpoint, or --report, --matrix or --permissions"
    if (asked.everything or asked.csv) and not asked.report:
        return "--all and --csv belong to --report"
    if asked.csv and as_json:
        return "--csv or --json, not both"
    if endpoint is None and writing != TO_STDOUT:
        return "--out, --force, --group and --team belong to one endpoint"
    return ""


def _adopt(endpoint: str, where: Where, writing: Writing, *, as_json: bool) -> int:
    if not NAME.fullmatch(endpoint):
        return say(
            "adopt",
            f"{endpoint!r} is no name of an endpoint: letters, digits and inner hyphens, at most 63",
            Exit.WRONG_USE,
        )
    if writing.out is not None and writing.out.exists() and not writing.force:
        return say("adopt", f"{writing.out} exists: choose another file, or give --force", Exit.WRONG_USE)
    account = where.open()
    found = found_in(account, EndpointName(endpoint), Given(writing.group or "", writing.team or ""))
    if found.draft is not None and writing.out is not None:
        try:
            _write(writing.out, _text(found.draft, account))
        except OSError as err:
            return say("adopt", f"{writing.out} cannot be written: {err.strerror}", Exit.WRONG_USE)
        found = replace(found, written_to=writing.out)
    if as_json:
        print_json(found_as_json(found))
    else:
        _print(found, account, to_file=writing.out is not None)
    return Exit.OK if found.draft else Exit.NO


def _print(found: Found, account: Account, *, to_file: bool) -> None:
    """The policy to the standard output, and what is to be said of it beside it, so that it can be redirected."""
    if found.draft is not None and not to_file:
        sys.stdout.write(_text(found.draft, account))
        sys.stdout.flush()
    beside = found.draft is not None and not to_file
    print_found(Console(stderr=beside, markup=False, emoji=False, highlight=False), found)


def _text(draft: Draft, account: Account) -> str:
    place = f"account {account.identity.account}, {account.region}"
    written = f"Written by `pointsman adopt {draft.endpoint}` on {account.now:%Y-%m-%d} from what was live in {place}."
    return policy_text(draft, [written, "Look at every guess. Every key is explained in docs/policy.md."])


def _write(path: Path, text: str) -> None:
    """All of it or nothing; the folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _report(account: Account, asked: Asked, *, as_json: bool) -> int:
    report = report_of(sights_in(account), everything=asked.everything)
    if as_json:
        print_json(report_as_json(report, account))
    elif asked.csv:
        print_csv(report)
    else:
        print_report(page(), report, account)
    return Exit.OK
