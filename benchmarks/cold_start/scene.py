"""An endpoint in the middle of a rollout whose alarm fires: the event, and what AWS answers to each call on the way back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.policy_file import load_policies
from local.fleet import approve, serve
from local.installation import Installation, KernelClock, installed
from local.releases import LLM
from local.trace import generate_trace
from pointsman import wiring
from pointsman.core.phases import Phase
from pointsman.policy import Policy

if TYPE_CHECKING:
    from botocore.config import Config

Json = dict[str, Any]
SAMPLE = Path(__file__).resolve().parents[2] / "events" / "alarm_changed--metric.json"
BACK = "UpdateEndpointWeightsAndCapacities"
AGO, PATIENCE = timedelta(hours=1), timedelta(hours=3)
"""The rollout begins so long ago: by now it bakes. It is given so long, in the local world's time, to come to that."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of AWS as it came over the wire."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Scene:
    """The event that the functions are started with, what they find around them, and answers by operation."""

    event: Json
    environment: Mapping[str, str]
    answers: Mapping[str, Answer]


def record_scene(policies: Path) -> Scene:
    """Play a rollout in the local world up to its first bake, let its alarm fire, and listen to the way back."""
    policy = next(each for each in load_policies(policies) if each.plan.health.alarms)
    now = datetime.now(UTC).replace(microsecond=0)
    with installed([policy], io.StringIO(), start=now - AGO) as here:
        _bake(here, policy)
        event = _fire(here, policy.plan.health.alarms[0])
        with _overheard(here) as heard:
            here.dispatcher.invoke("alarm_changed", event)
        order = tuple(name for name, _ in heard)
        if order.count(BACK) != 1 or len(set(order)) != len(order):
            raise AssertionError(
                f"the alarm was answered by other calls than one of each: {', '.join(order)}"
            )
        return Scene(event, _environment(here), dict(heard))


def _bake(here: Installation, policy: Policy) -> None:
    serve(here, policy, LLM)
    here.dispatcher.start()
    here.kernel.traffic(policy.endpoint, generate_trace(seed=7).looped(here.kernel.now))
    approve(here, policy.model_package_group, LLM)
    end = here.kernel.now + PATIENCE
    while here.kernel.now < end:
        here.pass_time(timedelta(minutes=1))
        rollout = here.world.store.get_lane(policy.endpoint).rollout
        if rollout is not None and rollout.phase is Phase.BAKING:
            return
    raise AssertionError(f"{policy.endpoint} did not come to a bake within {PATIENCE}")


def _fire(here: Installation, alarm: str) -> Json:
    """Let the alarm fire; returns the event of it. No time passes: CloudWatch would look at the data again and find it quiet."""
    here.client("cloudwatch").set_alarm_state(
        AlarmName=alarm, StateValue="ALARM", StateReason="too many errors"
    )
    event: Json = json.loads(SAMPLE.read_text(encoding="utf-8"))
    event["detail"]["alarmName"] = alarm
    return event


@contextmanager
def _overheard(here: Installation) -> Iterator[list[tuple[str, Answer]]]:
    """Let the handlers work through clients that note every answer, as it is on the wire."""
    heard: list[tuple[str, Answer]] = []

    def note(event_name: str, response_dict: Json | None, **_: Any) -> None:  # noqa: ANN401 - botocore's
        if response_dict is not None:
            kind = str(response_dict["headers"].get("content-type", "application/x-amz-json-1.1"))
            answer = Answer(int(response_dict["status_code"]), kind, bytes(response_dict["body"]))
            heard.append((event_name.rpartition(".")[2], answer))

    def clients(service: str, config: Config) -> Any:  # noqa: ANN401, ARG001 - boto3's clients have no common type
        client = here.wire.client(service)
        client.meta.events.register("response-received", note)
        return client

    wiring.install(wiring.build(here.settings, clients, KernelClock(here.kernel), here.policies))
    yield heard


def _environment(here: Installation) -> Mapping[str, str]:
    """What the deployed functions find."""
    return {
        "POINTSMAN_STATE_TABLE": here.settings.state_table,
        "POINTSMAN_AUDIT_TABLE": here.settings.audit_table,
        "POINTSMAN_DUE_QUEUE_URL": here.settings.due_queue_url,
        "POINTSMAN_JOURNAL_QUEUE_URL": here.settings.journal_queue_url,
        "POINTSMAN_TOPIC_ARN": here.settings.topic_arn,
        "POINTSMAN_BUS_NAME": here.settings.bus_name,
    }
