"""Makers of endpoints that may look unused, and what happens to them later. Their metrics are `usages_measured.py`, the table is `usages.py`."""

from __future__ import annotations

from local import kinds_made as made
from local.yard import IMAGE, ROLE, VARIANT, Yard

GPU, BIG_GPU = "ml.g5.xlarge", "ml.g5.12xlarge"
CANARY, FINAL = "pointsman-llm-rollout-v7-0a1b2c3d-canary", "pointsman-llm-promoted-v3-0a1b2c3d-final-1"


def on_type(yard: Yard, name: str, kind: str, count: int = 1, **tags: str) -> None:
    """An endpoint of one variant on instances of this type."""
    bare = {"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}
    labels = {"team": "search", **{key.replace("_", "-"): value for key, value in tags.items()}}
    yard.endpoint(name, yard.variant(yard.model(name, bare), count, InstanceType=kind), tags=labels)


def gpu(yard: Yard, name: str) -> None:
    """One instance with one GPU."""
    on_type(yard, name, GPU)


def four_big(yard: Yard, name: str) -> None:
    """Four instances with four GPUs each."""
    on_type(yard, name, BIG_GPU, 4)


def one_big(yard: Yard, name: str) -> None:
    """One instance with four GPUs."""
    on_type(yard, name, BIG_GPU)


def unpriced(yard: Yard, name: str) -> None:
    """A type that has no price in the table that ships."""
    on_type(yard, name, "ml.g7e.48xlarge")


def processor(yard: Yard, name: str) -> None:
    """Instances without any accelerator."""
    on_type(yard, name, "ml.m5.xlarge", 2)


def kept(yard: Yard, name: str) -> None:
    """Somebody said that it stays."""
    yard_tagged(yard, name, "pointsman:keep", "true")


def not_kept(yard: Yard, name: str) -> None:
    """A tag that says no."""
    yard_tagged(yard, name, "keep", "false")


def kept_on(yard: Yard, name: str) -> None:
    """Until a day to come."""
    yard_tagged(yard, name, "pointsman:keep-until", "2027-03-31")


def kept_once(yard: Yard, name: str) -> None:
    """Until a day that has passed."""
    yard_tagged(yard, name, "keep-until", "2026-11-01")


def kept_vaguely(yard: Yard, name: str) -> None:
    """Until nobody knows when."""
    yard_tagged(yard, name, "keep-until", "next quarter")


def standby(yard: Yard, name: str) -> None:
    """It waits for another Region to fail."""
    yard_tagged(yard, name, "role", "DR")


def yard_tagged(yard: Yard, name: str, key: str, value: str) -> None:
    """One GPU, and one tag beside the team's."""
    bare = {"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}
    variant = yard.variant(yard.model(name, bare), 1, InstanceType=GPU)
    yard.endpoint(name, variant, tags={"team": "search", key: value})


def in_rollout(yard: Yard, name: str) -> None:
    """A canary stands beside the baseline for weeks: somebody has to say yes."""
    _by(yard, name, CANARY)


def promoted(yard: Yard, name: str) -> None:
    """What Pointsman put there weeks ago, and nobody asks."""
    _by(yard, name, FINAL)


def _by(yard: Yard, name: str, config: str) -> None:
    bare = {"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}
    yard.endpoint(name, yard.variant(yard.model(name, bare), 1, InstanceType=GPU), config=config)


def components(yard: Yard, name: str) -> None:
    """Two components on instances that SageMaker may take down to none."""
    hosting(yard, name, least=1)
    yard.settle()
    for each in ("chat", "embed"):
        add_component(yard, name, each)


def hosting(yard: Yard, name: str, least: int = 1) -> None:
    """Instances for components, with none on them yet."""
    yard.model(name, {"Image": IMAGE})
    scaling = {"Status": "ENABLED", "MinInstanceCount": least, "MaxInstanceCount": 4}
    host = yard.variant(name, 1, ModelName=None, InstanceType=GPU, ManagedInstanceScaling=scaling)
    yard.endpoint(name, host, tags={"team": "search"}, ExecutionRoleArn=ROLE)


def scaled_to_zero(yard: Yard, name: str) -> None:
    """Its component has no copies, so its instances are gone."""
    hosting(yard, name, least=0)
    yard.settle()
    add_component(yard, name, "chat", copies=0)


def add_component(yard: Yard, name: str, which: str, copies: int = 1) -> None:
    """A component `NAME-WHICH`."""
    needs = {"MinMemoryRequiredInMb": 1024, "NumberOfAcceleratorDevicesRequired": 1}
    yard.sagemaker.create_inference_component(
        InferenceComponentName=f"{name}-{which}",
        EndpointName=name,
        VariantName=VARIANT,
        Specification={"ModelName": name, "ComputeResourceRequirements": needs},
        RuntimeConfig={"CopyCount": copies},
    )


def update(yard: Yard, name: str) -> None:
    """Another config goes live."""
    yard.config(f"{name}-v2", yard.variant(name, 1, InstanceType=GPU))
    yard.update(name, f"{name}-v2")


def fail(yard: Yard, name: str) -> None:
    """It stops serving."""
    yard.kernel.set_endpoint_status(name, "Failed", "the container died")


def lose_config(yard: Yard, name: str) -> None:
    """Somebody tidies up."""
    yard.sagemaker.delete_endpoint_config(EndpointConfigName=f"{name}-v1")


def lose_model(yard: Yard, name: str) -> None:
    """Somebody tidies up more."""
    yard.sagemaker.delete_model(ModelName=name)


def mix(yard: Yard, name: str) -> None:
    """A rolling update failed, and so did its way back."""
    yard.kernel.set_endpoint_status(name, "UpdateRollbackFailed", "Insufficient capacity")


def patch(yard: Yard, name: str) -> None:
    """AWS maintains it right now."""
    made.patch(yard, name)
