"""One maker for every kind of endpoint that teams have, each with what happens to it after it has started. The table of them is `kinds.py`."""

from __future__ import annotations

from local.yard import IMAGE, ROLE, VARIANT, Yard
from twin.traffic import Profile

TEAM = {"team": "payments-risk"}


def plain(yard: Yard, name: str) -> None:
    """One variant, one model from the registry, two instances."""
    yard.endpoint(name, tags=TEAM | {"cost-centre": "4711", "environment": "prod", "colour": "blue"})


def autoscaled(yard: Yard, name: str) -> None:
    """The same, following its traffic."""
    yard.endpoint(name, tags=TEAM)


def scale(yard: Yard, name: str) -> None:
    """Register it for autoscaling."""
    yard.watch(name)
    yard.scale(name, 2, 6)


def bare(yard: Yard, name: str) -> None:
    """A model that was made of an image and never registered."""
    model = yard.model(name, {"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"})
    yard.endpoint(name, yard.variant(model), tags=TEAM)


def capture(yard: Yard, name: str) -> None:
    """Requests and answers are kept."""
    kept = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 20,
        "DestinationS3Uri": "s3://captured",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    yard.endpoint(name, tags=TEAM, DataCaptureConfig=kept)


def components(yard: Yard, name: str) -> None:
    """Instances that host inference components."""
    yard.model(name)
    yard.endpoint(
        name,
        yard.variant(name, ModelName=None, InstanceType="ml.g5.2xlarge"),
        tags=TEAM,
        ExecutionRoleArn=ROLE,
    )


def add_component(yard: Yard, name: str) -> None:
    """Put a component on it."""
    yard.sagemaker.create_inference_component(
        InferenceComponentName=f"{name}-chat",
        EndpointName=name,
        VariantName=VARIANT,
        Specification={
            "ModelName": name,
            "ComputeResourceRequirements": {
                "MinMemoryRequiredInMb": 1024,
                "NumberOfAcceleratorDevicesRequired": 1,
            },
        },
        RuntimeConfig={"CopyCount": 1},
    )


def multi_model(yard: Yard, name: str) -> None:
    """Several models in one container."""
    container = {"Image": IMAGE, "Mode": "MultiModel", "ModelDataUrl": "s3://models/"}
    yard.endpoint(name, yard.variant(yard.model(name, container)), tags=TEAM)


def _containers(yard: Yard, name: str, mode: str) -> None:
    containers = [{"Image": IMAGE, "ContainerHostname": each} for each in ("clean", "score")]
    yard.model(name, *containers, InferenceExecutionConfig={"Mode": mode})
    yard.endpoint(name, yard.variant(name), tags=TEAM)


def pipeline(yard: Yard, name: str) -> None:
    """Two containers, one after the other."""
    _containers(yard, name, "Serial")


def direct(yard: Yard, name: str) -> None:
    """Two containers, of which callers choose one."""
    _containers(yard, name, "Direct")


