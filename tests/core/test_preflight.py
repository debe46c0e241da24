"""What must hold before an endpoint is touched, and what is remembered of it."""

from __future__ import annotations

from dataclasses import replace

from pointsman.core.guard_alarms import AlarmDetail
from pointsman.core.observed import AlarmReading
from pointsman.core.phases import Phase
from pointsman.core.preflight import already_serves, baseline_of, obstacles, passing_obstacles
from pointsman.core.rollout import Rollout
from pointsman.policy import ErrorKind, ErrorsAlarm
from pointsman.policy_alarms import alarm_name
from tests.core.builders import BASELINE, PACKAGE, rollout_in, seen, serving_old, variant
from tests.core.plan_facts import watching

PENDING = rollout_in(Phase.PENDING)


def found(*variants: object, scale_in_suspended: bool | None = None) -> list[str]:
    endpoint = replace(serving_old(), variants=variants)  # type: ignore[arg-type]
    return obstacles(PENDING, seen(PENDING, endpoint=endpoint, scale_in_suspended=scale_in_suspended))


def test_an_ordinary_endpoint_has_no_obstacle() -> None:
    assert found(variant()) == []
    assert found(variant(), scale_in_suspended=False) == []


def test_more_or_fewer_variants_than_one_are_refused_with_what_would_help() -> None:
    said = (
        "the endpoint has {} production variants; a weighted canary needs exactly one: "
        "finish or remove the other experiment first"
    )

    assert found() == [said.format(0)]
    assert found(variant(), variant("B", instance_type="ml.m5.large"), scale_in_suspended=True) == [
        said.format(2)
    ]


def test_another_instance_type_is_refused_only_where_autoscaling_forbids_it() -> None:
    other = variant(instance_type="ml.m5.large")

    assert found(other) == []
    for suspended in (False, True):
        assert found(other, scale_in_suspended=suspended) == [
            (
                "variant AllTraffic runs on ml.m5.large and is a scalable target; SageMaker refuses to change it to "
                "ml.c7i.large: deregister the target, or set serve.instance_type to ml.m5.large"
            )
        ]


def test_obstacles_that_the_endpoint_itself_shows_come_first() -> None:
    endpoint = serving_old(obstacles=("it is serverless",), variants=())

    said = obstacles(PENDING, seen(PENDING, endpoint=endpoint))

    assert said[0] == "it is serverless"
    assert len(said) == 2


def test_each_missing_alarm_is_named() -> None:
    observed = seen(PENDING, alarms=AlarmReading(missing=("a", "b"), firing=("c",)))

    assert passing_obstacles(PENDING, observed) == [
        "alarm a does not exist: create it, or take it out of health.alarms",
        "alarm b does not exist: create it, or take it out of health.alarms",
    ]
    assert passing_obstacles(PENDING, seen(PENDING)) == []


def creating(variant: str) -> Rollout:
    """A rollout whose policy has one alarm created, and names another one."""
    guard = ErrorsAlarm(ErrorKind.SERVER, 5.0, minutes=3, min_requests=20, variant=variant)
    name = alarm_name(PENDING.endpoint, guard)
    health = replace(PENDING.plan.health, alarms=("a", name), created=(guard,))
    return replace(PENDING, plan=replace(PENDING.plan, health=health))


def test_an_alarm_that_the_deployment_creates_is_to_be_deployed_and_not_to_be_made_by_hand() -> None:
    rollout = creating("AllTraffic")
    observed = seen(rollout, alarms=AlarmReading(missing=("a", "pointsman/fraud-prod/5xx")))

    assert passing_obstacles(rollout, observed) == [
        "alarm a does not exist: create it, or take it out of health.alarms",
        "alarm pointsman/fraud-prod/5xx is not deployed yet: deploy the stack, which creates it from health.alarms",
    ]


def test_an_alarm_that_is_created_on_a_variant_that_does_not_serve_is_refused() -> None:
    assert obstacles(creating("AllTraffic"), seen(PENDING)) == []
    [said] = obstacles(creating("main"), seen(PENDING))
    assert said == (
        "alarm pointsman/fraud-prod/5xx watches variant main, and the endpoint serves with variant AllTraffic: set "
        "variant to AllTraffic in health.alarms, and deploy"
    )


def test_a_version_serves_already_only_when_it_serves_alone() -> None:
    ours = variant(package=PACKAGE)

    def serves(*variants: object) -> bool:
        endpoint = replace(serving_old(), variants=variants)  # type: ignore[arg-type]
        return already_serves(PENDING, seen(PENDING, endpoint=endpoint))

    assert serves(ours)
    assert not serves(variant())
    assert not serves(ours, variant("B"))
    assert not serves()


def test_the_way_back_is_remembered_as_it_was_found() -> None:
    observed = seen(PENDING, scale_in_suspended=False)

    assert baseline_of(observed) == BASELINE


def test_a_fleet_on_its_way_to_another_size_is_remembered_at_the_larger_one() -> None:
    growing = seen(PENDING, endpoint=serving_old(variants=(variant(count=2, desired_count=5),)))
    shrinking = seen(PENDING, endpoint=serving_old(variants=(variant(count=5, desired_count=2),)))

    assert baseline_of(growing).instance_count == 5
    assert baseline_of(shrinking).instance_count == 5
    assert baseline_of(growing).scale_in_suspended is None


def test_a_package_is_the_same_however_sagemaker_writes_its_arn() -> None:
    written = PACKAGE.replace("fraud-detector", "Fraud-Detector")
    rollout = replace(PENDING, approval=replace(PENDING.approval, package=written))

    assert already_serves(rollout, seen(rollout, endpoint=serving_old(variants=(variant(package=PACKAGE),))))


def test_an_alarm_that_is_no_veto_is_named_with_what_to_do() -> None:
    dead = AlarmDetail(watching("Other", name="dead"))
    harmful = AlarmDetail(watching(name="harmful"), missing_data="breaching")
    observed = seen(
        PENDING, alarms=AlarmReading(missing=("gone",), details=(dead, harmful, AlarmDetail(watching())))
    )

    assert passing_obstacles(PENDING, observed) == [
        "alarm gone does not exist: create it, or take it out of health.alarms",
        (
            "alarm dead can never fire: it watches variant Other, which the endpoint does not have: mend that, or "
            "take it out of health.alarms"
        ),
        (
            "alarm harmful would end the release: in the last step variant AllTraffic has no requests; it treats "
            "missing data as breaching, fires, and takes a good version back: set TreatMissingData to notBreaching "
            "or ignore"
        ),
    ]


def test_what_only_cautions_stands_in_no_way() -> None:
    slow = AlarmDetail(watching(needed=20, evaluations=20), acts=False, suppressed="is muted by rule night")

    assert passing_obstacles(PENDING, seen(PENDING, alarms=AlarmReading(details=(slow,)))) == []
