"""Reading for `idle`: what Pointsman is at work on, then the whole account. What is said of it lives elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cli.policy_file import NoPolicies, PolicyErrors, load_policies
from cli.progress import progress_of
from cli.reach import Reached
from cli.tell import printable
from pointsman.core.idle_finding import Finding, Window, window_of
from pointsman.errors import Denied, Misconfigured, NotFound, Transient
from pointsman.idle import Search, find


@dataclass(frozen=True, slots=True)
class Looked:
    """All findings of one look, and what could not be asked."""

    findings: tuple[Finding, ...]
    window: Window
    unasked: str


def looked(reached: Reached, days: int, policies: Path | None, *, everything: bool) -> Looked:
    """Look at every endpoint of the account and Region.

    Raises:
        Denied, Transient: the endpoints cannot be listed.
        Misconfigured: the policies cannot be read.

    """
    window = window_of(reached.account.now, days)
    frozen = _frozen(policies)
    rollouts, unasked = _rollouts(reached)
    at_work = None if rollouts is None else frozen | rollouts
    with progress_of("reading") as progress:
        findings = find(reached.account.hosting(), Search(window, at_work, everything), progress)
    return Looked(tuple(findings), window, unasked)


def _rollouts(reached: Reached) -> tuple[dict[str, str] | None, str]:
    """Open rollouts by endpoint, and why they are not known. Without an installation there are none."""
    try:
        told = reached.ask_on("status", ("rollouts",))
    except (Misconfigured, NotFound):
        return {}, f"no installation {reached.functions.installation} here, so no rollouts to spare"
    except (Denied, Transient) as err:
        return None, f"rollouts of installation {reached.functions.installation} not read: {printable(err)}"
    return {str(entry["endpoint"]): _words(entry) for entry in told["rollouts"]}, ""


def _words(entry: dict[str, object]) -> str:
    if "phase" not in entry:
        return "a rollout that cannot be read"
    return f"rollout {entry['rollout']} is {entry['phase']}"


def _frozen(policies: Path | None) -> dict[str, str]:
    """Endpoints whose policy is frozen, with the reason that it gives."""
    if policies is None:
        return {}
    try:
        loaded = load_policies(policies)
    except (NoPolicies, PolicyErrors) as err:
        raise Misconfigured(f"{policies} cannot be read: pointsman policy check {policies}") from err
    return {
        str(policy.endpoint): f"its policy is frozen: {policy.freeze}" for policy in loaded if policy.freeze
    }
