"""Tags of SageMaker resources by ARN. Only those who know a resource may say that it exists."""

from __future__ import annotations

from typing import Any

from twin.errors import absent, invalid
from twin.plain import copied

MOST_TAGS = 50


class Tags:
    """Tag maps of the resources that exist; ARNs are compared without regard to case (facts 1.3)."""

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, str]] = {}

    def open(self, arn: str, given: list[dict[str, str]] | None) -> None:
        """Begin the tags of a new resource with those `given` at its creation."""
        self._tags[arn.lower()] = {}
        self._put(arn, given or [])

    def close(self, arn: str) -> None:
        """Forget the tags of a deleted resource."""
        self._tags.pop(arn.lower(), None)

    def of(self, arn: str) -> dict[str, str]:
        """Return the tags as a map, empty for an unknown resource."""
        return dict(self._tags.get(arn.lower(), {}))

    def add(self, params: dict[str, Any]) -> dict[str, Any]:
        """AddTags: set or overwrite tags; ValidationException if the resource is unknown or has too many."""
        self._known(params["ResourceArn"])
        self._put(params["ResourceArn"], params["Tags"])
        return self.shown(params)

    def shown(self, params: dict[str, Any]) -> dict[str, Any]:
        """ListTags: all tags of a resource in one page."""
        tags = self._known(params["ResourceArn"])
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def delete(self, params: dict[str, Any]) -> dict[str, Any]:
        """DeleteTags: remove the keys that are there."""
        tags = self._known(params["ResourceArn"])
        for key in params["TagKeys"]:
            tags.pop(key, None)
        return {}

    def _known(self, arn: str) -> dict[str, str]:
        tags = self._tags.get(arn.lower())
        if tags is None:
            raise absent("resource", arn)
        return tags

    def _put(self, arn: str, given: list[dict[str, str]]) -> None:
        merged = self.of(arn) | {tag["Key"]: tag["Value"] for tag in copied(given)}
        if len(merged) > MOST_TAGS:
            raise invalid(f"A resource has at most {MOST_TAGS} tags.")
        self._tags[arn.lower()] = merged
