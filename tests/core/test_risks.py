"""What is at risk on an endpoint today, and what is not called a risk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.risks import ADVICE, ALARMS, TAGS, Risk, risks_of
from pointsman.survey import Kind, Scaling, SeenConfig, SeenModel, SeenVariant, Trait
from tests.core.sights import MADE, MODEL, NAME, VARIANT, alarm, sight, watched

DAY = timedelta(days=1)


def found(**changes: Any) -> list[Risk]:
    return [each.risk for each in risks_of(sight(**changes))]


def said(**changes: Any) -> str:
    [only] = risks_of(sight(**changes))
    return only.what


def test_an_endpoint_with_nothing_wrong_has_none() -> None:
    assert found() == []


def test_every_risk_has_advice() -> None:
    assert set(ADVICE) == set(Risk)


@pytest.mark.parametrize(
    ("changes", "risk"),
    [
        ({"status": "Failed", "traits": (Trait(Kind.FAILED),), "failure_reason": "no capacity"}, Risk.FAILED),
        ({"status": "UpdateRollbackFailed", "traits": (Trait(Kind.MIXED),)}, Risk.MIXED),
        ({"traits": (Trait(Kind.CONFIG_DELETED),), "config": None}, Risk.CONFIG_DELETED),
        ({"models": (SeenModel("gone", is_there=False),)}, Risk.MODEL_DELETED),
        ({"models": (replace(MODEL, approval="Rejected"),)}, Risk.NOT_APPROVED),
        ({"models": (replace(MODEL, approval="PendingManualApproval"),)}, Risk.NOT_APPROVED),
        ({"models": (replace(MODEL, approval="deleted"),)}, Risk.NOT_APPROVED),
        ({"failure_reason": "did not pass the ping health check"}, Risk.SILENT_ROLLBACK),
        ({"passed_over": (SeenConfig("fraud-prod-v2", MADE + DAY),)}, Risk.SILENT_ROLLBACK),
        ({"alarms": (alarm("dead", watched(dimensions={"EndpointName": NAME})),)}, Risk.DEAD_ALARM),
        ({"alarms": (alarm("slow", watched(period=DAY)),)}, Risk.SLOW_ALARM),
        ({"alarms": ()}, Risk.NO_ALARM),
        ({"variants": (SeenVariant(VARIANT, instances=1),)}, Risk.ONE_INSTANCE),
        ({"scaling": (Scaling("variant AllTraffic", 2, 2),)}, Risk.SCALING_PINNED),
        ({"tags": {"cost-centre": "4711"}}, Risk.NO_OWNER),
    ],
)
def test_each_risk_is_found(changes: dict[str, Any], risk: Risk) -> None:
    assert found(**changes) == [risk]


def test_the_worst_comes_first() -> None:
    assert found(tags={}, alarms=(), traits=(Trait(Kind.CONFIG_DELETED),)) == [
        Risk.CONFIG_DELETED,
        Risk.NO_ALARM,
        Risk.NO_OWNER,
    ]


def test_an_alarm_of_autoscaling_is_no_alarm() -> None:
    assert found(alarms=(alarm("TargetTracking-endpoint/x"),)) == [Risk.NO_ALARM]


def test_what_could_not_be_read_is_no_risk() -> None:
    assert found(alarms=(), unread=(ALARMS,)) == []
    assert found(tags={}, unread=(TAGS,)) == []


def test_what_does_not_run_yet_or_any_more_needs_no_alarm_and_no_second_instance() -> None:
    assert found(status="Creating", alarms=(), variants=()) == []
    assert found(status="Failed", alarms=(), variants=(SeenVariant(VARIANT, instances=1),)) == []


def test_no_instances_are_not_one_instance_and_room_for_one_more_is_room() -> None:
    assert found(variants=(SeenVariant(VARIANT, instances=0),)) == []
    assert found(scaling=(Scaling("variant AllTraffic", 2, 3),)) == []


def test_serverless_and_component_endpoints_are_not_counted_by_instances() -> None:
    for kind in (Kind.SERVERLESS, Kind.COMPONENTS):
        single = (SeenVariant(VARIANT, instances=1),)
        component = watched(dimensions={"InferenceComponentName": "chat"})
        seen = found(traits=(Trait(kind, VARIANT),), variants=single, alarms=(alarm("a", component),))
        assert seen == []


def test_a_failure_reason_counts_only_where_it_serves_again() -> None:
    assert found(status="Updating", failure_reason="an older failure") == []


def test_it_says_what_serves_and_what_was_made_for_it() -> None:
    assert said(
        passed_over=(SeenConfig("fraud-prod-v2", MADE + DAY), SeenConfig("fraud-prod-v3", MADE + 2 * DAY))
    ) == (
        "config fraud-prod-v3 was made on 2026-10-26 and the endpoint changed after that, but fraud-prod-v1 of "
        "2026-10-24 serves"
    )
    assert said(models=(replace(MODEL, approval="Rejected"),)) == (
        "version 6 of fraud-detector serves and is Rejected in the registry"
    )
