"""Versions of a group, the newest first, and models that may be gone."""

from itertools import islice
from typing import Any

import pytest

from pointsman.adapters.aws.versions import Versions
from pointsman.core.release_facts import Standing
from pointsman.errors import NotFound
from pointsman.policy import ModelGroup
from tests.adapters.answers import Answering
from tests.functions.account import GROUP, MODEL
from tests.functions.world import Here


def page(*versions: tuple[int, str], then: str = "") -> dict[str, Any]:
    summaries = [
        {"ModelPackageVersion": version, "ModelPackageArn": f"arn/{version}", "ModelApprovalStatus": status}
        for version, status in versions
    ]
    return {"ModelPackageSummaryList": summaries} | ({"NextToken": then} if then else {})


def test_each_has_its_standing() -> None:
    client = Answering(
        list_model_packages=[page((3, "PendingManualApproval"), (2, "Rejected"), (1, "Approved"))]
    )

    found = list(Versions(client).newest_first(ModelGroup("g")))  # type: ignore[arg-type]

    assert [(each.version, each.standing) for each in found] == [
        (3, Standing.PENDING),
        (2, Standing.REJECTED),
        (1, Standing.APPROVED),
    ]


def test_pages_are_read_only_as_far_as_they_are_asked_for() -> None:
    client = Answering(list_model_packages=[page((9, "Approved"), then="more"), page((8, "Approved"))])

    assert [each.version for each in islice(Versions(client).newest_first(ModelGroup("g")), 1)] == [9]  # type: ignore[arg-type]
    assert len(client.asked["list_model_packages"]) == 1
    assert [each.version for each in Versions(client).newest_first(ModelGroup("g"))] == [8]  # type: ignore[arg-type]


def test_in_the_account_the_newest_come_first(here: Here) -> None:
    found = list(Versions(here.wire.client("sagemaker")).newest_first(ModelGroup(GROUP)))

    assert [each.version for each in found] == sorted((each.version for each in found), reverse=True)
    assert found[-1].standing is Standing.APPROVED


def test_a_group_that_does_not_exist_is_told(here: Here) -> None:
    with pytest.raises(NotFound, match="model package group another does not exist: see model_package_group"):
        list(Versions(here.wire.client("sagemaker")).newest_first(ModelGroup("another")))


def test_a_model_is_there_or_not(here: Here) -> None:
    versions = Versions(here.wire.client("sagemaker"))

    assert versions.has_model(MODEL)
    assert not versions.has_model("another")
