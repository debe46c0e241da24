"""Which tool made an endpoint and may change it again: found in its tags and names, with the evidence and how sure it is. Pure.

What follows from it is `handover.py`. Tags with `aws:` are CloudFormation's own and cannot be forged; everything else
is what people write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pointsman.policy import Tool
from pointsman.survey import Sight


class By(StrEnum):
    """Who owns an endpoint in code, as people call it."""

    CLOUDFORMATION = "CloudFormation"
    CDK = "AWS CDK"
    TERRAFORM = "Terraform"
    OPENTOFU = "OpenTofu"
    PULUMI = "Pulumi"
    CROSSPLANE = "Crossplane"
    ACK = "ACK (Kubernetes)"
    PROJECT = "SageMaker project"
    STUDIO = "SageMaker Studio"
    CANVAS = "SageMaker Canvas"
    JUMPSTART = "SageMaker JumpStart"
    SDK = "SageMaker Python SDK"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How sure it is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who, how sure, and why. `stack` and `logical_id` are CloudFormation's names of the endpoint."""

    by: By
    confidence: Confidence
    evidence: tuple[str, ...] = ()
    stack: str = ""
    logical_id: str = ""

    @property
    def tool(self) -> Tool:
        """What the policy calls it."""
        return _TOOLS.get(self.by, Tool.OTHER)


_TOOLS = {
    By.CLOUDFORMATION: Tool.CLOUDFORMATION,
    By.CDK: Tool.CDK,
    By.TERRAFORM: Tool.TERRAFORM,
    By.OPENTOFU: Tool.TERRAFORM,
    By.UNKNOWN: Tool.NONE,
}
_STACK, _LOGICAL_ID = "aws:cloudformation:stack-name", "aws:cloudformation:logical-id"
_TOOL_KEYS = frozenset(
    {"managedby", "provisionedby", "provisioner", "createdby", "deployedby", "createdwith", "deployedwith"}
    | {"iac", "iactool", "tool", "automation", "provisionedwith", "managedwith"}
)
_WORDS = (
    ("opentofu", By.OPENTOFU),
    ("tofu", By.OPENTOFU),
    ("terraform", By.TERRAFORM),
    ("terragrunt", By.TERRAFORM),
    ("pulumi", By.PULUMI),
    ("crossplane", By.CROSSPLANE),
    ("cdk", By.CDK),
    ("cloudformation", By.CLOUDFORMATION),
)
_PREFIXES = (
    ("services.k8s.aws/", By.ACK, Confidence.CERTAIN),
    ("crossplane-", By.CROSSPLANE, Confidence.CERTAIN),
    ("pulumi:", By.PULUMI, Confidence.LIKELY),
    ("opentofu", By.OPENTOFU, Confidence.LIKELY),
    ("terraform", By.TERRAFORM, Confidence.LIKELY),
    ("tf-", By.TERRAFORM, Confidence.LIKELY),
    ("tf_", By.TERRAFORM, Confidence.LIKELY),
    ("tf:", By.TERRAFORM, Confidence.LIKELY),
    ("sagemaker-sdk:jumpstart", By.JUMPSTART, Confidence.CERTAIN),
    ("sagemaker:project-", By.PROJECT, Confidence.CERTAIN),
    ("sagemaker:is-canvas-resource", By.CANVAS, Confidence.CERTAIN),
    ("sagemaker:", By.STUDIO, Confidence.LIKELY),
)
_NO = frozenset({"false", "no", "0", "off", ""})
_CDK_ID = re.compile(r"[A-Za-z][A-Za-z0-9]*[0-9A-F]{8}")
_NAMES = (
    (re.compile(r"(?:^|[-_])[0-9]{18}[0-9a-f]{8}$"), By.TERRAFORM, "ends as Terraform's own names do"),
    (
        re.compile(r"-[0-9]{4}(?:-[0-9]{2}){5}-[0-9]{3}$"),
        By.SDK,
        "ends in a time as names of the SageMaker Python SDK do",
    ),
    (re.compile(r"^canvas-", re.IGNORECASE), By.CANVAS, "begins as names of SageMaker Canvas do"),
    (re.compile(r"^jumpstart-", re.IGNORECASE), By.JUMPSTART, "begins as names of SageMaker JumpStart do"),
    (
        re.compile(r"-(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7}$"),
        By.PULUMI,
        "ends as Pulumi's own names do",
    ),
)


