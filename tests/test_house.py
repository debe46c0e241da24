"""House rules that a machine can check and no linter does. What the code does is tested beside this file, not here."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

from pointsman.core.phases import Phase
from pointsman.triggers import TRIGGERS, Trigger

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("contract", "pointsman", "functions", "local", "cli", "twin", "infra", "bundle", "benchmarks")
MAX_MODULE_LINES = 250
MAX_FUNCTION_LINES = 40
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "shared", "base", "manager", "misc"}
NOT_OURS = {
    ".git",
    ".venv",
    "mutants",
    "node_modules",
    "cdk.out",
    "__pycache__",
    ".hypothesis",
    ".mypy_cache",
}
# The pieces are put together here so that this file does not find itself.
MACHINE_PATHS = re.compile(
    "|".join((r"(?<![\w.])/" + "work/", r"(?<![\w.])/" + "root/", r"(?<![\w.])/home/" + r"\w+/"))
)
ADDRESS = re.compile(r"https?:" + "//")
PACKAGE_INDEXES = re.compile(
    ADDRESS.pattern + r"[^/\s]*(?:pypi|pythonhosted|npmjs|registry|artifactory|nexus)"
)
STORED_PHASES = (
    "PENDING PREPARING VALIDATING SHIFTING BAKING AWAITING_APPROVAL FINALIZING WATCHING SUCCEEDED "
    "ROLLING_BACK ROLLED_BACK NEEDS_HUMAN SUPERSEDED"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def repository_files() -> tuple[Path, ...]:
    """Files that git tracks or would track; without git, all that are not generated."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files() -> list[Path]:
    return [path for path in repository_files() if path.suffix == ".py"]


def product_files() -> list[Path]:
    return [path for path in python_files() if relative(path).split("/", 1)[0] in PACKAGES]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions_of(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, Function)]


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_forbidden(name: str) -> bool:
    """True when one word of a snake_case or CamelCase name says nothing."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return not FORBIDDEN_NAMES.isdisjoint(word.lower() for word in words)


def text_files() -> list[tuple[str, str]]:
    found = []
    for path in repository_files():
        try:
            found.append((relative(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def documentation() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages if page.is_file())


def test_there_is_code_to_check() -> None:
    assert {relative(path) for path in product_files()} >= {"pointsman/errors.py", "pointsman/core/decide.py"}


def test_modules_stay_within_their_size() -> None:
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > MAX_MODULE_LINES} == {}


def test_functions_stay_within_their_size() -> None:
    long = {
        f"{relative(path)}:{function.lineno} {function.name}": lines_of(function)
        for path in product_files()
        if not relative(path).startswith("infra/")
        for function in functions_of(path)
        if lines_of(function) > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        relative(path) for path in python_files() if not (ast.get_docstring(tree_of(path)) or "").strip()
    ]
    assert silent == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    parts = {part.removesuffix(".py") for path in python_files() for part in path.relative_to(ROOT).parts}
    assert sorted(part for part in parts if is_forbidden(part)) == []


def test_no_class_or_function_has_a_name_that_says_nothing() -> None:
    named = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in product_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef | Function) and is_forbidden(node.name)
    ]
    assert named == []


@pytest.mark.parametrize("name", ["utils", "string_helpers", "EndpointManager", "BaseHandler"])
def test_names_that_say_nothing_are_recognised(name: str) -> None:
    assert is_forbidden(name)


@pytest.mark.parametrize("name", ["baseline", "commonly", "decide", "rollout_of", "PASS"])
def test_names_that_only_sound_alike_are_left_alone(name: str) -> None:
    assert not is_forbidden(name)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.name)
class TestTrigger:
    """What belongs to one line of the table of triggers."""

    def test_its_handler_can_be_imported_and_called(self, trigger: Trigger) -> None:
        module, _, attribute = trigger.handler.rpartition(".")
        assert callable(getattr(importlib.import_module(module), attribute))

    def test_its_handler_lives_in_the_file_of_its_name(self, trigger: Trigger) -> None:
        assert trigger.handler == f"functions.{trigger.name}.handler"
        assert (ROOT / "functions" / f"{trigger.name}.py").is_file()

    def test_it_has_an_event_sample(self, trigger: Trigger) -> None:
        assert list((ROOT / "events").glob(f"{trigger.name}--*.json"))

    def test_the_documentation_mentions_it(self, trigger: Trigger) -> None:
        assert re.search(rf"\b{re.escape(trigger.name)}\b", documentation())


def test_every_file_of_functions_is_named_by_a_trigger() -> None:
    files = {path.stem for path in (ROOT / "functions").glob("*.py")} - {"__init__"}
    assert files - {trigger.name for trigger in TRIGGERS} == set()


def test_every_event_sample_belongs_to_a_trigger() -> None:
    owners = {path.name.partition("--")[0] for path in (ROOT / "events").glob("*.json")}
    assert owners - {trigger.name for trigger in TRIGGERS} == set()


def test_names_of_triggers_are_unique() -> None:
    names = [trigger.name for trigger in TRIGGERS]
    assert len(names) == len(set(names))


def test_every_module_of_pointsman_has_its_place_in_the_import_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = set(re.findall(r"pointsman\.\w+", " ".join(layers)))
    modules = {f"pointsman.{path.stem}" for path in (ROOT / "pointsman").iterdir() if is_module(path)}
    assert modules - placed == set()


def is_module(path: Path) -> bool:
    return (path.is_dir() and (path / "__init__.py").is_file()) or (
        path.suffix == ".py" and path.stem != "__init__"
    )


def test_requirements_hold_hashes_and_no_addresses() -> None:
    pinned = {name: text for name, text in text_files() if name.startswith("requirements/")}
    assert [name for name, text in pinned.items() if ADDRESS.search(text)] == []
    assert [
        name for name, text in pinned.items() if name.endswith(".txt") and "--hash=sha256:" not in text
    ] == []


def test_no_file_names_a_package_index() -> None:
    assert [name for name, text in text_files() if PACKAGE_INDEXES.search(text)] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert [name for name, text in text_files() if MACHINE_PATHS.search(text)] == []


def test_the_readme_says_how_to_see_it_and_how_to_test_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme


def test_stored_phases_are_never_renamed() -> None:
    assert {phase.value for phase in Phase} == set(STORED_PHASES.split())
