"""How every steering command goes: look, say what will be done, ask once, send, say how to see it. What is done is decided by the installation."""

from __future__ import annotations

import json as jsonlib
import sys
import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import Parameter

from cli.options import AsJson, Exit, Yes, guarded, say
from cli.reach import DEFAULT, Reach, Reached
from cli.tell import printable
from pointsman.errors import Transient

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for. `step` (percent) and `version` say what the person has in mind."""

    command: str
    target: str
    reason: str
    step: int | None = None
    version: int | None = None
    pins_share: bool = False
    """The share that is seen now is sent as the step, so that of two persons at once only one moves on from it."""
    pins_gate: bool = False
    """The step that waits for approval now is sent, unless one is named."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Manner:
    """How it is asked: without a question, for a program, as which request, where."""

    yes: Yes = False
    json: AsJson = False
    request_id: Annotated[
        str | None,
        Parameter(
            help="Id of this request; a repeat with the same one does nothing twice. Made anew otherwise."
        ),
    ] = None
    reach: Reach = DEFAULT


ASKING = Manner()


def steer(wish: Wish, manner: Manner) -> int:
    """Carry a wish to the installation. 0: done, 1: refused or not wanted, 2: wrong use, 3: no answer."""
    if not wish.reason.strip():
        return say(wish.command, "--reason must say why: people are told, and it is recorded", Exit.WRONG_USE)
    if not manner.yes and not (sys.stdin.isatty() and sys.stdout.isatty() and not manner.json):
        hint = "nobody can be asked here: look at it with `pointsman status`, then repeat with --yes"
        return say(wish.command, hint, Exit.WRONG_USE)
    return guarded(wish.command, lambda: _steer(wish, manner))


def _steer(wish: Wish, manner: Manner) -> int:
    reached = manner.reach.open()
    event = _event(reached, wish, manner.request_id or str(uuid.uuid4()))
    preview = reached.request(event | {"preview": True})
    if preview.get("ok") is not True:
        return _refused(wish, manner, event, preview)
    if not manner.json:
        sys.stdout.write(f"{_where(reached, manner)}\nPreview: {printable(preview['message'])}\n")
    if not manner.yes and not _is_wanted():
        return say(wish.command, "not wanted: nothing was done", Exit.NO)
    try:
        told = reached.request(event)
    except Transient as err:
        return say(wish.command, f"{err}. {_perhaps(event)}", Exit.NO_ANSWER)
    except KeyboardInterrupt:
        return say(wish.command, f"interrupted while it was sent. {_perhaps(event)}", Exit.INTERRUPTED)
    if told.get("ok") is not True:
        return _refused(wish, manner, event, told)
    _done(manner, event, preview, told)
    return Exit.OK


def _perhaps(event: Json) -> str:
    """What a person can know, and do, after an answer that did not come."""
    return (
        f"It may have been carried out. Look with: pointsman status {_endpoint(event)}. "
        f"A repeat with --request-id {event['request_id']} does nothing twice."
    )


def _event(reached: Reached, wish: Wish, request_id: str) -> Json:
    """The request, about that very rollout and step which is seen now."""
    entry = _find_entry(reached, wish)
    target, step = wish.target, wish.step
    if entry and entry.get("rollout") and wish.command not in {"rollback", "retry"}:
        target = str(entry["rollout"]) if wish.target == entry["endpoint"] else wish.target
        # A watch has no share that somebody else could have moved on from: its end is what is asked for.
        if step is None and wish.pins_share and entry["share_percent"] and entry.get("phase") != "WATCHING":
            step = int(entry["share_percent"])
        if step is None and wish.pins_gate:
            step = entry["gates"]["waits_for"]
    event = {
        "command": wish.command,
        "target": target,
        "reason": wish.reason,
        "by": reached.account.identity.arn,
        "request_id": request_id,
        "step": step,
        "version": wish.version,
    }
    return {key: value for key, value in event.items() if value is not None}


def _find_entry(reached: Reached, wish: Wish) -> Json | None:
    """What is seen of the endpoint. A table that does not answer keeps nobody from an abort."""
    try:
        told = reached.ask("status", endpoint=wish.target.split(".", 1)[0])
    except Transient:
        if wish.command == "abort":
            return None
        raise
    entries = told["rollouts"]
    return entries[0] if entries else None


def _is_wanted() -> bool:
    sys.stdout.write("Do it? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _where(reached: Reached, manner: Manner) -> str:
    identity = reached.account.identity
    return (
        f"Installation {manner.reach.installation} in {reached.account.region} of account {identity.account}, "
        f"as {printable(identity.arn)}"
    )


def _refused(wish: Wish, manner: Manner, event: Json, told: Json) -> int:
    message = str(told.get("message", "no reason given"))
    if manner.json:
        sys.stdout.write(jsonlib.dumps(_report(event, told, "")) + "\n")
        return Exit.NO
    return say(wish.command, f"refused: {message}", Exit.NO)


def _done(manner: Manner, event: Json, preview: Json, told: Json) -> None:
    if manner.json:
        sys.stdout.write(jsonlib.dumps(_report(event, told, str(preview["message"]))) + "\n")
        return
    see = f"pointsman status {_endpoint(event)} --watch"
    sys.stdout.write(f"Done: {printable(told['message'])}\nSee it happen: {see}\n")


def _report(event: Json, told: Json, preview: str) -> Json:
    return {
        "ok": told.get("ok") is True,
        "command": event["command"],
        "endpoint": _endpoint(event),
        "rollout": told.get("rollout") or None,
        "message": str(told.get("message", "")),
        "preview": preview,
        "by": event["by"],
        "request_id": event["request_id"],
    }


def _endpoint(event: Json) -> str:
    return printable(str(event["target"]).split(".", 1)[0])
