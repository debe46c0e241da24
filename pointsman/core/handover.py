"""What the owning tool's next deploy would undo once Pointsman has put a config of its own live, and what to write so that it does not. Pure.

Sources: facts/aws.md 2.2 and 2.4, facts/peers-delivery.md 1.1. It is text for people: nothing here is carried out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pointsman.core.ownership import By, Ownership
from pointsman.policy import EndpointName

CHANGES = (
    "After its first rollout the endpoint runs on a config that Pointsman made: another config name, the new "
    "version's model, the live number of instances. Its tags stay as they are."
)
"""What is different from what any tool has in its files."""
RESET = (
    "its own config goes live again, with the model version of that day, all traffic at once, without bake or alarms, "
    "and with the number of instances and the weights that stand there, whatever the autoscaling made of them"
)
KEEP = "Do not delete the config and the model that serve now: they are the way back of the first rollout."


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way out: when to take it, and text to paste."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What would be undone, and each way to keep it. `undoes` and `when` are whole sentences."""

    undoes: tuple[str, ...]
    recipes: tuple[Recipe, ...]


def advice(ownership: Ownership, endpoint: EndpointName, group: str = "") -> Advice:
    """Advice for the tool that owns the endpoint; for an unknown one, what holds for any script. `group` is its registry group."""
    undoes, recipes = _BY[ownership.by]
    names = {
        "endpoint": endpoint,
        "block": re.sub(r"[^A-Za-z0-9]+", "_", endpoint),
        "stack": ownership.stack or "STACK",
        "logical_id": ownership.logical_id or "Endpoint",
        "group": group or "GROUP",
    }
    return Advice(
        (CHANGES, *(line.format(reset=RESET, **names) for line in undoes), KEEP),
        tuple(Recipe(recipe.title, _filled(recipe.text, names)) for recipe in recipes),
    )


def _filled(text: str, names: dict[str, str]) -> str:
    """Fill in <<name>>: the texts are code, which has braces of its own."""
    for name, value in names.items():
        text = text.replace(f"<<{name}>>", value)
    return text.strip("\n")


_LIVE = (
    "aws sagemaker describe-endpoint --endpoint-name <<endpoint>> --query EndpointConfigName --output text"
)

