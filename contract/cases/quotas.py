"""Service Quotas of SageMaker, by the names that a reader goes by."""

from __future__ import annotations

from contract.case import Ground, case
from contract.scene import Scene, refusal_of


@case("2.1", Ground.CONFIRMED)
def quotas_are_named_after_instance_types(scene: Scene) -> None:
    """ListServiceQuotas of SageMaker has "<type> for endpoint usage" for the type in use, as a number."""
    wanted = f"{scene.cloud.settings.instance_type} for endpoint usage"
    pages = scene.cloud.client("service-quotas").get_paginator("list_service_quotas")
    found = [
        quota
        for page in pages.paginate(ServiceCode="sagemaker")
        for quota in page["Quotas"]
        if quota["QuotaName"] == wanted
    ]
    assert len(found) == 1
    assert isinstance(found[0]["Value"], float)


@case("2.1", Ground.RECALLED)
def an_unknown_quota_is_not_there(scene: Scene) -> None:
    """GetServiceQuota of a code that does not exist is a NoSuchResourceException."""
    refusal = refusal_of(
        scene.cloud.client("service-quotas").get_service_quota,
        ServiceCode="sagemaker",
        QuotaCode="L-00000000",
    )
    assert refusal.code == "NoSuchResourceException"
