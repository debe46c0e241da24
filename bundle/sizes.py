"""What takes the room in a zip: its parts with their files and bytes. It judges nothing."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LICENCES = "licences, versions"


@dataclass(frozen=True, slots=True)
class Part:
    """A package or file of the zip; sizes in bytes, as Lambda unpacks it and as it is packed."""

    name: str
    files: int
    unpacked: int
    packed: int


def parts_of(archive: Path) -> list[Part]:
    """The parts of a zip, the largest first."""
    with zipfile.ZipFile(archive) as opened:
        entries = opened.infolist()
    found: dict[str, list[zipfile.ZipInfo]] = defaultdict(list)
    for entry in entries:
        found[_part(entry.filename)].append(entry)
    return sorted(_parts(found), key=lambda part: (-part.packed, part.name))


def _parts(found: dict[str, list[zipfile.ZipInfo]]) -> Iterator[Part]:
    for name, entries in found.items():
        unpacked, packed = (sum(getattr(e, size) for e in entries) for size in ("file_size", "compress_size"))
        yield Part(name, len(entries), unpacked, packed)


def _part(name: str) -> str:
    top = name.split("/", 1)[0]
    if top.endswith(".dist-info"):
        return LICENCES
    return "botocore/data" if name.startswith("botocore/data/") else top
