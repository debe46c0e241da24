"""Which versions a group has, the newest first, and whether a model still exists. One version as it is now is `registry.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.groups import id_of, listing
from pointsman.core.release_facts import Standing
from pointsman.errors import NotFound
from pointsman.policy import ModelGroup

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

PAGE = 100
STANDINGS = {"Approved": Standing.APPROVED, "Rejected": Standing.REJECTED}


@dataclass(frozen=True, slots=True)
class Listed:
    """A version as a list shows it."""

    version: int
    package: str
    standing: Standing


class Versions:
    """Implements `forecast.VersionList`."""

    def __init__(self, reads: SageMakerClient) -> None:
        """Take a client that retries."""
        self._reads: Any = reads

    def newest_first(self, group: ModelGroup) -> Iterator[Listed]:
        """ListModelPackages, read on only as far as it is asked for. Raises NotFound, Denied or Transient."""
        token: dict[str, str] = {}
        while True:
            answer = self._page(group, token)
            for each in answer["ModelPackageSummaryList"]:
                yield Listed(
                    int(each["ModelPackageVersion"]),
                    str(each["ModelPackageArn"]),
                    STANDINGS.get(str(each.get("ModelApprovalStatus")), Standing.PENDING),
                )
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def _page(self, group: ModelGroup, token: dict[str, str]) -> dict[str, Any]:
        try:
            with listing(group):
                answer: dict[str, Any] = self._reads.list_model_packages(
                    ModelPackageGroupName=id_of(group, self._reads),
                    SortBy="CreationTime",
                    SortOrder="Descending",
                    MaxResults=PAGE,
                    **token,
                )
        except NotFound as err:
            raise NotFound(
                f"model package group {group} does not exist: see model_package_group and registry_account"
            ) from err
        return answer

    def has_model(self, name: str) -> bool:
        """DescribeModel."""
        try:
            with mapped(f"DescribeModel {name}"):
                self._reads.describe_model(ModelName=name)
        except NotFound:
            return False
        return True
