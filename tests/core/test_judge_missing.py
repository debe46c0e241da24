"""Missing data proves nothing: whatever came before, it brings neither a PASS nor a FAIL. By properties."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.judge import open_window
from pointsman.core.minutes import Side
from pointsman.core.verdict import Opinion
from tests.core.builders import NOW
from tests.core.judged_minutes import (
    ALL,
    DARK,
    SILENT,
    UNSEEN,
    Sides,
    begun,
    grown,
    verdict,
)

SIDE = st.builds(
    lambda requests, bad, slow: Side(requests, min(bad, requests), min(slow, requests), requests, 0, 0),
    st.integers(0, 2000),
    st.integers(0, 2000),
    st.integers(0, 2000),
)
ANY = st.none() | SIDE


@given(st.lists(ANY, max_size=60))
def test_without_the_baseline_nothing_passes_and_nothing_fails(candidates: list[Side | None]) -> None:
    evidence = grown(begun(), *[(candidate, None) for candidate in candidates])
    assert verdict(evidence).opinion in {Opinion.NOT_ENOUGH, Opinion.BLIND}


@given(st.lists(ANY, max_size=60))
def test_without_the_candidate_nothing_passes_and_only_death_fails(baselines: list[Side | None]) -> None:
    said = verdict(grown(begun(), *[(None, baseline) for baseline in baselines]))
    assert said.opinion is not Opinion.PASS
    assert said.opinion is not Opinion.FAIL or said.sentence.endswith("it is dead")


@given(st.lists(st.tuples(ANY, ANY), max_size=40), st.sampled_from([DARK, UNSEEN, SILENT]))
def test_no_minute_without_data_brings_a_pass(minutes: list[Sides], missing: Sides) -> None:
    assert verdict(grown(begun(), *minutes, missing)).opinion is not Opinion.PASS


@given(st.lists(st.tuples(ANY, ANY), max_size=40), st.sampled_from([DARK, UNSEEN]))
def test_no_minute_without_data_brings_a_fail(minutes: list[Sides], missing: Sides) -> None:
    before = grown(begun(), *minutes)
    if verdict(before).opinion is not Opinion.FAIL:
        assert verdict(grown(before, missing)).opinion is not Opinion.FAIL


@given(st.lists(ANY, max_size=40), st.integers(1, 30))
def test_alone_no_minute_without_data_brings_a_fail_or_a_pass(sides: list[Side | None], dark: int) -> None:
    alone = open_window(begun(), "r/step-2", NOW, 2)
    before = grown(alone, *[(side, None) for side in sides], share_bps=ALL)
    after = verdict(grown(before, *[DARK] * dark, share_bps=ALL), ALL).opinion
    assert after in {Opinion.NOT_ENOUGH, verdict(before, ALL).opinion}


@given(st.lists(st.tuples(ANY, ANY), max_size=30))
def test_the_same_minutes_are_judged_alike(minutes: list[Sides]) -> None:
    assert grown(begun(), *minutes) == grown(begun(), *minutes)
