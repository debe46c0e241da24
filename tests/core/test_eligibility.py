"""Which strategy serves which kind of endpoint, and what is said where none does."""

from __future__ import annotations

import string

import pytest

from pointsman.core.eligibility import CARRIED_OUT, Answer, Way, judged, obstacles, verdict
from pointsman.core.matrix import MATRIX, WORKS
from pointsman.survey import Kind, Trait

NEVER = (
    Kind.CONFIG_DELETED,
    Kind.MODEL_DELETED,
    Kind.FAILED,
    Kind.MIXED,
    Kind.CHANGING,
    Kind.RELEASING,
    Kind.UNKNOWN,
    Kind.UNREAD,
)
BY_CANARY = (Kind.PLAIN, Kind.AUTOSCALED, Kind.CAPTURE, Kind.UNTRIED)


def cells() -> list[tuple[Kind, Way]]:
    return [(kind, way) for kind in Kind for way in Way]


def test_every_kind_has_a_row() -> None:
    assert set(MATRIX) == set(Kind)


@pytest.mark.parametrize(("kind", "way"), cells())
def test_whatever_does_not_simply_work_says_why_and_what_would(kind: Kind, way: Way) -> None:
    answer = verdict([Trait(kind, "stable", "7")], way)
    if answer.answer is not Answer.WORKS:
        assert answer.reasons
    for reason in answer.reasons:
        assert reason.why
        assert reason.instead or reason.answer is Answer.WORKS
        assert "{" not in str(reason)
        assert not str(reason).endswith((".", ":", " "))


@pytest.mark.parametrize(("kind", "way"), cells())
def test_what_is_said_names_nothing_but_where_and_detail(kind: Kind, way: Way) -> None:
    cell = MATRIX[kind].get(way, WORKS)
    named = {name for text in (cell.why, cell.instead) for _, name, _, _ in string.Formatter().parse(text)}
    assert named <= {"where", "detail", None}


def test_only_the_weighted_canary_is_carried_out_today() -> None:
    assert {Way.CANARY} == CARRIED_OUT
    assert [each.way for each in judged([]) if each.is_carried_out] == [Way.CANARY]


@pytest.mark.parametrize("kind", Kind)
def test_a_canary_serves_these_kinds_and_no_others(kind: Kind) -> None:
    assert verdict([Trait(kind)], Way.CANARY).works is (kind in BY_CANARY)


@pytest.mark.parametrize("kind", NEVER)
def test_nothing_serves_what_is_broken_busy_or_not_understood(kind: Kind) -> None:
    assert not any(each.works for each in judged([Trait(kind)]))


@pytest.mark.parametrize("kind", [Kind.INF1, Kind.MARKETPLACE])
def test_what_sagemaker_would_switch_silently_is_never_said_to_shift_in_steps(kind: Kind) -> None:
    for way in (Way.ROLLING, Way.LINEAR):
        answer = verdict([Trait(kind, "stable", "arn")], way)
        assert answer.answer is Answer.NO
        assert "silently" in answer.reasons[0].why


def test_an_endpoint_without_components_cannot_be_rolled_by_component_whatever_else_it_is() -> None:
    assert not verdict([], Way.COMPONENT).works
    assert not verdict([Trait(Kind.CAPTURE)], Way.COMPONENT).works
    assert verdict([Trait(Kind.COMPONENTS, "v")], Way.COMPONENT).answer is Answer.RESTRICTED


def test_the_worst_trait_decides_and_alone_is_told() -> None:
    traits = [Trait(Kind.AUTOSCALED, "variant stable", "2 and 6"), Trait(Kind.ASYNC), Trait(Kind.CAPTURE)]
    answer = verdict(traits, Way.CANARY)
    assert answer.answer is Answer.NO
    assert [reason.trait.kind for reason in answer.reasons] == [Kind.ASYNC]


def test_a_restriction_says_what_to_keep_to() -> None:
    [reason] = verdict([Trait(Kind.AUTOSCALED, "variant stable", "2 and 6")], Way.CANARY).reasons
    assert str(reason) == (
        "variant stable is scaled between 2 and 6 instances: keep its instance type; "
        "scale-in is suspended while a rollout runs, and restored after"
    )


def test_what_only_restricts_is_no_obstacle() -> None:
    assert obstacles([Trait(Kind.AUTOSCALED, "variant stable", "2 and 6")]) == ()
    assert obstacles([Trait(Kind.CAPTURE)]) == ()


def test_several_obstacles_are_all_told() -> None:
    told = obstacles([Trait(Kind.SHADOW), Trait(Kind.INF1, "stable")])
    assert told == (
        "it has a shadow variant: end the shadow test first",
        "variant stable runs on Inf1, which deployments exclude: move it to another instance type",
    )


def test_what_is_not_known_is_named_and_never_taken_for_the_simple_case() -> None:
    [told] = obstacles([Trait(Kind.UNKNOWN, "variant stable", "the setting QuantumConfig")])
    assert told.startswith("variant stable has the setting QuantumConfig, which is not known to this version")
