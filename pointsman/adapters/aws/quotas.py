"""Quotas of the account, and what its endpoints use of them. Whether a release fits is `core/quota_check.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.core.quota_check import InUse, Quotas
from pointsman.errors import NotFound, Transient
from pointsman.policy import EndpointName

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_service_quotas import ServiceQuotasClient

SERVICE = "sagemaker"
OF_TYPE = " for endpoint usage"
PER_ENDPOINT = frozenset(
    {"maximum number of instances per endpoint", "number of instances per endpoint", "instances per endpoint"}
)
ACROSS = frozenset({"number of instances across active endpoints", "instances across active endpoints"})
PAGE = 100
MOST_CONFIGS = 300
"""Distinct configs that are looked up to learn their instance types; an account with more is not counted."""

Json = dict[str, Any]
IsLate = Callable[[], bool]


def _require_time(is_late: IsLate) -> None:
    """Many calls make one answer: when its time is over, none is better than half."""
    if is_late():
        raise Transient("there was no time left to read all of it")


class ServiceQuotas:
    """Implements `forecast.QuotaBook`. Quotas have names, and codes that differ by type, so the list is read."""

    def __init__(self, client: ServiceQuotasClient, is_late: IsLate = lambda: False) -> None:
        """Take a client, and what says when to give up."""
        self._client: Any = client
        self._is_late = is_late

    def read(self, instance_types: Iterable[str]) -> Quotas:
        """ListServiceQuotas, and AWS's defaults for what it leaves out. Raises Denied or Transient."""
        wanted = {f"{kind}{OF_TYPE}".lower(): kind for kind in instance_types}
        found = self._values(self._client.list_service_quotas, "ListServiceQuotas", wanted)
        if not (set(wanted) <= set(found) and PER_ENDPOINT & set(found) and ACROSS & set(found)):
            defaults = self._client.list_aws_default_service_quotas
            found = self._values(defaults, "ListAWSDefaultServiceQuotas", wanted) | found
        return Quotas(
            by_type={kind: found[name] for name, kind in wanted.items() if name in found},
            per_endpoint=next((found[name] for name in sorted(PER_ENDPOINT & set(found))), None),
            all_endpoints=next((found[name] for name in sorted(ACROSS & set(found))), None),
        )

    def _values(self, list_quotas: Any, what: str, wanted: dict[str, str]) -> dict[str, int]:  # noqa: ANN401 - a boto3 method
        found: dict[str, int] = {}
        token: dict[str, str] = {}
        while True:
            _require_time(self._is_late)
            with mapped(f"{what} {SERVICE}"):
                answer: Json = list_quotas(ServiceCode=SERVICE, MaxResults=PAGE, **token)
            for quota in answer.get("Quotas", []):
                name = str(quota["QuotaName"]).lower()
                if name in wanted or name in PER_ENDPOINT or name in ACROSS:
                    found[name] = int(quota["Value"])
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}


class EndpointUsage:
    """Implements `forecast.Usage`: Search for the endpoints, one DescribeEndpointConfig for each config that serves."""

    def __init__(self, reads: SageMakerClient, is_late: IsLate = lambda: False) -> None:
        """Take a client, and what says when to give up."""
        self._reads: Any = reads
        self._is_late = is_late

    def read(self, besides: EndpointName) -> InUse:
        """Instances of every other endpoint by type. Raises Denied or Transient."""
        live = [each for each in self._endpoints() if each["EndpointName"].lower() != besides.lower()]
        configs = {str(each["EndpointConfigName"]) for each in live if each.get("EndpointConfigName")}
        if len(configs) > MOST_CONFIGS:
            return InUse(unread=f"instances in use: not counted, {len(configs)} configs serve here")
        types = {name: self._types(name) for name in sorted(configs)}
        counts: Counter[str] = Counter()
        for each in live:
            of_config = types.get(str(each.get("EndpointConfigName")), {})
            for variant in each.get("ProductionVariants") or []:
                kind = of_config.get(variant["VariantName"], "")
                counts[kind] += max(
                    int(variant.get("CurrentInstanceCount") or 0),
                    int(variant.get("DesiredInstanceCount") or 0),
                )
        counts.pop("", None)
        return InUse(others=dict(counts))

    def _endpoints(self) -> list[Json]:
        found: list[Json] = []
        token: dict[str, str] = {}
        while True:
            _require_time(self._is_late)
            with mapped("Search Endpoint"):
                answer: Json = self._reads.search(Resource="Endpoint", MaxResults=PAGE, **token)
            found += [each["Endpoint"] for each in answer.get("Results", []) if "Endpoint" in each]
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}

    def _types(self, config: str) -> dict[str, str]:
        """Instance type by variant; nothing for a config that was deleted."""
        _require_time(self._is_late)
        try:
            with mapped(f"DescribeEndpointConfig {config}"):
                answer: Json = self._reads.describe_endpoint_config(EndpointConfigName=config)
        except NotFound:
            return {}
        return {
            str(each["VariantName"]): str(each.get("InstanceType", ""))
            for each in answer["ProductionVariants"]
        }
