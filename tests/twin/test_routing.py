"""Drawing a variant: by weight, never one of weight zero."""

from __future__ import annotations

from random import Random

from twin.fleets import Fleet, Variant
from twin.routing import routed


class Highest(Random):
    """A draw that rounds up to the very end of the range."""

    def random(self) -> float:
        return 1.0


def fleet_of(**weights: float) -> Fleet:
    variants = {
        name: Variant(name, "model", "ml.c7i.large", 1, weight, 1, weight) for name, weight in weights.items()
    }
    return Fleet("config", variants)


def test_a_draw_at_the_end_of_the_range_does_not_reach_a_weight_of_zero() -> None:
    chosen = routed(fleet_of(stable=1.0, candidate=0.0), Highest())
    assert chosen is not None
    assert chosen.name == "stable"


def test_a_weight_of_zero_is_not_drawn_at_the_beginning_either() -> None:
    chosen = routed(fleet_of(first=0.0, second=0.5), Random(1))
    assert chosen is not None
    assert chosen.name == "second"


def test_nothing_is_drawn_if_all_weights_are_zero() -> None:
    assert routed(fleet_of(stable=0.0), Random(1)) is None
