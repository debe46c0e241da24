"""Writes a folder as a zip whose bytes depend on names and contents alone. What belongs into it is not decided here."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

THEN = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name, for every file."""
UNIX, READABLE, SMALLEST = 3, 0o100644 << 16, 9
"""A plain file that everybody may read, as Lambda demands, whatever the umask was; packed as well as deflate can."""


def write_zip(folder: Path, target: Path) -> str:
    """Write every file, in the order of the names; returns the SHA-256 of the zip in hex."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in files_of(folder):
            entry = zipfile.ZipInfo(name, THEN)
            entry.create_system, entry.external_attr = UNIX, READABLE
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, SMALLEST)
    return hashlib.sha256(target.read_bytes()).hexdigest()


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name within the folder and path of every file, sorted by name; bytecode is left out, whoever ran the code."""
    for name in sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()):
        if "__pycache__" not in name.split("/"):
            yield name, folder / name
