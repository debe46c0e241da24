"""Model package groups as SageMaker takes them, in our own registry and in another account's. Versions are read elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pointsman.adapters.aws.faults import mapped
from pointsman.errors import Denied
from pointsman.policy import ModelGroup


def id_of(group: ModelGroup, client: Any) -> str:  # noqa: ANN401 - boto3's clients have no common type
    """What ModelPackageGroupName takes: the name or, in another account, the ARN there, in the client's own Region.

    SageMaker writes the names in its ARNs in lower case (facts/aws.md, 1.3).
    """
    if not group.account:
        return group.name
    here = client.meta
    resource = f"model-package-group/{group.name.lower()}"
    return f"arn:{here.partition}:sagemaker:{here.region_name}:{group.account}:{resource}"


@contextmanager
def listing(group: ModelGroup) -> Iterator[None]:
    """Raise our exception for whatever ListModelPackages raises inside; a refusal from elsewhere says who can mend it."""
    try:
        with mapped(f"ListModelPackages {group}"):
            yield
    except Denied as err:
        if not group.account:
            raise
        raise Denied(
            f"{err}. The policy of the group in account {group.account} must let this account read it "
            f'(docs/deploy.md, "The registry in another account")'
        ) from err
