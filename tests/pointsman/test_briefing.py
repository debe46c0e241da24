"""The plan in the message of a release that starts: the text of `pointsman plan`, made in time, and never in the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pointsman.adapters.aws.around import surroundings_of
from pointsman.briefing import GIVES_UP, Briefer, IsLate
from pointsman.core.decision import ACT_WINDOW
from pointsman.core.outgoing import Message
from pointsman.core.phases import Act, Phase
from pointsman.core.plan_text import plan_text
from pointsman.core.release_plan import plan_release
from pointsman.core.rollout import Rollout
from pointsman.errors import Denied
from pointsman.forecast import gather_for
from pointsman.listeners import Topic
from pointsman.policy import Policy
from pointsman.policy_json import policy_from_json
from pointsman.reconcile import reconcile
from pointsman.surroundings import Surroundings, Wish
from tests.functions.account import ENDPOINT, policy
from tests.functions.world import Here

OF_TODAY: Policy = policy_from_json(policy())


@dataclass
class Heard:
    """A topic in front of the real one, which remembers what it was sent."""

    topic: Topic
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.sent.append(message)
        self.topic.send(message)


@dataclass
class Slow:
    """A clock that a reader moves on."""

    at: datetime
    step: timedelta = timedelta(0)

    def now(self) -> datetime:
        now, self.at = self.at, self.at + self.step
        return now


def start(here: Here, **changes: Any) -> str:
    """Let the release of version 7 start; returns what people are told of it."""
    here.approve()
    heard = Heard(here.world.topic)
    reconcile(replace(here.world, topic=heard, **changes), ENDPOINT)
    assert here.phase() is Phase.PREPARING
    return heard.sent[0].body


def around(here: Here, is_late: IsLate = lambda: False) -> Surroundings:
    return surroundings_of(here.wire.client, "us-east-1", is_late=is_late)


def test_the_message_carries_the_text_of_the_plan(here: Here) -> None:
    here.kernel.advance(timedelta(hours=2))
    here.approve()
    facts = gather_for(
        around(here), Wish(OF_TODAY, here.kernel.now, here.kernel.now), here.rollout().approval
    )
    expected = plan_text(plan_release(facts))

    body = start(here)

    told = body.partition("What is ahead:\n")[2].partition("\n\n")[0].splitlines()
    assert told == expected
    assert told[0].startswith(f"release    {ENDPOINT}: version 7 in place of 1")
    assert len(told) <= 40
    assert max(len(line) for line in told) <= 100


def test_only_the_start_carries_it(here: Here) -> None:
    start(here)
    heard = Heard(here.world.topic)
    here.kernel.advance(timedelta(seconds=40))

    for _ in range(3):
        reconcile(replace(here.world, topic=heard), ENDPOINT)

    assert heard.sent
    assert not any("What is ahead" in each.body for each in heard.sent)


def test_it_follows_the_plan_that_the_rollout_was_opened_with(here: Here) -> None:
    here.approve()
    changed = replace(OF_TODAY, plan=replace(OF_TODAY.plan, steps=(1, 2, 100)))

    said = Briefer(here.world.clock, lambda is_late: around(here, is_late))(here.rollout(), changed)

    assert "canary 50 -> 100 %" in said


def test_the_act_has_a_deadline_that_begins_after_the_reading(here: Here) -> None:
    clock = Slow(here.kernel.now)

    def takes_a_quarter_of_a_minute(_rollout: Rollout, _policy: Policy) -> str:
        clock.at += GIVES_UP
        return "long read"

    here.approve()
    reconcile(replace(here.world, clock=clock, briefing=takes_a_quarter_of_a_minute), ENDPOINT)

    intent = here.rollout().intent
    assert intent is not None
    assert (intent.act, intent.act_before) == (Act.PREPARE, here.kernel.now + GIVES_UP + ACT_WINDOW)
    assert here.changing_calls() == ["UpdateEndpoint"]


def test_reading_stops_when_its_time_is_over(here: Here) -> None:
    here.approve()
    slow = Slow(here.kernel.now, step=timedelta(seconds=6))

    said = Briefer(slow, lambda is_late: around(here, is_late))(here.rollout(), OF_TODAY)

    assert "quotas: there was no time left to read it" in said
    assert "alarms: there was" not in said


@pytest.mark.parametrize("error", [Denied("not authorized"), RuntimeError("a mistake of ours")])
def test_whatever_goes_wrong_is_said_and_stops_nothing(here: Here, error: Exception) -> None:
    def broken(_is_late: IsLate) -> Surroundings:
        raise error

    body = start(here, briefing=Briefer(here.world.clock, broken))

    assert f"There is no forecast of this release: {error}" in body
    assert here.changing_calls() == ["UpdateEndpoint"]


def test_a_pass_that_lost_makes_it_no_second_time(here: Here) -> None:
    here.approve()
    made = []

    def counted(is_late: IsLate) -> Surroundings:
        made.append(is_late)
        return around(here, is_late)

    briefer = Briefer(here.world.clock, counted)

    assert briefer(here.rollout(), OF_TODAY) == briefer(here.rollout(), OF_TODAY)
    assert len(made) == 1
