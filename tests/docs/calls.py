"""Calls of pointsman that stand in texts: found, and held against the real commands without running them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from cli.app import build_app
from tests.docs.blocks import ROOT

_CALL = re.compile(r"^\s*(?:\$ )?(?:bin/)?pointsman ([^<>|;&#]*)")
_SUBSTITUTION = re.compile(r"<\([^)]*\)")
_FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}


def calls_in(lines: Iterable[str]) -> list[list[str]]:
    """The words after `pointsman` of each line that calls it, up to where the shell takes over."""
    # What the shell makes of `<(...)` is the name of a file that exists.
    filled = [_SUBSTITUTION.sub("bin/pointsman", line) for line in _joined(lines)]
    return [shlex.split(match[1]) for line in filled if (match := _CALL.match(line))]


def wrong_with(words: list[str]) -> str | None:
    """Why the command line would refuse these words, or name a file of the repository that is not there; None if it is right."""
    missing = [word for word in words if word.partition("/")[0] in _FOLDERS and not (ROOT / word).exists()]
    if missing:
        return f"{' '.join(words)}: there is no {missing[0]}"
    try:
        build_app().parse_args(words, exit_on_error=False, print_error=False)
    except Exception as err:  # noqa: BLE001 - whatever stops it, the call is wrong
        return f"{' '.join(words)}: {err}"
    return None


def _joined(lines: Iterable[str]) -> list[str]:
    """A line that ends in a backslash goes on in the next."""
    return re.sub(r"\\\n(?:> )?\s*", "", "\n".join(lines)).split("\n")
