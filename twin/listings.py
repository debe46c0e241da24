"""SageMaker's List operations: order, pages and filters alike for all. What the rows show is their owners' business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twin.paging import Mark, Pages, sortable

Params = dict[str, Any]
Rows = Callable[[Params], list[Params]]


@dataclass(frozen=True, slots=True)
class Listing:
    """How one List operation answers: under which member, named and ranked by which members of a row.

    A row is a summary as the operation shows it. `identity` tells rows of equal rank apart.
    """

    pages: Pages
    answer: str
    name: str
    status: str = ""
    descending: bool = True
    identity: Callable[[Params], str] | None = None

    def mark(self, row: Params, order: str) -> Mark:
        """Return where `row` stands when sorted by `order`: Name, CreationTime or Status."""
        member = {"Name": self.name, "Status": self.status}.get(order, order)
        identity = self.identity(row) if self.identity is not None else str(row[self.name])
        return (identity if member == self.name else sortable(row[member])), identity


def _version_last(row: Params) -> str:
    """Return the name of a model package with its version in figures that sort."""
    return (
        f"{row.get('ModelPackageGroupName', row['ModelPackageName'])}/{row.get('ModelPackageVersion', 0):09}"
    )


# Defaults of order and direction are botocore's; that of the page is in its text for endpoints and components only,
# and taken to be the same for all.
ENDPOINTS = Listing(Pages("ListEndpoints"), "Endpoints", "EndpointName", status="EndpointStatus")
COMPONENTS = Listing(
    Pages("ListInferenceComponents"),
    "InferenceComponents",
    "InferenceComponentName",
    status="InferenceComponentStatus",
)
CONFIGS = Listing(Pages("ListEndpointConfigs"), "EndpointConfigs", "EndpointConfigName")
MODELS = Listing(Pages("ListModels"), "Models", "ModelName")
GROUPS = Listing(
    Pages("ListModelPackageGroups"),
    "ModelPackageGroupSummaryList",
    "ModelPackageGroupName",
    descending=False,
)
PACKAGES = Listing(
    Pages("ListModelPackages"),
    "ModelPackageSummaryList",
    "ModelPackageName",
    descending=False,
    identity=_version_last,
)


def listed(listing: Listing, rows: Rows, params: Params) -> Params:
    """Answer a List operation over `rows`, which have been narrowed to the scope that `params` name.

    Filters look at a page only after it was cut, so that a page can be short or empty while a token says that more
    follow: reported of NameContains in boto3's issues 1966, 2521 and 2838, taken to hold for every filter here.
    """
    order = params.get("SortBy", "CreationTime")
    direction = params.get("SortOrder")
    descending = listing.descending if direction is None else direction == "Descending"
    page, more = listing.pages.cut(
        rows(params), params, lambda row: listing.mark(row, order), descending=descending
    )
    return {listing.answer: [row for row in page if _is_wanted(listing, row, params)], **more}


def _is_wanted(listing: Listing, row: Params, params: Params) -> bool:
    return (
        params.get("NameContains", "") in row[listing.name]
        and params.get("StatusEquals") in (None, row.get(listing.status))
        and params.get("ModelApprovalStatus") in (None, row.get("ModelApprovalStatus"))
        and _is_within(row, params, "CreationTime")
        and _is_within(row, params, "LastModifiedTime")
    )


def _is_within(row: Params, params: Params, member: str) -> bool:
    after, before = params.get(f"{member}After"), params.get(f"{member}Before")
    return (after is None or row[member] >= after) and (before is None or row[member] < before)
