"""`pointsman adopt` of one endpoint, as people and pipelines call it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.adopt import Asked, Writing, adopt
from cli.adopt_yaml import policy_text
from cli.policy_file import examine, load_policy, policy_from_text
from local.kinds import SAMPLES
from pointsman.core.draft import Given, draft
from pointsman.policy import Tool
from tests.core.sights import MODEL, past, sight
from tests.worlds.fleet import Here, Standing, standing

NAMES = {
    "fraud-plain",
    "search-autoscaled",
    "churn-unregistered",
    "by-terraform",
    "by-cdk",
    "ranking-shadow",
    "lab-alone",
    "mail-composed",
}
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def fleet() -> Iterator[Standing]:
    with standing([sample for sample in SAMPLES if sample.name in NAMES]) as here:
        yield here


@pytest.fixture
def account(fleet: Standing) -> Iterator[Standing]:
    yield fleet
    fleet.allow()


def run(account: Standing, name: str, **given: Any) -> int:
    writing = Writing(**{key: given.pop(key) for key in list(given) if key in Writing.__slots__})
    return adopt(name, writing=writing, where=account.where, **given)


def test_the_policy_goes_to_the_output_and_what_is_said_of_it_beside(
    account: Standing, capsys: Captured
) -> None:
    assert run(account, "by-terraform") == 0
    out, err = capsys.readouterr()
    policy = yaml.safe_load(out)
    assert (policy["endpoint"], policy["model_package_group"]) == ("by-terraform", "by-terraform")
    assert policy["managed_by"] == {"tool": "terraform"}
    assert policy["serve"] == {"instance_type": "ml.c7i.large", "instance_count": 2}
    assert policy["health"]["alarms"] == ["by-terraform-5xx"]
    assert "Terraform (likely): tag tf-workspace = prod; tag ManagedBy = terraform" in err
    assert "      ignore_changes = [endpoint_config_name]" in err
    assert "Nothing was changed in AWS." in err


def test_every_guess_has_a_comment_right_above_it(account: Standing, capsys: Captured) -> None:
    run(account, "fraud-plain")
    lines = capsys.readouterr().out.splitlines()
    for key in (
        "steps",
        "min",
        "max",
        "patience",
        "body",
        "max_percent",
        "slow_over",
        "min_requests",
        "tool",
    ):
        at = next(index for index, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
        above = " ".join(lines[max(0, at - 3) : at])
        assert "# guess: " in above, key


def test_a_composite_alarm_stands_for_those_that_it_is_made_of(account: Standing, capsys: Captured) -> None:
    run(account, "mail-composed")
    out = capsys.readouterr().out
    assert yaml.safe_load(out)["health"]["alarms"] == ["mail-composed-health"]
    assert "# left out: mail-composed-p99 (composite alarm mail-composed-health speaks for it)" in out


def test_a_file_is_right_for_policy_check_and_holds_what_was_printed(
    account: Standing, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "fraud.yaml"
    assert run(account, "fraud-plain", out=out) == 0
    said = capsys.readouterr().out
    assert f"pointsman policy check {out}" in said
    policy = load_policy(out)
    assert policy.managed_by is not None
    assert (policy.managed_by.tool, policy.managed_by.read_by) == (Tool.NONE, "")
    assert policy.metadata == {"cost-centre": "4711", "environment": "prod"}
    assert "# left out: tag colour" in out.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["fraud.yaml"]


def test_a_file_that_is_there_is_written_over_only_by_force(
    account: Standing, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "fraud.yaml"
    out.write_text("mine\n", encoding="utf-8")
    assert run(account, "fraud-plain", out=out) == 2
    assert out.read_text(encoding="utf-8") == "mine\n"
    assert "exists: choose another file, or give --force" in capsys.readouterr().err
    assert run(account, "fraud-plain", out=out, force=True) == 0
    assert load_policy(out).endpoint == "fraud-plain"


def test_a_folder_that_is_not_there_is_made(account: Standing, tmp_path: Path) -> None:
    out = tmp_path / "my" / "policies" / "x.yaml"
    assert run(account, "fraud-plain", out=out) == 0
    assert load_policy(out).endpoint == "fraud-plain"


def test_a_folder_that_cannot_be_made_is_said(account: Standing, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert run(account, "fraud-plain", out=tmp_path / "file" / "x.yaml") == 2
    assert "cannot be written: File exists" in capsys.readouterr().err


def test_without_a_package_policy_check_refuses_the_line_that_is_to_be_filled_in(
    account: Standing, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "churn.yaml"
    assert run(account, "churn-unregistered", out=out) == 0
    assert "Fill in model_package_group" in capsys.readouterr().out
    [problem] = examine(out)[0].problems
    assert problem.where == "model_package_group"
    assert "fill in, or run adopt again with --group NAME" in problem.found
    assert run(account, "churn-unregistered", out=out, force=True, group="churn") == 0
    assert load_policy(out).model_package_group == "churn"


def test_without_an_owner_policy_check_refuses_the_empty_team(account: Standing, tmp_path: Path) -> None:
    out = tmp_path / "lab.yaml"
    assert run(account, "lab-alone", out=out) == 0
    assert [problem.where for problem in examine(out)[0].problems] == ["owner.team"]
    assert run(account, "lab-alone", out=out, force=True, team="lab") == 0
    assert load_policy(out).owner.team == "lab"


def test_what_no_strategy_serves_is_explained_and_not_written(
    account: Standing, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "ranking.yaml"
    assert run(account, "ranking-shadow", out=out) == 1
    said = capsys.readouterr().out
    assert "canary does not work:\n  - it has a shadow variant: end the shadow test first" in said
    assert not out.exists()


def test_json_is_one_object_with_the_policy_and_all_that_is_said(account: Standing, capsys: Captured) -> None:
    assert run(account, "search-autoscaled", as_json=True) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert err == ""
    assert (told["endpoint"], told["takes_canary"], told["fill_in"], told["written_to"]) == (
        "search-autoscaled",
        True,
        [],
        None,
    )
    assert told["kinds"] == [{"kind": "autoscaled", "where": "variant AllTraffic", "detail": "2 and 6"}]
    assert told["policy"]["rollout"]["strategy"] == "canary"
    assert told["rests_on"]["serve.instance_count"].startswith("as it is live, scaled between 2 and 6")
    canary = told["strategies"][0]
    assert (canary["strategy"], canary["answer"], canary["carried_out"]) == (
        "canary",
        "works with a restriction",
        True,
    )


def test_json_of_what_cannot_be_adopted_has_no_policy(account: Standing, capsys: Captured) -> None:
    assert run(account, "ranking-shadow", as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["policy"], told["takes_canary"], told["rests_on"]) == (None, False, {})


def test_tags_cannot_break_out_of_their_comment_or_their_line(account: Standing, capsys: Captured) -> None:
    arn = account.kernel.call("sagemaker", "DescribeEndpoint", {"EndpointName": "by-cdk"})["EndpointArn"]
    # The worst that AWS takes for a tag: separators of lines and paragraphs are allowed, quotes and control characters not.
    hostile = {"team": "x\u2028freeze: hacked", "app": "a: b\u2029- c", "evil\u2028key: 1": "v"}
    account.kernel.stamp_tags(arn, hostile)
    run(account, "by-cdk")
    policy = yaml.safe_load(capsys.readouterr().out)
    assert policy["owner"] == {"team": hostile["team"]}
    assert policy["metadata"] == {"Owner": "ml-platform", "app": "a: b\u2029- c"}


def test_looking_changes_nothing(account: Standing, capsys: Captured) -> None:
    account.begin()
    for name in sorted(NAMES):
        run(account, name)
    assert account.writes() == []
    assert account.calls()


def test_an_endpoint_that_a_rollout_has_been_through_is_said_to_be_adopted(
    account: Standing, capsys: Captured
) -> None:
    sagemaker, ours = account.account.client("sagemaker"), "pointsman-by-cdk-v7-0a1b2c3d-final-2"
    config = sagemaker.describe_endpoint_config(EndpointConfigName="by-cdk-v1")
    sagemaker.create_endpoint_config(EndpointConfigName=ours, ProductionVariants=config["ProductionVariants"])
    sagemaker.update_endpoint(EndpointName="by-cdk", EndpointConfigName=ours)
    account.kernel.advance(timedelta(minutes=15))
    assert run(account, "by-cdk") == 0
    assert (
        "It runs on a config that a rollout of Pointsman made: it is adopted already."
        in capsys.readouterr().err
    )


def test_the_permissions_are_an_iam_policy_that_needs_no_account(capsys: Captured) -> None:
    assert adopt(asked=Asked(permissions=True), where=Here()) == 0
    policy = json.loads(capsys.readouterr().out)
    [statement] = policy["Statement"]
    assert statement["Effect"] == "Allow"
    assert all(action.split(":")[1].startswith(("Describe", "List", "Get")) for action in statement["Action"])


@pytest.mark.parametrize("account", ["444455556666", "044455556666", "089999999999"])
def test_the_account_of_another_registry_is_written_so_that_it_is_read_again(account: str) -> None:
    elsewhere = replace(MODEL, registry_account=account)
    text = policy_text(draft(sight(models=(elsewhere,)), past(), Given()), ["A test."])
    assert f'\nregistry_account: "{account}"\n' in text
    assert policy_from_text(text).registry_account == account
    assert "registry_account" not in policy_text(draft(sight(), past(), Given()), ["A test."])
