"""What IAM asks of each AWS call: one table, call to actions and resources. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pointsman.policy import ModelGroup

Json = Mapping[str, Any]
ACCOUNT, REGISTRY = "111122223333", "444455556666"
"""The endpoints' account, and one that has a registry."""
PLACE = f"us-east-1:{ACCOUNT}"
ENDPOINT, GROUP, PACKAGE_VERSION = "fraud-prod", "fraud-detector", "7"
OURS = "pointsman-"
"""What Pointsman makes begins with this, whatever the installation is called."""


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One action on one resource, and the condition keys of the request."""

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Names of the installation that makes the call. Every test names things as it likes; here they get one name each."""

    endpoints: frozenset[str] = frozenset()
    groups: frozenset[ModelGroup] = frozenset()
    tables: Mapping[str, str] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)
    bus: str = ""
    is_told: Callable[[str], bool] = lambda _topic: False

    def endpoint(self, name: str) -> str:
        """An endpoint that a policy names, or the name itself. ARNs of SageMaker are in lower case."""
        return arn("sagemaker", f"endpoint/{ENDPOINT if name in self.endpoints else name.lower()}")

    def package(self, name: str) -> str:
        """A version of a group, by its ARN. Whatever a policy calls another account, here it is the one."""
        where, _, rest = name.rpartition(":model-package/")
        account = where.rpartition(":")[2].replace(ACCOUNT, "")
        group = ModelGroup(rest.partition("/")[0], account)
        is_known = group in self.groups
        resource = f"model-package/{GROUP if is_known else group.name}/{PACKAGE_VERSION}"
        there = REGISTRY if account and is_known else account or ACCOUNT
        return arn("sagemaker", resource).replace(ACCOUNT, there)

    def table(self, name: str) -> str:
        """A table."""
        return arn("dynamodb", f"table/{self.tables.get(name, name)}")

    def queue(self, url: str) -> str:
        """A queue."""
        name = url.rpartition("/")[2]
        return arn("sqs", self.queues.get(name, name))


Needs = Callable[[Json, Known], list[Use]]


def arn(service: str, rest: str) -> str:
    """An ARN in the one account and Region of the record."""
    return f"arn:aws:{service}:{PLACE}:{rest}"


def made(kind: str, name: str) -> str:
    """A model or config: one that Pointsman made, or one that was there."""
    return arn("sagemaker", f"{kind}/{OURS}made" if name.startswith(OURS) else f"{kind}/existing")


def uses_of(service: str, operation: str, params: Json, known: Known) -> list[Use]:
    """Everything that IAM asks of one call. One that the table does not know asks for what no policy grants."""
    needs = TABLE.get((service, operation))
    return needs(params, known) if needs else [Use(f"{service}:{operation}", "not in the table of actions")]


def _anywhere(action: str) -> Needs:
    return lambda _params, _known: [Use(action, "*")]


def _on_endpoint(action: str) -> Needs:
    return lambda params, known: [Use(action, known.endpoint(params["EndpointName"]))]


def _on_made(action: str, kind: str, key: str) -> Needs:
    return lambda params, _known: [Use(action, made(kind, params[key]))]


def _deleting(action: str, kind: str, key: str) -> Needs:
    """The adapter deletes only what it has just seen to carry the tag; the twin keeps tags by what they are on."""
    tag = (("aws:ResourceTag/pointsman:rollout", "present"),)
    return lambda params, _known: [Use(action, made(kind, params[key]), tag)]


def _on_table(action: str) -> Needs:
    def needs(params: Json, known: Known) -> list[Use]:
        index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
        return [Use(action, known.table(params["TableName"]) + index)]

    return needs


def _on_queue(action: str) -> Needs:
    return lambda params, known: [Use(action, known.queue(params["QueueUrl"]))]


def _update_endpoint(params: Json, known: Known) -> list[Use]:
    return [
        Use("sagemaker:UpdateEndpoint", known.endpoint(params["EndpointName"])),
        Use("sagemaker:UpdateEndpoint", made("endpoint-config", params["EndpointConfigName"])),
    ]


def _create(action: str, kind: str, key: str) -> Needs:
    """The thing itself, its tags, and the role that it is handed."""

    def needs(params: Json, known: Known) -> list[Use]:
        tags = tuple(sorted((f"aws:RequestTag/{tag['Key']}", "present") for tag in params.get("Tags", ())))
        kept = tuple(each for each in tags if each[0] == "aws:RequestTag/pointsman:rollout")
        resource = made(kind, params[key])
        found = [Use(action, resource, kept)]
        if params.get("Tags"):
            found.append(Use("sagemaker:AddTags", resource, kept))
        if params.get("ExecutionRoleArn"):
            to = (("iam:PassedToService", "sagemaker.amazonaws.com"),)
            found.append(Use("iam:PassRole", "arn:aws:iam::111122223333:role/execution", to))
        package = params.get("PrimaryContainer", {}).get("ModelPackageName", "")
        if package and ACCOUNT not in package:
            found.append(Use("sagemaker:CreateModel", known.package(package)))
        return found

    return needs


def _list_tags(params: Json, _known: Known) -> list[Use]:
    kind, _, name = str(params["ResourceArn"]).rpartition(":")[2].partition("/")
    return [Use("sagemaker:ListTags", made(kind, name))]


def _describe_package(params: Json, known: Known) -> list[Use]:
    """A rollout that is read from an endpoint's tags does not know its version's ARN; without it no call leaves boto3."""
    name = params["ModelPackageName"]
    return [Use("sagemaker:DescribeModelPackage", known.package(name))] if name else []


