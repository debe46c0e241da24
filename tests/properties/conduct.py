"""What passes must never do on the way, whatever comes of it: move forward without a record, or begin an act too late."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pointsman.adapters.aws.lane_codec import lane_from
from pointsman.core.lane import Lane
from pointsman.core.phases import FORWARD, Phase
from pointsman.core.rollout import Intent, Rollout
from tests.worlds.account import CONFIG, VARIANT

ACTS = ("update_endpoint", "register_scalable_target", "create_", "delete_endpoint_config", "delete_model")
READS_OF_ACTS = ("describe_", "list_tags")


@dataclass(slots=True)
class Conduct:
    """Watches the calls of every pass, by the pass's number."""

    problems: list[str] = field(default_factory=list)
    firing_since: datetime | None = None
    """Since when the story's alarm fires."""
    _began: dict[int, datetime] = field(default_factory=dict)
    _recorded: dict[int, Rollout] = field(default_factory=dict)
    _awaited: dict[int, Intent] = field(default_factory=dict)
    _ended: dict[int, datetime] = field(default_factory=dict)

    def before(self, owner: int, name: str, kwargs: Mapping[str, Any], now: datetime) -> None:
        """A pass is about to make a call; a fault may still come between."""
        began = self._began.setdefault(owner, now)
        is_forward = name.startswith("update_endpoint") and not _is_way_back(name, kwargs)
        if is_forward and self.firing_since is not None and self.firing_since < began:
            self.problems.append(f"pass {owner} went forward although the alarm fired before it began")
        intent = self._awaited.pop(owner, None)
        ended = self._ended.get(owner)
        is_act = name.startswith(ACTS) or name.startswith(READS_OF_ACTS)
        if is_act and intent is not None and ended is not None and ended >= intent.act_before:
            self.problems.append(f"pass {owner} began {intent.act} at {ended:%H:%M:%S}, after its deadline")
        if not name.startswith(ACTS):
            return
        if owner not in self._recorded and not _is_way_back(name, kwargs):
            self.problems.append(f"pass {owner} made {name} without a record")

    def after(self, owner: int, stored: Lane | None, now: datetime) -> None:
        """A call of a pass took effect and was answered; `stored` is the lane that it stored, if it did."""
        self._ended[owner] = now
        if stored is not None and stored.rollout is not None:
            self._recorded[owner] = stored.rollout
            if stored.rollout.intent is not None:
                self._awaited[owner] = stored.rollout.intent


def stored_lane(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Lane | None:
    """The lane that a call stores, through the port or through DynamoDB; None for other calls."""
    if name == "commit":
        lane: Lane = args[0].after
        return lane
    if name == "transact_write_items":
        return lane_from(json.loads(kwargs["TransactItems"][0]["Put"]["Item"]["body"]["S"]))
    return None


def _is_way_back(name: str, kwargs: Mapping[str, Any]) -> bool:
    if name == "update_endpoint":
        return bool(kwargs["EndpointConfigName"] == CONFIG)
    if name == "update_endpoint_weights_and_capacities":
        wishes = {
            each["VariantName"]: each["DesiredWeight"] for each in kwargs["DesiredWeightsAndCapacities"]
        }
        return all(weight == 0 for variant, weight in wishes.items() if variant != VARIANT)
    return False


def reopened(facts: list[dict[str, Any]]) -> list[str]:
    """Rollouts that began again after their end, although their approval was the same."""
    ended: set[str] = set()
    found = []
    for each in facts:
        if each["before"] == Phase.PENDING and each["rollout"] in ended:
            found.append(f"{each['rollout']} began a second time")
        if each["after"] in {Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED}:
            ended.add(each["rollout"])
    return found


def forward_in_a_pause(facts: list[dict[str, Any]]) -> list[str]:
    """Rollouts that a person had paused and that moved forward all the same."""
    paused: set[str] = set()
    found = []
    for each in facts:
        rollout, reason = each["rollout"], str(each["reason"])
        if reason.startswith("paused in "):
            paused.add(rollout)
        elif reason.startswith("resumed in ") or each["after"] not in FORWARD:
            paused.discard(rollout)
        elif rollout in paused and each["act"] is not None:
            found.append(f"{rollout} was asked to {each['act']} while it was paused")
    return found
