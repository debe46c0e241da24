"""Search: endpoints, packages and groups by their properties and tags. How conditions hold is in expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twin.endpoints import Endpoints
from twin.errors import invalid, unsupported
from twin.expressions import check, fulfils, value_of
from twin.groups import Groups
from twin.paging import Mark, Pages, sortable
from twin.plain import copied
from twin.registry import Registry
from twin.world import World

Params = dict[str, Any]

_PAGES = Pages("Search", default=100, most=100)
# The members of each record in botocore's model that the twin knows; a filter or an order by others is refused.
_MEMBERS = {
    "Endpoint": (
        "EndpointName",
        "EndpointArn",
        "EndpointConfigName",
        "ProductionVariants",
        "DataCaptureConfig",
        "EndpointStatus",
        "FailureReason",
        "CreationTime",
        "LastModifiedTime",
        "Tags",
        "ShadowProductionVariants",
    ),
    "ModelPackage": (
        "ModelPackageName",
        "ModelPackageGroupName",
        "ModelPackageVersion",
        "ModelPackageRegistrationType",
        "ModelPackageArn",
        "ModelPackageDescription",
        "CreationTime",
        "InferenceSpecification",
        "ModelPackageStatus",
        "ModelPackageStatusDetails",
        "CertifyForMarketplace",
        "ModelApprovalStatus",
        "CreatedBy",
        "MetadataProperties",
        "ModelMetrics",
        "LastModifiedTime",
        "LastModifiedBy",
        "ApprovalDescription",
        "Domain",
        "Task",
        "SourceUri",
        "ModelLifeCycle",
        "Tags",
        "CustomerMetadataProperties",
        "SkipModelValidation",
    ),
    "ModelPackageGroup": (
        "ModelPackageGroupName",
        "ModelPackageGroupArn",
        "ModelPackageGroupDescription",
        "CreationTime",
        "CreatedBy",
        "ModelPackageGroupStatus",
        "Tags",
    ),
}


class Search:
    """Finds what exists now.

    The index of the real Search runs some seconds behind (the integration tests of the sagemaker SDK wait for it):
    what is younger than `Timings.search_lag` is not found. Changes and deletions are seen at once here.
    """

    def __init__(self, world: World, endpoints: Endpoints, registry: Registry, groups: Groups) -> None:
        self._world = world
        self._sources: dict[str, Callable[[], list[Params]]] = {
            "Endpoint": endpoints.described,
            "ModelPackage": registry.all,
            "ModelPackageGroup": groups.all,
        }

    def find(self, params: Params) -> Params:
        """Search: one page of records that fulfil the expression, those changed last first unless told otherwise."""
        resource = params["Resource"]
        if resource not in self._sources:
            raise unsupported(f"Search of {resource}")
        if params.get("CrossAccountFilterOption") == "CrossAccount" or "VisibilityConditions" in params:
            raise unsupported("Search across accounts or with visibility conditions")
        properties = frozenset(_MEMBERS[resource])
        expression = params.get("SearchExpression")
        if expression is not None:
            check(expression, properties)
        order = params.get("SortBy", "LastModifiedTime")
        if order.partition(".")[0] not in properties | {"LastModifiedTime"}:
            raise invalid(f"{order} is not a property that this resource can be sorted by.")
        found = [each for each in self._records(resource) if expression is None or fulfils(each, expression)]
        descending = params.get("SortOrder", "Descending") == "Descending"
        page, more = _PAGES.cut(found, params, lambda each: _mark(each, order), descending=descending)
        total = {"Value": len(found), "Relation": "EqualTo"}
        return {"Results": [{resource: copied(each)} for each in page], "TotalHits": total, **more}

    def _records(self, resource: str) -> list[Params]:
        members = [member for member in _MEMBERS[resource] if member != "Tags"]
        seen_until = self._world.agenda.now - self._world.timings.search_lag
        return [
            {member: each[member] for member in members if member in each} | {"Tags": self._tags(each)}
            for each in self._sources[resource]()
            if each["CreationTime"] <= seen_until
        ]

    def _tags(self, record: Params) -> list[Params]:
        """Return the tags of a record; a version has those of its group (facts 4)."""
        if "ModelPackageVersion" in record:
            arn = self._world.arns.group(record["ModelPackageGroupName"])
        else:
            arn = next(str(record[member]) for member in record if member.endswith("Arn"))
        return [{"Key": key, "Value": value} for key, value in self._world.tags.of(arn).items()]


def _mark(record: Params, order: str) -> Mark:
    """Return where a record stands; what was never changed counts from its creation."""
    value = value_of(record, order)
    if value is None and order == "LastModifiedTime":
        value = record["CreationTime"]
    name = next(str(record[member]) for member in record if member.endswith("Arn"))
    return ("" if value is None else sortable(value)), name
