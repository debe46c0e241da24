"""`pointsman policy check`: what it prints and how it exits. What is right or wrong is decided in `policy_file`."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.text import Text

from cli.policy_file import Examined, NoPolicies, examine
from cli.policy_values import format_duration
from pointsman.policy import Policy

RIGHT, MISTAKES, WRONG_USE = 0, 1, 2

# facts/aws.md, 2.1: the default quota of an account, per endpoint and over all of them.
_DEFAULT_INSTANCES = 4


def check(
    path: Path = Path("policies"),
    /,
    *,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> int:
    """Check policies before they are deployed: every mistake of every file, with its line and what to do.

    Exit code 0 if all policies are right, 1 if there are mistakes, 2 if there is nothing to check.

    Try it on the policies that ship here:

        pointsman policy check policies/

    A line per policy that is right, such as:

        ok    policies/chat-llm.yaml  endpoint chat-llm: 1 -> 5 -> 25 -> 50 -> 100 %, bakes 10m to 1h, watch 24h

    docs/policy.md explains every key.

    Parameters
    ----------
    path
        A folder of policies (*.yaml), or one policy file.
    as_json
        Print one JSON object for programs instead of lines for people.

    """
    try:
        examined = examine(path)
    except NoPolicies as err:
        print(f"pointsman: {err}", file=sys.stderr)
        return WRONG_USE
    if as_json:
        print(json.dumps(_report(examined), indent=2))
    else:
        _print_lines(examined)
    return MISTAKES if any(one.problems for one in examined) else RIGHT


def summary(policy: Policy) -> str:
    """One line on how the policy rolls out: `endpoint x: 1 -> 100 %, bakes 10m to 1h, watch 24h`."""
    plan = policy.plan
    steps = " -> ".join(str(step) for step in plan.steps)
    bakes = f"bakes {format_duration(plan.bake_min)} to {format_duration(plan.bake_max)}"
    frozen = f", frozen: {policy.freeze}" if policy.freeze else ""
    return f"endpoint {policy.endpoint}: {steps} %, {bakes}, watch {format_duration(plan.watch)}{frozen}"


def note(policy: Policy) -> str:
    """What is allowed but may surprise; empty if there is nothing.

    While the final fleet is built, the old one and the candidate's still run (docs/policy.md, instance_count).
    """
    count = policy.plan.serve.instance_count
    if 3 * count <= _DEFAULT_INSTANCES:
        return ""
    return (
        f"at the end of a rollout up to {3 * count} {policy.plan.serve.instance_type} run at once; "
        f"a new account may run {_DEFAULT_INSTANCES} instances: see that the quota is raised"
    )


def _report(examined: list[Examined]) -> dict[str, object]:
    return {
        "right": not any(one.problems for one in examined),
        "files": [
            {
                "file": one.file,
                "endpoint": one.policy.endpoint if one.policy else None,
                "summary": summary(one.policy) if one.policy else None,
                "note": (note(one.policy) if one.policy else "") or None,
                "problems": [dataclasses.asdict(problem) for problem in one.problems],
            }
            for one in examined
        ],
    }


def _print_lines(examined: list[Examined]) -> None:
    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
    for one in examined:
        for problem in one.problems:
            console.print(Text.assemble(("wrong ", "bold red"), str(problem)))
        if one.policy:
            console.print(Text.assemble(("ok    ", "green"), f"{one.file}  {summary(one.policy)}"))
            if said := note(one.policy):
                console.print(Text.assemble(("note  ", "yellow"), f"{one.file}  {said}"))
    if mistakes := sum(len(one.problems) for one in examined):
        wrong_files = sum(1 for one in examined if one.problems)
        console.print(f"{_count(mistakes, 'mistake')} in {wrong_files} of {_count(len(examined), 'file')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
