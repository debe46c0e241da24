"""What the tests of the local run share: installations and worlds, each for one test."""

import io
from collections.abc import Iterator

import pytest

from local.installation import Installation, installed
from local.running import Running
from tests.local.worlds import small_world


@pytest.fixture
def empty() -> Iterator[Installation]:
    """An installation without policies; nothing stands in it."""
    with installed([], io.StringIO()) as here:
        yield here


@pytest.fixture
def world() -> Iterator[Running]:
    """A world that stays up, in which time passes only when told to."""
    with small_world() as up:
        yield up
