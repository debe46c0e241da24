"""What the policies of a folder must be to each other: one per endpoint, and an order that can be followed. Reading files is `policy_file`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cli.policy_problems import Problem, escaped, shown, written
from cli.policy_yaml import Document, Path
from pointsman.policy import Policy

_ENDPOINT: Path = ("endpoint",)
_GOES_FIRST: Path = ("rollout", "after", "endpoint")
_NAMES_LISTED = 8


@dataclass(frozen=True, slots=True)
class Examined:
    """One file: its policy, or what is wrong with it. `document` is what was read, None where it could not be read."""

    file: str
    policy: Policy | None
    problems: tuple[Problem, ...] = ()
    document: Document | None = field(default=None, repr=False, compare=False)

    @property
    def endpoint(self) -> str:
        """Endpoint that the file is about, also where the rest of it is wrong; empty where it does not say."""
        data = self.document.data if self.document else None
        name = data.get("endpoint") if isinstance(data, dict) else None
        return name if isinstance(name, str) else ""


def related(examined: Iterable[Examined]) -> list[Examined]:
    """The same files, with what is wrong between them."""
    single = _refuse_twins(examined)
    policies = {str(one.policy.endpoint): one.policy for one in single if one.policy}
    named = {one.endpoint for one in single}
    return [_refuse_order(one, policies, named) for one in single]


def _refuse_twins(examined: Iterable[Examined]) -> list[Examined]:
    first: dict[str, str] = {}
    answer = []
    for one in examined:
        if one.policy is None:
            answer.append(one)
            continue
        other = first.setdefault(one.policy.endpoint.lower(), one.file)
        allowed = f"{other} has a policy for this endpoint already: keep one; upper and lower case make no difference"
        answer.append(one if other == one.file else _wrong(one, _ENDPOINT, one.policy.endpoint, allowed))
    return answer


def _refuse_order(one: Examined, policies: Mapping[str, Policy], named: set[str]) -> Examined:
    if one.policy is None or one.policy.after is None:
        return one
    first = str(one.policy.after.endpoint)
    allowed = _broken_order(one.policy, first, policies, named)
    return _wrong(one, _GOES_FIRST, first, allowed) if allowed else one


def _broken_order(policy: Policy, first: str, policies: Mapping[str, Policy], named: set[str]) -> str:
    """Say what is wrong with waiting for the endpoint `first`; empty where nothing is."""
    other = policies.get(first)
    if other is None:
        # Where that policy itself is wrong, its own mistakes are told; they are not told twice.
        return "" if first in named else _unknown(first, set(policies) - {str(policy.endpoint)})
    if other.group != policy.group:
        return (
            f"{first} releases the group {other.group}, {policy.endpoint} releases {policy.group}: a version goes "
            f"through both only where model_package_group and registry_account are the same"
        )
    circle = _circle(policy, policies)
    if circle:
        return (
            f"no endpoint would ever go first: {' waits for '.join(circle)}; remove `after` from one of them"
        )
    return ""


def _unknown(first: str, others: set[str]) -> str:
    if not others:
        return "no other endpoint has a policy in this folder: add one for it, or remove `after`"
    by_lower = {name.lower(): name for name in others}
    close = difflib.get_close_matches(first.lower(), by_lower, n=1)
    meant = f"did you mean {by_lower[close[0]]}? " if close else ""
    names = sorted(others)
    more = f" and {len(names) - _NAMES_LISTED} more" if len(names) > _NAMES_LISTED else ""
    return f"no policy in this folder is for this endpoint; {meant}policies here: {', '.join(names[:_NAMES_LISTED])}{more}"


def _circle(policy: Policy, policies: Mapping[str, Policy]) -> list[str]:
    """Endpoints from this one back to itself; empty where following the order comes to an end, or into another circle."""
    way = [str(policy.endpoint)]
    at: Policy | None = policy
    while at and at.after and len(way) <= len(policies):
        way.append(str(at.after.endpoint))
        if way[-1] == way[0]:
            return way
        at = policies.get(way[-1])
    return []


def _wrong(one: Examined, path: Path, found: str, allowed: str) -> Examined:
    line = one.document.line_of(path) if one.document else None
    problem = Problem(one.file, line, written(path), f"found {shown(found)}", escaped(allowed))
    return replace(one, policy=None, problems=(*one.problems, problem))
