"""What is added to a verdict afterwards, and verdicts without a judge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.verdict import Counts, Opinion, Verdict, blind, with_load
from tests.core.judged_minutes import (
    GOOD,
    LEAST,
    begun,
    grown,
    verdict,
)


class TestLoad:
    def test_loads_that_differ_much_are_said(self) -> None:
        said = verdict(grown(begun(), *[GOOD] * LEAST))
        assert with_load(said, 0.4).sentence.endswith(
            "an instance of it carries 0.4 times the load of the baseline's, which may flatter its latency"
        )
        assert with_load(said, 3).sentence.endswith(
            "3 times the load of the baseline's, which may be why it is slower"
        )
        assert with_load(said, 3).load_ratio == 3

    @pytest.mark.parametrize(("ratio", "effect"), [(2.01, "slower"), (0.49, "latency")])
    def test_twice_the_load_is_the_edge(self, ratio: float, effect: str) -> None:
        assert with_load(verdict(begun()), ratio).sentence.endswith(effect)

    def test_a_blind_verdict_is_left_as_it_is(self) -> None:
        assert with_load(blind("throttled"), 9.0).sentence == blind("throttled").sentence

    def test_a_ratio_keeps_three_digits(self) -> None:
        assert with_load(verdict(begun()), 1.23456).load_ratio == 1.235

    @pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0])
    def test_loads_that_are_alike_are_only_recorded(self, ratio: float) -> None:
        said = verdict(grown(begun(), *[GOOD] * LEAST))
        assert with_load(said, ratio) == replace(said, load_ratio=ratio)


def test_a_source_that_cannot_be_read_is_blindness() -> None:
    assert blind("throttled") == Verdict(Opinion.BLIND, "metrics cannot be read: throttled")
    assert not blind("throttled").is_silent


def test_no_requests_are_no_percentage_of_anything() -> None:
    assert Counts(0, 0, 0).percent(0) == 0
