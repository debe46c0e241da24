"""Which AWS operations the functions' code calls, read from the sources: adapters that a handler imports, and the clients they are given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from botocore import xform_name

from bundle.staging import ROOT
from twin.wire.models import LOADER

ADAPTERS = "pointsman.adapters.aws."
NO_OPERATIONS = {"meta", "exceptions"}
Call = tuple[str, str]


def called_by_functions() -> set[Call]:
    """Service and operation of every call in an adapter that some handler imports, however deep."""
    modules = imported_from(f"functions.{path.stem}" for path in (ROOT / "functions").glob("*.py"))
    return {call for name in modules if name.startswith(ADAPTERS) for call in calls_in(tree_of(name))}


def imported_from(names: Iterator[str]) -> set[str]:
    """These modules of ours and all that they import, also within functions."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and path_of(name) is not None:
            found.add(name)
            waiting += _imports_of(tree_of(name))
    return found


def calls_in(tree: ast.Module) -> set[Call]:
    """Calls of the clients that classes of a module are given, by the types that they are annotated with."""
    services = {
        alias.name: node.module.removeprefix("mypy_boto3_").replace("_", "-")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mypy_boto3_")
        for alias in node.names
    }
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {call for each in classes for call in _calls_of(each, services)}


def path_of(name: str) -> Path | None:
    """The file of a module of ours."""
    parts = name.split(".")
    stem = ROOT.joinpath(*parts)
    if parts[0] not in {"functions", "pointsman"}:
        return None
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None)


@cache
def tree_of(name: str) -> ast.Module:
    path = path_of(name)
    assert path is not None
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports_of(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _calls_of(owner: ast.ClassDef, services: dict[str, str]) -> Iterator[Call]:
    held = dict(_clients_of(owner, services))
    for node in ast.walk(owner):
        if isinstance(node, ast.Attribute) and _own(node.value) in held and node.attr not in NO_OPERATIONS:
            yield _call(held[_own(node.value)], node.attr)
        elif isinstance(node, ast.Call) and _own(node.func) == "_call":
            # A class with a `_call` has one client, and names the operation.
            [service], operation = set(held.values()), node.args[0]
            assert isinstance(operation, ast.Constant)
            yield _call(service, str(operation.value))


def _clients_of(owner: ast.ClassDef, services: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Attribute and service of each client that `__init__` keeps."""
    for made in owner.body:
        if not isinstance(made, ast.FunctionDef) or made.name != "__init__":
            continue
        given = {arg.arg: ast.unparse(arg.annotation) for arg in made.args.args if arg.annotation}
        for node in ast.walk(made):
            if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Name):
                service = services.get(given.get(node.value.id, ""))
                if service:
                    yield _own(node.target), service


def _own(node: ast.expr) -> str:
    """`x` of `self.x`; empty for anything else."""
    is_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return node.attr if is_own and isinstance(node, ast.Attribute) else ""


def _call(service: str, method: str) -> Call:
    """Raises KeyError for what is no operation: a paginator, say, whose data does not ship."""
    return service, _methods(service)[method]


@cache
def _methods(service: str) -> dict[str, str]:
    operations = LOADER.load_service_model(service, "service-2")["operations"]
    return {xform_name(name): name for name in operations}
