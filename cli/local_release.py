"""The commands that do in the local world what people and their users do: approve, reject, send requests. They print; the world does the work."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from cyclopts import Parameter

from cli.local_client import Json
from cli.local_talk import asked
from cli.options import AsJson, Exit, say
from cli.tell import printable

Group = Annotated[str, Parameter(help="The model package group.")]
Endpoint = Annotated[str, Parameter(help="The endpoint.")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Chosen:
    """How a version behaves; at most one of these. Negations would mean nothing."""

    good: Annotated[bool, Parameter(negative=(), help="It answers as the first version does.")] = False
    failing: Annotated[bool, Parameter(negative=(), help="It fails a share of its requests.")] = False
    slow: Annotated[bool, Parameter(negative=(), help="It takes 20 times as long for every answer.")] = False
    never_starts: Annotated[
        bool, Parameter(negative=(), help="Its container never passes the health check.")
    ] = False
    dead: Annotated[
        bool, Parameter(negative=(), help="It takes requests, answers none and reports nothing.")
    ] = False

    def characters(self) -> list[str]:
        """What was chosen."""
        return [name.replace("_", "-") for name, is_chosen in asdict(self).items() if is_chosen]


GOOD = Chosen()


def approve(
    group: Group,
    percent: Annotated[
        float | None, Parameter(help="With --failing: percent of its requests that fail; 3 without a number.")
    ] = None,
    /,
    *,
    how: Chosen = GOOD,
    json: AsJson = False,
) -> int:
    """Register the next version of a model package group and approve it, as a release board does. It is good unless told otherwise.

    Try:

        pointsman local approve chat-llm
        pointsman local approve fraud-detector --failing 2

    With --json: {group, version, package, character, now}.
    """
    chosen = how.characters() or ["good"]
    if len(chosen) > 1:
        return say("local approve", f"choose one of --{' and --'.join(chosen)}", Exit.WRONG_USE)
    if percent is not None and chosen != ["failing"]:
        return say("local approve", "a percentage belongs to --failing", Exit.WRONG_USE)
    params: Json = {"group": group, "character": chosen[0]}
    if percent is not None:
        params["failing_percent"] = percent

    def tell(answer: Json) -> None:
        print(f"version {answer['version']} of {printable(group)} is approved ({answer['character']})")
        print(printable(answer["package"]))
        print("Pointsman hears of it a second later; to see it soon: pointsman local advance 30m")

    return asked("approve", params, tell, as_json=json)


def reject(
    group: Group, version: Annotated[int, Parameter(help="Its number.")], /, *, json: AsJson = False
) -> int:
    """Reject a version in the registry, as a release board does.

    Example: `pointsman local reject chat-llm 2`. With --json: {group, version, package, now}.
    """
    return asked(
        "reject",
        {"group": group, "version": version},
        lambda answer: print(f"version {answer['version']} of {printable(group)} is rejected"),
        as_json=json,
    )


def traffic(
    endpoint: Endpoint,
    requests_per_minute: Annotated[float, Parameter(help="On average, at random times.")],
    /,
    *,
    json: AsJson = False,
) -> int:
    """Let so many requests a minute come to an endpoint from now on; 0 for none.

    Example: `pointsman local traffic chat-llm 600`. With --json: {endpoint, requests_per_minute, before}.
    """
    return asked(
        "traffic",
        {"endpoint": endpoint, "requests_per_minute": requests_per_minute},
        lambda answer: print(
            f"{printable(endpoint)} gets {answer['requests_per_minute']:g} requests a minute (before: {answer['before']:g})"
        ),
        as_json=json,
    )
