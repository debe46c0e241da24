"""A zip's bytes depend on names and contents alone."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from bundle.archive import files_of, write_zip

CONTENTS = {"b/two.py": "2\n", "a.py": "1\n", "b/__init__.py": ""}


def folder_with(folder: Path, contents: dict[str, str]) -> Path:
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_order_times_and_permissions_of_the_files_leave_no_trace(tmp_path: Path) -> None:
    one = folder_with(tmp_path / "one", CONTENTS)
    other = folder_with(tmp_path / "elsewhere" / "other", dict(reversed(CONTENTS.items())))
    for number, path in enumerate(sorted(other.rglob("*.py"))):
        os.utime(path, (1_000_000_000 + number, 1_000_000_000 + number))
        path.chmod(0o700)
    first, second = write_zip(one, tmp_path / "one.zip"), write_zip(other, tmp_path / "other.zip")
    assert first == second
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


def test_a_byte_a_name_and_a_file_each_change_the_hash(tmp_path: Path) -> None:
    variants = [
        CONTENTS,
        CONTENTS | {"a.py": "2\n"},
        {"c.py" if name == "a.py" else name: text for name, text in CONTENTS.items()},
        CONTENTS | {"empty.py": ""},
    ]
    hashes = [
        write_zip(folder_with(tmp_path / str(number), contents), tmp_path / f"{number}.zip")
        for number, contents in enumerate(variants)
    ]
    assert len(set(hashes)) == len(variants)


def test_everybody_may_read_what_lambda_unpacks(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "secretive", CONTENTS)
    (folder / "a.py").chmod(0o600)
    write_zip(folder, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
        assert archive.namelist() == sorted(CONTENTS)


def test_bytecode_of_whoever_ran_the_code_is_left_out(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, CONTENTS | {"b/__pycache__/two.cpython-311.pyc": "bytecode"})
    assert [name for name, _ in files_of(folder)] == sorted(CONTENTS)
