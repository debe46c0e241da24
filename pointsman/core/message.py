"""What people are told: what, why, the numbers, what comes next, and how to stop it. Sending it is an adapter's work."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pointsman.core.decision import Decision
from pointsman.core.phases import Act, Phase
from pointsman.core.rollout import Rollout

MAX_SUBJECT = 100

NEXT: dict[Phase, str] = {
    Phase.PENDING: "It begins when the pre-flight checks hold.",
    Phase.PREPARING: "The candidate's fleet starts without traffic, then it must answer a first request.",
    Phase.VALIDATING: "It takes traffic after its first answer.",
    Phase.SHIFTING: "When the share is observed, it is held while evidence is gathered.",
    Phase.BAKING: "The next step follows when the evidence is there.",
    Phase.FINALIZING: "The version takes the baseline's place; until then the baseline's fleet stands by.",
    Phase.WATCHING: "It is watched; a late failure still takes it back.",
    Phase.SUCCEEDED: "Nothing more will be done.",
    Phase.ROLLING_BACK: "Traffic goes back first, then the candidate's fleet is removed. You are told when it is verified.",
    Phase.ROLLED_BACK: "The version is in quarantine: it is not rolled out again until it is approved anew.",
    Phase.NEEDS_HUMAN: "Nothing goes forward by itself. Look at the endpoint, then abort it.",
    Phase.SUPERSEDED: "The newer version follows.",
}


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
    if not decision.rollout.is_terminal and decision.phase is not Phase.ROLLING_BACK:
        lines += ["", "To stop it:", stop_command(rollout)]
    return "\n".join(lines)


def next_of(decision: Decision) -> str:
    """What happens next, in a sentence."""
    if decision.act is Act.FINALIZE and decision.rollout.hold is not None:
        return "Finalizing is tried again."
    if decision.rollout.hold is not None and decision.phase is not Phase.NEEDS_HUMAN:
        return "It goes on by itself as soon as this is mended."
    return NEXT[decision.phase]


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
