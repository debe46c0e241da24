"""ClientErrors to our exceptions, in one place: by code and message prefix (facts/aws.md, 2.1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError

from pointsman.errors import Busy, Denied, NotFound, PointsmanError, QuotaExceeded, Refused, Transient

BUSY_PREFIX = "Cannot update in-progress endpoint"
EXISTS_PREFIX = "Cannot create already existing"
NOT_FOUND_PREFIX = "Could not find"

BUSY_CODES = frozenset({"ResourceInUse", "ResourceInUseException", "ConcurrentUpdateException"})
QUOTA_CODES = frozenset({"ResourceLimitExceeded", "LimitExceededException", "ServiceQuotaExceededException"})
NOT_FOUND_CODES = frozenset({"ResourceNotFound", "ResourceNotFoundException", "ObjectNotFoundException"})
DENIED_CODES = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "AuthorizationError",
    }
)
REFUSED_CODES = frozenset(
    {"ValidationException", "ValidationError", "InvalidParameterValue", "InvalidParameter"}
)


class AlreadyExists(PointsmanError):
    """The name is taken: by an earlier attempt of the same act, which makes it a success."""


@contextmanager
def mapped(what: str) -> Iterator[None]:
    """Raise our exception for whatever boto3 raises inside. `what` says in words which call it was."""
    try:
        yield
    except ClientError as err:
        raise _of(err, what) from err
    except ParamValidationError as err:
        raise Refused(f"{what}: {err}") from err
    except BotoCoreError as err:
        raise Transient(f"{what}: {err}") from err
    except ResponseParserError as err:
        # A proxy, or whatever else stands in between, answered in place of AWS.
        raise Transient(f"{what}: the answer is not AWS's: {err}") from err


def code_of(error: ClientError) -> str:
    """AWS's error code."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _of(error: ClientError, what: str) -> PointsmanError:
    code, text = code_of(error), str(error.response.get("Error", {}).get("Message", ""))
    sentence = f"{what}: {code}: {text}"
    kinds: tuple[tuple[bool, type[PointsmanError]], ...] = (
        (text.startswith(BUSY_PREFIX) or code in BUSY_CODES, Busy),
        (text.startswith(EXISTS_PREFIX), AlreadyExists),
        (text.startswith(NOT_FOUND_PREFIX) or code in NOT_FOUND_CODES, NotFound),
        (code in QUOTA_CODES, QuotaExceeded),
        (code in DENIED_CODES, Denied),
        (code in REFUSED_CODES, Refused),
    )
    kind = next((kind for applies, kind in kinds if applies), Transient)
    return kind(sentence)
