"""UpdateEndpointWeightsAndCapacities, and how weights share the traffic out."""

from __future__ import annotations

import struct
from collections import Counter

from contract.case import Ground, Need, case
from contract.scene import SHARES, Scene, refusal_of

_REQUESTS = 400


@case("2.3", Ground.CONFIRMED, Need.ENDPOINT, 4)
def a_share_is_the_weight_by_the_sum_of_weights(scene: Scene) -> None:
    """Of 400 requests, a variant with 3 of 4 parts of the weight answers about three quarters."""
    scene.endpoint()
    scene.weigh(stable=3.0, candidate=1.0)
    scene.settle()
    answered = Counter(scene.invoke() for _ in range(_REQUESTS))
    assert 0.65 < answered["stable"] / _REQUESTS < 0.85, answered


@case("2.3", Ground.RECALLED, Need.ENDPOINT, 2)
def a_variant_that_is_not_named_keeps_its_weight(scene: Scene) -> None:
    """A change that names one variant leaves the weight of the other."""
    scene.endpoint()
    scene.weigh(candidate=0.4)
    scene.settle()
    assert _rounded(scene) == {"stable": SHARES["stable"], "candidate": 0.4}


@case("2.3", Ground.INFERRED, Need.ENDPOINT, 2)
def weights_come_back_as_single_precision(scene: Scene) -> None:
    """A weight of 0.3 comes back as the nearest number of 32 bits, so that it is not equal to 0.3."""
    scene.endpoint()
    scene.weigh(stable=0.7, candidate=0.3)
    scene.settle()
    (single,) = struct.unpack("f", struct.pack("f", 0.3))
    assert scene.weights()["candidate"] == single


@case("2.3", Ground.CONFIRMED, Need.ENDPOINT, 3)
def weight_zero_takes_no_traffic(scene: Scene) -> None:
    """Weight 0 is allowed, and a variant with it answers no request that does not name it."""
    scene.endpoint()
    scene.weigh(stable=1.0, candidate=0.0)
    scene.settle()
    assert {scene.invoke() for _ in range(50)} == {"stable"}


@case("2.3", Ground.RECALLED, Need.ENDPOINT, 2)
def a_variant_at_weight_zero_answers_who_names_it(scene: Scene) -> None:
    """TargetVariant reaches a variant at weight 0."""
    scene.endpoint()
    scene.weigh(stable=1.0, candidate=0.0)
    scene.settle()
    assert scene.invoke(TargetVariant="candidate") == "candidate"


@case("11", Ground.RECALLED, Need.ENDPOINT)
def weights_that_are_all_zero_are_refused(scene: Scene) -> None:
    """A change after which no variant has any weight is refused with a ValidationException."""
    scene.endpoint()
    refusal = refusal_of(lambda: scene.weigh(stable=0.0, candidate=0.0))
    assert refusal.code == "ValidationException"


@case("2.3", Ground.RECALLED, Need.ENDPOINT)
def a_plain_variant_keeps_an_instance(scene: Scene) -> None:
    """DesiredInstanceCount 0 is refused for a variant without inference components."""
    refusal = refusal_of(
        scene.sagemaker.update_endpoint_weights_and_capacities,
        EndpointName=scene.endpoint(),
        DesiredWeightsAndCapacities=[{"VariantName": "candidate", "DesiredInstanceCount": 0}],
    )
    assert refusal.code == "ValidationException"


def _rounded(scene: Scene) -> dict[str, float]:
    return {name: round(weight, 6) for name, weight in scene.weights().items()}
