"""Where an explanation comes from: an installation, or a file that the demonstration wrote. It checks the chain; it shows nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cli.explained import Explained, Row, row_from
from cli.reach import Reached
from cli.tell import printable
from pointsman.core.audit import Record, check

Json = dict[str, Any]


class BadFile(Exception):
    """The file holds no records; the message says what to do."""


@dataclass(slots=True)
class World:
    """What a file holds of one world: a story of the demonstration."""

    health: Json | None = None
    records: list[Record] = field(default_factory=list)
    minutes: dict[str, list[Row]] = field(default_factory=dict)


def from_installation(reached: Reached, wanted: str) -> Explained:
    """Ask an installation, however many answers it takes.

    Raises:
        NotFound: there is no such rollout, or several.
        Misconfigured, Denied, Transient: it cannot be asked.

    """
    told = reached.ask("rollout", rollout=wanted)
    parts = [told]
    while parts[-1].get("next"):
        parts.append(reached.ask("rollout", rollout=str(told["rollout"]), next=str(parts[-1]["next"])))
    facts = [each for part in parts for each in part["records"]]
    chains = [part["chain"] for part in parts if part["chain"]]
    problems = [str(each) for chain in chains for each in chain["problems"]]
    plan = told["plan"]
    return Explained(
        rollout=str(told["rollout"]),
        endpoint=str(told["endpoint"]),
        region=str(told["region"]),
        facts=facts,
        chain=_chain_there(chains, len(facts), is_broken=bool(problems)),
        problems=problems,
        minutes=_sorted(row_from(each) for part in parts for each in part["minutes"]),
        health=plan["health"] if plan else None,
        health_of=str(told["plan_of"]),
        now=datetime.fromisoformat(str(told["now"])),
    )


def from_file(file: Path, wanted: str) -> Explained:
    """Read one rollout from a file of records. Raises BadFile."""
    worlds = list(_worlds(file))
    world, records = _find(worlds, wanted, file)
    facts = [record.facts() for record in records]
    name = str(facts[0]["rollout"])
    problems = check(world.records)
    return Explained(
        rollout=name,
        endpoint=str(facts[0]["endpoint"]),
        facts=facts,
        chain=_chain_here(len(facts), is_broken=bool(problems)),
        problems=problems,
        minutes=_sorted(world.minutes.get(name, [])),
        health=world.health,
    )


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.at)


def _chain_there(chains: list[Json], count: int, *, is_broken: bool) -> str:
    first, last = chains[0]["first"], chains[-1]["last"]
    if is_broken:
        return "THE CHAIN IS BROKEN:"
    whole = "up to the newest one" if chains[-1]["reaches_head"] else "as far as it was read"
    return f"{count} records; the chain they stand in is whole from record {first} to {last}, {whole}."


def _chain_here(count: int, *, is_broken: bool) -> str:
    return "THE CHAIN IS BROKEN:" if is_broken else f"{count} records; the chain they stand in is whole."


def _find(worlds: list[World], wanted: str, file: Path) -> tuple[World, list[Record]]:
    found: dict[str, tuple[World, list[Record]]] = {}
    for world in worlds:
        for record in world.records:
            found.setdefault(str(record.facts().get("rollout", "")), (world, []))[1].append(record)
    found.pop("", None)
    fits = [name for name in found if name == wanted] or [name for name in found if name.startswith(wanted)]
    if len(fits) == 1:
        return found[fits[0]]
    why = "fits several" if fits else "is not"
    known = "".join(f"\n  {printable(name)}" for name in fits or found)
    raise BadFile(f"{printable(wanted)} {why} in {file}; it holds:{known}")


def _worlds(file: Path) -> Iterator[World]:
    """One world after another: a story's first line parts them."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        raise BadFile(f"{file} cannot be read ({err}); write it with: pointsman demo") from err
    world = World()
    for number, line in enumerate(lines, 1):
        try:
            raw = json.loads(line)
            kind = raw.pop("kind")
            if kind == "story":
                if world.records:
                    yield world
                world = World(health=raw.get("health"))
            _take(world, kind, raw)
        except (ValueError, TypeError, KeyError, AttributeError) as err:
            raise BadFile(f"{file}, line {number}: no record ({err!r})") from err
    if world.records:
        yield world


def _take(world: World, kind: str, raw: Json) -> None:
    if kind == "record":
        world.records.append(Record(**raw))
        world.records[-1].facts()
    if kind == "minute":
        world.minutes.setdefault(str(raw["rollout"]), []).append(row_from(raw))
