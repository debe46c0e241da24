"""Which variant takes a request. Weights only; what the variant then does is serving's business."""

from __future__ import annotations

from random import Random

from twin.fleets import Fleet, Variant


def routed(fleet: Fleet, rng: Random) -> Variant | None:
    """Draw the variant for one request by current weight; None if all weights are zero."""
    variants = fleet.variants.values()
    point = rng.random() * sum(variant.weight for variant in variants)
    last = None
    for variant in variants:
        if variant.weight > 0.0:
            last = variant
            point -= variant.weight
            if point < 0.0:
                return variant
    return last
