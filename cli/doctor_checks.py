"""What makes an installation whole, check by check: each finding says what is, and what to do. It prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cli.doctor_findings import ABSENT, Finding, State, checked
from cli.doctor_registries import registries
from cli.reach import Reached
from pointsman import __version__
from pointsman.adapters.aws.dead_letters import DEAD_LETTERS, FAILED_INVOCATIONS
from pointsman.adapters.aws.inspection import Inspection
from pointsman.errors import Denied, PointsmanError
from pointsman.triggers import TRIGGERS, Pattern, Schedule, Trigger

Json = dict[str, Any]
CLOCK_TOLERANCE = timedelta(seconds=60)
"""AWS refuses what is signed five minutes apart; a minute is worth a word."""


ELSEWHERE = "deploy it, choose another --region, --profile or --installation, or run `pointsman local up` to try one here"


def findings(reached: Reached, here: datetime, *, is_local: bool = False) -> Iterator[Finding]:
    """Every check, in the order in which things depend on each other. `here`: this machine's time when AWS was asked.

    `is_local`: it is a world of `pointsman local up`, whose time is virtual.
    """
    identity, functions = reached.account.identity, reached.functions
    inspection = reached.account.inspection()
    yield Finding(
        "caller", State.OK, f"{identity.arn} in {reached.account.region} of account {identity.account}"
    )
    yield _clock(identity.now, here, is_local=is_local)
    parts = [_function(inspection, trigger, functions.name_of(trigger.name)) for trigger in TRIGGERS]
    if all(part.says == ABSENT for part in parts):
        yield Finding(
            f"installation {functions.installation}",
            State.PROBLEM,
            "none of its functions exists here",
            ELSEWHERE,
        )
        return
    yield from parts
    yield _invocable(inspection, functions.name_of("operator_request"))
    about, finding = _about(reached)
    yield finding
    yield from _rules(inspection, reached)
    yield from _tables(inspection, about, functions.installation)
    for name in _queue_names(about, functions.installation):
        yield _queue(inspection, name)
    for part in (DEAD_LETTERS, FAILED_INVOCATIONS):
        yield _dead(inspection, f"{functions.installation}-{part}")
    yield _bus(inspection, about["bus"] if about else functions.installation)
    yield _alarms(inspection, f"{functions.installation}-", is_local=is_local)
    if about is not None:
        yield from _inside(inspection, about)
        yield from registries(inspection, about)


def _clock(theirs: datetime, here: datetime, *, is_local: bool) -> Finding:
    if is_local:
        return Finding("clock", State.OK, "a local world has a time of its own")
    apart = abs(theirs - here)
    said = f"this machine is {apart.total_seconds():.0f} s from AWS's clock"
    if apart <= CLOCK_TOLERANCE:
        return Finding("clock", State.OK, said)
    return Finding("clock", State.PROBLEM, said, "set it by NTP; times in answers are AWS's")


def _function(inspection: Inspection, trigger: Trigger, name: str) -> Finding:
    what = f"function {name}"

    def look() -> Finding:
        found = inspection.function(name)
        wanted = round(trigger.timeout.total_seconds())
        if found.state not in {"Active", "Inactive"} or found.update == "Failed":
            said = f"is {found.state}, its last update {found.update}"
            return Finding(what, State.PROBLEM, said, "deploy again; see the function in the Lambda console")
        if found.timeout_s != wanted:
            said = f"may run {found.timeout_s} s instead of {wanted} s"
            return Finding(
                what, State.PROBLEM, said, "deploy again: late calls are expected for this time only"
            )
        return Finding(what, State.OK, found.state.lower())

    return checked(what, look, "deploy again")


def _invocable(inspection: Inspection, name: str) -> Finding:
    what = f"may invoke {name}"

    def look() -> Finding:
        inspection.may_invoke(name)
        return Finding(what, State.OK, "yes: you can steer")

    return checked(what, look, "deploy again")


def _about(reached: Reached) -> tuple[Json | None, Finding]:
    what = f"answer of {reached.functions.name_of('operator_query')}"
    try:
        about = reached.ask("about")
    except Denied as err:
        do = "ask for this permission; without it the names of tables and queues are guessed"
        return None, Finding(what, State.NOT_READ, str(err), do)
    except PointsmanError as err:
        return None, Finding(what, State.PROBLEM, str(err), "see the function's log group in CloudWatch Logs")
    if about["version"] != __version__:
        said = f"version {about['version']}, this command line is {__version__}"
        return about, Finding(
            what, State.PROBLEM, said, "use the command line of the deployed version, or deploy"
        )
    return about, Finding(what, State.OK, f"version {about['version']}")


def _rules(inspection: Inspection, reached: Reached) -> Iterator[Finding]:
    for trigger in TRIGGERS:
        if not isinstance(trigger.started_by, Pattern | Schedule):
            continue
        name = reached.functions.name_of(trigger.name)

        def look(name: str = name) -> Finding:
            state = inspection.rule(name)
            if state.startswith("ENABLED"):
                return Finding(f"rule {name}", State.OK, "enabled")
            said = f"is {state}: nothing of it arrives"
            return Finding(f"rule {name}", State.PROBLEM, said, f"aws events enable-rule --name {name}")

        yield checked(f"rule {name}", look, "deploy again")


def _tables(inspection: Inspection, about: Json | None, installation: str) -> Iterator[Finding]:
    tables = about["tables"] if about else {each: f"{installation}-{each}" for each in ("state", "audit")}
    for name in tables.values():

        def look(name: str = name) -> Finding:
            status = inspection.table(name)
            if status == "ACTIVE":
                return Finding(f"table {name}", State.OK, "active")
            return Finding(f"table {name}", State.PROBLEM, f"is {status}", "wait, then look again")

        yield checked(f"table {name}", look, "deploy again; restore its data from point-in-time recovery")


def _queue_names(about: Json | None, installation: str) -> list[str]:
    if about and about["queues"]:
        return [str(each["queue"]) for each in about["queues"]]
    return [f"{installation}-{each}" for each in ("due", "journal")]


def _queue(inspection: Inspection, name: str) -> Finding:
    what = f"queue {name}"

    def look() -> Finding:
        found = inspection.queue(name)
        waiting = f"{found.waiting} waiting"
        if found.dead is None:
            said = (
                f"{waiting}, and what fails too often is tried until it is lost: it has no dead-letter queue"
            )
            return Finding(what, State.PROBLEM, said, "deploy again")
        return Finding(what, State.OK, f"{waiting}; what fails too often goes to queue {found.dead_letters}")

    return checked(what, look, "deploy again")


def _dead(inspection: Inspection, name: str) -> Finding:
    what = f"dead letters {name}"

    def look() -> Finding:
        waiting = inspection.queue(name).waiting
        if not waiting:
            return Finding(what, State.OK, "none")
        said = f"{waiting} event{'' if waiting == 1 else 's'} did not get through"
        return Finding(
            what, State.PROBLEM, said, "`pointsman dlq list`, mend the cause, `pointsman dlq redrive`"
        )

    return checked(what, look, "deploy again: without it, what fails is lost")


def _bus(inspection: Inspection, name: str) -> Finding:
    def look() -> Finding:
        return Finding(f"bus {name}", State.OK, inspection.bus(name))

    return checked(f"bus {name}", look, "deploy again; events wait in the outbox until then")


def _alarms(inspection: Inspection, prefix: str, *, is_local: bool) -> Finding:
    def look() -> Finding:
        states = inspection.alarms(prefix)
        firing = sorted(name for name, state in states.items() if state == "ALARM")
        if firing:
            said = f"{', '.join(firing)} in ALARM"
            return Finding("own alarms", State.PROBLEM, said, "each says in its description what to do")
        if not states and not is_local:
            said = f"no alarm begins with {prefix}: nobody is told when something here fails"
            return Finding("own alarms", State.PROBLEM, said, "deploy again")
        said = f"{len(states)} alarms, none in ALARM" if states else "a local world has none"
        return Finding("own alarms", State.OK, said)

    return checked("own alarms", look, "deploy again")


def _alarms_of_policies(inspection: Inspection, names: list[str]) -> Finding:
    do = "deploy those that policies define, create the others: until then releases wait for them"

    def look() -> Finding:
        if missing := inspection.missing_alarms(names):
            return Finding("alarms of policies", State.PROBLEM, f"{', '.join(missing)}: not there", do)
        return Finding("alarms of policies", State.OK, f"all {len(names)} exist")

    return checked("alarms of policies", look, do)


def _inside(inspection: Inspection, about: Json) -> Iterator[Finding]:
    """What the installation says of itself."""
    for endpoint, why in about["policies"]["unreadable"].items():
        yield Finding(
            f"policy of {endpoint}", State.PROBLEM, str(why), "run `pointsman policy check`, then deploy"
        )
    yield Finding("policies", State.OK, f"{about['policies']['count']} endpoints have one")
    yield _alarms_of_policies(inspection, about["policies"].get("alarms", []))
    for what, unsent, do in (
        ("messages to people", about["unsent_messages"], "whether the topics of the policies exist"),
        ("events", about["unpublished_events"], "whether the bus exists"),
    ):
        if unsent:
            todo = f"look {do} and may be published to; the function rollout_tick logs why"
            yield Finding(what, State.PROBLEM, f"{unsent} are not sent yet", todo)
        else:
            yield Finding(what, State.OK, "all sent")
