"""The table of what AWS's errors mean to a caller."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from pointsman.adapters.aws.faults import AlreadyExists, code_of, mapped
from pointsman.errors import (
    Busy,
    Denied,
    NeedsPerson,
    NotFound,
    PointsmanError,
    QuotaExceeded,
    Refused,
    Transient,
)

ARN = '"arn:aws:sagemaker:us-east-1:111122223333:endpoint/fraud-prod"'
TABLE: list[tuple[str, str, type[PointsmanError]]] = [
    ("ValidationException", f"Cannot update in-progress endpoint {ARN}.", Busy),
    ("ResourceInUse", "", Busy),
    ("ConcurrentUpdateException", "", Busy),
    ("ValidationException", f"Cannot create already existing model {ARN}.", AlreadyExists),
    ("ValidationException", f"Could not find endpoint {ARN}.", NotFound),
    ("ResourceNotFound", "", NotFound),
    ("ResourceNotFoundException", "", NotFound),
    ("ObjectNotFoundException", "No scalable target", NotFound),
    ("ResourceLimitExceeded", "The account-level service limit is 2 Instances", QuotaExceeded),
    ("LimitExceededException", "", QuotaExceeded),
    ("AccessDeniedException", "is not authorized to perform", Denied),
    ("AccessDenied", "", Denied),
    ("AuthorizationError", "", Denied),
    ("ExpiredTokenException", "The security token included in the request is expired", Transient),
    ("ValidationException", "Cannot update endpoint: the instance type is used by autoscaling", Refused),
    ("InvalidParameter", "", Refused),
    ("ThrottlingException", "Rate exceeded", Transient),
    ("Throttling", "", Transient),
    ("TooManyRequestsException", "", Transient),
    ("ServiceUnavailable", "", Transient),
    ("InternalFailure", "", Transient),
    ("InternalServerError", "", Transient),
    ("RequestTimeout", "", Transient),
    ("SomethingNew", "that nobody has heard of", Transient),
]


def refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "AnyCall")


@pytest.mark.parametrize(("code", "message", "expected"), TABLE)
def test_an_error_is_sorted_by_what_the_caller_does_next(
    code: str, message: str, expected: type[PointsmanError]
) -> None:
    with pytest.raises(PointsmanError) as caught, mapped("the call"):
        raise refusal(code, message)
    assert type(caught.value) is expected
    assert str(caught.value) == f"the call: {code}: {message}"


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="x"),
        ReadTimeoutError(endpoint_url="x"),
        ResponseParserError("a proxy's page"),
    ],
)
def test_a_connection_that_fails_is_transient(error: Exception) -> None:
    with pytest.raises(Transient, match="the call"), mapped("the call"):
        raise error


def test_a_request_that_is_wrong_before_it_is_sent_is_refused_for_good() -> None:
    with pytest.raises(Refused, match="the call: Parameter validation failed"), mapped("the call"):
        raise ParamValidationError(report="Missing required parameter")


def test_what_is_no_answer_of_aws_is_left_alone() -> None:
    with pytest.raises(ZeroDivisionError), mapped("the call"):
        raise ZeroDivisionError


def test_an_error_without_a_body_has_no_code_and_is_transient() -> None:
    error = ClientError({}, "AnyCall")
    assert code_of(error) == ""
    with pytest.raises(Transient), mapped("the call"):
        raise error


def test_what_waits_and_what_needs_a_person_are_told_apart() -> None:
    needs_person = {kind for _, _, kind in TABLE if issubclass(kind, NeedsPerson)}
    assert needs_person == {QuotaExceeded, Denied, Refused}
