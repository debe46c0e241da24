"""The template, synthesised once with all its rules: that takes seconds, so nothing here does it twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.infra.templates import FACTS, Json, synthesise


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a synthesised installation in the account and Region of the tests' record."""
    return synthesise(tmp_path_factory.mktemp("cdk"), FACTS)


@pytest.fixture(scope="session")
def template(assembly: Path) -> Json:
    """Its template."""
    [path] = assembly.glob("*.template.json")
    read: Json = json.loads(path.read_text(encoding="utf-8"))
    return read
