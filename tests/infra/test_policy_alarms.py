"""Alarms that policies ask for: what is deployed is what they define, and an alarm never moves to another stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cloudformation_validate import CompositeEngine, Severity, TemplateContent

from cli.policy_file import compile_policies, load_policies
from infra.errors import NotDeployable
from infra.facts import PolicyFacts, facts_of
from infra.limits import MOST_RESOURCES, alarms_size, many_at_once, require_alarms_fit
from infra.policy_alarms import BUCKETS, bucket_of, bucketed
from pointsman.policy import CreatedAlarm, EndpointName, ErrorKind, ErrorsAlarm, LatencyAlarm, ModelGroup
from pointsman.policy_alarms import alarms_of, parameters_of
from tests.infra.templates import FACTS, Json, of_type, synthesise

POLICIES = Path(__file__).resolve().parents[2] / "policies"
THREE: tuple[CreatedAlarm, ...] = (
    ErrorsAlarm(ErrorKind.SERVER, 5.0, minutes=3, min_requests=20, variant="AllTraffic"),
    ErrorsAlarm(ErrorKind.MODEL, 5.0, minutes=3, min_requests=20, variant="AllTraffic"),
    LatencyAlarm(99.0, timedelta(seconds=2), minutes=3, min_requests=20, variant="AllTraffic"),
)


def defined(*endpoints: str) -> dict[str, list[dict[str, Any]]]:
    """Three alarms for each."""
    return {name: [parameters_of(EndpointName(name), alarm) for alarm in THREE] for name in endpoints}


def synthesised(folder: Path, *endpoints: str) -> Path:
    return synthesise(folder, replace(FACTS, alarms=defined(*endpoints)))


def nested(out: Path) -> Iterator[Json]:
    for path in sorted(out.glob("*.nested.template.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def alarms_in(template: Json) -> dict[str, Json]:
    return {str(each["AlarmName"]): each for each in of_type(template, "AWS::CloudWatch::Alarm").values()}


def test_what_is_deployed_is_what_the_policies_define(tmp_path: Path) -> None:
    compiled = compile_policies(POLICIES)["policies"]
    found = facts_of(compiled)
    wanted = {
        str(each["AlarmName"]): each for policy in load_policies(POLICIES) for each in alarms_of(policy)
    }
    assert "pointsman/fraud-prod/5xx" in wanted

    deployed = {
        name: alarm
        for template in nested(synthesise(tmp_path, found))
        for name, alarm in alarms_in(template).items()
    }

    tags = {"Tags": [{"Key": "pointsman:installation", "Value": "pointsman"}]}
    assert deployed == {name: alarm | tags for name, alarm in wanted.items()}


def test_without_a_definition_there_is_no_nested_stack(assembly: Path, template: Json) -> None:
    assert list(nested(assembly)) == []
    assert of_type(template, "AWS::CloudFormation::Stack") == {}


def test_no_rule_of_cloudformation_is_broken_in_a_nested_stack(tmp_path: Path) -> None:
    [template] = nested(synthesised(tmp_path, "fraud-prod"))
    report = CompositeEngine().validate_template(TemplateContent(json.dumps(template), "alarms.json"))
    assert [str(each) for each in report.diagnostics if each.severity is not Severity.INFO] == []
    assert set(alarms_in(template)) == {
        "pointsman/fraud-prod/5xx",
        "pointsman/fraud-prod/model_error",
        "pointsman/fraud-prod/p99",
    }


def test_an_alarm_stays_in_its_stack_under_its_id_whatever_comes_and_goes(tmp_path: Path) -> None:
    names = [f"endpoint-{each}" for each in range(40)]
    for folder in ("all", "half"):
        (tmp_path / folder).mkdir()
    before = places(synthesised(tmp_path / "all", *names))
    after = places(synthesised(tmp_path / "half", "new-one", *names[::2]))
    kept = before.keys() & after.keys()
    assert len(kept) == 60
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}


def places(out: Path) -> dict[str, tuple[str, str]]:
    """File of its stack, and logical id, of every alarm."""
    found = {}
    for path in out.glob("*.nested.template.json"):
        template = json.loads(path.read_text(encoding="utf-8"))
        for logical, alarm in of_type(template, "AWS::CloudWatch::Alarm").items():
            found[alarm["AlarmName"]] = (path.name, logical)
    return found


def test_the_bucket_of_an_endpoint_is_the_same_for_ever() -> None:
    assert [bucket_of(name) for name in ("chat-llm", "fraud-prod", "search")] == [4, 5, 7]
    assert {bucket_of(f"endpoint-{each}") for each in range(500)} == set(range(BUCKETS))


def test_a_thousand_policies_with_three_alarms_each_fit_and_it_is_said_that_it_takes_several_deployments(
    tmp_path: Path,
) -> None:
    names = [f"{'abcdefghij'[each % 10]}-team-{each:04}-recommendations-production" for each in range(1_000)]
    out = synthesise(tmp_path, PolicyFacts(tuple(names), (ModelGroup("group"),), (), defined(*names)))

    sizes = [(len(of_type(each, "AWS::CloudWatch::Alarm")), len(each["Resources"])) for each in nested(out)]
    assert sum(alarms for alarms, _all in sizes) == 3_000
    assert max(every for _alarms, every in sizes) <= MOST_RESOURCES
    assert max(path.stat().st_size for path in out.glob("*.template.json")) <= 1_000_000
    [main] = [path for path in out.glob("*.template.json") if ".nested." not in path.name]
    assert len(json.loads(main.read_text(encoding="utf-8"))["Resources"]) <= MOST_RESOURCES
    said = "".join(each.read_text(encoding="utf-8") for each in out.glob("*.json"))
    assert "The policies define 3,000 alarms" in said


def test_what_one_deployment_can_do_is_said_only_where_there_is_more() -> None:
    assert many_at_once(2_500) == []
    assert "in several deployments" in many_at_once(2_501)[0]


def test_too_many_alarms_in_a_stack_are_refused_with_what_to_do(tmp_path: Path) -> None:
    same = [f"e{each}" for each in range(6_000) if bucket_of(f"e{each}") == 0][:167]
    assert len(bucketed(defined(*same))[0]) == 501
    with pytest.raises(NotDeployable, match=r"nested stack 0 .* has 501 alarms.*allows 500: define fewer"):
        synthesised(tmp_path, *same)


def test_too_large_a_template_is_refused_with_what_to_do() -> None:
    [alarm, *_] = defined("fraud-prod")["fraud-prod"]
    long = {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm | {"AlarmDescription": "x" * 1_000}}
    require_alarms_fit(3, [long] * 100)
    with pytest.raises(NotDeployable, match=r"nested stack 3 .* bytes of template.*allows 1,000,000"):
        require_alarms_fit(3, [long] * 450)


def test_the_size_that_is_checked_is_the_size_that_is_written(tmp_path: Path) -> None:
    names = [f"e{each}" for each in range(4_000) if bucket_of(f"e{each}") == 0][:100]
    [written] = synthesised(tmp_path, *names).glob("*.nested.template.json")
    resources = json.loads(written.read_text(encoding="utf-8"))["Resources"].values()
    assert written.stat().st_size == pytest.approx(alarms_size(list(resources)), rel=0.001)
