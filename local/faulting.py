"""The faults that can be asked for in a local world: what each is called, what it takes, what it does. The twin and moto do the failing."""

from __future__ import annotations

from difflib import get_close_matches

from local.asked import Asked, Refused
from local.installation import Installation
from local.refusals import Refusal
from twin.control import FORCIBLE
from twin.wire.models import SERVICES, service_model

PLAYED_BY_MOTO = ("dynamodb", "events", "sns", "sqs")
ALARM_STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")


def lose_events(here: Installation, asked: Asked) -> str:
    """The next n SageMaker events never arrive."""
    here.kernel.faults.lose_events(asked.count("events"))
    return f"the next {asked.count('events')} SageMaker events are lost; alarm events are never lost"


def duplicate_events(here: Installation, asked: Asked) -> str:
    """The next n events arrive twice."""
    here.kernel.faults.duplicate_events(asked.count("events"))
    return f"the next {asked.count('events')} events arrive twice"


def delay_events(here: Installation, asked: Asked) -> str:
    """The next n events arrive late."""
    delay = asked.duration("delay_s")
    here.kernel.faults.delay_events(delay, asked.count("events"))
    return f"the next {asked.count('events')} events arrive {delay.total_seconds():g} s late"


def fail(here: Installation, asked: Asked) -> str:
    """The next calls of an operation fail."""
    service, operation, code = asked.text("service"), asked.text("operation"), asked.text("code")
    times = asked.count("times")
    _check_operation(service, operation)
    what = f"the next {times} calls of {service} {operation} fail with {code}"
    if service in SERVICES:
        here.kernel.faults.fail(service, operation, code, times=times)
        return what
    here.refusals.planned.append(Refusal(service, operation, code, times))
    return f"{what}; calls of the installation's functions only"


def _check_operation(service: str, operation: str) -> None:
    known = (*SERVICES, *PLAYED_BY_MOTO)
    if service not in known:
        raise Refused(f"no service {service!r} can fail here; these can: {', '.join(sorted(known))}")
    operations = service_model(service).operation_names
    if operation != "*" and operation not in operations:
        near = get_close_matches(operation, operations) or operations[:3]
        raise Refused(f"{service} has no operation {operation!r}; did you mean {', '.join(near)} or *?")


def capacity(here: Installation, asked: Asked) -> str:
    """So many instances of a type can still be launched."""
    instance_type, free = _instance_type(asked), asked.count("instances", least=0)
    here.kernel.capacity[instance_type] = free
    return f"AWS has {free} {instance_type} free for launches; what runs is not touched"


def quota(here: Installation, asked: Asked) -> str:
    """At most so many instances of a type run at once."""
    instance_type, most = _instance_type(asked), asked.count("instances", least=0)
    here.kernel.quota[instance_type] = most
    return f"the account may run {most} {instance_type} at once, over all its endpoints"


def _instance_type(asked: Asked) -> str:
    instance_type = asked.text("instance_type")
    if not instance_type.startswith("ml."):
        raise Refused(f"{instance_type!r} is no SageMaker instance type; one is ml.g5.2xlarge")
    return instance_type


def endpoint_status(here: Installation, asked: Asked) -> str:
    """An endpoint gets a status that AWS sets by itself."""
    name, status = asked.text("endpoint"), asked.text("status")
    if status not in FORCIBLE:
        raise Refused(f"{status!r} cannot be forced; these can: {', '.join(FORCIBLE)}")
    reason = "" if status == "InService" else "forced from outside (pointsman local fault)"
    here.kernel.set_endpoint_status(name, status, reason)
    return f"endpoint {name} is {status}"


def alarm(here: Installation, asked: Asked) -> str:
    """An alarm goes to a state until its next evaluation."""
    name, state = asked.text("alarm"), asked.text("state")
    if state not in ALARM_STATES:
        raise Refused(f"{state!r} is no state of an alarm; states are {', '.join(ALARM_STATES)}")
    here.client("cloudwatch").set_alarm_state(
        AlarmName=name, StateValue=state, StateReason="set by pointsman local fault"
    )
    return f"alarm {name} is {state} until its next evaluation, within a minute"


def clear(here: Installation, _asked: Asked) -> str:
    """Nothing fails any more."""
    here.kernel.faults.clear()
    here.kernel.capacity.clear()
    here.kernel.quota.clear()
    here.refusals.planned.clear()
    return "no fault is planned any more, capacity and quotas are as at the start; statuses and alarms stay as they are"


FAULTS = {
    "lose-events": lose_events,
    "duplicate-events": duplicate_events,
    "delay-events": delay_events,
    "fail": fail,
    "capacity": capacity,
    "quota": quota,
    "endpoint-status": endpoint_status,
    "alarm": alarm,
    "clear": clear,
}


def planned(here: Installation) -> list[str]:
    """What is still to fail, in words."""
    kernel = here.kernel
    return [
        *kernel.faults.planned(),
        *(
            f"{each.service} {each.operation} fails with {each.code}, {each.times} times more"
            for each in here.refusals.planned
        ),
        *(f"capacity of {name}: {free} free" for name, free in kernel.capacity.items()),
        *(f"quota of {name}: {most}" for name, most in kernel.quota.items()),
    ]
