"""Policy files: from a folder of YAML to runtime policies, or to every mistake in it. What a policy may say lives in `policy_model`.

policies/x.yaml -> policy_yaml (text to data) -> policy_model (sections, rules) -> policy_compile (runtime policy)
                               |                     `-> policy_folder (rules between the files of a folder)
                               `-> policy_problems (each mistake: where, what was found, what is allowed)
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cli.policy_compile import policy_of, to_authoring
from cli.policy_folder import Examined, related
from cli.policy_model import PolicyDocument
from cli.policy_problems import NoPolicies, PolicyErrors, Problem, escaped, problems_of, twice_problems
from cli.policy_yaml import Unreadable, read_yaml
from pointsman.policy import Policy
from pointsman.policy_json import SCHEMA, policy_to_json

__all__ = [
    "Examined",
    "NoPolicies",
    "PolicyErrors",
    "Problem",
    "compile_policies",
    "examine",
    "load_policies",
    "load_policy",
    "policy_from_text",
    "to_authoring",
]

# Far above a policy with the largest body, every character of it written as an escape sequence.
_MAX_FILE_BYTES = 64 * 1024 * 1024


def load_policy(path: Path) -> Policy:
    """Read one policy file.

    Raises:
        PolicyErrors: with every mistake in it, also when the file cannot be read.

    """
    return _policies([_examine_file(Path(path))])[0]


def load_policies(folder: Path) -> list[Policy]:
    """Read every `*.yaml` and `*.yml` of a folder, in the order of their names.

    Raises:
        NoPolicies: no such folder, or no policy in it.
        PolicyErrors: with every mistake in every file.

    """
    return _policies(examine(folder))


def compile_policies(folder: Path) -> dict[str, Any]:
    """Compile a folder to the JSON object that ships in the zip. Raises what `load_policies` raises."""
    ordered = sorted(load_policies(folder), key=lambda policy: policy.endpoint)
    return {"schema": SCHEMA, "policies": [policy_to_json(policy) for policy in ordered]}


def policy_from_text(text: str, file: str = "policy.yaml") -> Policy:
    """Read one policy from YAML text. `file` is how messages name it. Raises PolicyErrors."""
    return _policies([_examine_text(text, file)])[0]


def examine(path: Path) -> list[Examined]:
    """Look at every policy file of a folder, or at one file, and say what is right and what is wrong.

    What must hold between policies (one per endpoint, an order without circles) is only looked at in a folder.

    Raises:
        NoPolicies: no such path, or a folder without policies.

    """
    path = Path(path)
    try:
        files, is_folder = _files_at(path), path.is_dir()
    except OSError as err:
        raise NoPolicies(f"{escaped(str(path))}: cannot be read: {err.strerror}") from err
    examined = [_examine_file(file) for file in files]
    return related(examined) if is_folder else examined


def _files_at(path: Path) -> list[Path]:
    if not path.exists():
        raise NoPolicies(f"{escaped(str(path))}: no such file or folder")
    if not path.is_dir():
        return [path]
    files = sorted(child for child in path.iterdir() if _is_policy_file(child))
    if not files:
        raise NoPolicies(f"{escaped(str(path))}: no policies in this folder; a policy is a file named *.yaml")
    return files


def _is_policy_file(path: Path) -> bool:
    return path.suffix.lower() in {".yaml", ".yml"} and not path.name.startswith(".") and path.is_file()


def _policies(examined: Iterable[Examined]) -> list[Policy]:
    examined = list(examined)
    problems = tuple(problem for one in examined for problem in one.problems)
    if problems:
        raise PolicyErrors(problems)
    return [one.policy for one in examined if one.policy is not None]


def _examine_file(path: Path) -> Examined:
    file = escaped(str(path))
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            return _wrong(file, "the file is too large", f"at most {_MAX_FILE_BYTES:,} bytes")
        return _examine_text(path.read_bytes().decode("utf-8-sig"), file)
    except OSError as err:
        return _wrong(
            file,
            f"cannot be read: {err.strerror or type(err).__name__}",
            "check the path and its permissions",
        )
    except UnicodeDecodeError as err:
        return _wrong(file, f"byte {err.start} is not UTF-8", "save the file as UTF-8")


def _examine_text(text: str, file: str) -> Examined:
    try:
        document = read_yaml(text)
    except Unreadable as err:
        return _wrong(
            file, f"cannot be read as YAML: {escaped(str(err))}", "correct the syntax there", err.line
        )
    problems = list(twice_problems(document, file))
    if document.data is None:
        return _wrong(file, "the file is empty", "write a policy as docs/policy.md shows, or remove the file")
    try:
        policy = policy_of(PolicyDocument.model_validate(document.data))
    except ValidationError as err:
        return Examined(file, None, (*problems, *problems_of(err, document, file)), document)
    return Examined(file, None if problems else policy, tuple(problems), document)


def _wrong(file: str, found: str, allowed: str, line: int | None = None) -> Examined:
    return Examined(file, None, (Problem(file, line, "", found, allowed),))
