"""What a plan says of alarms that the deployment creates: not deployed yet, on the wrong variant, and what they see."""

from __future__ import annotations

from dataclasses import replace

from pointsman.adapters.aws.alarm_details import detail_of
from pointsman.core.guard_alarms import Sees
from pointsman.core.release_plan import ReleasePlan, plan_release
from pointsman.policy import ErrorKind, ErrorsAlarm
from pointsman.policy_alarms import alarm_name, parameters_of
from tests.core.builders import ENDPOINT, SERVING, plan
from tests.core.plan_facts import around, facts, health, policy

NAME = "pointsman/fraud-prod/5xx"


def planned(variant: str = SERVING, *, is_deployed: bool = True) -> ReleasePlan:
    """The plan of a policy with one alarm, which the deployment creates."""
    guard = ErrorsAlarm(ErrorKind.SERVER, 5.0, minutes=3, min_requests=20, variant=variant)
    assert alarm_name(ENDPOINT, guard) == NAME
    found = detail_of(parameters_of(ENDPOINT, guard) | {"StateValue": "OK"})
    wanted = policy(plan(health=health(alarms=(NAME,), created=(guard,))))
    return plan_release(facts(policy=wanted, around=around(alarms={NAME: found} if is_deployed else {})))


def missing(plan: ReleasePlan) -> list[str]:
    return [f"{each.what} -> {each.do}" for each in plan.missing]


def test_nothing_is_missing_where_it_is_deployed_and_it_sees_the_serving_variant() -> None:
    found = planned()
    [guard] = found.guards
    assert missing(found) == []
    assert (guard.kind, guard.sees, guard.harms) == ("math or query", Sees.BASELINE, ())
    assert any("does NOT see the candidate" in note for note in found.notes)


def test_one_that_is_not_deployed_yet_is_not_to_be_made_by_hand() -> None:
    [said] = missing(planned(is_deployed=False))
    assert (
        said == f"alarm {NAME} is not deployed yet -> deploy the stack, which creates it from health.alarms"
    )


def test_one_on_a_variant_that_does_not_serve_stands_in_the_way() -> None:
    found = planned("main")
    [said] = missing(found)
    assert said == (
        f"alarm {NAME} watches variant main, and the endpoint serves with variant AllTraffic -> set variant to "
        "AllTraffic in health.alarms, and deploy"
    )
    assert not any("it watches variant main" in note for note in found.notes)


def test_one_that_exists_is_weighed_as_it_stands() -> None:
    quiet = replace(facts(policy=policy(plan(health=health(alarms=(NAME,))))), around=around(alarms={}))
    [said] = missing(plan_release(quiet))
    assert said == f"alarm {NAME} does not exist -> create it, or take it out of health.alarms"
