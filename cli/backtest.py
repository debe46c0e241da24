"""`pointsman backtest`: what a policy would have done on the past of an endpoint. What it says is `backtest_words.py`; it only reads."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.backtest_json import backtest_as_json
from cli.backtest_page import page_of
from cli.backtest_run import Asked, Backtested, backtested, past_of
from cli.backtest_words import paragraphs
from cli.options import NOWHERE_ELSE, AsJson, Exit, Where, guarded, say
from cli.past_file import BadPast, moment, write_past
from cli.policy_file import NoPolicies, examine
from cli.policy_page import page, print_paragraphs, print_title
from cli.tell import printable
from pointsman.core.backtests import Incident
from pointsman.policy import EndpointName, Policy

_COMMAND = "backtest"
MOST_DAYS = 63

Export = Annotated[Path | None, Parameter(help="Write the minutes that were read: CSV, or .jsonl.")]
Html = Annotated[
    Path | None, Parameter(help="Write a page with charts, which needs nothing else, to this file.")
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Pretending:
    """Which past is played, and how."""

    days: Annotated[
        int, Parameter(help="How many days back; the newest 15 have data by the minute, at most 63.")
    ] = 15
    file: Annotated[
        Path | None, Parameter(help="Play this file of minutes instead of asking CloudWatch.")
    ] = None
    incident: Annotated[
        list[str] | None,
        Parameter(negative=(), help="An incident, START..END in UTC: 2026-11-24T08:00..2026-11-24T08:40."),
    ] = None
    every: Annotated[int, Parameter(help="Hours from one pretended release to the next.")] = 1
    seed: Annotated[int, Parameter(help="Which draw of chance deals the requests out.")] = 1
    variant: Annotated[str, Parameter(help="Variant whose past is read; the one that serves most.")] = ""


USUAL = Pretending()


def backtest(  # noqa: PLR0913 - one parameter an option
    policy: Path,
    /,
    *,
    endpoint: str | None = None,
    pretending: Pretending = USUAL,
    export: Export = None,
    html: Html = None,
    where: Where = NOWHERE_ELSE,
    as_json: AsJson = False,
) -> int:
    """Tell what a policy would have done on past traffic: good versions it takes back, incidents it finds, how soon.

    A release is pretended at each full hour: the requests of each minute are dealt out to a baseline and a candidate by
    chance, and the policy's own judge decides. Both are equally good, so a rollback beside the baseline is false. For an
    incident the candidate gets its minutes, the baseline those of an earlier time. Nothing is changed. CloudWatch is asked
    with your own credentials: cloudwatch:GetMetricData, sagemaker:DescribeEndpoint, sagemaker:DescribeEndpointConfig.
    Exit code 0 if it was played, 2 for a wrong call, 3 if AWS could not be asked.

        pointsman backtest policies/chat-llm.yaml --html page.html
        pointsman backtest policies/chat-llm.yaml --file past.csv --incident 2026-11-20T09:00..2026-11-20T09:25

    docs/backtest.md says what is played, the format of the file, and the JSON.

    Parameters
    ----------
    policy
        The policy file, or a folder of them together with --endpoint.
    endpoint
        Endpoint whose past is read; the one that the policy names.

    """
    try:
        asked = _asked(policy, endpoint, pretending)
    except (ValueError, NoPolicies) as err:
        return say(_COMMAND, str(err), Exit.WRONG_USE)
    return guarded(_COMMAND, lambda: _run(asked, where, (export, html), as_json=as_json))


def _asked(path: Path, endpoint: str | None, pretending: Pretending) -> Asked:
    """Read what was asked for. Raises ValueError with what to write, NoPolicies."""
    name, policy = _policy(path, endpoint)
    return Asked(
        policy,
        name,
        EndpointName(endpoint or policy.endpoint),
        _within(pretending.days, "--days", MOST_DAYS),
        timedelta(hours=_within(pretending.every, "--every", 24 * MOST_DAYS)),
        pretending.seed,
        tuple(_incident(each) for each in pretending.incident or ()),
        pretending.variant,
        pretending.file,
    )


def _run(asked: Asked, where: Where, to: tuple[Path | None, Path | None], *, as_json: bool) -> int:
    export, html = to
    try:
        past, incidents, source = past_of(asked, where.open)
        if export is not None:
            rows = write_past(past, incidents, export)
            sys.stderr.write(printable(f"Written: {export}, {rows:,} rows") + "\n")
        told = backtested(asked, past, incidents, source)
        if html is not None:
            html.write_text(page_of(told), encoding="utf-8")
            sys.stderr.write(printable(f"Written: {html}") + "\n")
    except BadPast as err:
        return say(_COMMAND, str(err), Exit.WRONG_USE)
    except OSError as err:
        return say(_COMMAND, f"{err.filename} cannot be written: {err.strerror}", Exit.WRONG_USE)
    _print(told, as_json=as_json)
    return Exit.OK


def _print(told: Backtested, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(backtest_as_json(told), indent=2) + "\n")
        return
    console = page()
    print_title(console, f"Backtest of {told.asked.endpoint}", told.asked.policy_file)
    print_paragraphs(console, paragraphs(told))


def _policy(path: Path, endpoint: str | None) -> tuple[str, Policy]:
    """One file's policy, or the endpoint's of a folder. Raises ValueError with what to do, NoPolicies."""
    examined = examine(path)
    if path.is_dir():
        if endpoint is None:
            raise ValueError(f"{path} is a folder: name one policy file, or add --endpoint")
        examined = [each for each in examined if each.endpoint == endpoint]
        if not examined:
            raise ValueError(f"{path}: no policy for endpoint {endpoint}: name its file")
    [one] = examined[:1]
    if one.policy is None:
        told: Sequence[str] = [str(problem) for problem in one.problems]
        raise ValueError(f"the policy has mistakes: {'; '.join(told)}")
    return one.file, one.policy


def _incident(text: str) -> Incident:
    start, dots, end = text.partition("..")
    if not dots:
        raise ValueError(f"--incident {text}: write START..END, as 2026-11-24T08:00..2026-11-24T08:40")
    try:
        found = Incident(_minute(start), _minute(end))
    except ValueError as err:
        raise ValueError(f"--incident {text}: {err}") from None
    if found.start >= found.end:
        raise ValueError(f"--incident {text}: it ends before it begins")
    return found


def _minute(text: str) -> datetime:
    return moment(text).replace(second=0, microsecond=0)


def _within(number: int, option: str, most: int) -> int:
    if not 1 <= number <= most:
        raise ValueError(f"{option} must be from 1 to {most}, not {number}")
    return number
