"""The same plain endpoint as every tool leaves it behind: names and tags. The table of them is `kinds.py`."""

from __future__ import annotations

from local.yard import Yard

STACK, LOGICAL_ID, STACK_ID = (
    f"aws:cloudformation:{each}" for each in ("stack-name", "logical-id", "stack-id")
)


def tagged(yard: Yard, name: str, tags: dict[str, str], config: str = "", model: str = "") -> None:
    """An endpoint of team `ml-platform` with these tags and names."""
    variant = yard.variant(yard.model(model or name))
    yard.endpoint(name, variant, config=config, tags={"Owner": "ml-platform"} | tags)


def _stamped(yard: Yard, name: str, logical_id: str) -> None:
    arn = yard.sagemaker.describe_endpoint(EndpointName=name)["EndpointArn"]
    stack = f"{name}-stack"
    identity = f"arn:aws:cloudformation:us-east-1:111122223333:stack/{stack}/8c1f"
    yard.kernel.stamp_tags(arn, {STACK: stack, STACK_ID: identity, LOGICAL_ID: logical_id})


def nobody(yard: Yard, name: str) -> None:
    """No tool's trace."""
    tagged(yard, name, {})


def cloudformation(yard: Yard, name: str) -> None:
    """A stack."""
    tagged(yard, name, {})
    _stamped(yard, name, "FraudEndpoint")


def cdk(yard: Yard, name: str) -> None:
    """A stack whose logical ids the CDK wrote."""
    tagged(yard, name, {})
    _stamped(yard, name, "FraudEndpoint7F3A91C2")


def project(yard: Yard, name: str) -> None:
    """A SageMaker project's deploy stage."""
    tagged(yard, name, {"sagemaker:project-name": "fraud", "sagemaker:project-id": "p-ab12cd34ef56"})
    _stamped(yard, name, "Endpoint")


def terraform(yard: Yard, name: str) -> None:
    """Terraform with default tags."""
    tagged(yard, name, {"ManagedBy": "terraform", "tf-workspace": "prod"})


def terraform_named(yard: Yard, name: str) -> None:
    """Terraform without tags, with names that it made."""
    tagged(yard, name, {}, config="terraform-202611201400000123000000" + "0a")


def opentofu(yard: Yard, name: str) -> None:
    """OpenTofu."""
    tagged(yard, name, {"managed-by": "OpenTofu"})


def pulumi(yard: Yard, name: str) -> None:
    """Pulumi with automatic tags."""
    tagged(yard, name, {"pulumi:project": "fraud", "pulumi:stack": "prod"})


def crossplane(yard: Yard, name: str) -> None:
    """Crossplane."""
    tagged(yard, name, {"crossplane-kind": "endpoint.sagemaker.aws", "crossplane-name": name})


def ack(yard: Yard, name: str) -> None:
    """The Kubernetes controller of AWS."""
    tagged(
        yard,
        name,
        {"services.k8s.aws/controller-version": "sagemaker-1.2.3", "services.k8s.aws/namespace": "ml"},
    )


def studio(yard: Yard, name: str) -> None:
    """A notebook in Studio."""
    profile = "arn:aws:sagemaker:us-east-1:111122223333:user-profile/d-abc/dana"
    tagged(yard, name, {"sagemaker:user-profile-arn": profile})


def canvas(yard: Yard, name: str) -> None:
    """Canvas, by its name alone."""
    tagged(yard, name, {})


def jumpstart(yard: Yard, name: str) -> None:
    """JumpStart through the Python SDK."""
    tagged(yard, name, {"sagemaker-sdk:jumpstart-model-id": "huggingface-llm-mistral-7b"})


def sdk(yard: Yard, name: str) -> None:
    """`model.deploy()` of the Python SDK, by its names alone."""
    tagged(yard, name, {}, config=name, model=name)
