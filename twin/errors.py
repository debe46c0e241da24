"""The errors the simulated services answer with, in AWS's own codes and words. No service logic lives here."""

from __future__ import annotations


class TwinError(Exception):
    """An error answer: AWS error `code`, `message` and HTTP `status`."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> TwinError:
    """Build a `ValidationException`, which SageMaker also uses for absent, duplicate and busy resources."""
    return TwinError("ValidationException", message)


def absent(kind: str, arn: str) -> TwinError:
    """Build the answer for a resource that does not exist; `kind` as in "endpoint configuration"."""
    return invalid(f'Could not find {kind} "{arn}".')


def duplicate(kind: str, arn: str) -> TwinError:
    """Build the answer for a name that is already taken."""
    return invalid(f'Cannot create already existing {kind} "{arn}".')


def busy(arn: str) -> TwinError:
    """Build the answer for a change while another change is running."""
    return invalid(f'Cannot update in-progress endpoint "{arn}".')


def unsupported(what: str) -> TwinError:
    """Build the answer for something AWS can do and the twin cannot; it says so instead of guessing."""
    return invalid(f"The twin does not do this yet: {what}.")
