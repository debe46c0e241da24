"""The commands that talk to a local world while it runs: each takes JSON and answers JSON. How they travel is `front.py`'s business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from local.asked import Asked, Refused
from local.faulting import FAULTS, planned
from local.fleet import register, set_approval
from local.installation import Installation
from local.releases import USUALLY_FAILING_PERCENT, Character, of_character
from local.running import Running
from local.status import status
from twin.errors import TwinError
from twin.traffic import Profile

Json = dict[str, Any]
Command = Callable[[Running, Asked], Json]
MOST_REQUESTS_A_MINUTE = 100_000


def carried_out(world: Running, command: str, params: Json) -> Iterator[Json]:
    """Carry a command out. What comes last is its answer; before it, `advance` gives one `{"record": ...}` for each record.

    Raises:
        Refused: it cannot be carried out, with why, in words for a person.
        Closed: the world is about to end.

    """
    asked = Asked(params)
    if command == "advance":
        yield from _advance(world, asked)
        return
    run = COMMANDS.get(command)
    if run is None:
        raise Refused(f"there is no command {command!r}")
    with world.turn():
        try:
            answer = run(world, asked)
        except TwinError as err:
            raise Refused(err.message) from err
        except ClientError as err:
            raise Refused(str(err.response["Error"]["Message"])) from err
    yield answer


def _advance(world: Running, asked: Asked) -> Iterator[Json]:
    """Time passes; what is recorded meanwhile comes as it happens."""
    delta = asked.duration("duration_s")
    with world.turn() as here:
        problems = world.refresh()
        begun, heard, told = here.kernel.now, len(here.heard.records), len(here.heard.told)
        dead = len(here.dispatcher.dead)
    seen = heard
    for _moment in world.advance(delta):
        fresh = here.heard.records[seen:]
        seen += len(fresh)
        yield from ({"record": record.facts()} for record in fresh)
    now = here.kernel.now
    yield {
        "now": now.isoformat(),
        "advanced_s": (now - begun).total_seconds(),
        "records": seen - heard,
        "messages": len(here.heard.told) - told,
        "dead_letters": len(here.dispatcher.dead) - dead,
        "policy_problems": problems,
    }


def _approve(world: Running, asked: Asked) -> Json:
    """Register the next version of a group with a character, and approve it."""
    group = asked.text("group")
    character = _character(asked)
    failing = asked.number("failing_percent", 0, 100, USUALLY_FAILING_PERCENT)
    profile = of_character(character, world.characters.get(group, Profile()), failing)
    package = register(world.here, group, profile)
    set_approval(world.here, package, "Approved")
    return _told(world.here, group, package) | {"character": character.value}


def _character(asked: Asked) -> Character:
    try:
        return Character(asked.text("character"))
    except ValueError as err:
        raise Refused(f"a version can be {', '.join(Character)}") from err


def _reject(world: Running, asked: Asked) -> Json:
    """Reject a version, as a person does in the registry."""
    group, version = asked.text("group"), asked.count("version")
    answer = world.here.client("sagemaker").list_model_packages(ModelPackageGroupName=group, MaxResults=100)
    versions = {each["ModelPackageVersion"]: each for each in answer["ModelPackageSummaryList"]}
    if version not in versions:
        raise Refused(
            f"group {group} has no version {version}; it has {', '.join(map(str, sorted(versions)))}"
        )
    package = versions[version]["ModelPackageArn"]
    set_approval(world.here, package, "Rejected")
    return _told(world.here, group, package)


def _told(here: Installation, group: str, package: str) -> Json:
    version = here.client("sagemaker").describe_model_package(ModelPackageName=package)["ModelPackageVersion"]
    return {"group": group, "version": version, "package": package, "now": here.kernel.now.isoformat()}


def _traffic(world: Running, asked: Asked) -> Json:
    """Let so many requests a minute come to an endpoint from now on."""
    endpoint = asked.text("endpoint")
    rate = asked.number("requests_per_minute", 0, MOST_REQUESTS_A_MINUTE)
    world.here.client("sagemaker").describe_endpoint(EndpointName=endpoint)
    before = world.load.rate(endpoint)
    world.load.set_rate(endpoint, rate)
    return {"endpoint": endpoint, "requests_per_minute": rate, "before": before}


def _fault(world: Running, asked: Asked) -> Json:
    kind = asked.text("kind")
    if kind not in FAULTS:
        raise Refused(f"there is no fault {kind!r}; there are {', '.join(FAULTS)}")
    return {"fault": kind, "said": FAULTS[kind](world.here, asked), "planned": planned(world.here)}


def _faults(world: Running, _asked: Asked) -> Json:
    return {"planned": planned(world.here)}


def _status(world: Running, _asked: Asked) -> Json:
    problems = world.refresh()
    return status(world) | {"policy_problems": problems}


def _messages(world: Running, asked: Asked) -> Json:
    """What people were told, from the message with number `after` on."""
    after = asked.count("after", least=0)
    told = world.here.heard.told[after:]
    return {
        "messages": [
            {
                "at": each.at.isoformat(),
                "id": each.message.id,
                "endpoint": each.message.endpoint,
                "topic": each.message.topic or world.here.settings.topic_arn,
                "subject": each.message.subject,
                "body": each.message.body,
            }
            for each in told
        ],
        "next": after + len(told),
    }


def _reload(world: Running, _asked: Asked) -> Json:
    problems = world.refresh()
    return {"endpoints": sorted(world.here.policies.endpoints()), "policy_problems": problems}


def _ping(world: Running, _asked: Asked) -> Json:
    return {"now": world.here.kernel.now.isoformat()}


def _down(world: Running, _asked: Asked) -> Json:
    world.stopping.set()
    return {"now": world.here.kernel.now.isoformat()}


COMMANDS: dict[str, Command] = {
    "approve": _approve,
    "reject": _reject,
    "traffic": _traffic,
    "fault": _fault,
    "faults": _faults,
    "status": _status,
    "messages": _messages,
    "reload": _reload,
    "ping": _ping,
    "down": _down,
}
