"""The newest audit records of a stream, oldest first."""

import pytest

from pointsman.adapters.aws.past_records import PastRecords
from pointsman.core.phases import Phase
from pointsman.errors import NotFound
from tests.functions.account import ENDPOINT
from tests.functions.world import Here


def test_the_records_of_a_release_come_in_their_order(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.BAKING)

    found = PastRecords(here.wire.client("dynamodb"), "pointsman-audit").newest(f"rollouts#{ENDPOINT}")

    assert found == here.records()
    assert [record.seq for record in found] == sorted(record.seq for record in found)


def test_an_account_without_an_installation_has_no_records(here: Here) -> None:
    with pytest.raises(NotFound):
        PastRecords(here.wire.client("dynamodb"), "another-audit").newest(f"rollouts#{ENDPOINT}")
