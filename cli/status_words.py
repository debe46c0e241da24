"""One entry of a status in words: versions, share, step, verdict, what comes next. It prints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cli.tell import minutes, printable

Json = dict[str, Any]
STYLES = {"PASS": "green", "FAIL": "bold red", "NOT_ENOUGH": "yellow", "BLIND": "magenta"}
PHASE_STYLES = {"NEEDS_HUMAN": "bold red", "ROLLING_BACK": "red", "ROLLED_BACK": "red", "SUCCEEDED": "green"}


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in the columns of one endpoint."""

    endpoint: str
    region: str
    versions: str
    share: str
    step: str
    phase: str
    since: str
    verdict: str
    next: str


def line_of(entry: Json) -> Line:
    """An entry as columns; an endpoint at rest or one that cannot be read is told in the last of them."""
    head = printable(entry["endpoint"]), printable(entry["region"])
    if "problem" in entry:
        return Line(*head, "", "", "", "UNREADABLE", "", "", printable(entry["problem"]))
    if "phase" not in entry:
        return Line(*head, versions_of(entry), "", "", "at rest", "", "", serves(entry))
    return Line(
        *head,
        versions_of(entry),
        f"{entry['share_percent']:g} %",
        f"{entry['step']['number']}/{entry['step']['count']}",
        phase_of(entry),
        minutes(timedelta(seconds=entry["in_phase_s"])),
        verdict_of(entry),
        next_of(entry),
    )


def versions_of(entry: Json) -> str:
    """`v6 -> v7`; where the old one is of no known version, `? -> v7`."""
    if "phase" not in entry:
        serving = entry.get("serves")
        return f"v{serving['version']}" if serving else ""
    before = entry["from"]["version"]
    return f"{'?' if before is None else f'v{before}'} -> v{entry['to']['version']}"


def phase_of(entry: Json) -> str:
    """The phase, and the hold that keeps it."""
    hold = f" ({printable(entry['hold'])})" if entry["hold"] else ""
    return f"{printable(entry['phase'])}{hold}"


def verdict_of(entry: Json) -> str:
    """The opinion so far; empty where nothing is judged yet."""
    verdict = entry["verdict"]
    return printable(verdict["opinion"]) if verdict else ""


def next_of(entry: Json) -> str:
    """What comes next, and what otherwise."""
    if not entry["is_open"]:
        return f"{printable(entry['cause_reason']) or 'it has ended'}; closed at the next look"
    told = entry["next"]
    otherwise = f"; {printable(told['otherwise'])}" if told["otherwise"] else ""
    return printable(told["says"]) + otherwise


def serves(entry: Json) -> str:
    """What serves at an endpoint at rest, and since when."""
    serving = entry.get("serves")
    if not serving:
        return "nothing that Pointsman released"
    told = f"version {serving['version']} succeeded {day(serving['succeeded_at'])}"
    by = f", approved by {printable(serving['approved_by'])}" if serving["approved_by"] else ""
    changed = "; another config is live now: somebody changed it" if serving["is_live"] is False else ""
    return told + by + changed


def day(text: str) -> str:
    """A time with its date, in UTC."""
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def change_key(entry: Json) -> tuple[object, ...]:
    """What makes an entry another one for who follows it: not the time that passes, nor a few requests more."""
    return (
        entry.get("rollout"),
        entry.get("phase"),
        entry.get("hold"),
        entry.get("share_percent"),
        verdict_of(entry) if "verdict" in entry else "",
        entry.get("problem"),
        (entry.get("next") or {}).get("otherwise"),
    )


def details_of(entry: Json) -> list[tuple[str, str]]:
    """Everything about one endpoint: name of the line, and what it says."""
    found: list[tuple[str, str]] = []
    if "problem" in entry:
        return [("problem", printable(entry["problem"]))]
    if "phase" in entry:
        found += _of_rollout(entry)
    else:
        found.append(("serves", serves(entry)))
        if entry.get("serves"):
            found.append(("before it", _before(entry["serves"]["before"])))
    if entry.get("queued"):
        found.append(("waits", f"version {entry['queued']['version']} waits until this rollout is over"))
    found += [
        ("quarantine", f"version {printable(version)}: {printable(why)}")
        for version, why in entry.get("quarantined", {}).items()
    ]
    return found + _live(entry)


def _of_rollout(entry: Json) -> list[tuple[str, str]]:
    verdict = entry["verdict"]
    lines = [
        ("rollout", f"{printable(entry['rollout'])}, opened {day(entry['opened_at'])}"),
        ("approved", f"{day(entry['approved_at'])} by {printable(entry['approved_by']) or 'unknown'}"),
        ("from", _before(entry["from"])),
        ("to", f"version {entry['to']['version']}, config {printable(entry['to']['config'])}"),
        ("phase", f"{phase_of(entry)} for {minutes(timedelta(seconds=entry['in_phase_s']))}"),
        ("share", f"{entry['share_percent']:g} %, {step_of(entry)}"),
    ]
    if verdict:
        said = f"{printable(verdict['opinion'])}: {printable(verdict['sentence'])} ({verdict['minutes']} min of evidence)"
        lines.append(("verdict", said))
    lines.append(("next", next_of(entry)))
    if entry["gates"]["percents"]:
        lines.append(("gates", _gates(entry["gates"])))
    return lines + [(name, f"by {printable(entry[name])}") for name in ("paused", "waved") if entry[name]]


def step_of(entry: Json) -> str:
    """Which step of which: `step 2 of 4 (1, 5, 25, 100 %)`."""
    step = entry["step"]
    shares = ", ".join(f"{each:g}" for each in step["percents"])
    return f"step {step['number']} of {step['count']} ({shares} %)"


def _before(served: Json) -> str:
    if served["config"] is None:
        return "what serves now: nothing was changed yet"
    version = "no version of a group" if served["version"] is None else f"version {served['version']}"
    return f"{version}, config {printable(served['config'])}"


def _gates(gates: Json) -> str:
    passed, waits = gates["passed"], gates["waits_for"]
    states = dict.fromkeys(passed, "approved") | ({waits: "waits for approval"} if waits else {})
    return ", ".join(f"{each} % {states.get(each, 'not reached')}" for each in gates["percents"])


def _live(entry: Json) -> list[tuple[str, str]]:
    live = entry.get("live")
    if not live:
        return [("live", f"not seen: {printable(entry['live_unseen'])}")] if entry.get("live_unseen") else []
    variants = ", ".join(
        f"{printable(each['name'])} {each['share_percent']:g} % on {each['instances']} x "
        f"{printable(each['instance_type'])}"
        for each in live["variants"]
    )
    return [
        (
            "live",
            f"{printable(live['status'])}, config {printable(live['config'])}: {variants or 'no variant'}",
        )
    ]
