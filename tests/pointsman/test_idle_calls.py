"""What a report on 300 endpoints costs in calls: pages and candidates count, endpoints do not."""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta

import pytest

from pointsman.adapters.aws.hosted import AwsHosting
from pointsman.core.idle_finding import Verdict
from tests.worlds.kernel_client import KernelClient
from tests.worlds.usages import NOW, found
from twin.kernel import Kernel
from twin.signals import Signal

ENDPOINTS, IDLE, CONFIGS = 300, 24, 6
MADE = NOW - timedelta(days=49)


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    """Every tenth endpoint has a second variant, one in twelve is idle, and fifty share each config."""
    kernel = Kernel(start=MADE)
    kernel.quota["ml.c7i.large"] = kernel.quota["Number of instances across active endpoints"] = 10_000
    kernel.call(
        "sagemaker",
        "CreateModel",
        {"ModelName": "m", "ExecutionRoleArn": "r", "PrimaryContainer": {"Image": "i"}},
    )
    for number in range(CONFIGS):
        config(kernel, f"config-{number}", ("a", "b") if number == 0 else ("a",))
    for number in range(ENDPOINTS):
        endpoint(kernel, f"e{number:03}", number)
    kernel.advance_to(NOW)
    return kernel


def config(kernel: Kernel, name: str, variants: tuple[str, ...]) -> None:
    spec = {"ModelName": "m", "InstanceType": "ml.c7i.large", "InitialInstanceCount": 1}
    made = [{"VariantName": variant, **spec} for variant in variants]
    kernel.call("sagemaker", "CreateEndpointConfig", {"EndpointConfigName": name, "ProductionVariants": made})


def endpoint(kernel: Kernel, name: str, number: int) -> None:
    kernel.call(
        "sagemaker",
        "CreateEndpoint",
        {"EndpointName": name, "EndpointConfigName": f"config-{number % CONFIGS}"},
    )
    rate = 0.0 if is_idle(number) else 3.0
    for variant in ("a", "b") if number % CONFIGS == 0 else ("a",):
        dimensions = {"EndpointName": name, "VariantName": variant}
        kernel.signal(("AWS/SageMaker", "Invocations"), dimensions, Signal(rate, MADE))
        kernel.signal(
            ("/aws/sagemaker/Endpoints", "CPUUtilization"), dimensions, Signal(2.0, MADE, counts=False)
        )


def is_idle(number: int) -> bool:
    return number % (ENDPOINTS // IDLE) == 1 and number < ENDPOINTS


def test_calls_grow_with_pages_and_candidates_only(kernel: Kernel) -> None:
    kernel.calls.clear()
    findings = found(AwsHosting(lambda service: KernelClient(kernel, service)))
    counts = Counter(operation for _, _, operation, _ in kernel.calls)
    idle = [each for each in findings.values() if each.verdict is Verdict.IDLE]
    variants = ENDPOINTS + ENDPOINTS // CONFIGS
    assert (len(findings), len(idle)) == (ENDPOINTS, sum(map(is_idle, range(ENDPOINTS))))
    assert counts["Search"] == ENDPOINTS / 100
    assert counts["DescribeEndpoint"] == len(idle)
    assert counts["DescribeEndpointConfig"] <= CONFIGS
    assert counts["DescribeModel"] == 1
    # Requests by day, use of GPUs by day, then the candidates' history and what their instances report.
    assert counts["GetMetricData"] <= 2 * math.ceil(variants / 500) + 2
    assert set(counts) == {
        "Search",
        "GetMetricData",
        "DescribeEndpoint",
        "DescribeEndpointConfig",
        "DescribeModel",
    }
    assert sum(counts.values()) < ENDPOINTS / 5


def test_requests_are_asked_of_500_variants_at_once(kernel: Kernel) -> None:
    kernel.calls.clear()
    found(AwsHosting(lambda service: KernelClient(kernel, service)))
    asked = [
        len(params["MetricDataQueries"]) for _, _, name, params in kernel.calls if name == "GetMetricData"
    ]
    assert max(asked) <= 500
    assert asked[0] == ENDPOINTS + ENDPOINTS // CONFIGS
