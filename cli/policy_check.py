"""`pointsman policy check`: what it prints and how it exits. What is right or wrong is decided in `policy_file`."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.text import Text

from cli.policy_file import Examined, NoPolicies, examine
from cli.policy_values import format_duration
from cli.policy_words import listed
from pointsman.policy import Policy, Tool

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
    parts = [f"endpoint {policy.endpoint}: {steps} %", bakes, f"watch {format_duration(plan.watch)}"]
    parts += [f"approved before {listed(plan.gates)} %"] if plan.gates else []
    parts += [f"within windows ({policy.windows.timezone})"] if policy.windows else []
    parts += [f"after {policy.after.endpoint} ({policy.after.until.value})"] if policy.after else []
    parts += [f"frozen: {policy.freeze}"] if policy.freeze else []
    return ", ".join(parts)


def notes(policy: Policy, *, is_alone: bool = False) -> Iterator[str]:
    """What is allowed but may surprise. `is_alone`: the other policies of its folder were not looked at.

    While the final fleet is built, the old one and the candidate's still run (docs/policy.md, instance_count).
    """
    count, managed_by = policy.plan.serve.instance_count, policy.managed_by
    if 3 * count > _DEFAULT_INSTANCES:
        yield (
            f"at the end of a rollout up to {3 * count} {policy.plan.serve.instance_type} run at once; "
            f"a new account may run {_DEFAULT_INSTANCES} instances: see that the quota is raised"
        )
    if managed_by and managed_by.tool is not Tool.NONE and not managed_by.read_by:
        yield "nobody has read yet what the next deploy of the tool that owns the endpoint would undo (managed_by.read_by)"
    if policy.after and is_alone:
        yield f"check the whole folder to see whether it holds a policy for {policy.after.endpoint}, which goes first"


def _report(examined: list[Examined]) -> dict[str, object]:
    return {
        "right": not any(one.problems for one in examined),
        "files": [
            {
                "file": one.file,
                "endpoint": one.policy.endpoint if one.policy else None,
                "summary": summary(one.policy) if one.policy else None,
                "note": "; ".join(_notes(one, examined)) or None,
                "problems": [dataclasses.asdict(problem) for problem in one.problems],
            }
            for one in examined
        ],
    }


def _notes(one: Examined, examined: Sequence[Examined]) -> list[str]:
    return list(notes(one.policy, is_alone=len(examined) == 1)) if one.policy else []


def _print_lines(examined: list[Examined]) -> None:
    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
    for one in examined:
        for problem in one.problems:
            console.print(Text.assemble(("wrong ", "bold red"), str(problem)))
        if one.policy:
            console.print(Text.assemble(("ok    ", "green"), f"{one.file}  {summary(one.policy)}"))
        for said in _notes(one, examined):
            console.print(Text.assemble(("note  ", "yellow"), f"{one.file}  {said}"))
    if mistakes := sum(len(one.problems) for one in examined):
        wrong_files = sum(1 for one in examined if one.problems)
        console.print(f"{_count(mistakes, 'mistake')} in {wrong_files} of {_count(len(examined), 'file')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
