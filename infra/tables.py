"""The two tables. Their keys and index are what `pointsman/adapters/aws/dynamodb.py` reads and writes; a test holds them together."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.names import Names

OPEN = "open"
RECOVERY_DAYS = 35
"""The most there is: a mistake in the audit trail may be found late."""


class Tables(Construct):
    """State and audit trail. Both outlive the stack, and cannot be deleted without saying so first."""

    def __init__(self, scope: Construct, names: Names) -> None:
        super().__init__(scope, "Tables")
        self.state = _table(self, "State", names.state_table, dynamodb.AttributeType.STRING)
        self.state.add_global_secondary_index(
            index_name=OPEN,
            partition_key=_text(OPEN),
            sort_key=_text("pk"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["message"],
        )
        self.audit = _table(self, "Audit", names.audit_table, dynamodb.AttributeType.NUMBER)


def _table(scope: Construct, part: str, name: str, sorted_by: dynamodb.AttributeType) -> dynamodb.Table:
    """Only minutes of evidence carry `expires` (90 days); records have none, so the audit trail is kept for good."""
    return dynamodb.Table(
        scope,
        part,
        table_name=name,
        partition_key=_text("pk"),
        sort_key=dynamodb.Attribute(name="sk", type=sorted_by),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption=dynamodb.TableEncryption.AWS_MANAGED,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True, recovery_period_in_days=RECOVERY_DAYS
        ),
        deletion_protection=True,
        removal_policy=RemovalPolicy.RETAIN,
        time_to_live_attribute="expires" if part == "State" else None,
    )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
