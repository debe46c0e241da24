"""Back does not need the record: what happens to a rollback while the tables cannot be written, or not even read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.phases import Cause, Phase
from pointsman.errors import Misconfigured, PointsmanError, Transient
from pointsman.policy_book import PolicyBook
from pointsman.way_back import find_rollout
from tests.functions.account import ACCOUNT, CONFIG, ENDPOINT, VARIANT, sample
from tests.functions.world import Here, installed, require_whole_chain

ALARM_EVENT = "alarm_changed--metric.json"
ABORT = "operator_request--abort.json"
TICK = "rollout_tick--events-rule-scheduled-event.json"
BACK = "UpdateEndpointWeightsAndCapacities"
WRITES = [("dynamodb", "TransactWriteItems"), ("dynamodb", "PutItem")]


class TestUnwritable:
    def test_nothing_moves_forward(self, here: Here) -> None:
        here.approve()
        here.break_calls(*WRITES)
        with pytest.raises(Transient, match="InternalServerError"):
            here.due()
        assert here.changing_calls() == []

    def test_no_step_is_taken_although_the_evidence_is_there(self, baking: Here) -> None:
        baking.kernel.advance(timedelta(minutes=60))
        before = baking.changing_calls()
        baking.break_calls(("dynamodb", "TransactWriteItems"))
        with pytest.raises(Transient):
            baking.due()
        assert baking.changing_calls() == before

    def test_an_alarm_moves_traffic_back_at_once(self, baking: Here) -> None:
        baking.fire()
        baking.break_calls(*WRITES)
        answer = baking.deliver(ALARM_EVENT)
        baking.kernel.advance(timedelta(seconds=10))
        assert answer[0]["act"] == "shift"
        assert baking.weights()[VARIANT] == 100

    def test_the_move_is_journalled_and_recorded_when_the_table_answers_again(self, baking: Here) -> None:
        baking.fire()
        baking.break_calls(*WRITES)
        baking.deliver(ALARM_EVENT)
        baking.mend()
        baking.kernel.advance(timedelta(seconds=10))
        assert baking.deliver(TICK)["journalled"] == 1
        [entry] = [record.facts() for record in baking.records() if record.facts()["kind"] == "journal"]
        assert (entry["act"], entry["rollout"]) == ("shift", baking.rollout().id)
        assert "made while the table could not be used" in entry["reason"]
        require_whole_chain(baking)

    def test_what_went_back_without_a_record_does_not_come_forward_again(self, baking: Here) -> None:
        baking.fire()
        baking.break_calls(*WRITES)
        baking.deliver(ALARM_EVENT)
        baking.mend()
        baking.deliver(TICK)
        assert baking.rollout().cause is Cause.ALARM
        baking.drive_to(Phase.ROLLED_BACK)
        assert baking.weights() == {VARIANT: 100}
        assert baking.changing_calls().count(BACK) == 2

    def test_a_journal_entry_is_recorded_once_however_often_the_tick_comes(self, baking: Here) -> None:
        baking.fire()
        baking.break_calls(*WRITES)
        baking.deliver(ALARM_EVENT)
        baking.mend()
        journalled = [baking.deliver(TICK)["journalled"] for _ in range(3)]
        assert journalled == [1, 0, 0]

    def test_a_move_that_cannot_even_be_journalled_is_made_and_raised(self, baking: Here) -> None:
        baking.fire()
        baking.break_calls(*WRITES, ("sqs", "SendMessage"))
        with pytest.raises(PointsmanError, match="journal"):
            baking.deliver(ALARM_EVENT)
        assert baking.changing_calls()[-1] == BACK


class TestUnreadable:
    @pytest.mark.parametrize("event", [ALARM_EVENT, ABORT])
    def test_the_endpoint_itself_shows_the_way_back(self, baking: Here, event: str) -> None:
        if event == ALARM_EVENT:
            baking.fire()
        baking.break_table()
        baking.deliver(event)
        baking.kernel.advance(timedelta(seconds=10))
        assert baking.weights()[VARIANT] == 100

    def test_a_promoted_version_is_taken_back_to_the_config_in_the_tags(self, here: Here) -> None:
        here.approve()
        here.drive_to(Phase.WATCHING)
        here.fire()
        here.break_table()
        here.deliver(ALARM_EVENT)
        here.kernel.advance(timedelta(minutes=1))
        assert here.live()["EndpointConfigName"] == CONFIG

    def test_a_version_whose_watch_is_over_is_not_undone_by_an_alarm(self, here: Here) -> None:
        here.approve()
        rollout = here.drive_to(Phase.SUCCEEDED)
        before = here.changing_calls()
        here.fire()
        here.break_table()
        with pytest.raises(Transient):
            here.deliver(ALARM_EVENT)
        assert here.changing_calls() == before
        assert here.live()["EndpointConfigName"] == rollout.final_config

    def test_without_a_reason_to_go_back_the_event_comes_again(self, baking: Here) -> None:
        before = baking.changing_calls()
        baking.break_table()
        with pytest.raises(Transient):
            baking.due()
        assert baking.changing_calls() == before

    def test_an_endpoint_that_shows_nothing_of_ours_is_left_alone(self, here: Here) -> None:
        here.fire()
        here.break_table()
        with pytest.raises(Transient):
            here.deliver(ALARM_EVENT)
        assert here.changing_calls() == []

    def test_a_person_cannot_abort_what_is_not_live(self, baking: Here) -> None:
        baking.break_table()
        request = sample(ABORT) | {"target": "Fraud-Prod.v3.20200101T000000Z"}
        answer = baking.handle("operator_request", request)
        assert answer["ok"] is False
        assert "open on Fraud-Prod is Fraud-Prod.v7" in answer["message"]
        assert baking.weights()[VARIANT] == 50


class TestFindRollout:
    def test_it_tells_the_rollout_and_its_baseline_from_the_live_tags(self, baking: Here) -> None:
        stored = baking.rollout()
        found = find_rollout(baking.world, ENDPOINT, baking.kernel.now)
        assert found is not None
        assert stored.baseline is not None
        assert found.baseline is not None
        assert (found.id, found.canary_config) == (stored.id, stored.canary_config)
        assert (found.candidate_variant, found.approval.at) == (stored.candidate_variant, stored.approval.at)
        assert (found.baseline.config, found.baseline.variant) == (CONFIG, VARIANT)
        assert found.baseline.scale_in_suspended is False

    def test_it_finds_none_on_an_endpoint_that_was_never_touched(self, here: Here) -> None:
        assert find_rollout(here.world, ENDPOINT, here.kernel.now) is None

    def test_it_finds_none_where_foreign_tags_look_like_ours(self) -> None:
        tags = {
            "rollout": "Fraud-Prod.v9.20200101T000000Z",
            "version": "9",
            "approved-at": "2020-01-01T00:00:00+00:00",
            "final-count": "2",
            "baseline-config": "somebody-elses",
            "baseline-variant": "main",
            "baseline-count": "2",
            "scale-in-suspended": "None",
        }
        listed = [{"Key": f"pointsman:{key}", "Value": value} for key, value in tags.items()]
        with installed(config={"Tags": listed}) as here:
            assert find_rollout(here.world, ENDPOINT, here.kernel.now) is None

    def test_it_finds_a_version_that_serves_alone_for_as_long_as_the_watch_lasts(self, here: Here) -> None:
        here.approve()
        rollout = here.drive_to(Phase.WATCHING)
        live = here.call("DescribeEndpointConfig", EndpointConfigName=rollout.final_config)
        over = live["CreationTime"] + rollout.plan.watch
        found = find_rollout(here.world, ENDPOINT, over - timedelta(seconds=1))
        assert found is not None
        assert found.id == rollout.id
        assert find_rollout(here.world, ENDPOINT, over) is None

    def test_it_finds_a_canary_however_long_it_lasts(self, baking: Here) -> None:
        long_after = baking.kernel.now + timedelta(days=30)
        assert find_rollout(baking.world, ENDPOINT, long_after) is not None

    def test_it_finds_none_where_the_policy_was_removed(self, baking: Here) -> None:
        world = replace(baking.world, policies=PolicyBook([], ACCOUNT))
        assert find_rollout(world, ENDPOINT, baking.kernel.now) is None


def test_an_unreadable_state_is_still_named_where_there_is_no_reason_to_go_back(baking: Here) -> None:
    key = {"pk": {"S": f"endpoint#{ENDPOINT}"}, "sk": {"S": "lane"}, "body": {"S": "{}"}}
    baking.wire.client("dynamodb").put_item(TableName=baking.settings.state_table, Item=key)
    with pytest.raises(Misconfigured, match="state of endpoint Fraud-Prod"):
        baking.due()
