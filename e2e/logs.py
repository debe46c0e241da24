"""Keeps what the functions logged, a file for each: ministack holds it in memory only."""

from __future__ import annotations

from pathlib import Path

from e2e.emulator import Emulator


def keep_logs(emulator: Emulator, folder: Path) -> Path:
    """Write every log group into `folder`; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    logs = emulator.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=name)
        lines = [event["message"].rstrip() for page in pages for event in page["events"]]
        (folder / f"{name.rpartition('/')[2]}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
