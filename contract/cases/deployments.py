"""UpdateEndpoint: the new fleet, and what it takes over from the old one."""

from __future__ import annotations

from contract.case import Ground, Need, case
from contract.scene import Scene, assert_refused, refusal_of

_KEEP = {"RetainAllVariantProperties": True}


@case("2.1", Ground.CONFIRMED, Need.ENDPOINT, 8, builds=True)
def an_update_is_pending_until_its_fleet_serves(scene: Scene) -> None:
    """During UpdateEndpoint, EndpointConfigName is the old one and PendingDeploymentSummary names the new one."""
    scene.endpoint()
    before, config = scene.describe()["EndpointConfigName"], scene.two_variants()
    scene.update(config)
    during = scene.describe()
    assert (during["EndpointStatus"], during["EndpointConfigName"]) == ("Updating", before)
    assert during["PendingDeploymentSummary"]["EndpointConfigName"] == config
    after = scene.settle()
    assert after["EndpointConfigName"] == config
    assert "PendingDeploymentSummary" not in after


@case("2.2", Ground.CONFIRMED, Need.ENDPOINT, 9, builds=True)
def an_update_resets_weights(scene: Scene) -> None:
    """Without RetainAllVariantProperties, weights are those of the new configuration."""
    scene.endpoint()
    scene.weigh(stable=0.0, candidate=1.0)
    scene.settle()
    scene.update(scene.two_variants(stable=0.75, candidate=0.25))
    scene.settle()
    assert scene.weights() == {"stable": 0.75, "candidate": 0.25}


@case("2.2", Ground.CONFIRMED, Need.ENDPOINT, 9, builds=True)
def an_update_can_retain_weights(scene: Scene) -> None:
    """With RetainAllVariantProperties, weights stay as they were, a 0 too."""
    scene.endpoint()
    scene.weigh(stable=0.0, candidate=1.0)
    scene.settle()
    scene.update(scene.two_variants(stable=0.75, candidate=0.25), **_KEEP)
    scene.settle()
    assert scene.weights() == {"stable": 0.0, "candidate": 1.0}


@case("2.2", Ground.CONFIRMED, Need.ENDPOINT, 9, builds=True)
def weights_can_be_excluded_from_what_is_retained(scene: Scene) -> None:
    """With DesiredWeight among ExcludeRetainedVariantProperties, weights are those of the new configuration."""
    scene.endpoint()
    scene.weigh(stable=0.5, candidate=0.5)
    scene.settle()
    excluded = [{"VariantPropertyType": "DesiredWeight"}]
    config = scene.two_variants(stable=0.75, candidate=0.25)
    scene.update(config, ExcludeRetainedVariantProperties=excluded, **_KEEP)
    scene.settle()
    assert scene.weights() == {"stable": 0.75, "candidate": 0.25}


@case("2.1", Ground.RECALLED, Need.ENDPOINT)
def an_update_to_the_live_configuration_is_refused(scene: Scene) -> None:
    """UpdateEndpoint with the configuration that the endpoint has already is refused with a ValidationException."""
    name = scene.endpoint()
    live = scene.describe()["EndpointConfigName"]
    refusal = refusal_of(scene.sagemaker.update_endpoint, EndpointName=name, EndpointConfigName=live)
    assert refusal.code == "ValidationException"


@case("2.1", Ground.CONFIRMED, Need.ENDPOINT)
def an_update_needs_its_configuration(scene: Scene) -> None:
    """UpdateEndpoint with a configuration that does not exist is refused with "Could not find endpoint configuration"."""
    assert_refused(
        'Could not find endpoint configuration "arn:',
        scene.sagemaker.update_endpoint,
        EndpointName=scene.endpoint(),
        EndpointConfigName=scene.name("absent"),
    )


@case("11", Ground.RECALLED)
def a_configuration_needs_some_weight(scene: Scene) -> None:
    """A configuration whose variants all have weight 0 is refused with a ValidationException."""
    refusal = refusal_of(lambda: scene.two_variants(stable=0.0, candidate=0.0))
    assert refusal.code == "ValidationException"


@case("2.3", Ground.CONFIRMED)
def a_variant_has_weight_one_unless_told(scene: Scene) -> None:
    """InitialVariantWeight is 1.0 where it is not given."""
    variant = scene.variant("stable")
    del variant["InitialVariantWeight"]
    seen = scene.sagemaker.describe_endpoint_config(EndpointConfigName=scene.config(variant))
    assert seen["ProductionVariants"][0]["InitialVariantWeight"] == 1.0
