"""Lets a registry in another account tell this one of its versions. What is to be set up over there is in docs/deploy.md."""

from __future__ import annotations

from aws_cdk import aws_events as events
from constructs import Construct

from infra.names import Names, Place
from pointsman.triggers import TRIGGERS, Pattern

HEARS = "model_package_changed"


class Registry(Construct):
    """The default bus takes events of model packages, and nothing else, from each of these accounts."""

    def __init__(self, scope: Construct, names: Names, place: Place, accounts: tuple[str, ...]) -> None:
        super().__init__(scope, "Registry")
        for account in accounts:
            events.CfnEventBusPolicy(
                self,
                account,
                event_bus_name="default",
                statement_id=f"{names.prefix}-registry-{account}",
                statement={
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:{place.partition}:iam::{account}:root"},
                    "Action": "events:PutEvents",
                    "Resource": place.arn("events", "event-bus/default"),
                    "Condition": {"StringEquals": _of_model_packages()},
                },
            )


def _of_model_packages() -> dict[str, list[str]]:
    """What the function that hears of versions is started by."""
    [pattern] = [
        each.started_by.pattern
        for each in TRIGGERS
        if each.name == HEARS and isinstance(each.started_by, Pattern)
    ]
    return {"events:source": pattern["source"], "events:detail-type": pattern["detail-type"]}
