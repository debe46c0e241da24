"""What stands in front of a run in a real account: it refuses, asks, tells the price, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from contract.case import Case, Ground, Need
from contract.desk import Account, Desk, Exit, Plan, clean, perform
from contract.run import Outcome, Verdict
from contract.scene import Scene
from tests.contract.simulated import Simulated, simulated

NUMBER = "111122223333"


@dataclass(slots=True)
class Person:
    """Answers what it is told to, and remembers what it was asked and told."""

    answer: str = "yes"
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def ask(self, question: str) -> str:
        self.asked.append(question)
        return self.answer


@pytest.fixture
def cloud() -> Iterator[Simulated]:
    with simulated() as world:
        yield world


def uses_everything(scene: Scene) -> None:
    """Make one of each."""
    name = scene.endpoint()
    scene.autoscaling.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId=f"endpoint/{name}/variant/stable",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=1,
    )
    group = scene.name("group")
    scene.sagemaker.create_model_package_group(ModelPackageGroupName=group, Tags=scene.tags)
    scene.sagemaker.create_model_package(ModelPackageGroupName=group)
    scene.cloudwatch.put_metric_alarm(
        AlarmName=scene.name("alarm"),
        Namespace="AWS/SageMaker",
        MetricName="Invocations",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    rule = f'ALARM("{scene.name("alarm")}")'
    scene.cloudwatch.put_composite_alarm(AlarmName=scene.name("composite"), AlarmRule=rule)
    schedule = {"Expression": f"at({scene.cloud.now:%Y-%m-%dT%H:%M})", "Duration": "PT15M"}
    scene.cloudwatch.put_alarm_mute_rule(Name=scene.name("mute"), Rule={"Schedule": schedule})
    scene.weigh(stable=0.5, candidate=0.5)


def differs(scene: Scene) -> None:
    """Claim what is not so."""
    uses_everything(scene)
    raise AssertionError("it is otherwise")


def breaks_off(scene: Scene) -> None:
    """Call what fails."""
    scene.endpoint()
    scene.sagemaker.describe_model(ModelName="nowhere")


def is_interrupted(scene: Scene) -> None:
    """Be stopped half way."""
    uses_everything(scene)
    raise KeyboardInterrupt


def listens(scene: Scene) -> None:
    """Need events."""


def _case(run: Any, *, needs_events: bool = False) -> Case:
    return Case(run, "2.1", Ground.CONFIRMED, Need.ENDPOINT, timedelta(minutes=45), False, needs_events)  # noqa: FBT003


def _performed(
    cloud: Simulated, person: Person, *cases: Case, named: str | None = NUMBER, yes: bool = False
) -> tuple[int, list[Verdict]]:
    environment = {} if named is None else {"POINTSMAN_CONTRACT_ACCOUNT": named}
    desk = Desk(environment, person.ask, person.told.append)
    plan = Plan(cases, 0.115, "list price of 2026-09-27", "ab12", yes)
    return perform(Account(NUMBER, "us-east-1", cloud), desk, plan)


def _is_empty(cloud: Simulated) -> bool:
    sagemaker = cloud.client("sagemaker")
    alarms = cloud.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    targets = cloud.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    mutes = cloud.client("cloudwatch").list_alarm_mute_rules()
    return not any(
        (
            sagemaker.list_endpoints()["Endpoints"],
            sagemaker.list_endpoint_configs()["EndpointConfigs"],
            sagemaker.list_models()["Models"],
            sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"],
            targets["ScalableTargets"],
            alarms["MetricAlarms"],
            alarms["CompositeAlarms"],
            mutes["AlarmMuteRuleSummaries"],
        )
    )


@pytest.mark.parametrize("named", [None, "", "444455556666"])
def test_without_the_number_of_the_account_nothing_is_done(cloud: Simulated, named: str | None) -> None:
    person = Person()

    code, verdicts = _performed(cloud, person, _case(uses_everything), named=named, yes=True)

    assert (code, verdicts, person.asked) == (Exit.REFUSED, [], [])
    assert "POINTSMAN_CONTRACT_ACCOUNT" in person.told[0]
    assert not cloud.kernel.calls


@pytest.mark.parametrize("answer", ["", "no", "y", "YES"])
def test_whoever_does_not_say_yes_spends_nothing(cloud: Simulated, answer: str) -> None:
    person = Person(answer)

    code, _ = _performed(cloud, person, _case(uses_everything))

    assert code == Exit.REFUSED
    assert person.told[-1] == "Nothing was done."
    assert not cloud.kernel.calls


def test_the_price_is_told_before_the_question(cloud: Simulated) -> None:
    person = Person("no")

    _performed(cloud, person, _case(uses_everything))

    # 45 minutes and a quarter of an hour around them, two instances.
    assert person.told[0] == (
        "1 case in account 111122223333, us-east-1: about 60 minutes. At most 2 instances of ml.m5.large at once, "
        "2.0 instance-hours at 0.115 USD (list price of 2026-09-27): about 0.23 USD, and some cents for alarms and "
        "requests."
    )
    assert "pointsman-contract-ab12-" in person.told[1]


def test_what_was_made_is_deleted_when_all_holds(cloud: Simulated) -> None:
    person = Person()

    code, verdicts = _performed(cloud, person, _case(uses_everything))

    assert (code, [verdict.outcome for verdict in verdicts]) == (Exit.OK, [Outcome.HOLDS])
    assert _is_empty(cloud)


def test_whoever_agreed_beforehand_is_not_asked(cloud: Simulated) -> None:
    person = Person("no")

    code, _ = _performed(cloud, person, _case(uses_everything), yes=True)

    assert (code, person.asked) == (Exit.OK, [])


@pytest.mark.parametrize(
    ("run", "outcome", "note"),
    [(differs, Outcome.DIFFERS, "it is otherwise"), (breaks_off, Outcome.BROKE_OFF, "Could not find model")],
)
def test_what_was_made_is_deleted_when_something_differs(
    cloud: Simulated, run: Any, outcome: Outcome, note: str
) -> None:
    person = Person()

    code, (verdict, after) = _performed(cloud, person, _case(run), _case(listens))

    assert (code, verdict.outcome, after.outcome) == (Exit.DIFFERS, outcome, Outcome.HOLDS)
    assert f"Of the cases, 1 holds, 1 {outcome}." in person.told
    assert person.told[-1] == "Nothing that is named pointsman-contract-ab12... is left."
    assert note in verdict.note
    assert _is_empty(cloud)


def test_what_was_made_is_deleted_after_an_interruption(cloud: Simulated) -> None:
    code, verdicts = _performed(cloud, Person(), _case(is_interrupted), _case(listens))

    assert (code, verdicts) == (Exit.INTERRUPTED, [])
    assert _is_empty(cloud)


def test_what_cannot_be_deleted_is_named_and_the_rest_is_deleted(cloud: Simulated) -> None:
    person = Person()
    cloud.kernel.faults.fail("sagemaker", "DeleteModel", "AccessDeniedException", "not yours")

    code, _ = _performed(cloud, person, _case(uses_everything))

    assert code == Exit.LEFT_BEHIND
    assert "pointsman-contract-ab12-model" in person.told[-1]
    assert "not yours" in person.told[-1]
    assert cloud.client("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_what_a_killed_run_left_is_deleted_later_and_nothing_else(cloud: Simulated) -> None:
    uses_everything(Scene(cloud, "pointsman-contract-dead"))
    for name in ("other-model", "pointsman-contract-untagged"):
        cloud.client("sagemaker").create_model(
            ModelName=name, ExecutionRoleArn=cloud.settings.role, PrimaryContainer={"Image": "i"}
        )
    person = Person()
    desk = Desk({"POINTSMAN_CONTRACT_ACCOUNT": NUMBER}, person.ask, person.told.append)

    code = clean(Account(NUMBER, "us-east-1", cloud), desk)

    left = cloud.client("sagemaker").list_models()["Models"]
    assert code == Exit.OK
    assert {row["ModelName"] for row in left} == {"other-model", "pointsman-contract-untagged"}


def test_a_case_on_events_is_not_run_where_nobody_listens(cloud: Simulated) -> None:
    cloud.is_listening = False

    code, (verdict,) = _performed(cloud, Person(), _case(listens, needs_events=True))

    assert (code, verdict.outcome) == (Exit.OK, Outcome.NOT_RUN)
