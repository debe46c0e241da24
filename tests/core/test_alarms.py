"""Which alarms look at an endpoint, and which of them look like protection and are none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pointsman.core.alarms import AlarmIndex, breaches_for, children_of, is_for_scaling, why_never
from pointsman.survey import Kind, SeenAlarm, SeenVariant, Sight, Trait
from tests.core.sights import DIMENSIONS, NAME, alarm, composite, sight, watched


def never(*metrics: object, of: Sight | None = None, **changes: object) -> str:
    return why_never(alarm("a", *metrics, **changes), of or sight())  # type: ignore[arg-type]


class TestBelonging:
    def test_an_alarm_belongs_to_the_endpoint_that_its_dimensions_name_in_any_case(self) -> None:
        other = alarm("other", watched(dimensions={"EndpointName": "another", "VariantName": "v"}))
        lower = alarm("lower", watched(dimensions={"EndpointName": "fraud-prod"}))
        index = AlarmIndex([alarm("mine"), other, lower])
        assert [each.name for each in index.of([NAME])] == ["lower", "mine"]

    def test_metrics_of_other_services_belong_to_nobody_here(self) -> None:
        index = AlarmIndex([alarm("queue", watched(namespace="AWS/SQS"))])
        assert index.of([NAME]) == ()

    def test_an_alarm_on_a_component_belongs_where_the_component_runs(self) -> None:
        on_component = alarm("chat", watched(dimensions={"InferenceComponentName": "llm-chat"}))
        assert AlarmIndex([on_component]).of([NAME, "llm-chat"]) == (on_component,)

    @pytest.mark.parametrize(
        "expression",
        [
            "SELECT SUM(Invocations) FROM SCHEMA(\"AWS/SageMaker\", EndpointName) WHERE EndpointName = 'Fraud-Prod'",
            'sum(rate(errors{endpoint="Fraud-Prod"}[5m]))',
        ],
    )
    def test_a_query_belongs_to_the_endpoint_that_it_names(self, expression: str) -> None:
        query = SeenAlarm("query", "OK", expressions=(expression,))
        assert AlarmIndex([query]).of([NAME]) == (query,)

    def test_composites_belong_where_their_children_do_however_deep(self) -> None:
        above = composite("above", 'ALARM("between") AND NOT ALARM(deploying)')
        index = AlarmIndex([above, composite("between", "ALARM(mine)"), alarm("mine")])
        assert [each.name for each in index.of([NAME])] == ["above", "between", "mine"]

    def test_composites_that_speak_of_each_other_do_not_go_round_for_ever(self) -> None:
        index = AlarmIndex(
            [composite("a", "ALARM(b) OR ALARM(mine)"), composite("b", "ALARM(a)"), alarm("mine")]
        )
        assert {each.name for each in index.of([NAME])} == {"a", "b", "mine"}


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("ALARM(a)", ("a",)),
        ("ALARM(\"a b\") OR OK('c')", ("a b", "c")),
        ("(ALARM(a) AND NOT OK(b)) OR INSUFFICIENT_DATA(c)", ("a", "b", "c")),
        ("AT_LEAST(2, ALARM, (a, b, c))", ("a", "b", "c")),
        ('AT_LEAST(50%, OK, ("a", "b"))', ("a", "b")),
        ("ALARM(arn:aws:cloudwatch:eu-central-1:111122223333:alarm:a)", ("a",)),
        ("ALARM(a) OR ALARM(a)", ("a",)),
        ("TRUE", ()),
    ],
)
def test_the_children_of_a_rule_are_found_in_every_function(rule: str, names: tuple[str, ...]) -> None:
    assert children_of(composite("c", rule)) == names


class TestNever:
    def test_an_ordinary_alarm_can_fire(self) -> None:
        assert never() == ""
        assert never(watched("ModelLatency", "p99"), threshold=2_000_000.0) == ""

    def test_an_alarm_without_the_variant_gets_no_data(self) -> None:
        assert "names no variant" in never(watched(dimensions={"EndpointName": NAME}))

    def test_a_name_in_another_case_gets_no_data(self) -> None:
        why = never(watched(dimensions=DIMENSIONS | {"EndpointName": "fraud-prod"}))
        assert (
            why
            == "it watches fraud-prod, and dimensions are compared with their case: the endpoint is Fraud-Prod"
        )

    def test_a_variant_that_is_not_there_gets_no_data(self) -> None:
        assert "does not have" in never(watched(dimensions=DIMENSIONS | {"VariantName": "old"}))

    def test_a_config_that_serves_no_more_gets_no_data(self) -> None:
        pinned = DIMENSIONS | {"EndpointConfigName": "fraud-prod-v0"}
        assert "no longer serves" in never(watched(dimensions=pinned))
        assert never(watched(dimensions=pinned | {"EndpointConfigName": "fraud-prod-v1"})) == ""

    def test_a_dimension_that_the_metric_does_not_have_gets_no_data(self) -> None:
        assert "no dimension Stage" in never(watched(dimensions=DIMENSIONS | {"Stage": "prod"}))

    @pytest.mark.parametrize(
        ("comparison", "threshold", "fires"),
        [
            ("GreaterThanThreshold", 0.99, True),
            ("GreaterThanThreshold", 1.0, False),
            ("GreaterThanOrEqualToThreshold", 1.0, True),
            ("GreaterThanOrEqualToThreshold", 1.5, False),
            ("LessThanThreshold", 5.0, True),
        ],
    )
    def test_an_average_of_zeros_and_ones_never_gets_above_one(
        self, comparison: str, threshold: float, *, fires: bool
    ) -> None:
        assert (never(comparison=comparison, threshold=threshold) == "") is fires

    def test_a_sum_may_get_above_one(self) -> None:
        assert never(watched(stat="Sum"), threshold=5.0) == ""

    def test_an_alarm_that_cannot_be_evaluated_protects_nobody(self) -> None:
        assert "EVALUATION_ERROR" in never(evaluation_state="EVALUATION_ERROR")

    def test_components_report_by_their_own_name_only(self) -> None:
        hosting = sight(traits=(Trait(Kind.COMPONENTS, "v"),))
        assert "InferenceComponentName" in never(of=hosting)
        assert never(watched(dimensions={"InferenceComponentName": "chat"}), of=hosting) == ""

    def test_asynchronous_endpoints_report_no_requests(self) -> None:
        queued = sight(traits=(Trait(Kind.ASYNC),))
        assert "asynchronous" in never(watched("Invocations"), of=queued)
        assert never(watched("ApproximateBacklogSize", dimensions={"EndpointName": NAME}), of=queued) == ""

    def test_metric_math_is_silent_only_if_all_that_it_takes_is(self) -> None:
        dead = watched(dimensions={"EndpointName": NAME})
        assert never(watched(), dead, expressions=("a / b",)) == ""
        assert "names no variant" in never(dead, dead, expressions=("a / b",))

    def test_a_composite_can_never_fire_if_none_of_its_alarms_can(self) -> None:
        dead, alive = alarm("dead", watched(dimensions={"EndpointName": NAME})), alarm("alive")
        both = composite("both", "ALARM(dead) OR ALARM(alive)")
        alone = composite("alone", "ALARM(dead)")
        seen = sight(alarms=(dead, alive, both, alone))
        assert why_never(both, seen) == ""
        assert why_never(alone, seen) == "every alarm it is made of can never fire (dead)"

    def test_what_is_not_known_is_not_called_dead(self) -> None:
        assert never(watched("Complaints", namespace="Business", dimensions={})) == ""
        assert never(of=sight(variants=(SeenVariant("AllTraffic"),), config_name="")) == ""


def test_an_alarm_fires_after_its_longest_period_times_its_datapoints() -> None:
    slow = watched(period=timedelta(minutes=5))
    assert breaches_for(alarm("a", watched(), slow, needed=2)) == timedelta(minutes=10)
    assert breaches_for(composite("c", "ALARM(a)")) == timedelta()


def test_alarms_of_autoscaling_are_known_by_their_name() -> None:
    assert is_for_scaling(alarm("TargetTracking-endpoint/x/variant/y-AlarmHigh-1"))
    assert not is_for_scaling(alarm())
