"""The first policy of an endpoint: what it takes over, what it leaves out, and what only a person can fill in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.draft import FILL_IN_GROUP, MOST_ALARMS, Draft, Given, draft
from pointsman.policy import ErrorKind, ErrorsAlarm, LatencyAlarm, Tool
from pointsman.survey import Scaling, SeenModel, SeenVariant
from tests.core.sights import MODEL, NAME, VARIANT, alarm, composite, past, sight, watched

BARE = SeenModel("fraud-model")
MINUTE = timedelta(minutes=1)


def drafted(given: Given | None = None, **changes: Any) -> Draft:
    return draft(sight(**changes), past(), given or Given())


def left_out(*alarms: Any) -> dict[str, str]:
    found = drafted(alarms=alarms)
    return {each.value: each.rests_on for each in found.alarms_left_out}


def test_it_takes_over_what_is_live() -> None:
    found = drafted(scaling=(Scaling("variant AllTraffic", 2, 6, ("follow", "night")),))
    assert (found.endpoint, found.instance_type.value, found.instance_count.value) == (
        NAME,
        "ml.c7i.large",
        2,
    )
    assert (
        found.instance_count.rests_on
        == "as it is live, scaled between 2 and 6 by follow, night; a larger live fleet is matched"
    )
    assert found.fill_in == ()


def test_the_group_is_that_of_the_version_that_serves() -> None:
    group = drafted().group
    assert (group.value, group.rests_on) == (
        "fraud-detector",
        "version 6 of it serves now, as model fraud-model, Approved in the registry",
    )


def test_the_registry_is_named_where_the_version_that_serves_is_in_another_account() -> None:
    elsewhere = replace(MODEL, registry_account="444455556666")
    assert drafted().registry_account.value == ""
    assert drafted(models=(elsewhere,)).registry_account.value == "444455556666"
    assert drafted(Given(elsewhere.group), models=(elsewhere,)).registry_account.value == "444455556666"
    assert drafted(Given("my-group"), models=(elsewhere,)).registry_account.value == ""


def test_without_a_package_the_baseline_is_the_model_and_a_person_names_the_group() -> None:
    found = drafted(models=(BARE,))
    assert (found.group.value, found.fill_in) == (FILL_IN_GROUP, ("model_package_group",))
    assert "so the baseline is this model" in found.group.rests_on


def test_what_is_given_comes_first() -> None:
    found = drafted(Given("my-group", "my-team"), models=(BARE,), tags={})
    assert (found.group.value, found.team.value, found.fill_in) == ("my-group", "my-team", ())


def test_without_an_owner_a_person_names_the_team() -> None:
    found = drafted(tags={"colour": "blue"})
    assert (found.team.value, found.fill_in, found.tags_left_out) == ("", ("owner.team",), ("colour",))


def test_the_owner_in_code_is_a_guess_unless_it_is_certain() -> None:
    assert (
        drafted(tags={"ManagedBy": "terraform"}).tool.rests_on
        == "guess: Terraform: tag ManagedBy = terraform"
    )
    ack = drafted(tags={"services.k8s.aws/namespace": "ml"}).tool
    assert (ack.value, ack.rests_on) == (Tool.OTHER, "ACK (Kubernetes): tag services.k8s.aws/namespace = ml")
    assert drafted().tool.value is Tool.NONE


@pytest.mark.parametrize(
    ("types", "content_type", "body"),
    [
        ((), "application/json", "{}"),
        (("text/csv", "application/json"), "application/json", "{}"),
        (("text/csv",), "text/csv", ""),
    ],
)
def test_the_first_request_is_of_a_type_that_the_registry_names(
    types: tuple[str, ...], content_type: str, body: str
) -> None:
    found = drafted(models=(replace(MODEL, content_types=types),))
    assert (found.content_type.value, found.body.value) == (content_type, body)
    assert "a candidate that cannot answer it never takes traffic" in found.body.rests_on


class TestAlarms:
    def test_those_that_can_fire_are_taken_with_what_they_look_at(self) -> None:
        found = drafted(alarms=(alarm(), alarm("p99", watched("ModelLatency", "p99"), state="ALARM")))
        assert {each.value: each.rests_on for each in found.alarms} == {
            "fraud-5xx": "Invocation5XXErrors Average, fires after 3 min",
            "p99": "ModelLatency p99, fires after 3 min. It is in ALARM now, and no rollout passes before it is OK",
        }

    def test_a_composite_speaks_for_its_children(self) -> None:
        assert left_out(alarm("a"), alarm("b"), composite("both", "ALARM(a) OR ALARM(b)")) == {
            "a": "composite alarm both speaks for it",
            "b": "composite alarm both speaks for it",
        }

    def test_alarms_of_autoscaling_and_dead_ones_are_left_out(self) -> None:
        dead = watched(dimensions={"EndpointName": NAME})
        found = left_out(alarm("TargetTracking-endpoint/x"), alarm("dead", dead))
        assert found["TargetTracking-endpoint/x"] == "autoscaling made it for itself"
        assert found["dead"].startswith("it can never fire: ")

    def test_those_that_would_take_a_good_version_back_are_left_out(self) -> None:
        idle = alarm("idle", watched("Invocations", "Sum"), comparison="LessThanThreshold", threshold=1.0)
        strict = alarm("strict", missing_data="breaching")
        found = left_out(idle, strict)
        assert "every release takes them from it" in found["idle"]
        assert "takes a good version back" in found["strict"]

    def test_a_policy_takes_no_more_than_it_can_hold(self) -> None:
        found = drafted(alarms=tuple(alarm(f"a{number}") for number in range(MOST_ALARMS + 2)))
        assert (len(found.alarms), len(found.alarms_left_out)) == (MOST_ALARMS, 2)

    def test_no_step_is_shorter_than_its_slowest_alarm(self) -> None:
        slow = alarm("slow", watched(period=20 * MINUTE), needed=1)
        assert drafted(alarms=(slow,)).numbers.bake_min.value >= 20 * MINUTE

    def test_an_alarm_that_no_step_can_wait_for_makes_none_longer(self) -> None:
        daily = alarm("daily", watched(period=timedelta(days=1)), needed=1)
        assert drafted(alarms=(daily,)).numbers.bake_min.value == drafted(alarms=()).numbers.bake_min.value


class TestCreatedAlarms:
    """Where nothing that could fire looks at an endpoint, the deployment may create what does."""

    def test_two_coarse_ones_are_proposed_on_the_variant_that_serves(self) -> None:
        found = drafted(alarms=())
        slow_over = found.numbers.slow_over.value
        assert [each.value for each in found.created] == [
            ErrorsAlarm(ErrorKind.SERVER, 10.0, minutes=3, min_requests=20, variant=VARIANT),
            LatencyAlarm(90.0, 2 * slow_over, minutes=3, min_requests=20, variant=VARIANT),
        ]

    def test_none_is_beside_one_that_could_fire(self) -> None:
        assert drafted(alarms=(alarm(),)).created == ()

    def test_none_is_where_no_minute_has_the_requests_that_it_needs(self) -> None:
        assert draft(sight(alarms=()), past(rpm=19.0), Given()).created == ()
        assert draft(sight(alarms=()), past(rpm=20.0), Given()).created != ()

    def test_none_is_later_than_the_end_of_every_request(self) -> None:
        slow = past(p99=(timedelta(seconds=50),) * 7)
        [_, latency] = [each.value for each in draft(sight(alarms=()), slow, Given()).created]
        assert isinstance(latency, LatencyAlarm)
        assert latency.over == timedelta(seconds=60)

    def test_what_a_deployment_created_already_is_not_taken_for_somebody_elses(self) -> None:
        ours = alarm(f"pointsman/{NAME}/5xx")
        assert drafted(alarms=(ours,)).alarms == ()
        assert "created it from a policy" in left_out(ours)[ours.name]


def test_an_endpoint_without_instances_yet_is_counted_as_one() -> None:
    assert drafted(variants=(SeenVariant(VARIANT, MODEL.name, "ml.c7i.large", 0),)).instance_count.value == 1
