"""A rollout through the functions of the zip, with its cut models, leaves the records that it leaves with all of botocore's data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import botocore
import pytest

from bundle.operations import OPERATIONS
from bundle.staging import ROOT
from pointsman.core.phases import Phase

PACKAGES = Path(botocore.__file__).parents[1]


@pytest.fixture(scope="module")
def told(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    (home / ".aws").mkdir()
    (home / ".aws" / "models").symlink_to(PACKAGES / "botocore" / "data")
    story = Path(__file__).with_name("story.py")
    command = [sys.executable, "-S", str(story), str(unpacked), str(ROOT), str(PACKAGES)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_it_is_the_zip_that_runs(told: dict[str, Any], unpacked: Path) -> None:
    assert [Path(file).is_relative_to(unpacked) for file in told["from"]] == [True, True]


def test_the_records_are_the_same_with_cut_models(told: dict[str, Any]) -> None:
    assert told["cut"] == told["all"]
    phases = [json.loads(record["body"]).get("after") for record in told["cut"]]
    assert Phase.BAKING in phases
    assert Phase.ROLLED_BACK in phases


def test_what_it_asked_for_is_on_the_list(told: dict[str, Any]) -> None:
    asked = {(service, operation) for service, operation in told["asked"]}
    assert {service for service, _ in asked} >= {"sagemaker", "dynamodb", "cloudwatch", "sqs", "sns"}
    assert {call for call in asked if call[1] not in OPERATIONS.get(call[0], ())} == set()
