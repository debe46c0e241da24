"""`pointsman local fault`: what shall go wrong in the local world that runs. They print; the world does the failing."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import App, Parameter

from cli.local_client import Json
from cli.local_talk import asked
from cli.options import AsJson, Exit, say
from cli.policy_values import parse_duration
from cli.tell import printable

app = App(name="fault", help="Let something go wrong in the local world.")
KINDS = """\
lose-events N                     the next SageMaker events never arrive
duplicate-events N                the next events arrive twice
delay-events DURATION N           the next events arrive late
fail SERVICE OPERATION CODE       the next calls fail; --times N; OPERATION may be "*"
capacity TYPE N                   so many instances can still be launched
quota TYPE N                      so many instances may run at once
endpoint-status ENDPOINT STATUS   SystemUpdating, Failed, UpdateRollbackFailed or InService
alarm ALARM STATE                 OK, ALARM or INSUFFICIENT_DATA, until its next evaluation
clear                             nothing fails any more
A rule that somebody switched off is a fault as well: aws events disable-rule --name pointsman-alarm-changed
"""


@app.default
def fault(
    kind: Annotated[str | None, Parameter(help="One of the commands below.")] = None,
    /,
    *,
    show: Annotated[
        bool, Parameter(name="--list", negative=(), help="List them, and what is planned.")
    ] = False,
    json: AsJson = False,
) -> int:
    """Let something go wrong in the local world, or list what can and what is planned.

    Try:

        pointsman local fault --list
        pointsman local fault lose-events 1
        pointsman local fault fail sagemaker UpdateEndpointWeightsAndCapacities ThrottlingException --times 3
        pointsman local fault capacity ml.g5.2xlarge 0
        pointsman local fault clear

    With --json: {fault, said, planned: [...]}; --list: {planned: [...]}.
    """
    if kind is not None:
        return say(
            "local fault", f"there is no fault {kind!r}; see: pointsman local fault --list", Exit.WRONG_USE
        )
    if not json:
        print(KINDS)
    return asked("faults", {}, _tell_planned, as_json=json) if show or json else Exit.OK


def _tell_planned(answer: Json) -> None:
    for planned in answer["planned"] or ["nothing"]:
        print(f"planned: {printable(planned)}")


def _planned(kind: str, *, as_json: bool, **params: Any) -> int:  # noqa: ANN401 - any JSON
    return asked(
        "fault", {"kind": kind} | params, lambda answer: print(printable(answer["said"])), as_json=as_json
    )


@app.command(name="lose-events")
def lose_events(events: int, /, *, json: AsJson = False) -> int:
    """The next SageMaker events never arrive: `pointsman local fault lose-events 1`. Alarm events are never lost."""
    return _planned("lose-events", as_json=json, events=events)


@app.command(name="duplicate-events")
def duplicate_events(events: int, /, *, json: AsJson = False) -> int:
    """The next events arrive twice: `pointsman local fault duplicate-events 5`."""
    return _planned("duplicate-events", as_json=json, events=events)


@app.command(name="delay-events")
def delay_events(delay: str, events: int, /, *, json: AsJson = False) -> int:
    """The next events arrive late: `pointsman local fault delay-events 5m 2`."""
    try:
        seconds = parse_duration(delay).total_seconds()
    except ValueError as err:
        return say("local fault delay-events", str(err), Exit.WRONG_USE)
    return _planned("delay-events", as_json=json, delay_s=seconds, events=events)


@app.command
def fail(
    service: str,
    operation: str,
    code: str,
    /,
    *,
    times: Annotated[int, Parameter(help="How many calls.")] = 1,
    json: AsJson = False,
) -> int:
    """The next calls of an operation fail with an error code, whoever makes them.

    For dynamodb, events, sns and sqs only calls of Pointsman's own functions fail.

    Try:

        pointsman local fault fail sagemaker UpdateEndpoint ResourceLimitExceeded
        pointsman local fault fail dynamodb "*" InternalServerError --times 50
    """
    return _planned("fail", as_json=json, service=service, operation=operation, code=code, times=times)


@app.command
def capacity(instance_type: str, instances: int, /, *, json: AsJson = False) -> int:
    """So many instances of a type can still be launched: `pointsman local fault capacity ml.g5.2xlarge 0`."""
    return _planned("capacity", as_json=json, instance_type=instance_type, instances=instances)


@app.command
def quota(instance_type: str, instances: int, /, *, json: AsJson = False) -> int:
    """The account may run so many instances of a type at once: `pointsman local fault quota ml.g5.2xlarge 4`."""
    return _planned("quota", as_json=json, instance_type=instance_type, instances=instances)


@app.command(name="endpoint-status")
def endpoint_status(endpoint: str, status: str, /, *, json: AsJson = False) -> int:
    """An endpoint gets a status that AWS sets by itself: `pointsman local fault endpoint-status chat-llm Failed`."""
    return _planned("endpoint-status", as_json=json, endpoint=endpoint, status=status)


@app.command
def alarm(alarm: str, state: str, /, *, json: AsJson = False) -> int:
    """An alarm goes to a state until its next evaluation: `pointsman local fault alarm chat-llm-5xx ALARM`."""
    return _planned("alarm", as_json=json, alarm=alarm, state=state)


@app.command
def clear(*, json: AsJson = False) -> int:
    """Nothing fails any more, capacity and quotas are as at the start: `pointsman local fault clear`."""
    return _planned("clear", as_json=json)
