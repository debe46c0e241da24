"""A kernel that answers what a test tells it to and remembers what it was asked."""

from collections.abc import Mapping
from typing import Any

from twin.errors import TwinError


class StandIn:
    """One answer or error per operation; an operation it was not told of answers nothing."""

    def __init__(self, answers: Mapping[str, dict[str, Any] | TwinError] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def call(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Answer as told."""
        self.asked.append((service, operation, params))
        answer = self.answers.get(operation, {})
        if isinstance(answer, TwinError):
            raise answer
        return answer
