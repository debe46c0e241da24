"""Lanes, records and evidence to store, with every field set to something that is not its default."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pointsman.core.alone import Alone
from pointsman.core.audit import Record, canonical, chain
from pointsman.core.bus_event import BusEvent, DetailType
from pointsman.core.canary_odds import Wealth
from pointsman.core.judge import Evidence, Judged, begin
from pointsman.core.lane import Lane
from pointsman.core.minutes import Minute, Side
from pointsman.core.outgoing import Message, Outgoing
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Approval, Baseline, Intent, Rollout
from pointsman.core.usual import Usual
from pointsman.core.verdict import Counts, Opinion, Verdict, Weighed
from pointsman.policy import EndpointName, Version
from pointsman.policy_json import policy_from_json
from pointsman.ports import Write
from tests.functions.account import ENDPOINT, package, policy

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
BASELINE = Baseline("config", "stable", "model", package(1), 3, scale_in_suspended=False)


def full_rollout() -> Rollout:
    approval = Approval(Version(7), package(7), NOON, "arn:aws:iam::111122223333:user/älice")
    return Rollout(
        id="Fraud-Prod.v7.20261120T120000Z",
        endpoint=ENDPOINT,
        approval=approval,
        plan=policy_from_json(policy()).plan,
        opened_at=NOON,
        entered_at=NOON + timedelta(minutes=1),
        phase=Phase.ROLLING_BACK,
        step=1,
        share_bps=5000,
        traffic_has_moved=True,
        baseline=BASELINE,
        final_count=4,
        intent=Intent(Act.SHIFT, NOON + timedelta(seconds=20), 2, 5000),
        update_was_seen=True,
        failed_answers=2,
        cause=Cause.JUDGED_BAD,
        cause_reason="5 of 20 failed",
        hold=Hold.CANNOT_REMOVE,
        retry_at=NOON + timedelta(minutes=3),
        paused="alice: a customer call",
        paused_at=NOON + timedelta(minutes=2),
        waved="bob: ship it",
        gates_passed=(25, 50),
        stands_since=NOON + timedelta(minutes=2),
        stood_for=timedelta(minutes=7, microseconds=250_001),
        reported="Fraud-Prod.v7.20261120T120000Z/step-1",
    )


def full_lane(endpoint: EndpointName = ENDPOINT) -> Lane:
    rollout = full_rollout()
    return Lane(
        endpoint,
        rollout=rollout,
        queued=Approval(Version(8), package(8), NOON),
        approvals={7: NOON, 8: NOON + timedelta(hours=1)},
        quarantined={6: "slow"},
        adopted=(1, 2, 3),
        group="fraud-detector",
        last=replace(rollout, phase=Phase.SUCCEEDED, id="Fraud-Prod.v5.20261101T120000Z"),
        requests=("r-1", "r-2"),
    )


def write_of(before: Lane, after: Lane | None = None, told: Message | None = None) -> Write:
    """What stores `after` where `before` was read, with the next record of the chain."""
    kept = after or before
    record = chain(before.head, f"rollouts#{before.endpoint}", NOON, {"kind": "test", "why": "ünïcode"})
    return Write(
        before, replace(kept, fence=before.fence + 1, head=record.head), record, outgoing(told, record)
    )


def outgoing(told: Message | None = None, record: Record | None = None) -> Outgoing:
    """What a record leaves to be sent: its event, and a message where one is given."""
    name = f"{record.stream}:{record.seq}" if record else f"rollouts#{ENDPOINT}:1"
    detail = canonical({"reason": "ünïcode", "id": name})
    endpoint = EndpointName(name.removeprefix("rollouts#").rpartition(":")[0])
    return Outgoing(
        name, endpoint, BusEvent(name, record.seq if record else 1, DetailType.STATE, NOON, detail), told
    )


def message(stable_id: str = "Fraud-Prod.v7:1") -> Message:
    return Message(stable_id, ENDPOINT, "", "Fraud-Prod v7: BAKING", "Why  ünïcode\nNext  nothing")


def evidence(minutes: int) -> Evidence:
    """Evidence of so many minutes of a step, none of whose parts is as it began. Numbers are those that JSON keeps whole."""
    until = NOON + timedelta(minutes=minutes)
    begun = begin(full_rollout().plan, Usual(1200.5, 4100.25, 0.004, 40.5), "r/step-0", NOON)
    bets = Wealth(0.5, (0.125, 1e12, 0.25, 2.5)), Wealth(0.25, (0.5, 0.0, 0.125, 1.5))
    return replace(
        begun,
        until=until,
        alone=Alone(bets, (2, 1), 1, 40.5),
        stage=1,
        candidate=Counts(10 * minutes, minutes, 2 * minutes),
        baseline=Counts(30 * minutes, 0, 4 * minutes),
        reference=Counts(200, 3, 5),
        minutes=minutes,
    )


def minute(at: datetime = NOON) -> Judged:
    """A minute without the candidate's data, and what was said of it."""
    weighed = (Weighed("errors", 1.5, 0.25), Weighed("quality", 1.0))
    said = Verdict(Opinion.BLIND, "no data of the candidate", evidence=1.25, needed=50.0, weighed=weighed)
    return Judged(Minute(at, Side(30, 0, 4), None), 500, said)
