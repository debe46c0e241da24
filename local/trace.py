"""Request traffic for the embedded run: a trace file, or a seeded generator of the same shape. It sends nothing."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from twin.traffic import Request

COLUMNS = ("TIMESTAMP", "ContextTokens", "GeneratedTokens")
MAX_TOKENS = 10_000_000


class BadTrace(Exception):
    """The file is no trace; the message says where and what is expected."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Requests as offsets from the start, oldest first, and how long one round of them lasts."""

    name: str
    rows: tuple[tuple[timedelta, int, int], ...]
    length: timedelta

    @property
    def requests_per_minute(self) -> float:
        """Mean rate."""
        return len(self.rows) / (self.length / timedelta(minutes=1))

    @property
    def busiest_rpm(self) -> int:
        """Requests in the busiest minute."""
        return max(
            Counter(offset // timedelta(minutes=1) for offset, _context, _generated in self.rows).values()
        )

    def looped(self, start: datetime) -> Iterator[Request]:
        """The requests from `start` on, again and again."""
        begin = start
        while True:
            for offset, context, generated in self.rows:
                yield Request(begin + offset, context, generated)
            begin += self.length


def read_trace(path: Path) -> Trace:
    """Read a CSV with TIMESTAMP, ContextTokens and GeneratedTokens (the Azure LLM trace format).

    Raises:
        BadTrace: naming the line and what was found there.

    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(_rows(path, csv.DictReader(file)))
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise BadTrace(f"{path}: {err}") from err
    if len({moment for moment, _context, _generated in rows}) <= 1:
        raise BadTrace(f"{path}: a trace needs requests at two moments at least, found {len(rows)} rows")
    rows.sort(key=lambda row: row[0])
    first, last = rows[0][0], rows[-1][0]
    offsets = tuple((moment - first, context, generated) for moment, context, generated in rows)
    whole_minutes = (last - first) // timedelta(minutes=1) + 1
    return Trace(path.name, offsets, timedelta(minutes=whole_minutes))


def generate_trace(seed: int, minutes: int = 60, requests_per_minute: float = 240.0) -> Trace:
    """Make traffic of the same shape: gentle waves, bursts, long-tailed token counts."""
    rng = random.Random(f"trace:{seed}")  # noqa: S311 - traffic, no secret
    rows: list[tuple[timedelta, int, int]] = []
    level = 1.0
    for minute in range(minutes):
        level = 0.7 * level + 0.3 * rng.lognormvariate(0.0, 0.15)
        count = max(1, round(rng.gauss(requests_per_minute * level, (requests_per_minute * level) ** 0.5)))
        for second in sorted(rng.uniform(0, 60) for _ in range(count)):
            context = min(8_000, round(rng.lognormvariate(6.6, 0.9)))
            generated = max(1, min(1_000, round(rng.lognormvariate(4.9, 0.7))))
            rows.append((timedelta(minutes=minute, milliseconds=round(second * 1000)), context, generated))
    return Trace(f"generated (seed {seed})", tuple(rows), timedelta(minutes=minutes))


def _rows(path: Path, reader: csv.DictReader[str]) -> Iterator[tuple[datetime, int, int]]:
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadTrace(f"{path}: columns {', '.join(COLUMNS)} are needed; missing: {', '.join(missing)}")
    for row in reader:
        try:
            moment = datetime.fromisoformat(row["TIMESTAMP"].strip()[:26])
            tokens = int(row["ContextTokens"]), int(row["GeneratedTokens"])
        except (ValueError, TypeError, AttributeError) as err:
            raise BadTrace(f"{path}, line {reader.line_num}: {err}") from err
        if not all(0 <= count <= MAX_TOKENS for count in tokens):
            raise BadTrace(f"{path}, line {reader.line_num}: token counts must be 0 to {MAX_TOKENS:,}")
        yield (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), *tokens
