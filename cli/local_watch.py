"""The commands that watch the local world that runs: let time pass, its state, what people were told. They print; the world does the work."""

from __future__ import annotations

import json as jsonlib
import time
from datetime import timedelta
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from cli.local_client import Json, LocalWorld
from cli.local_talk import asked, counted, moment, print_json, print_problems, with_world
from cli.local_view import endpoint_table, record_line
from cli.options import AsJson, Exit, say
from cli.policy_values import format_duration, parse_duration
from cli.tell import printable

FOLLOW_S = 0.5


def advance(
    duration: Annotated[str, Parameter(help="Such as 90s, 10m, 1h30m or 2d; up to 30 days.")],
    /,
    *,
    json: AsJson = False,
) -> int:
    """Let virtual time pass at once, and tell what was recorded meanwhile: one line a decision.

    Try:

        pointsman local advance 10m
        pointsman local advance 1d2h --json

    With --json: {now, advanced_s, records: [...], messages, dead_letters, policy_problems}.
    """

    def body(world: LocalWorld) -> int:
        records: list[Json] = []
        answer: Json = {}
        for answer in world.follow("advance", duration_s=seconds):
            if "record" in answer:
                records.append(answer["record"])
                if not json:
                    print(record_line(answer["record"]), flush=True)
        if json:
            return print_json(answer | {"records": records})
        _say_advanced(answer)
        if answer["advanced_s"] < seconds:
            return say("local advance", "the local world ended before that time had passed", Exit.NO)
        return Exit.OK

    try:
        seconds = parse_duration(duration).total_seconds()
    except ValueError as err:
        return say("local advance", str(err), Exit.WRONG_USE)
    return with_world("advance", body)


def _say_advanced(answer: Json) -> None:
    passed = format_duration(timedelta(seconds=round(answer["advanced_s"])))
    told = counted(answer["messages"], "message")
    print(
        f"{passed} passed, it is {moment(answer['now'])}: {counted(answer['records'], 'record')}, {told} to people"
    )
    if answer["dead_letters"]:
        print(f"{counted(answer['dead_letters'], 'event')} failed three times: pointsman dlq list")
    print_problems(answer)


def status(*, json: AsJson = False) -> int:
    """Tell what time it is in the local world, what stands in it, and what is planned to fail.

    Example: `pointsman local status`. With --json: {now, speed, seed, endpoints, records, messages, dead_letters,
    planned_faults, policy_problems}.
    """

    def tell(answer: Json) -> None:
        speed = answer["speed"]
        pace = f"{speed:g} virtual seconds a second" if speed else "it stands still until `local advance`"
        print(f"It is {moment(answer['now'])} ({pace}).\n")
        Console(markup=False, emoji=False, highlight=False).print(endpoint_table(answer["endpoints"]))
        counts = (counted(answer["records"], "record"), counted(answer["messages"], "message"))
        print(f"\n{counts[0]}, {counts[1]} to people, {counted(answer['dead_letters'], 'dead letter')}")
        for planned in answer["planned_faults"]:
            print(f"planned: {printable(planned)}")
        print_problems(answer)

    return asked("status", {}, tell, as_json=json)


def messages(
    *,
    follow: Annotated[bool, Parameter(negative=(), help="Go on as messages come, until Ctrl-C.")] = False,
    json: AsJson = False,
) -> int:
    """Print what people were told by SNS, oldest first.

    Example: `pointsman local messages --follow`. With --json: {messages: [{at, id, endpoint, topic, subject, body}], next};
    with --follow as well: one such message a line, as they come.
    """

    def body(world: LocalWorld) -> int:
        answer = world.ask("messages", after=0)
        if json and not follow:
            return print_json(answer)
        _print_messages(answer, as_json=json)
        while follow:
            time.sleep(FOLLOW_S)
            answer = world.ask("messages", after=answer["next"])
            _print_messages(answer, as_json=json)
        if not answer["next"]:
            print("nobody was told anything yet")
        return Exit.OK

    return with_world("messages", body)


def _print_messages(answer: Json, *, as_json: bool) -> None:
    for each in answer["messages"]:
        if as_json:
            print(jsonlib.dumps(each), flush=True)
            continue
        print(f"{moment(each['at'])}  {printable(each['subject'])}")
        for line in each["body"].splitlines():
            print(f"    {printable(line)}")
        print(flush=True)
