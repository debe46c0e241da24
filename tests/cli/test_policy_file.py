"""Policy files: what is read, what is refused and in which words, and that nothing is lost on the way."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.policy_file import (
    NoPolicies,
    PolicyErrors,
    compile_policies,
    load_policies,
    load_policy,
)
from pointsman.policy_json import policy_from_json

ROOT = Path(__file__).parents[2]

RIGHT: dict[str, Any] = yaml.safe_load((ROOT / "policies" / "fraud-prod.yaml").read_text(encoding="utf-8"))


def put(folder: Path, name: str, data: object) -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"# only a comment\n", "empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"- a\n- b\n", "keys and values"),
        (b"a: [1\n", "broken.yaml:2"),
        (b"b: \x1b\n", "control character"),
    ],
)
def test_a_file_that_holds_no_policy_says_so(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)

    with pytest.raises(PolicyErrors, match=re.escape(message)):
        load_policy(path)


def test_a_missing_file_is_told_like_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(PolicyErrors, match="cannot be read"):
        load_policy(tmp_path / "nowhere.yaml")


def test_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", {**RIGHT, "watch": "8d"})
    put(tmp_path, "b.yml", {**RIGHT, "model_package_group": ""})
    put(tmp_path, "c.yaml", {**RIGHT, "endpoint": "other"})

    with pytest.raises(PolicyErrors) as caught:
        load_policies(tmp_path)

    assert [(Path(problem.file).name, problem.where) for problem in caught.value.problems] == [
        ("a.yaml", "watch"),
        ("b.yml", "model_package_group"),
    ]


def test_two_policies_for_one_endpoint_are_refused_whatever_the_case(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", {**RIGHT, "endpoint": "chat-llm"})
    put(tmp_path, "b.yaml", {**RIGHT, "endpoint": "Chat-LLM"})

    with pytest.raises(PolicyErrors) as caught:
        load_policies(tmp_path)

    (problem,) = caught.value.problems
    assert Path(problem.file).name == "b.yaml"
    assert "a.yaml has a policy for this endpoint already" in problem.allowed


def test_only_visible_yaml_files_count(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", RIGHT)
    put(tmp_path, ".x.yaml", {"half": "saved"})
    put(tmp_path, "notes.txt", {"no": "policy"})

    assert [policy.endpoint for policy in load_policies(tmp_path)] == ["fraud-prod"]


def test_a_folder_without_policies_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoPolicies, match="no policies in this folder"):
        load_policies(tmp_path)
    with pytest.raises(NoPolicies, match="no such file or folder"):
        load_policies(tmp_path / "nowhere")


def test_compiled_policies_are_json_that_the_runtime_reads_back(tmp_path: Path) -> None:
    put(tmp_path, "1.yaml", {**RIGHT, "endpoint": "b"})
    put(tmp_path, "2.yaml", {**RIGHT, "endpoint": "a"})

    compiled = json.loads(json.dumps(compile_policies(tmp_path)))

    assert compiled["schema"] == 1
    policies = [policy_from_json(raw) for raw in compiled["policies"]]
    assert policies == sorted(load_policies(tmp_path), key=lambda policy: policy.endpoint)


def test_the_policies_that_ship_are_right() -> None:
    shipped = {str(policy.endpoint): policy for policy in load_policies(ROOT / "policies")}

    assert shipped["chat-llm"].plan.health.alarms == ("chat-llm-5xx",)
    assert shipped["fraud-prod"].plan.health.alarms == ("fraud-prod-p99", "pointsman/fraud-prod/5xx")


def test_a_hostile_file_name_is_escaped(tmp_path: Path) -> None:
    put(tmp_path, "\x1b[31mx.yaml", {**RIGHT, "watch": "8d"})

    with pytest.raises(PolicyErrors) as caught:
        load_policies(tmp_path)

    assert str(caught.value).isprintable()
