"""Installs the locked dependencies of the functions into a folder, and takes out what does not run. Pure Python or nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from uv import find_uv_bin

from bundle.errors import NotBuilt

PYTHON, PLATFORM = "3.14", "aarch64-manylinux2014"
"""What the functions run on, for packages that depend on it."""
COMPILED = re.compile(r"\.(so|pyd|dylib|dll)(\.|$)", re.IGNORECASE)
LICENCES = re.compile(r"METADATA|.*(licen[cs]e|notice|copying|authors).*", re.IGNORECASE)
"""What is kept of a package's own description: its name and version, which scanners of vulnerabilities read, and its terms."""
NEVER_RUN = ("bin", "boto3/data", "boto3/examples")
"""Scripts for people, and what boto3's resources read: only clients are made."""


def install(requirements: Path, into: Path) -> None:
    """Install what a locked file names, with hashes, from wheels alone; nothing is compiled on the way.

    Raises:
        NotBuilt: it cannot be installed, or a package holds compiled code.

    """
    # What was installed before needs no network; the hashes make both the same.
    if _run_uv(requirements, into, "--offline"):
        shutil.rmtree(into, ignore_errors=True)
        wrong = _run_uv(requirements, into)
        if wrong:
            raise NotBuilt(f"{requirements.name} cannot be installed: {wrong}")
    refuse_compiled(into, requirements.name)
    _prune(into)


def _run_uv(requirements: Path, into: Path, *more: str) -> str:
    """Install; returns what went wrong, or nothing."""
    command = [find_uv_bin(), "pip", "install", "--quiet", "--target", str(into), "--require-hashes"]
    command += ["--only-binary", ":all:", "--python-version", PYTHON, "--python-platform", PLATFORM]
    # Copies: a link would lead into the cache, and whoever changes the file there changes what is staged.
    command += ["--link-mode", "copy", "--no-compile", "--requirement", str(requirements), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    return done.stderr.strip() if done.returncode else ""


def refuse_compiled(folder: Path, requirements: str) -> None:
    """Raise NotBuilt if a file is compiled code: the zip must run on every architecture and version of Python."""
    found = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if COMPILED.search(path.name)
    )
    if found:
        raise NotBuilt(
            f"compiled code among the dependencies: {', '.join(found)}. The zip is pure Python, so that the same "
            f"one runs on every architecture and in the tests: replace what brings it in {requirements}"
        )


def _prune(folder: Path) -> None:
    """What is left is the same wherever it was installed: an installer's own notes are not."""
    for name in NEVER_RUN:
        shutil.rmtree(folder / name, ignore_errors=True)
    for hidden in folder.glob(".*"):
        hidden.unlink()
    for described in folder.glob("*.dist-info"):
        for path in described.iterdir():
            if path.is_file() and not LICENCES.fullmatch(path.name):
                path.unlink()
