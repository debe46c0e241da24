"""What an alarm is worth during a release: what it sees, how it stands, whether it fires in time, whether it harms."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.guard_alarms import AlarmDetail, Guard, Scene, Sees, guard_of
from pointsman.survey import SeenAlarm, Watched
from tests.core.builders import ENDPOINT, HOUR, MINUTE, OLD_CONFIG, SERVING
from tests.core.plan_facts import watching

SCENE = Scene(
    ENDPOINT,
    SERVING,
    OLD_CONFIG,
    has_traffic=True,
    bake_min=10 * MINUTE,
    bake_max=30 * MINUTE,
    watch=4 * HOUR,
)
OURS = {"EndpointName": str(ENDPOINT), "VariantName": SERVING}


def weighed(seen: SeenAlarm | None = None, scene: Scene = SCENE, **changes: Any) -> Guard:
    detail = replace(AlarmDetail(seen or watching()), **changes)
    return guard_of(detail.seen.name, detail, scene)


def of_metric(
    metric: str, dimensions: dict[str, str], namespace: str = "AWS/SageMaker", **more: Any
) -> SeenAlarm:
    watched = Watched(namespace, metric, dimensions, "Average", more.pop("period", MINUTE))
    return replace(watching(), watched=(watched,), **more)


def test_an_alarm_on_the_serving_variant_does_not_see_the_candidate_and_that_is_said() -> None:
    guard = weighed()

    assert guard.sees is Sees.BASELINE
    assert guard.kind == "metric"
    assert guard.state == "OK"
    assert "does NOT see the candidate" in guard.cautions[0]
    assert guard.harms == ()


def test_an_alarm_that_does_not_exist_has_no_kind() -> None:
    assert guard_of("gone", None, SCENE) == Guard("gone", "", "", Sees.NOTHING, None)


@pytest.mark.parametrize(
    ("dimensions", "said"),
    [
        (OURS | {"VariantName": "Other"}, "variant Other, which the endpoint does not have"),
        ({"EndpointName": str(ENDPOINT)}, "names no variant"),
        (OURS | {"EndpointConfigName": "older"}, "config older, which no longer serves"),
        ({"EndpointName": "another", "VariantName": SERVING}, "not this endpoint"),
    ],
)
def test_an_alarm_that_looks_elsewhere_sees_nothing(dimensions: dict[str, str], said: str) -> None:
    guard = weighed(of_metric("Invocation5XXErrors", dimensions))

    assert guard.sees is Sees.NOTHING
    assert said in guard.gaps[0]
    assert guard.gaps[0].endswith(": mend that, or take it out of health.alarms")
    assert guard.cautions == ()


def test_another_variant_is_not_the_serving_one_whatever_the_metric() -> None:
    guard = weighed(of_metric("MidStreamErrors", OURS | {"VariantName": "Other"}))

    assert guard.sees is Sees.NOTHING
    assert "VariantName=Other, which is not this endpoint" in guard.gaps[0]


def test_of_what_is_reported_for_the_endpoint_as_a_whole_nothing_is_claimed() -> None:
    guard = weighed(of_metric("ApproximateBacklogSize", {"EndpointName": str(ENDPOINT)}))

    assert (guard.sees, guard.gaps) == (Sees.UNKNOWN, ())


def test_a_composite_alarm_of_alarms_that_see_nothing_is_a_gap() -> None:
    children = (AlarmDetail(watching("Other")), AlarmDetail(watching(evaluation_state="EVALUATION_ERROR")))
    rule = replace(watching(), watched=(), rule="ALARM(a) OR ALARM(b)")

    assert "made of alarms that see nothing" in weighed(rule, children=children).gaps[0]
    assert weighed(rule, children=(*children, AlarmDetail(watching()))).gaps == ()


def test_what_cloudwatch_cannot_evaluate_is_a_gap() -> None:
    [gap] = weighed(watching(evaluation_state="EVALUATION_ERROR")).gaps

    assert "EVALUATION_ERROR" in gap


def test_insufficient_data_is_a_gap_only_where_there_is_data() -> None:
    silent = watching(state="INSUFFICIENT_DATA")
    rule = replace(watching(), watched=(), rule="ALARM(a) OR ALARM(b)")
    stuck = AlarmDetail(silent, has_data=True)

    assert "although what it watches has data" in weighed(silent, has_data=True).gaps[0]
    assert weighed(silent).gaps == ()
    assert weighed(has_data=True).gaps == ()
    assert "although what it watches has data" in weighed(rule, children=(stuck,)).gaps[0]
    assert weighed(rule, children=(stuck, AlarmDetail(silent))).gaps == ()


def test_of_other_namespaces_nothing_is_claimed() -> None:
    guard = weighed(of_metric("Complaints", {}, "Business"))

    assert guard.sees is Sees.UNKNOWN
    assert guard.cautions == ("whether it sees the candidate cannot be told from here",)


def test_a_query_over_all_variants_sees_the_candidate() -> None:
    query = f"sum(errors) of EndpointName = '{ENDPOINT}'"

    guard = weighed(replace(watching(), watched=(), expressions=(query,)))

    assert guard.sees is Sees.BOTH
    assert guard.kind == "math or query"
    assert guard.cautions == ()


def test_a_query_that_names_the_variant_is_not_believed() -> None:
    query = f"sum(errors) of EndpointName = '{ENDPOINT}' and VariantName = '{SERVING}'"

    assert weighed(replace(watching(), watched=(), expressions=(query,))).sees is Sees.UNKNOWN


def test_a_composite_alarm_sees_what_its_children_see_and_fires_with_the_first() -> None:
    slow = AlarmDetail(of_metric("ModelLatency", OURS, period=timedelta(minutes=5)))
    children = (AlarmDetail(watching()), slow)

    guard = weighed(replace(watching(), watched=(), rule="ALARM(a) OR ALARM(b)"), children=children)

    assert guard.kind == "composite"
    assert guard.sees is Sees.BASELINE
    assert guard.fires_after == 6 * MINUTE


def test_it_fires_when_its_datapoints_are_there_and_cloudwatch_shows_them() -> None:
    guard = weighed(of_metric("ModelLatency", OURS, period=timedelta(minutes=5), needed=2, evaluations=3))

    assert guard.fires_after == 13 * MINUTE


@pytest.mark.parametrize(
    ("datapoints", "said"),
    [(7, ""), (8, "when a short step is over"), (27, "when a short step is over")],
)
def test_an_alarm_slower_than_a_step_is_named(datapoints: int, said: str) -> None:
    query = f"sum(errors) of EndpointName = '{ENDPOINT}'"
    seen = of_metric("Complaints", {}, "Business", needed=datapoints, expressions=(query,))

    guard = weighed(seen)

    assert guard.sees is Sees.BOTH
    assert said in " ".join(guard.cautions)
    assert bool(guard.cautions) is bool(said)


def test_an_alarm_slower_than_every_step_is_a_gap() -> None:
    query = f"sum(errors) of EndpointName = '{ENDPOINT}'"
    seen = of_metric("Complaints", {}, "Business", needed=28, expressions=(query,))

    [gap] = weighed(seen).gaps

    assert "31 min after a failure at the earliest, for which no step is held long enough" in gap
    assert weighed(replace(seen, needed=27)).gaps == ()


def test_one_on_the_serving_variant_may_take_as_long_as_the_watch() -> None:
    slow = of_metric("ModelLatency", OURS, needed=237)

    assert weighed(slow).gaps == ()
    assert "no step is held long enough" in weighed(replace(slow, needed=238)).gaps[0]
    assert weighed(slow, replace(SCENE, watch=MINUTE, bake_max=4 * HOUR)).gaps == ()
    short = replace(SCENE, watch=MINUTE, bake_max=4 * HOUR)
    assert "when the watch is over" in weighed(slow, short).cautions[-1]
    assert not any("watch is over" in each for each in weighed(slow).cautions)


@pytest.mark.parametrize(
    ("changes", "seen", "said"),
    [
        ({}, {"evaluation_state": "EVALUATION_FAILURE"}, "does not protect"),
        ({}, {"state": "INSUFFICIENT_DATA"}, "although the endpoint has traffic"),
        (
            {"suppressed": "is muted by rule night"},
            {},
            "is muted by rule night: while that lasts it takes no traffic back",
        ),
        ({"acts": False}, {}, "actions switched off"),
    ],
)
def test_how_it_stands_is_said(changes: dict[str, Any], seen: dict[str, Any], said: str) -> None:
    assert said in " ".join(weighed(watching(**seen), **changes).cautions)


def test_too_little_data_is_no_news_without_traffic() -> None:
    quiet = replace(SCENE, has_traffic=False)

    assert len(weighed(watching(state="INSUFFICIENT_DATA"), quiet).cautions) == 1
    assert "proves nothing" in weighed(scene=quiet, missing_data="notBreaching").cautions[-1]
    assert len(weighed(missing_data="notBreaching").cautions) == 1


def test_missing_data_as_breaching_would_end_every_release_in_its_last_step() -> None:
    [harm] = weighed(missing_data="breaching").harms

    assert "takes a good version back" in harm
    assert harm.endswith("set TreatMissingData to notBreaching or ignore")


def test_a_floor_under_the_requests_would_end_every_release() -> None:
    floor = of_metric("Invocations", OURS, comparison="LessThanThreshold")

    assert "has few requests" in weighed(floor).harms[0]
    assert weighed(of_metric("ModelLatency", OURS, comparison="LessThanThreshold")).harms == ()


def test_what_does_not_look_at_the_serving_variant_does_no_harm() -> None:
    elsewhere = of_metric("Invocations", {}, "Business", comparison="LessThanThreshold")

    assert weighed(elsewhere, missing_data="breaching").harms == ()
