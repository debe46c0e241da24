"""Stages what Lambda runs: our two packages, the compiled policies and the locked dependencies, as a folder and as one zip."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bundle import dependencies
from bundle.archive import files_of, write_zip
from bundle.errors import NotBuilt
from bundle.models import cut_data
from cli.policy_file import compile_policies

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements" / "runtime.txt"
OURS, SHIPPED = ("functions", "pointsman"), {".py", ".json"}
POLICIES = "policies.json"
FOLDER, ZIP = "functions", "functions.zip"
MOST_BYTES = 4_000_000
"""What all functions together may weigh: what a cold start fetches, and what an update of them uploads."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What was built. `folder` holds what the zip holds; `sha256` is the zip's, in hex; `bytes` its size."""

    folder: Path
    zip: Path
    sha256: str
    bytes: int


def stage(policies: Path, out: Path) -> Staged:
    """Build `functions/` and `functions.zip` in `out`. What was built there before is replaced in the end, or kept.

    Raises:
        cli.policy_file.NoPolicies, cli.policy_file.PolicyErrors: no policies, or every mistake in them.
        NotBuilt: a dependency cannot be installed, is compiled or lacks an operation in use, or the zip is too large.

    """
    compiled = compile_policies(policies)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".staging-", dir=out) as scratch:
        folder, archive = Path(scratch, FOLDER), Path(scratch, ZIP)
        dependencies.install(REQUIREMENTS, folder)
        cut_data(folder / "botocore" / "data")
        for package in OURS:
            _copy_ours(ROOT / package, folder / package)
        (folder / POLICIES).write_text(json.dumps(compiled, sort_keys=True), encoding="utf-8")
        sha256, size = write_zip(folder, archive), archive.stat().st_size
        if size > MOST_BYTES:
            raise NotBuilt(
                f"the zip has {size:,} bytes, at most {MOST_BYTES:,} are allowed: see what grew "
                f"(python -m bundle tells the parts), or raise MOST_BYTES for a reason"
            )
        _replace(folder, out / FOLDER)
        _replace(archive, out / ZIP)
    return Staged(out / FOLDER, out / ZIP, sha256, size)


def _copy_ours(package: Path, into: Path) -> None:
    """Modules and the data beside them: no bytecode, and nothing that an editor left there."""
    for name, path in files_of(package):
        if path.suffix in SHIPPED:
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, into / name)


def _replace(new: Path, old: Path) -> None:
    if old.is_dir():
        shutil.rmtree(old)
    new.replace(old)