def _list_packages(params: Json, known: Known) -> list[Use]:
    where, _, group = f":{params['ModelPackageGroupName']}".rpartition(":")
    name = group.removeprefix("model-package-group/")
    return [Use("sagemaker:ListModelPackages", known.package(f"{where}:model-package/{name}/*"))]


def _batch_write(params: Json, known: Known) -> list[Use]:
    return [Use("dynamodb:BatchWriteItem", known.table(name)) for name in params["RequestItems"]]


IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def _transact(params: Json, known: Known) -> list[Use]:
    """There is no action of the transaction's own: each part is asked for (facts/aws.md, 7)."""
    return [
        Use(f"dynamodb:{IN_TRANSACTION[kind]}", known.table(part["TableName"]))
        for item in params["TransactItems"]
        for kind, part in item.items()
    ]


def _register(params: Json, _known: Known) -> list[Use]:
    context = (
        ("application-autoscaling:scalable-dimension", str(params["ScalableDimension"])),
        ("application-autoscaling:service-namespace", str(params["ServiceNamespace"])),
    )
    resource = arn("application-autoscaling", "scalable-target/0123456789")
    return [Use("application-autoscaling:RegisterScalableTarget", resource, context)]


def _publish(params: Json, known: Known) -> list[Use]:
    topic = str(params["TopicArn"])
    return [Use("sns:Publish", arn("sns", "pointsman") if known.is_told(topic) else topic)]


def _put_events(params: Json, known: Known) -> list[Use]:
    """Asked for by bus and source. Only our own bus is known here."""
    return [
        Use(
            "events:PutEvents",
            arn("events", f"event-bus/{'pointsman' if each['EventBusName'] == known.bus else 'another'}"),
            (("events:source", str(each["Source"])),),
        )
        for each in params["Entries"]
    ]


TABLE: dict[tuple[str, str], Needs] = {
    ("application-autoscaling", "DescribeScalableTargets"): _anywhere(
        "application-autoscaling:DescribeScalableTargets"
    ),
    ("application-autoscaling", "RegisterScalableTarget"): _register,
    ("cloudwatch", "DescribeAlarms"): _anywhere("cloudwatch:DescribeAlarms"),
    ("cloudwatch", "GetMetricData"): _anywhere("cloudwatch:GetMetricData"),
    ("cloudwatch", "ListAlarmMuteRules"): _anywhere("cloudwatch:ListAlarmMuteRules"),
    ("dynamodb", "BatchWriteItem"): _batch_write,
    ("dynamodb", "DeleteItem"): _on_table("dynamodb:DeleteItem"),
    ("dynamodb", "GetItem"): _on_table("dynamodb:GetItem"),
    ("dynamodb", "PutItem"): _on_table("dynamodb:PutItem"),
    ("dynamodb", "Query"): _on_table("dynamodb:Query"),
    ("dynamodb", "TransactWriteItems"): _transact,
    ("events", "PutEvents"): _put_events,
    ("sagemaker", "CreateEndpointConfig"): _create(
        "sagemaker:CreateEndpointConfig", "endpoint-config", "EndpointConfigName"
    ),
    ("sagemaker", "CreateModel"): _create("sagemaker:CreateModel", "model", "ModelName"),
    ("sagemaker", "DeleteEndpointConfig"): _deleting(
        "sagemaker:DeleteEndpointConfig", "endpoint-config", "EndpointConfigName"
    ),
    ("sagemaker", "DeleteModel"): _deleting("sagemaker:DeleteModel", "model", "ModelName"),
    ("sagemaker", "DescribeEndpoint"): _on_endpoint("sagemaker:DescribeEndpoint"),
    ("sagemaker", "DescribeEndpointConfig"): _on_made(
        "sagemaker:DescribeEndpointConfig", "endpoint-config", "EndpointConfigName"
    ),
    ("sagemaker", "DescribeModel"): _on_made("sagemaker:DescribeModel", "model", "ModelName"),
    ("sagemaker", "DescribeModelPackage"): _describe_package,
    ("sagemaker", "ListModelPackages"): _list_packages,
    ("sagemaker", "ListTags"): _list_tags,
    ("sagemaker", "Search"): _anywhere("sagemaker:Search"),
    ("sagemaker", "UpdateEndpoint"): _update_endpoint,
    ("sagemaker", "UpdateEndpointWeightsAndCapacities"): _on_endpoint(
        "sagemaker:UpdateEndpointWeightsAndCapacities"
    ),
    ("sagemaker-runtime", "InvokeEndpoint"): _on_endpoint("sagemaker:InvokeEndpoint"),
    ("service-quotas", "ListAWSDefaultServiceQuotas"): _anywhere("servicequotas:ListAWSDefaultServiceQuotas"),
    ("service-quotas", "ListServiceQuotas"): _anywhere("servicequotas:ListServiceQuotas"),
    ("sns", "Publish"): _publish,
    ("sqs", "DeleteMessage"): _on_queue("sqs:DeleteMessage"),
    ("sqs", "GetQueueAttributes"): _on_queue("sqs:GetQueueAttributes"),
    ("sqs", "ReceiveMessage"): _on_queue("sqs:ReceiveMessage"),
    ("sqs", "SendMessage"): _on_queue("sqs:SendMessage"),
    ("sqs", "SendMessageBatch"): _on_queue("sqs:SendMessage"),
}
