"""Service Quotas of SageMaker: every limit by name, with the values that the ledger goes by. Nothing is limited here."""

from __future__ import annotations

import zlib
from typing import Any

from twin.errors import TwinError
from twin.ledger import IN_ACCOUNT, PER_ENDPOINT, Ledger
from twin.paging import Pages
from twin.world import World

Params = dict[str, Any]

_PAGES = Pages("ListServiceQuotas", default=100, most=100, page_code="InvalidPaginationTokenException")
_SIZES = {
    "t2": "medium large xlarge 2xlarge",
    "m4": "xlarge 2xlarge 4xlarge 10xlarge 16xlarge",
    "m5 m5d r5 r5d": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "c5 c5d": "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge",
    "c6i m6i r6i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "c7i m7i r7i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "c7g m6g r6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "g4dn": "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "g5 g6 g6e": "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "p3": "2xlarge 8xlarge 16xlarge",
    "p4d p4de": "24xlarge",
    "p5": "4xlarge 48xlarge",
    "inf1": "xlarge 2xlarge 6xlarge 24xlarge",
    "inf2": "xlarge 8xlarge 24xlarge 48xlarge",
}
_TYPES = tuple(
    f"ml.{family}.{size}"
    for families, sizes in _SIZES.items()
    for family in families.split()
    for size in sizes.split()
)
_ENDPOINT_USE = "for endpoint usage"
# What a reader of endpoint quotas has to tell apart from them. None of it is limited in the twin.
_OTHER_USES = {
    "for training job usage": 4.0,
    "for spot training job usage": 0.0,
    "for processing job usage": 2.0,
    "for transform job usage": 2.0,
    "for notebook instance usage": 1.0,
}
_OTHERS = {
    "Total number of notebook instances": 20.0,
    "Number of instances across all training jobs": 20.0,
    "Number of instances across all processing jobs": 20.0,
    "Number of instances across all transform jobs": 20.0,
    "Maximum number of SageMaker Model Package allowed per account": 10_000.0,
    "Maximum number of SageMaker Model Package Groups allowed per account": 10_000.0,
    "Maximum number of pipelines allowed per account": 500.0,
    "Total Monitoring Schedules": 100.0,
    "Total domains": 1.0,
}
# As public code names them; every other code is made up from the name.
_KNOWN_CODES = {
    IN_ACCOUNT: "L-7A3DF611",
    "ml.g5.xlarge for endpoint usage": "L-1928E07B",
    "Total number of notebook instances": "L-04CE2E67",
    "Number of instances across all training jobs": "L-00C91CB5",
    "Number of instances across all processing jobs": "L-F311B08F",
    "Number of instances across all transform jobs": "L-60D2A6F0",
    "Maximum number of SageMaker Model Package allowed per account": "L-9A82FBCA",
    "Maximum number of SageMaker Model Package Groups allowed per account": "L-BC8DC54C",
    "Maximum number of pipelines allowed per account": "L-E8EADE50",
    "Total Monitoring Schedules": "L-9966108C",
    "Total domains": "L-B683BCB0",
}


class Quotas:
    """The applied quotas of one account and Region, by code."""

    def __init__(self, world: World) -> None:
        self._world = world

    def listed(self, params: Params) -> Params:
        """ListServiceQuotas of SageMaker, by code; quotas of single resources there are none."""
        found = list(self._quotas(params["ServiceCode"]).items())
        if params.get("QuotaAppliedAtLevel") == "RESOURCE":
            found = []
        wanted = params.get("QuotaCode")
        found = [(code, quota) for code, quota in found if wanted in (None, code)]
        page, more = _PAGES.cut(found, params, lambda pair: (pair[0], ""))
        return {"Quotas": [self._shown(code, *quota) for code, quota in page], **more}

    def get(self, params: Params) -> Params:
        """GetServiceQuota; NoSuchResourceException for a code that SageMaker does not have."""
        code = params["QuotaCode"]
        quota = self._quotas(params["ServiceCode"]).get(code)
        if quota is None:
            raise TwinError("NoSuchResourceException", f"The request failed because {code} does not exist.")
        return {"Quota": self._shown(code, *quota)}

    def _quotas(self, service: str) -> dict[str, tuple[str, float]]:
        if service != "sagemaker":
            raise TwinError("NoSuchResourceException", f"The service {service} has no quotas in the twin.")
        return {_code(name): (name, value) for name, value in _values(self._world.ledger).items()}

    def _shown(self, code: str, name: str, value: float) -> Params:
        arns = self._world.arns
        return {
            "ServiceCode": "sagemaker",
            "ServiceName": "Amazon SageMaker",
            "QuotaArn": f"arn:aws:servicequotas:{arns.region}:{arns.account}:sagemaker/{code}",
            "QuotaCode": code,
            "QuotaName": name,
            "Value": value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
            "QuotaAppliedAtLevel": "ACCOUNT",
        }


def _values(ledger: Ledger) -> dict[str, float]:
    """Return every quota by name; a type that was given a quota has one even if it is not among the usual ones."""
    totals = (IN_ACCOUNT, PER_ENDPOINT)
    types = dict.fromkeys((*_TYPES, *(name for name in ledger.quota if name not in totals)))
    values = {f"{kind} {_ENDPOINT_USE}": float(ledger.limit(kind)) for kind in types}
    values |= {f"{kind} {use}": value for use, value in _OTHER_USES.items() for kind in types}
    return values | {name: float(ledger.limit(name)) for name in totals} | _OTHERS


def _code(name: str) -> str:
    return _KNOWN_CODES.get(name) or f"L-{zlib.crc32(name.encode()):08X}"
