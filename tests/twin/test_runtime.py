"""InvokeEndpoint: which variant answers, how it fails, and that it counts."""

from __future__ import annotations

import pytest

from tests.twin.cloud import Cloud, refused, variant
from twin.traffic import Profile


def test_variants_are_drawn_by_weight(split: Cloud) -> None:
    names = [split.invoke(Body=b"{}")["InvokedProductionVariant"] for _ in range(300)]
    assert 10 <= names.count("candidate") <= 60
    assert names.count("stable") == 300 - names.count("candidate")


def test_a_target_variant_answers_at_weight_zero_too(split: Cloud) -> None:
    split.weigh(candidate=0.0)
    split.pass_minutes(1)
    answer = split.invoke(Body=b"{}", TargetVariant="candidate")
    assert answer["InvokedProductionVariant"] == "candidate"


def test_an_unknown_target_is_a_validation_error(split: Cloud) -> None:
    assert refused(lambda: split.invoke(Body=b"{}", TargetVariant="nobody")).code == "ValidationError"


def test_an_endpoint_that_does_not_serve_is_a_validation_error(cloud: Cloud) -> None:
    assert refused(lambda: cloud.invoke(Body=b"{}")).code == "ValidationError"
    cloud.config("first", variant("stable", "old"))
    cloud.call("CreateEndpoint", EndpointName="Fraud-Prod", EndpointConfigName="first")
    assert refused(lambda: cloud.invoke(Body=b"{}")).code == "ValidationError"


@pytest.mark.parametrize(
    ("profile", "code", "status"),
    [
        (Profile(answers=False), "ModelError", 424),
        (Profile(error_rate=1.0), "ModelError", 424),
        (Profile(dead=True), "ServiceUnavailable", 503),
    ],
)
def test_a_failing_model_answers_with_its_error(
    live: Cloud, profile: Profile, code: str, status: int
) -> None:
    live.kernel.profiles["old"] = profile
    error = refused(lambda: live.invoke(Body=b"{}"))
    assert (error.code, error.status) == (code, status)


def test_invocations_feed_metrics(live: Cloud) -> None:
    live.invoke(Body=b"{}")
    live.kernel.profiles["old"] = Profile(answers=False)
    refused(lambda: live.invoke(Body=b"{}"))
    live.pass_minutes(5)
    assert live.metric("Invocations", "Sum") == [2.0]
    assert live.metric("Invocation5XXErrors", "Sum") == [1.0]
