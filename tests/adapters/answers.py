"""A client that gives prepared answers, one after the other for each operation, and remembers what it was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.worlds.kernel_client import client_error

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


class Answering:
    """Operations in snake case; an answer that is an exception is raised. The last answer is given again and again."""

    def __init__(self, **answers: list[Any]) -> None:
        self._answers = {name: list(each) for name, each in answers.items()}
        self.asked: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name not in self._answers:
            raise AttributeError(name)

        def call(**params: Any) -> Any:
            self.asked[name].append(params)
            answers = self._answers[name]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def denied(operation: str) -> ClientError:
    """What IAM answers."""
    return client_error("AccessDeniedException", f"not authorized to perform {operation}", operation)
