"""The commands that keep the local world that runs: read its policies again, end it. They print; the world does the work."""

from __future__ import annotations

import time

from cli.local_client import LocalWorld, answers
from cli.local_talk import print_json, print_problems, with_world
from cli.options import AsJson, Exit, say
from cli.tell import printable

LAST_ANSWERS_S = 10.0


def reload(*, json: AsJson = False) -> int:
    """Read the policies again, which happens by itself within a second, and say what is wrong with them.

    Example: `pointsman local reload`. Exit code 1 if there are mistakes; the policies then stay as they were.
    With --json: {endpoints, policy_problems}.
    """

    def body(world: LocalWorld) -> int:
        answer = world.ask("reload")
        if json:
            print_json(answer)
        else:
            followed = ", ".join(map(printable, answer["endpoints"])) or "none"
            print(f"endpoints with a policy: {followed}")
            print_problems(answer)
        return Exit.NO if answer["policy_problems"] else Exit.OK

    return with_world("reload", body)


def down(*, json: AsJson = False) -> int:
    """End the local world that runs.

    Example: `pointsman local down`. With --json: {now}.
    """

    def body(world: LocalWorld) -> int:
        answer = world.ask("down")
        give_up = time.monotonic() + LAST_ANSWERS_S
        while answers(world.address):
            if time.monotonic() > give_up:
                return say("local down", f"{world.address} was told to end and still answers", Exit.NO)
            time.sleep(0.05)
        if json:
            return print_json(answer)
        print(f"the local world at {world.address} has ended")
        return Exit.OK

    return with_world("down", body)
