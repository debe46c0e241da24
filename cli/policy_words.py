"""Values of a policy as sentences say them: exact, with their units. Whole sentences live in `policy_sentences` and `policy_changes`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from cli.policy_problems import escaped
from cli.policy_values import format_duration
from cli.policy_windows import format_window
from pointsman.policy import CustomMetric, ManagedBy, Tool, Until
from pointsman.windows import Windows

_UNITS = {"d": "days", "h": "h", "m": "min", "s": "s", "ms": "ms"}
_LONGEST_BODY = 200
_TOOLS = {
    Tool.CLOUDFORMATION: "CloudFormation owns the endpoint in code",
    Tool.CDK: "The CDK owns the endpoint in code",
    Tool.TERRAFORM: "Terraform owns the endpoint in code",
    Tool.OTHER: "A tool that Pointsman does not know owns the endpoint in code",
    Tool.NONE: "No tool owns the endpoint in code",
}
_UNTIL = {
    Until.PROMOTED: "was promoted on endpoint {}",
    Until.WATCHED: "was promoted on endpoint {} and its watch there is over",
}


def lasting(duration: timedelta) -> str:
    """A duration, exactly: `1 h 30 min`, `2 days`, `250 ms`."""
    parts = re.findall(r"(\d+)([a-z]+)", format_duration(duration))
    return " ".join(f"{count} {_UNITS[unit]}" for count, unit in parts)


def listed(items: Iterable[object], nothing: str = "nothing") -> str:
    """`a`, `a and b`, `a, b and c`; what comes from a file is safe to print."""
    names = [escaped(str(item)) for item in items]
    if not names:
        return nothing
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def percents(steps: Sequence[int]) -> str:
    """`1, 5, 25, 50, 100 %`."""
    return f"{', '.join(map(str, steps))} %"


def metric_words(metric: CustomMetric | None) -> str:
    """A metric of the application: `ChatLlm AnswerScore (Variant={variant})`."""
    if metric is None:
        return ""
    pairs = ", ".join(f"{name}={value}" for name, value in metric.dimensions)
    return escaped(f"{metric.namespace} {metric.name} ({pairs})")


def percent(share: float) -> str:
    """`0.5 %`, with every digit that the policy has."""
    return f"{share!r} %".replace(".0 %", " %")


def count(number: int, noun: str, nouns: str = "") -> str:
    """`1 step`, `2 steps`; `nouns` where the plural takes more than an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {nouns or f'{noun}s'}"


def opening_hours(windows: Windows) -> str:
    """`Mon-Thu 09:00-16:00 and Fri 09:00-12:00`."""
    return listed(format_window(window) for window in windows.open)


def days(holidays: Sequence[date], today: date) -> str:
    """`2 holidays, 2026-12-24 and 2026-12-25 (next: 2026-12-24)`. `today` is a day in the windows' time zone."""
    following = next((day for day in holidays if day >= today), None)
    when = f"next: {following}" if following else "all of them are past"
    return f"{count(len(holidays), 'holiday')}, {listed(holidays)} ({when})"


def request_body(body: str) -> str:
    """A body in one line; a long one is cut, and told apart by its size and its SHA-256."""
    if len(body) <= _LONGEST_BODY:
        return escaped(body) or "an empty body"
    raw = body.encode()
    digest = hashlib.sha256(raw).hexdigest()[:12]
    return f"{escaped(body[:_LONGEST_BODY])}... ({len(raw):,} bytes in all, sha256 {digest})"


def far_enough(until: Until, endpoint: str) -> str:
    """`was promoted on endpoint x`."""
    return _UNTIL[until].format(endpoint)


def ownership(managed_by: ManagedBy | None) -> str:
    """One sentence on the tool that owns the endpoint, and who read what it would undo."""
    if managed_by is None:
        return "Which tool owns the endpoint in code is not known."
    if managed_by.read_by:
        who, when = escaped(managed_by.read_by), managed_by.read_on
        return f"{_TOOLS[managed_by.tool]}; {who} read on {when} what its next deploy would undo."
    if managed_by.tool is Tool.NONE:
        return f"{_TOOLS[managed_by.tool]}."
    return f"{_TOOLS[managed_by.tool]}; nobody has read yet what its next deploy would undo."
