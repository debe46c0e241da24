"""Records, releases and whole rollouts as people are answered them: paged, bounded, and with every break of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pointsman import query_minutes, query_rollout
from pointsman.core.phases import Phase
from tests.functions.account import ENDPOINT, package
from tests.functions.world import Here, installed

ID = "Fraud-Prod.v7.20261120T140530Z"


@pytest.fixture(scope="module")
def ended() -> Iterator[Here]:
    """Version 7 was promoted; version 6, approved later, was aborted before it began. Only read by the tests that share it."""
    with installed() as here:
        take_two(here)
        yield here


def take_two(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.SUCCEEDED)
    settle(here)
    here.call("UpdateModelPackage", ModelPackageArn=package(6), ModelApprovalStatus="Approved")
    retry(here, "rollback", version=6)
    retry(here, "abort")
    settle(here)


def settle(here: Here) -> None:
    here.kernel.advance(timedelta(minutes=3))
    here.due()


def retry(here: Here, command: str, **more: Any) -> None:
    request = {"command": command, "target": ENDPOINT, "reason": "why", "by": "dana", "request_id": command}
    assert here.handle("operator_request", request | more)["ok"] is True


def ask(here: Here, query: str, **given: Any) -> Any:
    return here.handle("operator_query", {"query": query} | given)


class TestHistory:
    def test_it_is_newest_first_and_whole(self, ended: Here) -> None:
        told = ask(ended, "history", endpoint=ENDPOINT)
        records = ended.records()
        assert [each["hash"] for each in told["records"]] == [each.hash for each in reversed(records)]
        assert told["next"] is None

    def test_pages_join_without_gap_or_repeat(self, ended: Here) -> None:
        numbers, more = [], ""
        while more is not None:
            told = ask(ended, "history", endpoint=ENDPOINT, limit=4, next=more)
            numbers += [each["seq"] for each in told["records"]]
            more = told["next"]
        assert numbers == list(range(len(ended.records()), 0, -1))

    def test_an_endpoint_without_records_has_none(self, ended: Here) -> None:
        assert ask(ended, "history", endpoint="Other-Prod")["records"] == []


class TestReleases:
    def test_each_is_one_row_newest_first(self, ended: Here) -> None:
        newer, older = ask(ended, "releases", endpoint=ENDPOINT)["releases"]
        assert (newer["version"], newer["phase"], newer["cause"]) == (6, "ROLLED_BACK", "aborted")
        assert newer["peak_share_percent"] == 0
        assert newer["approved_by"].startswith("dana (rollback")
        assert (older["rollout"], older["version"], older["phase"]) == (ID, 7, "SUCCEEDED")
        assert older["peak_share_percent"] == 100
        assert older["approved_by"] == "arn:aws:sts::111122223333:assumed-role/ModelOwner/session"
        assert older["took_s"] > 600

    def test_pages_join(self, ended: Here) -> None:
        first = ask(ended, "releases", endpoint=ENDPOINT, limit=1)
        second = ask(ended, "releases", endpoint=ENDPOINT, limit=1, next=first["next"])
        assert [each["version"] for each in first["releases"] + second["releases"]] == [6, 7]
        assert second["next"] is None

    def test_without_an_endpoint_every_endpoint_tells_its_last_few(self, ended: Here) -> None:
        told = ask(ended, "releases", limit=1)
        assert [(each["endpoint"], each["version"]) for each in told["releases"]] == [(ENDPOINT, 6)]


class TestRollout:
    def test_it_has_its_records_its_minutes_and_a_whole_chain(self, ended: Here) -> None:
        told = ask(ended, "rollout", rollout=ID)
        assert told["records"][0]["reason"].startswith("version 7 was approved by")
        assert {each["rollout"] for each in told["records"]} == {ID}
        assert [each["after"] for each in told["records"] if each["kind"] == "decision"][-1] == "SUCCEEDED"
        assert {each["window"] for each in told["minutes"]} == {"step-0", "step-1", "watch"}
        head = len(ended.records())
        assert told["chain"] == {"first": 1, "last": head, "reaches_head": True, "problems": []}
        assert told["plan_of"] == "rollout"
        assert told["plan"]["health"]["min_requests"] == 5

    def test_of_a_later_one_only_the_end_of_the_stream_is_read(self, ended: Here) -> None:
        newest = ask(ended, "releases", endpoint=ENDPOINT)["releases"][0]["rollout"]
        told = ask(ended, "rollout", rollout=newest)
        assert told["chain"]["first"] > 1
        assert told["chain"]["last"] == len(ended.records())
        assert told["chain"]["problems"] == []
        assert told["plan_of"] == "rollout"
        assert told["records"][0]["reason"].startswith("version 6 was approved by dana")

    def test_the_plan_it_went_by_is_told_also_when_the_state_has_forgotten_it(self, ended: Here) -> None:
        lane = ended.lane()
        begun = next(each.facts() for each in ended.records() if "plan" in each.facts())
        assert (begun["before"], begun["after"], begun["rollout"]) == ("PENDING", "PREPARING", ID)
        ended_before = SimpleNamespace(get_lane=lambda _endpoint: replace(lane, last=None))
        world = replace(ended.world, store=ended_before)
        told = query_rollout.one_rollout(world, ID, None, "")
        assert told["plan_of"] == "rollout"
        assert told["plan"]["health"]["min_requests"] == 5

    @pytest.mark.parametrize(
        ("wanted", "version"), [("Fraud-Prod.v7", 7), ("Fraud-Prod", 6), ("Fraud-Prod.v6", 6)]
    )
    def test_it_is_found_by_what_people_type(self, ended: Here, wanted: str, version: int) -> None:
        assert ask(ended, "rollout", rollout=wanted)["version"] == version

    @pytest.mark.parametrize("wanted", ["Fraud-Prod.v", "Fraud-Prod.v77"])
    def test_what_fits_none_or_several_is_answered_with_what_there_is(self, ended: Here, wanted: str) -> None:
        told = ask(ended, "rollout", rollout=wanted)
        assert told["ok"] is False
        assert ID in told["message"]

    def test_it_comes_in_pieces_that_join(self, ended: Here, monkeypatch: pytest.MonkeyPatch) -> None:
        """Small bounds instead of thousands of records: the same code goes on behind the last record, then with minutes."""
        whole = ask(ended, "rollout", rollout=ID)
        monkeypatch.setattr(query_rollout, "PAGE", 3)
        monkeypatch.setattr(query_rollout, "MAX_READ", 3)
        monkeypatch.setattr(query_minutes, "MAX_MINUTES", 4)
        told = ask(ended, "rollout", rollout=ID)
        parts = [told]
        while told["next"]:
            told = ask(ended, "rollout", rollout=ID, next=told["next"])
            parts.append(told)
        assert len(parts) > 5
        assert [each for part in parts for each in part["records"]] == whole["records"]
        assert [each for part in parts for each in part["minutes"]] == whole["minutes"]
        assert all(part["chain"] is None or part["chain"]["problems"] == [] for part in parts)

    def test_records_that_are_too_large_for_one_answer_are_not_lost(
        self, ended: Here, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = ask(ended, "rollout", rollout=ID)
        monkeypatch.setattr(query_rollout, "RECORD_BYTES", 1500)
        told = ask(ended, "rollout", rollout=ID)
        found = told["records"]
        while told["next"]:
            told = ask(ended, "rollout", rollout=ID, next=told["next"])
            found = [*found, *told["records"]]
        assert found == whole["records"]
