"""One fresh installation for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pointsman.core.phases import Phase
from tests.functions.world import Here, installed


@pytest.fixture
def here() -> Iterator[Here]:
    with installed() as installation:
        yield installation


@pytest.fixture
def baking(here: Here) -> Here:
    """Version 7 bakes with half of the traffic."""
    here.approve()
    here.drive_to(Phase.BAKING)
    return here
