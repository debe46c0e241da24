"""The worlds that tests of the kernel begin in."""

from __future__ import annotations

import pytest

from tests.twin.cloud import Cloud, variant
from twin.traffic import Profile


@pytest.fixture
def cloud() -> Cloud:
    """An account with two models, "old" and "new", and nothing running."""
    cloud = Cloud()
    cloud.model("old", Profile())
    cloud.model("new", Profile())
    return cloud


@pytest.fixture
def live(cloud: Cloud) -> Cloud:
    """An endpoint in service: variant "stable" with model "old" on two instances."""
    cloud.serving()
    return cloud


@pytest.fixture
def split(cloud: Cloud) -> Cloud:
    """An endpoint in service with two variants: "stable" takes 90 %, "candidate" 10 %."""
    cloud.serving(variant("stable", "old", 2, 0.9), variant("candidate", "new", 1, 0.1))
    return cloud
