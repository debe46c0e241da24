"""`pointsman version`: what runs here, and in the installation, if it can be reached."""

from __future__ import annotations

import json as jsonlib
import platform
import sys
from importlib.metadata import version as version_of
from typing import Any

from cli.options import AsJson, Exit
from cli.reach import DEFAULT, Reach
from cli.tell import printable
from pointsman import __version__
from pointsman.errors import PointsmanError

Json = dict[str, Any]


def version(*, json: AsJson = False, reach: Reach = DEFAULT) -> int:
    """Show the versions of Pointsman, Python and boto3 here, and of the installation, if it can be reached.

    For example:

        pointsman version --json

    Args:
        json: Print one JSON object for programs instead of text.
        reach: Where.

    """
    told: Json = {
        "pointsman": __version__,
        "python": platform.python_version(),
        "boto3": version_of("boto3"),
        "installation": None,
        "installation_unread": "",
    }
    try:
        about = reach.open().ask("about")
        told["installation"] = {key: about[key] for key in ("version", "region", "account")}
    except PointsmanError as err:
        told["installation_unread"] = str(err)
    if json:
        sys.stdout.write(jsonlib.dumps(told) + "\n")
        return Exit.OK
    sys.stdout.write(
        f"pointsman {told['pointsman']}\nPython    {told['python']}\nboto3     {told['boto3']}\n"
    )
    sys.stdout.write(f"there     {_there(told)}\n")
    return Exit.OK


def _there(told: Json) -> str:
    there = told["installation"]
    if there is None:
        return f"not read: {printable(told['installation_unread'])}"
    same = "" if there["version"] == told["pointsman"] else "; it is not the version of this command line"
    return f"{printable(there['version'])} in {printable(there['region'])} of account {printable(there['account'])}{same}"
