"""Where a running local world is found: what a shell has to export, and the file that says it. It asks nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(".pointsman")
ENV_FILE = FOLDER / "local.env"
LOG_FILE = FOLDER / "local.log"
VARIABLE = "POINTSMAN_LOCAL"
REGION = "us-east-1"
NOT_HERE = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
"""With any of these a client would go to, or sign for, some account other than this one."""


def exports(address: str) -> dict[str, str]:
    """What lets any AWS client reach the world. The AWS CLI 1 reads AWS_DEFAULT_REGION, newer clients AWS_REGION."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        VARIABLE: address,
    }


def shell_lines(address: str) -> list[str]:
    """The same as lines of sh."""
    return [
        f"unset {' '.join(NOT_HERE)}",
        *(f"export {name}={value}" for name, value in exports(address).items()),
    ]


def write_env(address: str) -> None:
    """Write the file to source, whole or not at all. Raises OSError."""
    FOLDER.mkdir(exist_ok=True)
    draft = ENV_FILE.with_name(f"{ENV_FILE.name}.{os.getpid()}.part")
    draft.write_text("\n".join(shell_lines(address)) + "\n", encoding="utf-8")
    draft.replace(ENV_FILE)


def remove_env(address: str) -> None:
    """Remove the file, unless it speaks of another world by now."""
    if find_written() == address:
        ENV_FILE.unlink(missing_ok=True)


def find_written() -> str | None:
    """The address in the file, None where there is none."""
    prefix = f"export {VARIABLE}="
    try:
        lines = ENV_FILE.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return next((line.removeprefix(prefix) for line in lines if line.startswith(prefix)), None)


def find_addresses(environ: Mapping[str, str]) -> list[str]:
    """Where a world may be: what the shell says comes before the file. Each once."""
    found = [environ.get(VARIABLE), find_written()]
    return list(dict.fromkeys(address for address in found if address))
