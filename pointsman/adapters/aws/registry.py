"""The SageMaker model registry: one version as it is now, and which are approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.groups import id_of, listing
from pointsman.adapters.aws.shapes import registered
from pointsman.policy import ModelGroup
from pointsman.ports import Package

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


PAGE = 100


class ModelRegistry:
    """Implements `ports.Registry`."""

    def __init__(self, reads: SageMakerClient) -> None:
        """Take a client that retries."""
        self._reads: Any = reads

    def describe(self, package: str) -> Package:
        """DescribeModelPackage."""
        with mapped(f"DescribeModelPackage {package}"):
            answer: dict[str, Any] = self._reads.describe_model_package(ModelPackageName=package)
        return registered(answer)

    def find_approved(self, group: ModelGroup) -> dict[int, str]:
        """ListModelPackages, a hundred a page."""
        found: dict[int, str] = {}
        token: dict[str, str] = {}
        while True:
            with listing(group):
                answer = self._reads.list_model_packages(
                    ModelPackageGroupName=id_of(group, self._reads),
                    ModelApprovalStatus="Approved",
                    MaxResults=PAGE,
                    **token,
                )
            for each in answer["ModelPackageSummaryList"]:
                found[int(each["ModelPackageVersion"])] = str(each["ModelPackageArn"])
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}
