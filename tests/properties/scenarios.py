"""The stories that schedules disturb. Those in which people steer are in `people.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pointsman.core.phases import Phase
from tests.properties.happenings import (
    DEAD,
    FAILING,
    NEVER_ANSWERS,
    NEVER_STARTS,
    abort,
    approve,
    behave,
    change_by_hand,
    deny,
    reject,
    set_alarm,
    set_capacity,
    set_quota,
    set_status,
)
from tests.properties.people import PEOPLE
from tests.properties.scenario import PLAN, Scenario

SOON_OUT_OF_PATIENCE = replace(PLAN, patience=timedelta(minutes=9), bake_max=timedelta(minutes=8))
S = Phase.SUCCEEDED
R = Phase.ROLLED_BACK
H = Phase.NEEDS_HUMAN
BAD = frozenset({2})

_ALL = (
    Scenario("good", ((0, approve(2)),), {2: S}),
    Scenario("turns-bad", ((0, approve(2)), (75, behave(2, FAILING))), {2: R}, BAD),
    Scenario("bad-at-full", ((0, approve(2)), (735, behave(2, FAILING))), {2: R}, BAD),
    Scenario(
        "late-failure",
        ((0, approve(2)), (1010, behave(2, FAILING))),
        {2: R},
        BAD,
        plan=replace(PLAN, watch=timedelta(minutes=8)),
    ),
    Scenario("goes-dark", ((0, approve(2)), (75, behave(2, DEAD))), {2: R}, BAD, plan=SOON_OUT_OF_PATIENCE),
    Scenario("never-answers", ((0, behave(2, NEVER_ANSWERS)), (0, approve(2))), {2: R}, BAD, is_briefed=True),
    Scenario("never-healthy", ((0, behave(2, NEVER_STARTS)), (0, approve(2))), {2: R}, BAD),
    Scenario("no-capacity", ((0, set_capacity(3)), (0, approve(2))), {2: R}),
    Scenario(
        "no-capacity-at-the-end",
        ((0, approve(2)), (680, set_capacity(0)), (1180, set_capacity(100))),
        {2: S},
    ),
    Scenario(
        "no-way-back",
        (
            (0, approve(2)),
            (75, behave(2, FAILING)),
            (75, set_capacity(0)),
            (600, set_capacity(100)),
        ),
        {2: R},
        BAD,
    ),
    Scenario("quota", ((0, set_quota(3)), (0, approve(2))), {2: R}),
    Scenario("denied", ((0, deny("UpdateEndpointWeightsAndCapacities", 1)), (0, approve(2))), {2: R}),
    Scenario("alarm", ((0, approve(2)), (90, set_alarm("ALARM"))), {2: R}, BAD, has_alarm=True),
    Scenario(
        "alarm-in-watch",
        ((0, approve(2)), (1020, set_alarm("ALARM"))),
        {2: R},
        BAD,
        plan=replace(PLAN, watch=timedelta(minutes=3)),
        has_alarm=True,
    ),
    Scenario("abort", ((0, approve(2)), (715, abort)), {2: R}),
    Scenario("abort-early", ((0, approve(2)), (15, abort)), {2: R}),
    Scenario("rejected", ((0, approve(2)), (100, reject(2))), {2: R}),
    Scenario("superseded", ((0, approve(2)), (10, approve(3))), {2: Phase.SUPERSEDED, 3: S}),
    Scenario("queued", ((0, approve(2)), (80, behave(2, FAILING)), (90, approve(3))), {2: R, 3: S}, BAD),
    Scenario("autoscaled", ((0, approve(2)),), {2: S}, is_autoscaled=True),
    Scenario(
        "autoscaled-bad",
        ((0, approve(2)), (735, behave(2, FAILING))),
        {2: R},
        BAD,
        is_autoscaled=True,
    ),
    Scenario(
        "autoscaled-long",
        ((0, approve(2)), (1500, behave(2, FAILING))),
        {2: R},
        BAD,
        plan=replace(PLAN, steps=(100,), bake_min=timedelta(minutes=40), bake_max=timedelta(minutes=50)),
        is_autoscaled=True,
    ),
    Scenario("changed-by-hand", ((0, approve(2)), (120, change_by_hand)), {2: H}),
    Scenario("fails", ((0, approve(2)), (100, set_status("Failed", "it broke"))), {2: H}),
    Scenario("stuck", ((0, approve(2)), (100, set_status("UpdateRollbackFailed", "mixed"))), {2: H}),
)
SCENARIOS = {scenario.name: scenario for scenario in (*_ALL, *PEOPLE)}
