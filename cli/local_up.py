"""`pointsman local up`: what it takes and how it looks. Keeping the world up is `local_stay.py`'s work."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.local_view import JsonView, LiveView, PlainView, View
from cli.options import AsJson, Exit, say

MOST_SPEED, MOST_PORT = 3600.0, 65535


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Options:
    """The world that is wanted."""

    seed: Annotated[int, Parameter(help="The same seed and the same commands give the same records.")] = 7
    speed: Annotated[
        float,
        Parameter(
            help="Virtual seconds that pass each second, up to 3600; 0: only when told to, by local advance."
        ),
    ] = 60.0
    port: Annotated[int, Parameter(help="Port of 127.0.0.1 to listen on; 0: a free one.")] = 0
    policies: Annotated[
        Path | None,
        Parameter(
            help="Folder of policies, read again when a file changes; the examples unless told otherwise."
        ),
    ] = None


USUAL = Options()


def up(
    *,
    options: Options = USUAL,
    plain: Annotated[bool, Parameter(negative=(), help="Plain lines on a terminal as well.")] = False,
    json: AsJson = False,
) -> int:
    """Keep a simulated AWS account running on this machine until Ctrl-C: with endpoints, traffic and Pointsman in it.

    Any AWS client reaches it: boto3, the AWS CLI, an SDK. It prints what to export for that, and writes the same to
    .pointsman/local.env. Nothing leaves this machine, and nothing is kept when it ends.

    Try:

        pointsman local up
        pointsman local up --speed 0 --policies my-policies/

    With --json it prints one line once it is up, {address, env, policies, status}, and then nothing more.
    """
    if not 0 <= options.speed <= MOST_SPEED or not 0 <= options.port <= MOST_PORT:
        return say("local up", f"--speed may be 0 to {MOST_SPEED:g}, --port 0 to {MOST_PORT}", Exit.WRONG_USE)
    # Not before it is needed: moto and boto3 take a second, in which every other command is through.
    from cli.local_stay import Wanted, stay  # noqa: PLC0415 - see above

    wanted = Wanted(options.seed, options.speed, options.port, options.policies)
    return stay(wanted, _view(is_json=json, is_plain=plain))


def _view(*, is_json: bool, is_plain: bool) -> View:
    if is_json:
        return JsonView()
    return PlainView() if is_plain or not sys.stdout.isatty() else LiveView()
