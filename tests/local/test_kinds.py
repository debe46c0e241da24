"""What adopting says of every kind of endpoint and of every owner, read from a fleet of them; and that reading changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from cli.adopt_words import READS, canary
from cli.adopt_yaml import policy_text
from cli.policy_file import policy_from_text
from local.kinds import KINDS, OWNERS, SAMPLES, Sample
from pointsman.core.draft import Given, draft
from pointsman.core.guesses import window
from pointsman.core.ownership import By, owner_in_code
from pointsman.core.risks import risks_of
from pointsman.survey import Kind, Sight
from tests.worlds.fleet import Standing, standing

Sights = dict[str, Sight]


def silently(_what: str, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def account() -> Iterator[Standing]:
    with standing() as here:
        yield here


@pytest.fixture(scope="module")
def sights(account: Standing) -> Sights:
    account.begin()
    return {sight.name: sight for sight in account.account.survey().look_at_all(silently)}


def test_every_kind_and_every_owner_is_in_the_fleet() -> None:
    """But for what no account has: Pointsman's own rollout, what nobody knows yet, and what may not be read."""
    elsewhere = {Kind.PLAIN, Kind.RELEASING, Kind.UNKNOWN, Kind.UNREAD}
    assert {kind for sample in KINDS for kind in sample.kinds} == set(Kind) - elsewhere
    assert {sample.by for sample in OWNERS} == set(By)


def test_every_endpoint_is_read(sights: Sights) -> None:
    assert sorted(sights) == sorted(sample.name for sample in SAMPLES)
    assert all(sight.unread == () for sight in sights.values())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
class TestSample:
    """One endpoint of the fleet."""

    def test_its_kind_is_seen(self, sample: Sample, sights: Sights) -> None:
        assert {trait.kind for trait in sights[sample.name].traits} == sample.kinds

    def test_a_canary_serves_it_or_the_reason_and_the_way_out_are_told(
        self, sample: Sample, sights: Sights
    ) -> None:
        answer = canary(sights[sample.name])
        assert answer.works is sample.takes_canary
        assert answer.works or all(reason.why and reason.instead for reason in answer.reasons)

    def test_its_owner_is_found(self, sample: Sample, sights: Sights) -> None:
        assert owner_in_code(sights[sample.name]).by is sample.by

    def test_its_risks_are_found_and_no_others(self, sample: Sample, sights: Sights) -> None:
        assert {each.risk for each in risks_of(sights[sample.name])} == sample.risks

    def test_looking_at_it_alone_sees_the_same(
        self, sample: Sample, sights: Sights, account: Standing
    ) -> None:
        alone, among = account.account.survey().look(sights[sample.name].name, silently), sights[sample.name]
        assert (alone.traits, alone.tags, alone.alarms, alone.passed_over) == (
            among.traits,
            among.tags,
            among.alarms,
            among.passed_over,
        )

    def test_its_policy_is_right_or_there_is_none(
        self, sample: Sample, sights: Sights, account: Standing
    ) -> None:
        sight = sights[sample.name]
        if not sample.takes_canary:
            return
        since, until = window(sight.made, account.account.now)
        past = account.account.survey().past(sight.name, sight.variants[0].name, since, until)
        made = draft(sight, past, Given(group="given", team="given"))
        policy = policy_from_text(policy_text(made, ["a test"]))
        assert (policy.endpoint, policy.plan.serve.instance_count) == (
            sample.name,
            sight.variants[0].instances,
        )


def test_nothing_is_changed_and_only_what_the_permissions_name_is_called(account: Standing) -> None:
    account.begin()
    survey = account.account.survey()
    for sight in survey.look_at_all(silently):
        survey.look(sight.name, silently)
        survey.past(sight.name, "AllTraffic", *window(sight.made, account.account.now))
    assert account.writes() == []
    called = {f"{_service(operation)}:{operation}" for operation in account.calls()}
    assert called | {"cloudformation:DescribeStackResource"} == set(READS)
    assert account.stacks.asked


def test_an_account_is_read_with_one_call_for_each_resource_and_a_few_lists(account: Standing) -> None:
    account.begin()
    account.account.survey().look_at_all(silently)
    counts = Counter(account.calls())
    once = {"DescribeAlarms", "DescribeScalableTargets", "DescribeScalingPolicies", "ListInferenceComponents"}
    assert all(counts[operation] <= 2 for operation in once | {"ListEndpoints", "ListEndpointConfigs"})
    assert counts["DescribeEndpoint"] == counts["ListTags"] == len(SAMPLES)
    assert counts["DescribeModel"] <= len(SAMPLES) + 2


def _service(operation: str) -> str:
    if operation in {"DescribeAlarms", "GetMetricData"}:
        return "cloudwatch"
    return "application-autoscaling" if "Scal" in operation else "sagemaker"
