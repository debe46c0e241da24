"""An installation on ministack with as many open rollouts as are wanted: its tables, queues, topic and bus. Nothing is measured here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from benchmarks.tick.baking import MINUTE, Baking, Steps, policies_of
from e2e.emulator import ACCOUNT, Emulator
from pointsman import wiring
from pointsman.adapters.aws.dynamodb import table_definitions
from pointsman.core.decision import Decision
from pointsman.core.lane import Lane
from pointsman.policy import EndpointName
from pointsman.policy_book import PolicyBook
from pointsman.policy_json import policy_to_json
from pointsman.record import PRODUCT, note, record
from pointsman.settings import Settings
from pointsman.world import World

STATE, AUDIT, DUE, JOURNAL = "pointsman-state", "pointsman-audit", "pointsman-due", "pointsman-journal"
TOPIC = BUS = "pointsman"
POLICIES = "policies.json"


@dataclass(slots=True)
class Furnished:
    """An installation in which rollouts are open. `world` is our own way into it, which is not counted."""

    emulator: Emulator
    settings: Settings
    world: World
    baking: Baking
    open: list[EndpointName] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What a function finds when it starts."""
        return {
            **self.emulator.environment(),
            "POINTSMAN_STATE_TABLE": self.settings.state_table,
            "POINTSMAN_AUDIT_TABLE": self.settings.audit_table,
            "POINTSMAN_DUE_QUEUE_URL": self.settings.due_queue_url,
            "POINTSMAN_JOURNAL_QUEUE_URL": self.settings.journal_queue_url,
            "POINTSMAN_TOPIC_ARN": self.settings.topic_arn,
            "POINTSMAN_BUS_NAME": self.settings.bus_name,
            "POINTSMAN_POLICIES_FILE": str(self.settings.policies_file),
        }

    def open_up_to(self, count: int, steps: Steps = iter) -> None:
        """Let so many rollouts bake. Those that stand nowhere in the simulated account are copies of one that does.

        Each has a policy, as a deployment with so many endpoints has them.
        """
        policies = policies_of(count)
        compiled = json.dumps({"policies": [policy_to_json(policy) for policy in policies]})
        self.settings.policies_file.write_text(compiled, encoding="utf-8")
        for number in steps(range(len(self.open), count)):
            name, lanes = policies[number].endpoint, self.baking.lanes
            lane = lanes[number] if number < len(lanes) else _copy(lanes[-1], name)
            noted = note(self.world, Lane(name), lane, "it bakes when the measuring begins")
            self.world.store.mark_sent(noted.outgoing)
            self.open.append(name)

    def put_back(self, number: int) -> EndpointName:
        """Let the next pass over an endpoint find one minute that is new, as every pass does that comes a minute after another."""
        endpoint, evidence = self.open[number], self.baking.evidence[number]
        until = self.world.clock.now() - self.baking.policies[number].plan.health.metric_delay
        seen = replace(evidence, until=until.replace(second=0, microsecond=0) - MINUTE)
        self.world.store.put_evidence(endpoint, self.world.store.find_evidence(endpoint), seen, [])
        return endpoint

    def leave_unsent(self) -> None:
        """A decision on each rollout whose message and event were not sent: the function ended before, or nothing answered."""
        for endpoint in self.open:
            lane = self.world.store.get_lane(endpoint)
            if lane.rollout is not None:
                told = Decision(lane.rollout, "nothing changes, and people are told", is_told=True)
                record(self.world, lane, told, self.world.clock.now(), PRODUCT)

    def empty_queue(self) -> None:
        """Take out what a tick has put there: here nobody does."""
        self.emulator.client("sqs").purge_queue(QueueUrl=self.settings.due_queue_url)


def furnish(emulator: Emulator, baking: Baking) -> Furnished:
    """Make tables, queues, topic and bus. No rollout is open yet."""
    dynamodb, sqs = emulator.client("dynamodb"), emulator.client("sqs")
    for definition in table_definitions(STATE, AUDIT):
        dynamodb.create_table(**definition)
    emulator.client("events").create_event_bus(Name=BUS)
    settings = Settings(
        state_table=STATE,
        audit_table=AUDIT,
        due_queue_url=sqs.create_queue(QueueName=DUE)["QueueUrl"],
        journal_queue_url=sqs.create_queue(QueueName=JOURNAL)["QueueUrl"],
        topic_arn=emulator.client("sns").create_topic(Name=TOPIC)["TopicArn"],
        bus_name=BUS,
        policies_file=emulator.folder / POLICIES,
    )
    world = wiring.build(settings, emulator.client, wiring.SystemClock(), PolicyBook([], ACCOUNT))
    return Furnished(emulator, settings, world, baking)


def _copy(lane: Lane, endpoint: EndpointName) -> Lane:
    """The same for another endpoint."""
    if lane.rollout is None:
        raise ValueError(f"{lane.endpoint} has no rollout to copy")
    renamed = lane.rollout.id.replace(lane.endpoint, endpoint)
    return replace(lane, endpoint=endpoint, rollout=replace(lane.rollout, endpoint=endpoint, id=renamed))
