"""Whoever breaks the audit table of a rollout, as only the holder of the key can, is found when people ask for it."""

from __future__ import annotations

import pytest

from pointsman.core.phases import Phase
from tests.functions.account import ENDPOINT
from tests.functions.world import Here

ID = "Fraud-Prod.v7.20261120T140530Z"
STREAM = f"rollouts#{ENDPOINT}"


@pytest.fixture
def here(baking: Here) -> Here:
    """A rollout with a whole chain."""
    assert problems(baking) == []
    return baking


def problems(here: Here) -> list[str]:
    answer = here.handle("operator_query", {"query": "rollout", "rollout": ID})
    found: list[str] = answer["chain"]["problems"]
    return found


def change(here: Here, seq: int, old: str, new: str) -> None:
    table, key = here.wire.client("dynamodb"), {"pk": {"S": STREAM}, "sk": {"N": str(seq)}}
    item = table.get_item(TableName="pointsman-audit", Key=key)["Item"]
    assert old in item["body"]["S"]
    item["body"]["S"] = item["body"]["S"].replace(old, new)
    table.put_item(TableName="pointsman-audit", Item=item)


def remove(here: Here, seq: int) -> None:
    key = {"pk": {"S": STREAM}, "sk": {"N": str(seq)}}
    here.wire.client("dynamodb").delete_item(TableName="pointsman-audit", Key=key)


def test_an_edit_is_found(here: Here) -> None:
    change(here, 3, "pointsman", "nobody")
    assert any("#3: its body was changed" in each for each in problems(here))


def test_a_removal_is_found(here: Here) -> None:
    remove(here, 4)
    assert any("records 4 to 4 are missing" in each for each in problems(here))


def test_a_cut_off_end_is_found(here: Here) -> None:
    remove(here, len(here.records()))
    assert any("the stream ends at" in each for each in problems(here))


def test_a_whole_chain_reaches_the_head(here: Here) -> None:
    here.drive_to(Phase.SHIFTING)
    chain = here.handle("operator_query", {"query": "rollout", "rollout": ID})["chain"]
    assert (chain["last"], chain["reaches_head"]) == (len(here.records()), True)
