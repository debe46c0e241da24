"""A world that most stories on the wire begin in."""

from collections.abc import Iterator

import pytest

from tests.twin.wire.serving import START, World
from twin.kernel import Kernel
from twin.wire.world import Wire


@pytest.fixture
def world() -> Iterator[World]:
    """An endpoint `e` in service on config `c-1` with the model `old`; the model `new` waits beside it."""
    kernel = Kernel(seed=7, start=START)
    with Wire(kernel) as wire:
        world = World(kernel, wire)
        world.sagemaker.create_model_package_group(ModelPackageGroupName="models")
        world.model("old")
        world.model("new")
        world.config("c-1", old=1.0)
        world.sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c-1")
        world.wait("endpoint_in_service")
        yield world