def owner_in_code(sight: Sight) -> Ownership:
    """Who may deploy this endpoint again. The first of these that shows decides; what else shows is evidence too."""
    found = [each for look in _LOOKS for each in look(sight)]
    if not found:
        said = (
            "neither its tags nor its names tell of a tool"
            if sight.was_read("sagemaker:ListTags")
            else "its tags could not be read"
        )
        return Ownership(By.UNKNOWN, Confidence.NONE, (said,))
    first = found[0]
    return replace(first, evidence=tuple(dict.fromkeys(line for each in found for line in each.evidence)))


def _of_stack(sight: Sight) -> list[Ownership]:
    stack, logical_id = sight.tags.get(_STACK, ""), sight.tags.get(_LOGICAL_ID, "")
    if not stack:
        return []
    said = f"tag {_STACK} = {stack}" + (f", logical id {logical_id}" if logical_id else "")
    path = sight.stack.cdk_path if sight.stack else ""
    made = Ownership(By.CLOUDFORMATION, Confidence.CERTAIN, (said,), stack, logical_id)
    if "sagemaker:project-name" in sight.tags:
        return [replace(made, by=By.PROJECT)]
    if path:
        return [replace(made, by=By.CDK, evidence=(said, f"its metadata has aws:cdk:path = {path}"))]
    if _CDK_ID.fullmatch(logical_id):
        guessed = f"its logical id {logical_id} ends in 8 hex digits, as the CDK writes them (a guess)"
        return [replace(made, by=By.CDK, confidence=Confidence.GUESS, evidence=(said, guessed))]
    return [made]


def _of_prefixes(sight: Sight) -> list[Ownership]:
    shown = {key: value for key, value in sorted(sight.tags.items()) if value.strip().lower() not in _NO}
    return [
        Ownership(by, confidence, (f"tag {key} = {shown[key]}",))
        for prefix, by, confidence in _PREFIXES
        for key in shown
        if key.lower().startswith(prefix)
    ]


def _of_words(sight: Sight) -> list[Ownership]:
    return [
        Ownership(by, Confidence.LIKELY, (f"tag {key} = {value}",))
        for key, value in sorted(sight.tags.items())
        for by in [_word_in(value)]
        if by is not None and plain(key) in _TOOL_KEYS
    ]


def _of_names(sight: Sight) -> list[Ownership]:
    names: Mapping[str, str] = {
        "its name": str(sight.name),
        "its config": sight.config_name,
        **{f"its model {model.name}": model.name for model in sight.models},
    }
    return [
        Ownership(
            by,
            Confidence.GUESS,
            (f"{whose} ({name}) {how}" if whose != f"its model {name}" else f"{whose} {how}",),
        )
        for pattern, by, how in _NAMES
        for whose, name in names.items()
        if pattern.search(name) and not name.startswith("pointsman-")
    ]


_LOOKS: tuple[Callable[[Sight], list[Ownership]], ...] = (_of_stack, _of_prefixes, _of_words, _of_names)


def plain(key: str) -> str:
    """A tag's key without case, prefix and punctuation: `acme:Managed-By` is `managedby`."""
    return re.sub(r"[^a-z0-9]", "", re.split(r"[:/]", key)[-1].lower())


def _word_in(value: str) -> By | None:
    return next((by for word, by in _WORDS if word in value.lower()), None)


def is_of_a_tool(key: str, value: str) -> bool:
    """Whether a tag belongs to a tool or to AWS rather than to people."""
    reserved = ("aws:", "pointsman:", *(prefix for prefix, _, _ in _PREFIXES))
    return key.lower().startswith(reserved) or (plain(key) in _TOOL_KEYS and _word_in(value) is not None)
