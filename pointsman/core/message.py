"""What people are told: what, why, the numbers, what comes next, and how to stop it. Sending it is an adapter's work."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pointsman.core.decision import Decision
from pointsman.core.phases import Act, Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.core.steer import phase_after

MAX_SUBJECT = 100

NEXT: dict[Phase, str] = {
    Phase.PENDING: "It begins when the pre-flight checks hold.",
    Phase.PREPARING: "The candidate's fleet starts without traffic, then it must answer a first request.",
    Phase.VALIDATING: "It takes traffic after its first answer.",
    Phase.SHIFTING: "When the share is observed, it is held while evidence is gathered.",
    Phase.BAKING: "The next step follows when the evidence is there.",
    Phase.AWAITING_APPROVAL: "The share is held until a person approves the next step.",
    Phase.FINALIZING: "The version takes the baseline's place; until then the baseline's fleet stands by.",
    Phase.WATCHING: "It is watched; a late failure still takes it back.",
    Phase.SUCCEEDED: "Nothing more will be done.",
    Phase.ROLLING_BACK: "Traffic goes back first, then the candidate's fleet is removed. You are told when it is verified.",
    Phase.ROLLED_BACK: "The version is in quarantine: it is not rolled out again until it is approved anew.",
    Phase.NEEDS_HUMAN: "Nothing goes forward by itself. Look at the endpoint, then resume the rollout, or abort it.",
    Phase.SUPERSEDED: "The newer version follows.",
}
HELD: dict[Hold, str] = {
    Hold.PAUSED: "Nothing goes forward until it is resumed; alarms and evidence still take it back.",
    Hold.FROZEN: "Nothing goes forward while the policy is frozen; alarms and evidence still take it back.",
    Hold.OUTSIDE_WINDOW: "It goes on by itself when the window opens, or at once when it is promoted.",
    Hold.WAITS_FOR_ENDPOINT: "It goes on by itself when its turn comes.",
}
"""What comes next where people or the policy hold it. Every other hold is mended, or mends itself."""


def subject_of(rollout: Rollout, decision: Decision) -> str:
    """One line of printable ASCII, at most 100 characters, as SNS wants it."""
    state = decision.rollout.hold.value if decision.rollout.hold else decision.phase.value
    text = f"{rollout.endpoint} v{rollout.version}: {state}"
    return "".join(char if " " <= char <= "~" else "?" for char in text)[:MAX_SUBJECT]


def body_of(rollout: Rollout, decision: Decision, about: Mapping[str, str] | None = None) -> str:
    """The message itself, plain text. `about`: what the policy says of the endpoint (team, ticket, cost centre)."""
    lines = [
        f"Endpoint  {rollout.endpoint}",
        f"Version   {rollout.version} ({_one_line(rollout.approval.package)})",
        f"Rollout   {rollout.id}",
        f"Phase     {rollout.phase} -> {decision.phase}",
        f"Why       {_one_line(decision.reason)}",
    ]
    if about:
        pairs = ", ".join(f"{name} {_one_line(value)}" for name, value in about.items())
        lines.insert(3, f"About     {_one_line(pairs)}")
    lines += [f"          {name} = {_one_line(value)}" for name, value in sorted(decision.numbers.items())]
    lines.append(f"Next      {next_of(decision)}")
    if decision.briefing:
        lines += ["", "What is ahead:", decision.briefing]
    if not decision.rollout.is_terminal and decision.phase is not Phase.ROLLING_BACK:
        lines += [
            "",
            *_commands(decision.rollout),
            "Without the command line, to stop it:",
            stop_command(rollout),
        ]
    return "\n".join(lines)


def next_of(decision: Decision) -> str:
    """What happens next, in a sentence."""
    if decision.act is Act.FINALIZE and decision.rollout.hold is not None:
        return "Finalizing is tried again."
    rollout = decision.rollout
    if rollout.phase is Phase.NEEDS_HUMAN:
        return NEXT[Phase.NEEDS_HUMAN]
    if rollout.hold is not None and rollout.hold is not Hold.APPROVAL_WAITED_FOR:
        return HELD.get(rollout.hold, "It goes on by itself as soon as this is mended.")
    is_approved = rollout.phase is Phase.AWAITING_APPROVAL and rollout.gate is None
    if decision.act is None and (rollout.waved or is_approved):
        return "It goes on with the next look, unless an alarm or the evidence takes it back."
    return NEXT[decision.phase]


def _commands(rollout: Rollout) -> list[str]:
    """What to type, as far as it makes sense now."""
    lines = [f"To see it:      pointsman status {rollout.endpoint}"]
    if rollout.hold is Hold.APPROVAL_WAITED_FOR and rollout.gate is not None:
        lines.append(f'To approve it:  pointsman approve {rollout.id} --step {rollout.gate} --reason "..."')
    elif rollout.paused or (rollout.phase is Phase.NEEDS_HUMAN and phase_after(rollout) is not None):
        lines.append(f'To go on:       pointsman resume {rollout.id} --reason "..."')
    elif rollout.hold is Hold.OUTSIDE_WINDOW:
        lines.append(f'To go on now:   pointsman promote {rollout.id} --reason "..."')
    return [*lines, f'To stop it:     pointsman abort {rollout.id} --reason "..."']


def stop_command(rollout: Rollout) -> str:
    """A command to paste that aborts the rollout."""
    request = {
        "command": "abort",
        "target": rollout.id,
        "reason": "say why",
        "by": "your name",
        "request_id": f"abort-{rollout.id}",
    }
    return (
        "aws lambda invoke --function-name pointsman-operator-request --cli-binary-format raw-in-base64-out "
        f"--payload '{json.dumps(request)}' /dev/stdout"
    )


def _one_line(value: object) -> str:
    """Text from outside (a failure reason, an answer, an operator's words) cannot pass for lines of the message."""
    return "".join(char if char.isprintable() else " " for char in str(value))
