"""The topic on which people hear of decisions and of trouble, encrypted with a key that alarms may use."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.names import Names, Place


class Topic(Construct):
    """An existing topic of that name, or one of our own. `key` is None for an existing one: its key is its owner's."""

    def __init__(self, scope: Construct, names: Names, place: Place) -> None:
        super().__init__(scope, "Topic")
        self.arn = place.arn("sns", names.topic)
        self.key: kms.Key | None = None
        if names.existing_topic:
            self.topic: sns.ITopic = sns.Topic.from_topic_arn(self, "Existing", self.arn)
            return
        self.key = _key(self)
        self.topic = sns.Topic(self, "Topic", topic_name=names.topic, master_key=self.key, enforce_ssl=True)
        _let_alarms_publish(self.topic, place)


def _key(scope: Construct) -> kms.Key:
    """AWS's own key for SNS would do, but no alarm can publish to a topic under it: its policy cannot be changed.

    Which account's alarms may publish is said by the topic's policy: whether CloudWatch names the account to KMS is
    not documented, and an alarm that cannot use the key is silent.
    """
    key = kms.Key(
        scope,
        "Key",
        description="Messages of Pointsman to people",
        enable_key_rotation=True,
        removal_policy=RemovalPolicy.DESTROY,
    )
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AlarmsPublish",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            resources=["*"],
        )
    )
    return key


def _let_alarms_publish(topic: sns.ITopic, place: Place) -> None:
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AlarmsOfThisAccountPublish",
            actions=["sns:Publish"],
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": place.account}},
        )
    )