def asynchronous(yard: Yard, name: str) -> None:
    """Requests are queued, answers land in S3."""
    yard.endpoint(name, tags=TEAM, AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://results"}})


def serverless(yard: Yard, name: str) -> None:
    """No instances at all."""
    size = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    model = yard.model(name)
    yard.endpoint(name, {"VariantName": VARIANT, "ModelName": model, "ServerlessConfig": size}, tags=TEAM)


def shadow(yard: Yard, name: str) -> None:
    """A second variant gets copies of the requests."""
    copies = yard.variant(yard.model(f"{name}-next"), 1, VariantName="copy")
    yard.endpoint(name, tags=TEAM, ShadowProductionVariants=[copies])


def marketplace(yard: Yard, name: str) -> None:
    """A model bought in the Marketplace."""
    arn = yard.sagemaker.create_model_package(ModelPackageName=f"{name}-sold")["ModelPackageArn"]
    model = yard.model(name, {"ModelPackageName": arn}, EnableNetworkIsolation=True)
    yard.endpoint(name, yard.variant(model), tags=TEAM)


def inf1(yard: Yard, name: str) -> None:
    """On Inferentia's first generation."""
    yard.endpoint(name, yard.variant(yard.model(name), InstanceType="ml.inf1.xlarge"), tags=TEAM)


def variants(yard: Yard, name: str) -> None:
    """An experiment of two variants."""
    other = yard.variant(yard.model(f"{name}-b"), 1, VariantName="other", InitialVariantWeight=0.2)
    yard.endpoint(name, yard.variant(yard.model(name)), other, tags=TEAM)


def pools(yard: Yard, name: str) -> None:
    """Instances of whichever type is to be had."""
    types = [{"InstanceType": "ml.g5.xlarge", "Priority": 1}, {"InstanceType": "ml.g6.xlarge", "Priority": 2}]
    yard.endpoint(name, yard.variant(yard.model(name), InstanceType=None, InstancePools=types), tags=TEAM)


def reserved(yard: Yard, name: str) -> None:
    """Instances from a capacity reservation, which nobody has tried a rollout with."""
    wish = {"CapacityReservationPreference": "capacity-reservations-only"}
    yard.endpoint(name, yard.variant(yard.model(name), CapacityReservationConfig=wish), tags=TEAM)


def lose_config(yard: Yard, name: str) -> None:
    """Somebody tidies up configs."""
    yard.watch(name)
    yard.sagemaker.delete_endpoint_config(EndpointConfigName=f"{name}-v1")


def lose_model(yard: Yard, name: str) -> None:
    """Somebody tidies up models."""
    yard.watch(name)
    yard.sagemaker.delete_model(ModelName=name)


def never_starts(yard: Yard, name: str) -> None:
    """Its container does not come up."""
    version = yard.version(name)
    yard.kernel.profiles[version] = Profile(starts=False)
    yard.endpoint(name, yard.variant(yard.model(name, {"ModelPackageName": version})), tags=TEAM)


def mix(yard: Yard, name: str) -> None:
    """A rolling update failed, and so did its way back."""
    yard.watch(name)
    yard.kernel.set_endpoint_status(name, "UpdateRollbackFailed", "Insufficient capacity for ml.c7i.large")


def patch(yard: Yard, name: str) -> None:
    """AWS maintains it right now."""
    yard.watch(name)
    yard.kernel.set_endpoint_status(name, "SystemUpdating")


def fail_silently(yard: Yard, name: str) -> None:
    """An update to a version that never starts: SageMaker goes back, and says InService."""
    yard.watch(name)
    version = yard.version(name)
    yard.kernel.profiles[version] = Profile(starts=False)
    yard.model(f"{name}-2", {"ModelPackageName": version})
    yard.config(f"{name}-v2", yard.variant(f"{name}-2"))
    yard.update(name, f"{name}-v2")


def reject(yard: Yard, name: str) -> None:
    """The version that serves is rejected in the registry."""
    yard.watch(name)
    model = yard.sagemaker.describe_model(ModelName=name)
    yard.judge(model["PrimaryContainer"]["ModelPackageName"], "Rejected")


def compose(yard: Yard, name: str) -> None:
    """An alarm over a rate and one over latency, and a composite alarm that speaks for both."""
    dimensions = {"EndpointName": name, "VariantName": VARIANT}
    yard.rate_alarm(f"{name}-error-rate", dimensions)
    slow = {"MetricName": "ModelLatency", "Threshold": 2_000_000.0, "EvaluationPeriods": 5}
    yard.alarm(f"{name}-p99", dimensions, Statistic=None, ExtendedStatistic="p99", **slow)
    rule = f'ALARM("{name}-error-rate") OR ALARM("{name}-p99")'
    yard.client("cloudwatch").put_composite_alarm(AlarmName=f"{name}-health", AlarmRule=rule)


def single(yard: Yard, name: str) -> None:
    """One instance, and autoscaling that has no room."""
    yard.endpoint(name, yard.variant(yard.model(name), 1))


def pin(yard: Yard, name: str) -> None:
    """Autoscaling between one and one, and an alarm without the variant's name."""
    yard.scale(name, 1, 1)
    yard.alarm(f"{name}-5xx", {"EndpointName": name})


def watch(yard: Yard, name: str) -> None:
    """An alarm as it should be."""
    yard.watch(name)
