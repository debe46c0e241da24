"""Quiet logs for thousands of runs."""

import logging
from collections.abc import Iterator

import pytest

from pointsman import wiring
from pointsman.telemetry import logger, metrics


@pytest.fixture(autouse=True)
def _is_quiet() -> Iterator[None]:
    level = logger.log_level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)
    metrics.clear_metrics()
    wiring.install(None)
