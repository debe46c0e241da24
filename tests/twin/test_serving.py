"""What requests meet: shares by weight, latency by profile, and a tally that does not lie."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, evenly, variant
from twin.traffic import Profile, Request

STEADY = Profile(base_ms=100.0, ms_per_context_token=0.0, ms_per_generated_token=0.0, jitter=0.0)


def test_requests_are_shared_out_by_weight(split: Cloud) -> None:
    split.send(per_minute=100, minutes=50)
    split.pass_minutes(50)
    served = split.kernel.served(ENDPOINT)
    assert served["old"].requests + served["new"].requests == 5_000
    assert served["new"].requests == pytest.approx(500, abs=80)


def test_shares_follow_a_weight_change_when_it_is_current(split: Cloud) -> None:
    split.weigh(stable=0.0, candidate=1.0)
    split.send(per_minute=60, minutes=10)
    split.pass_minutes(1)
    before = split.kernel.served(ENDPOINT)["old"].requests
    split.pass_minutes(9)
    assert split.kernel.served(ENDPOINT)["old"].requests == before > 0


def test_latency_follows_from_tokens_and_the_profile(live: Cloud) -> None:
    live.kernel.profiles["old"] = Profile(
        base_ms=10.0, ms_per_context_token=0.5, ms_per_generated_token=2.0, jitter=0.0
    )
    live.kernel.traffic(ENDPOINT, [Request(live.kernel.now, 100, 20)])
    live.pass_minutes(5)
    assert live.metric("ModelLatency", "Maximum") == [pytest.approx(100_000.0)]


def test_jitter_spreads_latency(live: Cloud) -> None:
    live.send(per_minute=100, minutes=1)
    live.pass_minutes(5)
    assert live.metric("ModelLatency", "Minimum")[0] < 0.9 * live.metric("ModelLatency", "Maximum")[0]


def test_errors_come_at_the_rate_of_the_profile(live: Cloud) -> None:
    live.kernel.profiles["old"] = Profile(error_rate=0.2)
    live.send(per_minute=100, minutes=20)
    live.pass_minutes(20)
    assert live.kernel.served(ENDPOINT)["old"].errors == pytest.approx(400, abs=80)


def test_load_above_the_knee_makes_a_model_slow(live: Cloud) -> None:
    live.kernel.profiles["old"] = Profile(
        100.0, 0.0, 0.0, jitter=0.0, knee_rpm_per_instance=10.0, slow_factor=3.0
    )
    live.send(per_minute=20, minutes=5)
    live.pass_minutes(5)
    live.send(per_minute=40, minutes=5)
    live.pass_minutes(8)
    slowest = live.metric("ModelLatency", "Maximum")
    assert slowest == pytest.approx([300_000.0] * 5 + [100_000.0] * 5)


def test_slow_answers_are_counted_once_a_limit_is_set(live: Cloud) -> None:
    live.kernel.profiles["old"] = STEADY
    live.send(per_minute=10, minutes=2)
    live.pass_minutes(1)
    assert live.kernel.served(ENDPOINT)["old"].slow is None
    live.kernel.slow_above_ms = 50.0
    live.pass_minutes(1)
    assert live.kernel.served(ENDPOINT)["old"].slow == 10


def test_a_dead_variant_takes_its_share_and_emits_nothing(split: Cloud) -> None:
    split.kernel.profiles["new"] = Profile(dead=True)
    split.send(per_minute=100, minutes=10)
    split.pass_minutes(13)
    dead = split.kernel.served(ENDPOINT)["new"]
    assert dead.errors == dead.requests > 50
    assert split.metric("Invocations", "Sum", "candidate") == []
    assert sum(split.metric("Invocations", "Sum")) == 1_000 - dead.requests


def test_a_model_that_does_not_answer_fails_every_request_and_says_so_in_metrics(split: Cloud) -> None:
    split.kernel.profiles["new"] = Profile(answers=False)
    split.send(per_minute=100, minutes=10)
    split.pass_minutes(13)
    bad = split.kernel.served(ENDPOINT)["new"]
    assert bad.errors == bad.requests == sum(split.metric("Invocation5XXErrors", "Sum", "candidate"))


def test_minutes_with_more_than_the_instances_can_serve_are_noted_once(live: Cloud) -> None:
    live.kernel.profiles["old"] = Profile(max_rpm_per_instance=10.0)
    start = live.kernel.now
    live.send(per_minute=20, minutes=1)
    live.send(per_minute=30, minutes=2, start=start + timedelta(minutes=1))
    live.pass_minutes(5)
    expected = [(start + timedelta(minutes=minute), ENDPOINT, "stable") for minute in (1, 2)]
    assert live.kernel.under_capacity == expected


def test_requests_without_a_fleet_are_unanswered(cloud: Cloud) -> None:
    cloud.send(per_minute=10, minutes=2)
    cloud.pass_minutes(2)
    assert (cloud.kernel.unanswered, cloud.kernel.served(ENDPOINT)) == ({ENDPOINT: 20}, {})


def test_requests_of_the_past_are_skipped(live: Cloud) -> None:
    live.kernel.traffic(ENDPOINT, evenly(live.kernel.now - timedelta(minutes=5), 10, 6))
    live.pass_minutes(5)
    assert live.kernel.served(ENDPOINT)["old"].requests == 10


def test_models_with_a_package_are_known_by_its_arn(cloud: Cloud) -> None:
    arn = cloud.package()
    container = {"ModelPackageName": arn}
    cloud.call("CreateModel", ModelName="packed", ExecutionRoleArn="role", PrimaryContainer=container)
    cloud.kernel.profiles[arn] = Profile(answers=False)
    cloud.serving(variant("stable", "packed"))
    cloud.send(per_minute=10, minutes=1)
    cloud.pass_minutes(1)
    assert cloud.kernel.served(ENDPOINT)[arn].errors == 10


def test_how_time_is_cut_into_pieces_changes_nothing() -> None:
    tallies = []
    for pieces in (1, 60):
        cloud = Cloud()
        cloud.model("old", Profile(error_rate=0.1))
        cloud.model("new", Profile())
        cloud.serving(variant("stable", "old", 2, 0.7), variant("candidate", "new", 1, 0.3))
        cloud.send(per_minute=20, minutes=60)
        for _ in range(pieces):
            cloud.pass_minutes(60 / pieces)
        tallies.append(cloud.kernel.served(ENDPOINT))
    assert tallies[0] == tallies[1]


def test_load_of_the_minute_before_still_makes_a_model_slow_and_older_load_does_not(live: Cloud) -> None:
    knee = Profile(100.0, 0.0, 0.0, jitter=0.0, knee_rpm_per_instance=10.0, slow_factor=3.0)
    live.kernel.profiles["old"] = knee
    start = live.kernel.now
    live.send(per_minute=40, minutes=1)
    live.send(per_minute=2, minutes=1, start=start + timedelta(minutes=1))
    live.send(per_minute=40, minutes=1, start=start + timedelta(minutes=4))
    live.send(per_minute=2, minutes=1, start=start + timedelta(minutes=8))
    live.pass_minutes(12)
    assert live.metric("ModelLatency", "Average")[0] == pytest.approx(100_000.0)
    assert live.metric("ModelLatency", "Average")[2] == pytest.approx(300_000.0)
