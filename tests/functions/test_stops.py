"""What stops a rollout from outside goes through, also when it is found late, and when it cannot be written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pointsman.core.phases import Phase
from tests.functions.account import VARIANT, package
from tests.functions.world import Here, require_whole_chain

SWEEP = "registry_sweep--events-rule-scheduled-event.json"
REJECTED = "model_package_changed--rejected.json"


def approve(here: Here, version: int) -> None:
    here.call("UpdateModelPackage", ModelPackageArn=package(version), ModelApprovalStatus="Approved")


@pytest.fixture
def sixth(here: Here) -> Here:
    """Version 6 was found by the sweep; nothing of it has begun."""
    here.deliver(SWEEP)
    approve(here, 6)
    here.deliver(SWEEP)
    assert here.phase() is Phase.PENDING
    return here


def test_the_sweep_finds_a_newer_version_and_the_older_one_gives_way_untouched(sixth: Here) -> None:
    sixth.kernel.advance(timedelta(minutes=1))
    approve(sixth, 7)
    sixth.deliver(SWEEP)
    assert sixth.changing_calls() == []
    assert sixth.drive_to(Phase.SUCCEEDED).version == 7
    require_whole_chain(sixth)


def test_the_sweep_takes_a_candidate_away_that_a_newer_version_supersedes(sixth: Here) -> None:
    sixth.drive_to(Phase.VALIDATING)
    before = len(sixth.changing_calls())
    approve(sixth, 7)
    sixth.deliver(SWEEP)
    assert sixth.phase() is Phase.ROLLING_BACK
    assert sixth.changing_calls()[before:] == ["UpdateEndpoint"]


def test_a_rejection_goes_back_also_when_nothing_can_be_written_and_is_journalled(baking: Here) -> None:
    baking.break_calls(("dynamodb", "TransactWriteItems"))
    baking.judge_in_registry("Rejected")
    baking.deliver(REJECTED)
    assert baking.asked[-1] == ("sqs", "SendMessage")
    baking.kernel.advance(timedelta(seconds=20))
    assert baking.weights()[VARIANT] == 100.0


def test_a_rejection_before_anything_began_leaves_the_endpoint_untouched(here: Here) -> None:
    here.approve()
    here.judge_in_registry("Rejected")
    here.deliver(REJECTED)
    assert (here.phase(), here.changing_calls()) == (Phase.ROLLED_BACK, [])
