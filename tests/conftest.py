"""What holds for every test: AWS calls of functions are written down, and what needs the deployment's tools is left to `make check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.permissions.recorder import Recorder

if TYPE_CHECKING:
    import pytest

collect_ignore = ["infra"]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(), "recorder-of-permissions")
