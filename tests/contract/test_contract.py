"""Every case of the contract holds in the simulation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import contract.cases  # noqa: F401 - importing it knows the cases
from contract.case import Case, every_case
from contract.scene import Scene
from tests.contract.simulated import simulated


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """One run, as in a real account: cases share what they make and must not stand in each other's way."""
    with simulated() as cloud:
        yield Scene(cloud, "pointsman-contract-test")


@pytest.mark.parametrize("case", every_case(), ids=lambda case: case.name)
def test_the_simulation_keeps_the_contract(scene: Scene, case: Case) -> None:
    case.run(scene)