_IGNORE = Recipe(
    "Let it ignore the config's name",
    """
resource "aws_sagemaker_endpoint" "<<block>>" {   # the block whose name is <<endpoint>>
  lifecycle {
    ignore_changes = [endpoint_config_name]
  }
}
""",
)
_STATE = Recipe(
    "Or hand the endpoint over",
    """
removed {                # Terraform 1.7 or newer; before: terraform state rm aws_sagemaker_endpoint.<<block>>
  from = aws_sagemaker_endpoint.<<block>>
  lifecycle { destroy = false }
}
""",
)
_PARAMETER = Recipe(
    "Make the config's name a parameter, and deploy with the one that is live",
    f"""
Parameters:
  EndpointConfigName: {{Type: String}}
Resources:
  <<logical_id>>:
    Type: AWS::SageMaker::Endpoint
    Properties:
      EndpointName: <<endpoint>>
      EndpointConfigName: !Ref EndpointConfigName

aws cloudformation deploy --stack-name <<stack>> --template-file TEMPLATE \\
  --parameter-overrides EndpointConfigName=$({_LIVE})
""",
)
_SSM = Recipe(
    "Or read it from a Systems Manager parameter, which you set before every deploy",
    f"""
      EndpointConfigName: "{{{{resolve:ssm:/endpoints/<<endpoint>>/config}}}}"

aws ssm put-parameter --overwrite --type String --name /endpoints/<<endpoint>>/config --value $({_LIVE})
""",
)
_RETAIN = Recipe(
    "Or take it out of the stack: deploy this, then remove the resource from the template and deploy again",
    """
  <<logical_id>>:
    Type: AWS::SageMaker::Endpoint
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain      # the same for its config and its model
""",
)
_CDK_PARAMETER = Recipe(
    "Make the config's name a parameter, and deploy with the one that is live",
    f"""
live = CfnParameter(self, "EndpointConfigName")
CfnEndpoint(self, "Endpoint", endpoint_name="<<endpoint>>", endpoint_config_name=live.value_as_string)

cdk deploy <<stack>> --parameters EndpointConfigName=$({_LIVE})
""",
)
_CDK_RETAIN = Recipe(
    "Or take it out of the stack: deploy this, then remove the construct and deploy again",
    """
endpoint.apply_removal_policy(RemovalPolicy.RETAIN)   # the same for its config and its model
""",
)
_REGISTER = Recipe(
    "Stop calling update_endpoint (or deploy): register the version and let it be approved",
    """
model.register(model_package_group_name="<<group>>", approval_status="PendingManualApproval")
""",
)
_PULUMI = Recipe(
    "Let it ignore the config's name",
    """
new aws.sagemaker.Endpoint("<<block>>", { ... }, { ignoreChanges: ["endpointConfigName"] });
""",
)
_CROSSPLANE = Recipe(
    "Let it look only, before the first rollout",
    """
spec:
  managementPolicies: ["Observe"]
""",
)
_ACK = Recipe(
    "Take it out of the cluster and keep the endpoint: annotate, then delete the Kubernetes resource",
    """
kubectl annotate endpoints.sagemaker.services.k8s.aws NAME services.k8s.aws/deletion-policy=retain
kubectl delete endpoints.sagemaker.services.k8s.aws NAME
""",
)
_PROJECT = Recipe(
    "Switch off the rule that starts its deploy pipeline, and keep the one that builds and registers",
    """
aws events disable-rule --name RULE    # the rule on "SageMaker Model Package State Change" of its project
""",
)

_TERRAFORM = (
    "A plan compares the config's name with the live one and finds it changed. On the next apply {reset}.",
    "A change of the config in the files makes a new one and deletes the old one, also where the way back needs it.",
)
_CLOUDFORMATION = (
    "A deploy does not notice that the live config is another one, until a change of the template touches the endpoint or its config. Then {reset}.",
    "A stack that rolls back does the same, and so does a later deletion of the config by the stack.",
)
_SCRIPT = (
    "A script or notebook that updates the endpoint knows nothing of Pointsman. When it runs, {reset}.",
)

_BY: dict[By, tuple[tuple[str, ...], tuple[Recipe, ...]]] = {
    By.TERRAFORM: (_TERRAFORM, (_IGNORE, _STATE)),
    By.OPENTOFU: (_TERRAFORM, (_IGNORE, _STATE)),
    By.CLOUDFORMATION: (_CLOUDFORMATION, (_PARAMETER, _SSM, _RETAIN)),
    By.CDK: (_CLOUDFORMATION, (_CDK_PARAMETER, _CDK_RETAIN)),
    By.PULUMI: (
        ("A refresh notices that the config's name has changed. On the next up {reset}.",),
        (_PULUMI,),
    ),
    By.CROSSPLANE: (
        ("It compares by itself, every few minutes, also in the middle of a rollout: then {reset}.",),
        (_CROSSPLANE,),
    ),
    By.ACK: (
        ("Its controller compares by itself, also in the middle of a rollout: then {reset}.",),
        (_ACK,),
    ),
    By.PROJECT: (
        ("Its deploy pipeline starts on the same approval as Pointsman does. When it runs, {reset}.",),
        (_PROJECT, _RETAIN),
    ),
    By.STUDIO: (_SCRIPT, (_REGISTER,)),
    By.CANVAS: (
        (
            "Canvas updates the deployments that it made when somebody deploys another version there. Then {reset}.",
        ),
        (_REGISTER,),
    ),
    By.JUMPSTART: (_SCRIPT, (_REGISTER,)),
    By.SDK: (_SCRIPT, (_REGISTER,)),
    By.UNKNOWN: (_SCRIPT, (_REGISTER,)),
}
