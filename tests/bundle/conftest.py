"""The zip as it would be deployed, built once for all tests of a process, and unpacked as Lambda does."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bundle import Staged, stage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    return stage(ROOT / "policies", tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session")
def unpacked(staged: Staged, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Lambda calls /var/task."""
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(staged.zip) as archive:
        archive.extractall(folder)
    return folder
