"""A policy whose group is in another account's registry: who is heard, and what a registry that refuses us ends in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pointsman.core.phases import Hold, Phase
from pointsman.errors import Denied
from tests.functions.account import ACCOUNT, ENDPOINT, GROUP, OTHER, VARIANT, Json, policy, sample
from tests.functions.world import Here, installed
from tests.worlds.elsewhere import REGISTRY, Elsewhere

SWEEP = "registry_sweep--events-rule-scheduled-event.json"
APPROVED = "model_package_changed--approved.json"


def abroad(endpoint: str = ENDPOINT) -> Json:
    return policy(endpoint) | {"registry_account": REGISTRY}


@dataclass(slots=True)
class Scene:
    here: Here
    there: Elsewhere

    def hear(self, version: int) -> Any:
        """The event of an approval over there arrives."""
        return self.here.handle("model_package_changed", event_of(self.there.package(version)))

    def roll_back_to(self, version: int) -> Any:
        asked = {"command": "rollback", "target": ENDPOINT, "reason": "r", "by": "alice", "request_id": "1"}
        return self.here.handle("operator_request", asked | {"version": version})


def event_of(package: str) -> Json:
    event: Json = json.loads(json.dumps(sample(APPROVED)))
    event["detail"]["ModelPackageArn"] = package
    return event


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Two endpoints: one follows the registry over there, and behind it in the list one follows ours."""
    with installed(abroad(), policy(OTHER)) as here:
        yield Scene(here, Elsewhere(here.kernel, GROUP))


def test_an_approval_over_there_opens_a_rollout_on_who_follows_it_alone(scene: Scene) -> None:
    scene.there.approve(2)
    scene.hear(2)
    assert scene.here.rollout().approval.package == scene.there.package(2)
    assert scene.here.lane(OTHER).rollout is None


def test_one_here_opens_none_on_who_follows_the_other_registry(scene: Scene) -> None:
    scene.here.judge_in_registry("Approved")
    scene.here.deliver(APPROVED)
    assert (scene.here.lane().rollout, scene.here.lane(OTHER).rollout is None) == (None, False)


def test_one_of_a_third_account_is_dropped_and_counted_and_not_even_looked_at(scene: Scene) -> None:
    scene.here.deliver("model_package_changed--foreign-account.json")
    assert (scene.here.lane().rollout, scene.here.lane(OTHER).rollout) == (None, None)
    assert scene.here.counted("EventDropped") == 1
    [line] = scene.here.said("event dropped")
    assert f"{REGISTRY}/{GROUP}" in line["why"]
    assert ("sagemaker", "DescribeModelPackage") not in scene.here.asked


def test_a_policy_may_name_the_account_of_its_own_endpoint() -> None:
    with installed(policy() | {"registry_account": ACCOUNT}) as here:
        here.deliver(SWEEP)
        assert (here.lane().group, here.lane().adopted) == (GROUP, (1,))
        here.approve()
        assert here.phase() is Phase.PENDING


def test_an_endpoint_that_changes_to_the_other_registry_is_adopted_anew_and_releases_nothing(
    scene: Scene,
) -> None:
    scene.there.approve(2)
    scene.here.deliver(SWEEP)
    assert (scene.here.lane().group, scene.here.lane().adopted) == (f"{REGISTRY}/{GROUP}", (2,))
    assert (scene.here.lane(OTHER).group, scene.here.lane(OTHER).adopted) == (GROUP, (1,))


def test_an_alarm_that_is_over_lets_it_go_on_and_one_that_fires_takes_it_back(scene: Scene) -> None:
    scene.there.approve(2)
    scene.hear(2)
    scene.here.drive_to(Phase.BAKING)
    scene.here.deliver("alarm_changed--metric.json")
    assert scene.here.phase() is Phase.BAKING
    scene.here.fire()
    scene.here.deliver("alarm_changed--metric.json")
    assert scene.here.phase() is Phase.ROLLING_BACK


class TestRefused:
    """The policy over there is missing, or says too little."""

    def test_the_sweep_goes_on_with_the_others_and_says_which_group_and_whose(self, scene: Scene) -> None:
        scene.there.shut()
        with pytest.raises(Denied, match=f"{REGISTRY}/{GROUP}.*docs/deploy.md"):
            scene.here.deliver(SWEEP)
        assert scene.here.lane(OTHER).adopted == (1,)
        assert scene.here.lane().adopted is None
        [line] = scene.here.said("group left out")
        assert (line["group"], line["endpoints"]) == (f"{REGISTRY}/{GROUP}", [ENDPOINT])
        assert scene.here.counted("GroupsFailed") == 1

    def test_a_rollout_that_waits_to_begin_says_so_and_goes_on_once_it_is_let_in(self, scene: Scene) -> None:
        scene.there.approve(2)
        scene.hear(2)
        scene.there.shut()
        assert f"DescribeModelPackage {scene.there.package(2)}: AccessDenied" in scene.here.due()["reason"]
        assert (scene.here.phase(), scene.here.rollout().hold) == (Phase.PENDING, Hold.CANNOT_READ)
        scene.there.open()
        scene.here.drive_to(Phase.PREPARING)

    def test_a_version_that_may_be_read_but_not_used_goes_back_and_says_why(self, scene: Scene) -> None:
        scene.there.open("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages")
        scene.there.approve(2)
        scene.hear(2)
        rollout = scene.here.drive_to(Phase.ROLLED_BACK)
        assert "not authorized to perform: sagemaker:CreateModel" in rollout.cause_reason
        assert scene.here.weights() == {VARIANT: 100}

    def test_a_person_who_asks_for_a_version_is_told_who_can_mend_it(self, scene: Scene) -> None:
        scene.there.shut()
        told = scene.roll_back_to(2)
        assert told["ok"] is False
        assert (
            f"The policy of the group in account {REGISTRY} must let this account read it" in told["message"]
        )
