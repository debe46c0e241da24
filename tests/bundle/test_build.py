"""`python -m bundle` as a user types it: the same zip wherever it is built, another one when what ships has changed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bundle import Staged
from bundle.staging import ROOT

BUILT_FROM = ("bundle", "cli", "functions", "pointsman", "policies", "requirements")


def build(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it in a checkout under a umask that hides everything, in another language and time zone."""
    return subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "bundle", *words],
        cwd=checkout,
        env=dict(os.environ) | {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"} | environment,
        umask=0o077,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy elsewhere, of another age, in which all that does not ship has changed."""
    copy = tmp_path_factory.mktemp("elsewhere") / "checkout"
    for folder in BUILT_FROM:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "cli/tell.py", "tests/test_x.py", "twin/kernel.py", "pointsman/notes.txt"):
        (copy / name).parent.mkdir(exist_ok=True)
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
    for path in copy.rglob("*"):
        os.utime(path, (1_234_567_890, 1_234_567_890))
    return copy


def test_what_does_not_ship_leaves_the_zip_as_it_was(checkout: Path, staged: Staged) -> None:
    done = build(checkout)
    assert done.returncode == 0, done.stderr
    assert re.search(r"pointsman +\d+ +[\d,]+ +[\d,]+\n", done.stdout)
    assert f".pointsman/build/functions.zip: {staged.bytes:,} bytes of at most 4,000,000\n" in done.stdout
    assert done.stdout.endswith(f"sha256 {staged.sha256}\n")
    assert (checkout / ".pointsman/build/functions.zip").read_bytes() == staged.zip.read_bytes()
    assert [path.name for path in (checkout / ".pointsman/build").iterdir()] == ["functions", "functions.zip"]


def test_one_byte_of_what_ships_changes_that_file_alone(checkout: Path, staged: Staged) -> None:
    changed = checkout / "pointsman" / "core" / "judge.py"
    before = changed.read_bytes()
    changed.write_bytes(before + b"\n")
    try:
        done = build(checkout, "--out", "changed")
    finally:
        changed.write_bytes(before)
    assert done.returncode == 0, done.stderr
    assert staged.sha256 not in done.stdout
    assert entries(checkout / "changed/functions.zip") ^ entries(staged.zip) == {
        ("pointsman/core/judge.py", crc)
        for name, crc in entries(checkout / "changed/functions.zip") | entries(staged.zip)
        if name == "pointsman/core/judge.py"
    }


def entries(archive: Path) -> set[tuple[str, int]]:
    with zipfile.ZipFile(archive) as opened:
        return {(entry.filename, entry.CRC) for entry in opened.infolist()}


def test_mistakes_in_policies_are_told_as_the_check_tells_them_and_nothing_is_built(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    text = (ROOT / "policies/chat-llm.yaml").read_text(encoding="utf-8")
    (policies / "a.yaml").write_text(text.replace("strategy: canary", "strategy: leap"), encoding="utf-8")
    done = build(ROOT, "--policies", str(policies), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "bundle: nothing was built: there are mistakes in the policies",
        f"{policies}/a.yaml:16  rollout.strategy: found 'leap'; allowed: canary",
    ]
    assert not (tmp_path / "out").exists()


def test_a_folder_without_policies_is_no_installation(tmp_path: Path) -> None:
    done = build(ROOT, "--policies", str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "no policies in this folder" in done.stderr
    assert done.stderr.startswith("bundle: nothing was built: ")


def test_what_cannot_be_installed_leaves_what_was_built_before(checkout: Path) -> None:
    locked = checkout / "requirements" / "runtime.txt"
    before = locked.read_text(encoding="utf-8")
    old = checkout / "kept" / "functions.zip"
    old.parent.mkdir()
    old.write_bytes(b"built before")
    locked.write_text(re.sub(r"(sha256:)[0-9a-f]{8}", r"\g<1>00000000", before), encoding="utf-8")
    try:
        done = build(checkout, "--out", "kept", UV_OFFLINE="1")
    finally:
        locked.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    assert done.stderr.startswith("bundle: nothing was built: runtime.txt cannot be installed: ")
    assert [path.name for path in old.parent.iterdir()] == ["functions.zip"]
    assert old.read_bytes() == b"built before"
