"""Tags of SageMaker resources by ARN. Only those who know a resource may say that it exists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.errors import absent, invalid
from twin.paging import Pages

MOST_TAGS = 50
# An answer holds at most 50 tags, and MaxResults is at least 50, so that asking for more changes nothing.
_PAGES = Pages("ListTags", default=50, most=50)


class Tags:
    """Tag maps of the resources that exist; ARNs are compared without regard to case (facts 1.3)."""

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, str]] = {}

    def open(self, arn: str, given: list[dict[str, str]] | None) -> None:
        """Begin the tags of a new resource with those `given`; ValidationException if they may not be set."""
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
        return {"Tags": _shown(self._known(params["ResourceArn"]).items())}

    def listed(self, params: dict[str, Any]) -> dict[str, Any]:
        """ListTags: the tags of a resource by key, 50 to a page."""
        tags = self._known(params["ResourceArn"])
        asked = {member: value for member, value in params.items() if member != "MaxResults"}
        page, more = _PAGES.cut(list(tags.items()), asked, lambda tag: tag)
        return {"Tags": _shown(page), **more}

    def delete(self, params: dict[str, Any]) -> dict[str, Any]:
        """DeleteTags: remove the keys that are there."""
        tags = self._known(params["ResourceArn"])
        _require_own(params["TagKeys"])
        for key in params["TagKeys"]:
            tags.pop(key, None)
        return {}

    def stamp(self, arn: str, tags: dict[str, str]) -> None:
        """Set tags as AWS itself does, those it keeps for itself included; ValidationException if nothing is there."""
        self._known(arn).update(tags)

    def _known(self, arn: str) -> dict[str, str]:
        tags = self._tags.get(arn.lower())
        if tags is None:
            raise absent("resource", arn)
        return tags

    def _put(self, arn: str, given: list[dict[str, str]]) -> None:
        _require_own([tag["Key"] for tag in given])
        merged = self.of(arn) | {tag["Key"]: tag["Value"] for tag in given}
        if sum(not _is_reserved(key) for key in merged) > MOST_TAGS:
            raise invalid(f"A resource has at most {MOST_TAGS} tags.")
        self._tags[arn.lower()] = merged


def _is_reserved(key: str) -> bool:
    return key.lower().startswith("aws:")


def _require_own(keys: list[str]) -> None:
    """Refuse keys that only AWS sets: CloudFormation stamps them on what it makes (the wording is recalled)."""
    for key in keys:
        if _is_reserved(key):
            raise invalid(
                f"Tag key '{key}' is not valid: aws: prefixed tag key names are for system use only."
            )


def _shown(tags: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags]
