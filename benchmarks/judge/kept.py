"""Keeps tallies between runs, so that one rule can be measured again beside what the others did on the same draws."""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path

from benchmarks.judge.tally import Key, Tallies, Tally
from pointsman.core.canary_evidence import Mode

FOLDER = Path(".pointsman/bench/judge")
DRAWN_BY = (
    "setting",
    "scenarios",
    "latency",
    "weather",
    "traffic",
    "expected",
    "world",
    "play",
    "runner",
    "shown",
    "tally",
    "rules/alarms",
    "rules/flagger",
    "rules/argo",
    "rules/kayenta",
)


def file_of(seed: str, trace: str) -> Path:
    """Where the tallies of a seed are; another simulator, other peers or another trace have another file."""
    sources = [Path(__file__).parent.joinpath(f"{name}.py").read_text(encoding="utf-8") for name in DRAWN_BY]
    meant = "".join(ast.dump(ast.parse(source)) for source in sources)
    digest = hashlib.sha256((meant + trace).encode()).hexdigest()[:12]
    return FOLDER / f"{seed}-{digest}.json"


def load(file: Path) -> Tallies:
    """What was kept; nothing where there is no file."""
    if not file.exists():
        return {}
    tallies: Tallies = {}
    for name, values in json.loads(file.read_text(encoding="utf-8")).items():
        noise, scenario, rpm, rule, mode = name.split("/")
        onset, runs, promoted, rolled_back, early, harm, unjudged = values
        key = (noise, scenario, int(rpm), rule, Mode(mode))
        tallies[key] = Tally(onset, runs, promoted, rolled_back, early, harm, unjudged)
    return tallies


def save(file: Path, tallies: Tallies) -> None:
    """Write all of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {_name(key): _values(tally) for key, tally in sorted(tallies.items())}
    file.write_text(json.dumps(told, separators=(",", ":")), encoding="utf-8")


def _name(key: Key) -> str:
    return "/".join(str(part) for part in key)


def _values(tally: Tally) -> list[object]:
    return [
        tally.onset,
        tally.runs,
        tally.promoted_at,
        tally.rolled_back_at,
        tally.early,
        round(tally.harm, 3),
        round(tally.unjudged, 3),
    ]
