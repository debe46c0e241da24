"""`pointsman names`: endpoints and open rollouts, a line each; what the shells complete by. It says nothing when it cannot ask."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.options import Exit, guarded
from cli.reach import DEFAULT, Reach
from cli.tell import printable
from pointsman.errors import PointsmanError


def names(
    which: Literal["all", "endpoints", "rollouts"] = "all",
    /,
    *,
    quiet: Annotated[bool, Parameter(negative=())] = False,
    reach: Reach = DEFAULT,
) -> int:
    """List endpoints and open rollouts, a line each.

    For example:

        pointsman names endpoints

    Args:
        which: Endpoints, open rollouts, or both.
        quiet: Say nothing where the installation cannot be asked, as a shell wants it.
        reach: Where.

    """

    def body() -> int:
        told = reach.open().ask("names")
        chosen = ("endpoints", "rollouts") if which == "all" else (which,)
        sys.stdout.write("".join(f"{printable(name)}\n" for part in chosen for name in told[part]))
        return Exit.OK

    if not quiet:
        return guarded("names", body)
    try:
        return body()
    except PointsmanError:
        return Exit.NO_ANSWER
