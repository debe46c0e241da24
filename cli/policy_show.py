"""`pointsman policy show`: a policy in plain words. What it says is put into words in `policy_sentences`."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.options import AsJson, Exit, say
from cli.policy_file import Examined, NoPolicies, examine
from cli.policy_page import page, print_paragraphs, print_title
from cli.policy_sentences import sentences
from pointsman.policy import Policy
from pointsman.policy_json import SCHEMA, policy_to_json

_COMMAND = "policy show"
Shown = tuple[str, Policy]


def show(path: Path = Path("policies"), /, *, endpoint: str | None = None, as_json: AsJson = False) -> int:
    """Say in plain words what policies do: what is released and when, what takes it back.

    Exit code 0 if all was shown, 1 if a policy is wrong (its mistakes are told
    on the standard error), 2 if there is no such file, folder or endpoint.

    Try it on a policy that ships here:

        pointsman policy show policies/ --endpoint fraud-prod

    With --json: {"schema": 1, "policies": [...]}, each as it ships to the
    functions: durations in seconds (slow_over_ms in milliseconds), shares in
    percent, windows in minutes since midnight with Monday as day 0.

    Parameters
    ----------
    path
        A folder of policies (*.yaml), or one policy file.
    endpoint
        Only the policy of this endpoint.

    """
    try:
        examined = examine(path)
    except NoPolicies as err:
        return say(_COMMAND, str(err), Exit.WRONG_USE)
    chosen = examined if endpoint is None else [one for one in examined if one.endpoint == endpoint]
    if not chosen:
        return say(_COMMAND, _no_such(endpoint or "", path, examined), Exit.WRONG_USE)
    right = [(one.file, one.policy) for one in chosen if one.policy]
    if as_json:
        compiled = [policy_to_json(policy) for _file, policy in right]
        print(json.dumps({"schema": SCHEMA, "policies": compiled}, indent=2))
    else:
        _print(right)
    return _tell_mistakes(chosen)


def _print(shown: Sequence[Shown]) -> None:
    console = page()
    for number, (file, policy) in enumerate(shown):
        if number:
            console.print()
        zone = ZoneInfo(policy.windows.timezone) if policy.windows else UTC
        print_title(console, f"Endpoint {policy.endpoint}", file)
        print_paragraphs(console, sentences(policy, datetime.now(zone).date()))


def _tell_mistakes(examined: Sequence[Examined]) -> int:
    problems = [problem for one in examined for problem in one.problems]
    for problem in problems:
        sys.stderr.write(f"wrong {problem}\n")
    return Exit.NO if problems else Exit.OK


def _no_such(endpoint: str, path: Path, examined: Sequence[Examined]) -> str:
    names = sorted({one.endpoint for one in examined} - {""})
    if not names:
        return f"{path}: no policy for endpoint {endpoint!r}"
    close = difflib.get_close_matches(endpoint, names, n=1)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"{path}: no policy for endpoint {endpoint!r}; {meant}policies there: {', '.join(names)}"
