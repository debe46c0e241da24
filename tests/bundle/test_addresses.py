"""A call goes where it went with all of botocore's data, in every partition, and is signed for the same Region and service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bundle.operations import OPERATIONS
from tests.bundle.addresses import CALLS, REGIONS, addresses


@pytest.fixture(scope="module")
def found(unpacked: Path) -> tuple[dict[str, str], dict[str, str]]:
    """With the data of the zip, and with all data."""
    # botocore treats data as its own only in its own folder, so the zip's has to be asked in another process.
    command = [sys.executable, "-S", str(Path(__file__).with_name("addresses.py")), str(unpacked)]
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), addresses()


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_every_call_goes_where_it_went(found: tuple[dict[str, str], dict[str, str]], service: str) -> None:
    cut, full = (
        {case: where for case, where in all_.items() if case.split()[0] == service} for all_ in found
    )
    assert len(cut) == 2 * len(REGIONS)
    assert cut == full


def test_no_service_is_left_out() -> None:
    assert set(CALLS) == set(OPERATIONS)
