"""Time per output token in place of latency: longer answers are no fault, slower ones are."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from pointsman.core.canary_evidence import Minute, Output, Side
from pointsman.core.canary_judge import take
from pointsman.core.canary_means import TPOT
from pointsman.core.canary_processes import PROCESSES
from pointsman.core.verdict import Opinion
from tests.core.canary_minutes import HALF, PLAN, answers, at_half, judged, opinions, rollout

GOOD = 0.005


def speaking(rpm: int, *, tokens: float = 1.0, pace: float = 1.0) -> list[Minute]:
    """Rollouts of a model that writes: what takes longer than the thresholds follows from tokens and pace together."""
    rng, minutes = random.Random(11), []
    for minute in rollout(5, rpm, GOOD, slow=min(4.0, tokens * pace) ** 2):
        sides = [
            None if side is None else replace(side, output=written(rng, side.requests, *by))
            for side, by in ((minute.baseline, (1.0, 1.0)), (minute.candidate, (tokens, pace)))
        ]
        minutes.append(replace(minute, baseline=sides[0], candidate=sides[1]))
    return minutes


def written(rng: random.Random, requests: int, tokens: float, pace: float) -> Output:
    lengths = [tokens * rng.lognormvariate(5.0, 0.8) for _ in range(requests)]
    took = sum(24 * pace * length * rng.lognormvariate(0.0, 0.4) for length in lengths)
    return Output(round(sum(lengths)), took)


@pytest.mark.parametrize("rpm", [60, 1_000])
def test_longer_answers_at_the_same_speed_are_no_fault(rpm: int) -> None:
    found = opinions(speaking(rpm, tokens=1.6))

    assert Opinion.FAIL not in found
    assert found[-1] is Opinion.PASS


@pytest.mark.parametrize(("rpm", "before"), [(60, 60), (1_000, 40)])
def test_half_as_much_time_again_for_each_token_is_found(rpm: int, before: int) -> None:
    found = answers(PLAN, speaking(rpm, tokens=0.6, pace=1.5))
    failed = [number for number, answer in enumerate(found) if answer.opinion is Opinion.FAIL]

    assert failed[0] < before
    assert re.match(
        r"candidate took [34]\d\.\d ms for an output token in the last \d+ minutes, baseline 2\d\.\d ms; "
        "tolerated 10 % more; ",
        found[failed[0]].sentence,
    )
    assert [reading.e_value for reading in found[-1].readings if reading.name in {"p75", "p99"}] == [0, 0]


def test_output_that_is_told_late_takes_over_what_latency_has_by_then() -> None:
    before, _answer = judged(PLAN, rollout(5, 1_000, GOOD, slow=1.6)[:40])[-1]
    after, _answer = take(before, speaking(1_000, pace=1.3)[40])
    latency = [
        (each.weight, track.wealth.total) for each, track in zip(PROCESSES, before.tracks, strict=True)
    ][2:]
    had = sum(weight * e_value for weight, e_value in latency)

    assert had > 10 * sum(weight for weight, _e_value in latency)
    assert TPOT.weight * after.tpot.wealth.total > had / 5
    assert [track.wealth.total for track in after.tracks[2:]] == [0, 0]


@pytest.mark.parametrize(
    "output", [Output(0, 100.0), Output(100, 0.0), None], ids=["no token", "no time", "nothing"]
)
def test_a_minute_without_output_leaves_latency_to_its_thresholds(output: Output | None) -> None:
    side = Side(500, 2, 500, {"p75": 125, "p75x1.1": 100, "p99": 5})
    told, untold = replace(side, output=Output(9_000, 180_000.0)), replace(side, output=output)
    for sides in ((untold, told), (told, untold)):
        state, answer = judged(HALF, at_half(*[sides] * 10))[-1]

        assert not state.by_token
        assert {reading.name for reading in answer.readings} == {"gross", "errors", "p75", "p99", "quality"}


def test_one_token_in_one_millisecond_is_output() -> None:
    side = Side(1, 0, output=Output(1, 1.0))

    assert judged(HALF, at_half((side, side)))[-1][0].by_token


def test_where_every_request_failed_nothing_is_told_of_output() -> None:
    told, failed = Side(500, 2, output=Output(9_000, 180_000.0)), Side(5, 5, output=Output(90, 1_800.0))

    assert not judged(HALF, at_half((failed, told)))[-1][0].by_token
