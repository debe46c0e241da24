"""Stories in which people steer, and in which the registry is swept: who asks may be killed, late, and heard twice like everybody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pointsman.core.phases import Phase
from pointsman.windows import Window, Windows
from tests.properties.happenings import (
    FAILING,
    abort,
    approve,
    behave,
    lose_events,
    nothing,
    say,
    set_alarm,
)
from tests.properties.scenario import PLAN, Scenario
from tests.worlds.account import GOOD

S = Phase.SUCCEEDED
R = Phase.ROLLED_BACK
BAD = frozenset({2})
RESUMED = ((840, say("resume", "2")), (1140, say("resume", "3")))
"""A request to pause may arrive late, after the one to go on: people look again."""
SLOW = replace(
    PLAN, bake_min=timedelta(minutes=10), bake_max=timedelta(minutes=15), watch=timedelta(minutes=1)
)
GATED = replace(PLAN, gates=(100,), gate_wait=timedelta(minutes=4))
FROM_TEN_PAST = Windows("UTC", (Window((4,), 14 * 60 + 10, 24 * 60),))
"""The stories begin at two o'clock on a Friday."""

PEOPLE = (
    Scenario("paused", ((0, approve(2)), (75, say("pause")), *RESUMED), {2: S}),
    Scenario(
        "paused-and-fails", ((0, approve(2)), (60, say("pause")), (75, behave(2, FAILING))), {2: R}, BAD
    ),
    Scenario(
        "failed-while-paused",
        ((0, approve(2)), (70, say("pause")), (75, behave(2, FAILING)), (270, behave(2, GOOD)), *RESUMED),
        {2: R},
    ),
    Scenario(
        "promoted",
        ((0, approve(2)), (100, say("promote", "1", step=50)), (200, say("promote", "2", step=100))),
        {2: S},
        plan=SLOW,
    ),
    Scenario(
        "promoted-under-an-alarm",
        (
            (0, approve(2)),
            (95, lose_events(are_lost=True)),
            (96, set_alarm("ALARM")),
            (100, say("promote", step=50)),
            (105, lose_events(are_lost=False)),
        ),
        {2: R},
        BAD,
        plan=SLOW,
        has_alarm=True,
    ),
    Scenario(
        "promoted-and-fails-later",
        ((0, approve(2)), (100, say("promote", step=50)), (106, behave(2, FAILING))),
        {2: R},
        BAD,
        plan=SLOW,
    ),
    Scenario("gate", ((0, approve(2)), (810, say("approve", step=100))), {2: S}, plan=GATED),
    Scenario(
        "gate-before-traffic",
        ((0, approve(2)), (100, say("approve", step=50))),
        {2: S},
        plan=replace(GATED, gates=(50,)),
    ),
    Scenario(
        "gates-and-one-word",
        ((0, approve(2)), (100, say("approve", step=50))),
        {2: R},
        BAD,
        plan=replace(GATED, gates=(50, 100)),
    ),
    Scenario("nobody-approves", ((0, approve(2)),), {2: R}, plan=GATED, is_autoscaled=True),
    Scenario("rolled-back-at-rest", ((0, approve(2)), (1480, say("rollback"))), {2: R}, is_swept=True),
    Scenario("retried", ((0, approve(2)), (100, abort), (500, say("retry", "2", version=2))), {2: S}),
    Scenario(
        "adopted",
        (
            (0, lose_events(are_lost=True)),
            (0, approve(2)),
            (3, lose_events(are_lost=False)),
            (300, nothing),
        ),
        {},
        BAD,
        is_swept=True,
    ),
    Scenario(
        "lost-approval",
        (
            (30, lose_events(are_lost=True)),
            (30, approve(2)),
            (50, lose_events(are_lost=False)),
            (300, nothing),
        ),
        {2: S},
        is_swept=True,
    ),
    Scenario(
        "window",
        ((0, approve(2)), (60, approve(3)), (620, nothing)),
        {2: Phase.SUPERSEDED, 3: S},
        # It begins late enough for an hour of a hundred requests: then latency is to be proved, too, and a few are slow.
        plan=replace(PLAN, patience=timedelta(minutes=40)),
        windows=FROM_TEN_PAST,
        is_swept=True,
    ),
)
