"""`pointsman promote`, `approve`, `pause`, `resume`, `abort`, `rollback`, `retry`: what each takes. How they go is `steer_flow.py`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from cli.steer_flow import ASKING, Manner, Wish, steer

Target = Annotated[
    str, Parameter(name="target", help="Id of a rollout, or the endpoint whose open rollout is meant.")
]
Endpoint = Annotated[str, Parameter(name="endpoint", help="Name of the endpoint.")]
Reason = Annotated[str, Parameter(help="Why. It is recorded, and people are told.")]


def promote(
    target: Target,
    /,
    *,
    reason: Reason,
    step: int | None = None,
    manner: Manner = ASKING,
) -> int:
    """Skip the rest of the current wait: of a bake, of a watch, for a release window. Alarms and a FAIL still go back.

    For example:

        pointsman promote chat-llm --reason "the dashboards look right, the fix is urgent"

    Args:
        target: What is meant.
        reason: Why.
        step: Share in percent that you saw; refused where it is another one by now. What is seen first otherwise.
        manner: How.

    """
    wish = Wish("promote", target, reason, step=step, pins_share=True)
    return steer(wish, manner)


def approve(
    target: Target,
    /,
    *,
    reason: Reason,
    step: int | None = None,
    manner: Manner = ASKING,
) -> int:
    """Approve a step that the policy puts behind a gate, when it is reached or before.

    For example:

        pointsman approve chat-llm --step 25 --reason "reviewed the answers of the first 5 %"

    Args:
        target: What is meant.
        reason: Why.
        step: The step, in percent; the one that waits now otherwise.
        manner: How.

    """
    wish = Wish("approve", target, reason, step=step, pins_gate=True)
    return steer(wish, manner)


def pause(
    target: Target,
    /,
    *,
    reason: Reason,
    manner: Manner = ASKING,
) -> int:
    """Let a rollout not go forward until it is resumed. Alarms and evidence still take it back.

    For example:

        pointsman pause chat-llm --reason "waiting for the marketing mail to go out"
    """
    return steer(Wish("pause", target, reason), manner)


def resume(
    target: Target,
    /,
    *,
    reason: Reason,
    manner: Manner = ASKING,
) -> int:
    """Let a rollout go on: after a pause where it stood, after NEEDS_HUMAN at the point that was asked about.

    For example:

        pointsman resume chat-llm --reason "the mail is out"
    """
    return steer(Wish("resume", target, reason), manner)


def abort(
    target: Target,
    /,
    *,
    reason: Reason,
    manner: Manner = ASKING,
) -> int:
    """Take a rollout back: all traffic returns to what served before, and the version goes into quarantine.

    For example:

        pointsman abort chat-llm --reason "answers are cut off in German"
    """
    return steer(Wish("abort", target, reason), manner)


def rollback(
    endpoint: Endpoint,
    /,
    *,
    reason: Reason,
    to: int | None = None,
    manner: Manner = ASKING,
) -> int:
    """Return an endpoint to what served before, also when its release is long over; with --to, to another version.

    For example:

        pointsman rollback chat-llm --to 5 --reason "version 6 forgets the system prompt"

    Args:
        endpoint: Name of the endpoint.
        reason: Why.
        to: Number of the version that shall serve; an older one than the last is released step by step.
        manner: How.

    """
    return steer(Wish("rollback", endpoint, reason, version=to), manner)


def retry(
    endpoint: Endpoint,
    version: int,
    /,
    *,
    reason: Reason,
    manner: Manner = ASKING,
) -> int:
    """Roll a version out again that was taken back, because what stopped it is mended.

    For example:

        pointsman retry chat-llm 7 --reason "the quota was raised"

    Args:
        endpoint: Name of the endpoint.
        version: Number of the version in quarantine.
        reason: Why.
        manner: How.

    """
    return steer(Wish("retry", endpoint, reason, version=version), manner)
