"""What ships, and what does not: the zip's listing, its size, and every handler imported from it alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bundle import NotBuilt, Staged
from bundle.archive import files_of
from bundle.dependencies import refuse_compiled
from bundle.sizes import LICENCES, parts_of
from bundle.staging import MOST_BYTES, ROOT
from cli.policy_file import compile_policies
from pointsman.triggers import TRIGGERS

OURS = {"functions", "pointsman", "policies.json"}
LIBRARIES = {
    "aws_lambda_powertools",
    "boto3",
    "botocore",
    "dateutil",
    "jmespath",
    "s3transfer",
    "six.py",
    "typing_extensions.py",
    "tzdata",
    "urllib3",
}


def names(staged: Staged) -> list[str]:
    with zipfile.ZipFile(staged.zip) as archive:
        return archive.namelist()


def test_it_holds_our_two_packages_the_policies_the_libraries_and_nothing_else(staged: Staged) -> None:
    described = {name for name in names(staged) if name.split("/")[0].endswith(".dist-info")}
    assert {name.split("/")[0] for name in set(names(staged)) - described} == OURS | LIBRARIES


def test_our_sources_are_in_it_byte_for_byte(staged: Staged) -> None:
    with zipfile.ZipFile(staged.zip) as archive:
        shipped = {name: archive.read(name) for name in names(staged) if name.split("/")[0] in OURS}
    wanted = {
        f"{package}/{name}": path.read_bytes()
        for package in ("functions", "pointsman")
        for name, path in files_of(ROOT / package)
    }
    assert {name: shipped[name] for name in shipped if name != "policies.json"} == wanted
    assert json.loads(shipped["policies.json"]) == compile_policies(ROOT / "policies")


def test_nothing_in_it_is_compiled_or_made_by_whoever_built_it(staged: Staged) -> None:
    compiled = re.compile(r"\.(so|pyd|dylib|dll|pyc)(\.|$)|__pycache__")
    makers = re.compile(r"dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json)|(^|/)\.|^bin/")
    assert [name for name in names(staged) if compiled.search(name) or makers.search(name)] == []


def test_every_library_comes_with_its_version_and_its_terms(staged: Staged) -> None:
    kept: dict[str, list[str]] = {}
    for name in names(staged):
        folder, _, file = name.partition("/")
        if folder.endswith(".dist-info"):
            kept.setdefault(folder, []).append(file)
    assert len(kept) == len(LIBRARIES)
    assert [folder for folder, files in kept.items() if "METADATA" not in files] == []
    assert [folder for folder, files in kept.items() if not any("LICENSE" in file for file in files)] == []


def test_it_is_small_and_its_parts_add_up(staged: Staged) -> None:
    parts = parts_of(staged.zip)
    assert {part.name for part in parts} >= {"pointsman", "botocore/data", LICENCES}
    assert sum(part.packed for part in parts) < staged.bytes <= MOST_BYTES
    assert sum(part.files for part in parts) == len(names(staged))


@pytest.mark.parametrize("name", ["fast.cpython-314-aarch64-linux-gnu.so", "fast.pyd", "libfast.so.1"])
def test_compiled_code_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "fast").mkdir()
    (tmp_path / "fast" / name).write_bytes(b"")
    (tmp_path / "fast" / "solid.py").write_bytes(b"")
    with pytest.raises(
        NotBuilt, match=re.escape(f"fast/{name}") + r"\. .*replace what brings it in some\.txt"
    ):
        refuse_compiled(tmp_path, "some.txt")


def modules_after(unpacked: Path, *triggers: str) -> set[str]:
    """What is loaded after handlers were imported by an interpreter that has the folder and the standard library alone."""
    program = (
        "import importlib, json, sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True\n"
        "handlers = [importlib.import_module(f'functions.{name}').handler for name in sys.argv[2:]]\n"
        "assert all(callable(handler) for handler in handlers)\n"
        "json.dump(list(sys.modules), sys.stdout)"
    )
    command = [sys.executable, "-I", "-S", "-c", program, str(unpacked), *triggers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_every_handler_is_imported_from_it_alone_and_brings_in_nothing_that_is_not_for_lambda(
    unpacked: Path,
) -> None:
    loaded = modules_after(unpacked, *(trigger.name for trigger in TRIGGERS))
    assert loaded >= {f"functions.{trigger.name}" for trigger in TRIGGERS}
    elsewhere = {"pydantic", "cyclopts", "rich", "cli", "twin", "local", "bundle", "moto"}
    assert {name.split(".")[0] for name in loaded} & elsewhere == set()


def test_what_an_alarm_starts_loads_neither_forecasts_nor_boto3(unpacked: Path) -> None:
    loaded = modules_after(unpacked, "alarm_changed")
    assert "botocore.session" in loaded
    needless = {
        "boto3",
        "s3transfer",
        "pointsman.query",
        "pointsman.forecast",
        "pointsman.core.guard_alarms",
        "pointsman.adapters.aws.alarm_details",
        "pointsman.adapters.aws.around",
    }
    assert loaded.isdisjoint(needless)
