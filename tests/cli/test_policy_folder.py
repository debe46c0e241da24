"""What the policies of a folder must be to each other."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from cli.policy_file import NoPolicies, Problem, examine
from tests.cli.policy_variations import FULL


def put(folder: Path, endpoint: str, after: str = "", **keys: object) -> None:
    data = copy.deepcopy(FULL) | {"endpoint": endpoint} | keys
    data["rollout"]["after"] = {"endpoint": after}
    if not after:
        del data["rollout"]["after"]
    (folder / f"{endpoint}.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")


def problems(folder: Path) -> dict[str, Problem]:
    return {Path(one.file).stem: problem for one in examine(folder) for problem in one.problems}


def test_an_order_that_can_be_followed_is_right(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="staging")
    put(tmp_path, "shadow", after="staging")
    put(tmp_path, "staging", after="dev")
    put(tmp_path, "dev")

    assert problems(tmp_path) == {}


def test_an_endpoint_without_a_policy_cannot_go_first(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="Stagin")
    put(tmp_path, "staging")

    problem = problems(tmp_path)["prod"]

    assert (problem.where, problem.found) == ("rollout.after.endpoint", "found 'Stagin'")
    assert "did you mean staging?" in problem.allowed
    line = (tmp_path / "prod.yaml").read_text().splitlines()[(problem.line or 0) - 1]
    assert line.strip() == "endpoint: Stagin"


def test_an_only_policy_can_wait_for_nobody(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="staging")

    assert "no other endpoint has a policy in this folder" in problems(tmp_path)["prod"].allowed


def test_many_policies_are_not_all_listed(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="zzz")
    for number in range(10):
        put(tmp_path, f"e{number}")

    assert problems(tmp_path)["prod"].allowed.endswith("e0, e1, e2, e3, e4, e5, e6, e7 and 2 more")


def test_one_that_goes_first_must_release_the_same_group(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="staging")
    put(tmp_path, "staging", model_package_group="other")

    assert "staging releases the group 444455556666/other" in problems(tmp_path)["prod"].allowed


def test_and_from_the_same_registry(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="staging")
    put(tmp_path, "staging", registry_account="000000000012")

    said = problems(tmp_path)["prod"].allowed
    assert "staging releases the group 000000000012/fraud, prod releases 444455556666/fraud" in said
    assert "registry_account are the same" in said


def test_a_circle_is_told_at_each_of_its_members_and_nowhere_else(tmp_path: Path) -> None:
    put(tmp_path, "a", after="b")
    put(tmp_path, "b", after="c")
    put(tmp_path, "c", after="a")
    put(tmp_path, "outside", after="a")

    found = problems(tmp_path)

    assert set(found) == {"a", "b", "c"}
    assert "b waits for c waits for a waits for b" in found["b"].allowed


def test_an_endpoint_that_waits_for_itself_is_refused_in_its_own_file(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="Prod")

    (one,) = examine(tmp_path / "prod.yaml")
    (problem,) = one.problems

    assert (problem.where, problem.found) == ("rollout.after.endpoint", "found 'Prod'")
    assert "cannot wait for itself" in problem.allowed


def test_a_mistake_in_the_policy_that_goes_first_is_told_once(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="staging")
    put(tmp_path, "staging", watch="8d")

    assert set(problems(tmp_path)) == {"staging"}


def test_a_single_file_is_not_asked_for_its_neighbours(tmp_path: Path) -> None:
    put(tmp_path, "prod", after="staging")

    (one,) = examine(tmp_path / "prod.yaml")

    assert one.policy is not None


def test_two_policies_for_one_endpoint_are_told_at_the_second_with_its_line(tmp_path: Path) -> None:
    put(tmp_path, "Prod")
    put(tmp_path, "prod")

    (problem,) = problems(tmp_path).values()

    assert (problem.where, problem.line) == ("endpoint", 1)
    assert "has a policy for this endpoint already" in problem.allowed


@pytest.mark.parametrize("content", ["- a\n", "a: [\n", "endpoint: 7\n", ""])
def test_a_file_that_does_not_say_its_endpoint_has_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.yaml").write_text(content)

    (one,) = examine(tmp_path)

    assert one.endpoint == ""


def test_a_folder_without_policies_has_nothing_to_relate(tmp_path: Path) -> None:
    with pytest.raises(NoPolicies):
        examine(tmp_path)
