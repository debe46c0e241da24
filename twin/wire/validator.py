"""Holds requests and answers against botocore's own models, as the real services do and botocore's client does not.

The client checks required members, types and minimums of a request only (facts/aws.md 2.1). Here are the patterns,
maxima and enums too, and the answers. What a service refuses for reasons outside its model belongs to the kernel.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from twin.errors import TwinError
from twin.wire.limits import Limit, fits_type, limits_of
from twin.wire.models import service_model
from twin.wire.patterns import Untranslatable, compiled

# Both from their models; SageMaker and Application Auto Scaling say ValidationException (facts/aws.md 2.1).
_REFUSAL_CODE = {"sagemaker-runtime": "ValidationError", "cloudwatch": "ValidationError"}


@dataclass(slots=True, eq=False)
class Rules:
    """What one shape demands; filled in after it is registered, since shapes can contain themselves."""

    type_name: str
    limits: tuple[Limit, ...]
    required: tuple[str, ...] = ()
    members: dict[str, "Rules"] = field(default_factory=dict)
    element: "Rules | None" = None
    key: "Rules | None" = None
    is_secret: bool = False


class AnswerOutsideModel(AssertionError):
    """The kernel answered what the service cannot: a bug of the twin, which no caller can have provoked."""


def validate(service: str, operation: str, params: Mapping[str, Any]) -> list[str]:
    """Every way in which PascalCase `params` break the model of the operation; empty when they are fine.

    Each is worded as the service words it: `Value 'a_b' at 'endpointName' failed to satisfy constraint: ...`.
    """
    return list(_findings(_request_rules(service, operation), params, ""))


def validate_answer(service: str, operation: str, answer: Mapping[str, Any]) -> list[str]:
    """Every way in which a kernel's answer breaks the model of the operation, worded as for requests."""
    return list(_findings(_answer_rules(service, operation), answer, ""))


def check(service: str, operation: str, params: Mapping[str, Any]) -> None:
    """Raise TwinError with all findings in one message, under the code that the service uses."""
    findings = validate(service, operation, params)
    if findings:
        count = "1 validation error" if len(findings) == 1 else f"{len(findings)} validation errors"
        code = _REFUSAL_CODE.get(service, "ValidationException")
        raise TwinError(code, f"{count} detected: {'; '.join(findings)}")


def check_answer(service: str, operation: str, answer: Mapping[str, Any]) -> None:
    """Raise AnswerOutsideModel, which names the operation and every finding."""
    findings = validate_answer(service, operation, answer)
    if findings:
        raise AnswerOutsideModel(f"{service} {operation} answered outside its model: {'; '.join(findings)}")


def unchecked_patterns(service: str) -> dict[str, str]:
    """Patterns of the model that cannot be translated and so refuse nothing, each with the reason."""
    unchecked: dict[str, str] = {}
    model = service_model(service)
    for name in model.shape_names:
        pattern = model.shape_for(name).metadata.get("pattern", "")
        try:
            compiled(pattern)
        except Untranslatable as reason:
            unchecked[pattern] = str(reason)
    return unchecked


@cache
def _request_rules(service: str, operation: str) -> Rules:
    return _rules_or_none_allowed(service, service_model(service).operation_model(operation).input_shape)


@cache
def _answer_rules(service: str, operation: str) -> Rules:
    return _rules_or_none_allowed(service, service_model(service).operation_model(operation).output_shape)


def _rules_or_none_allowed(service: str, shape: Shape | None) -> Rules:
    """The rules of the shape; without one, an operation takes or gives no member at all."""
    return Rules("structure", ()) if shape is None else _rules(shape, _known_rules(service))


@cache
def _known_rules(service: str) -> dict[str, Rules]:
    """The registry of a service, filled as its operations are first used."""
    del service
    return {}


def _rules(shape: Shape, known: dict[str, Rules]) -> Rules:
    if shape.name in known:
        return known[shape.name]
    rules = Rules(shape.type_name, limits_of(shape), is_secret=bool(shape.metadata.get("sensitive")))
    known[shape.name] = rules
    if isinstance(shape, StructureShape):
        rules.required = tuple(shape.required_members)
        rules.members = {name: _rules(member, known) for name, member in shape.members.items()}
    elif isinstance(shape, ListShape):
        rules.element = _rules(shape.member, known)
    elif isinstance(shape, MapShape):
        rules.key, rules.element = _rules(shape.key, known), _rules(shape.value, known)
    return rules


def _findings(rules: Rules, value: Any, path: str) -> Iterator[str]:
    if not fits_type(rules.type_name, value):
        # On the wire this is a SerializationException; params that come from a parser never get here.
        yield _finding(rules, value, path, f"Member must be of type {rules.type_name}")
        return
    for limit in rules.limits:
        if not limit.holds(value):
            yield _finding(rules, value, path, limit.phrase)
    if rules.type_name == "structure":
        yield from _structure_findings(rules, value, path)
    elif rules.element is not None:
        yield from _element_findings(rules, rules.element, value, path)


def _structure_findings(rules: Rules, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in rules.required:
        if value.get(name) is None:
            yield _finding(rules, None, _below(path, name), "Member must not be null")
    for name, member in value.items():
        if name not in rules.members:
            yield _finding(rules, member, _below(path, name), "Member is not in the model")
        elif member is not None:
            yield from _findings(rules.members[name], member, _below(path, name))


def _element_findings(rules: Rules, element: Rules, value: Any, path: str) -> Iterator[str]:
    """Structures are named one by one; broken scalars are reported on the whole list or map (recalled)."""
    if rules.key is not None and (broken := _broken(rules.key, value)):
        yield _finding(rules, value, path, f"Map keys must satisfy constraint: [{', '.join(broken)}]")
    items = list(value.items()) if rules.key is not None else list(enumerate(value, start=1))
    if element.type_name in ("structure", "list", "map"):
        for name, item in items:
            yield from _findings(element, item, f"{path}.{name}.member")
    elif broken := _broken(element, [item for _, item in items]):
        whose = "Member" if rules.key is None else "Map value"
        yield _finding(rules, value, path, f"{whose} must satisfy constraint: [{', '.join(broken)}]")


def _broken(rules: Rules, values: Any) -> list[str]:
    if not all(fits_type(rules.type_name, value) for value in values):
        return [f"Member must be of type {rules.type_name}"]
    return [limit.phrase for limit in rules.limits if not all(map(limit.holds, values))]


def _finding(rules: Rules, value: Any, path: str, phrase: str) -> str:
    shown = "" if rules.is_secret else " null" if value is None else f" '{_shown(value)}'"
    return f"Value{shown} at '{path}' failed to satisfy constraint: {phrase}"


def _shown(value: Any) -> str:
    """As Java prints it: lists without quotes, maps with equals signs."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}={_shown(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return str(value)


def _below(path: str, name: str) -> str:
    lowered = name[:1].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered
