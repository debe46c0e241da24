"""Replays one schedule and prints its story: `python -m tests.properties.replay good seed:7 kill-before:12`."""

from __future__ import annotations

import sys

from pointsman.telemetry import logger
from tests.properties.faults import read_schedule
from tests.properties.stories import story_of

if __name__ == "__main__":
    logger.setLevel("CRITICAL")
    sys.stdout.write(story_of(read_schedule(" ".join(sys.argv[1:]))) + "\n")
