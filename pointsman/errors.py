"""Exceptions sorted by what the caller does next. What they mean belongs here; how AWS words them belongs in adapters.

PointsmanError
|- BadEvent        drop it: it can never become right; log one line, count it
|- Conflict        lose gracefully: somebody else wrote first; observe again, decide again
|- Busy            wait: the endpoint is in the middle of another change
|- Transient       retry: throttled, timed out, unavailable
|- NotFound        the thing asked for does not exist
`- NeedsPerson     stop and tell a person
   |- Denied         our permissions do not allow it
   |- QuotaExceeded  an account quota stands in the way
   |- Misconfigured  a policy, a stored item or a setting cannot be read or cannot work
   `- Refused        the service refuses the request and will refuse it again
"""


class PointsmanError(Exception):
    """Root of everything that this product raises on purpose."""


class BadEvent(PointsmanError):
    """An event that is malformed, foreign or of a schema we do not know. Drop it."""


class Conflict(PointsmanError):
    """Another pass wrote first. Observe and decide again."""


class Busy(PointsmanError):
    """The endpoint is being changed already. The next event or tick comes back to it."""


class Transient(PointsmanError):
    """Throttled, timed out or unavailable. Retrying may help."""


class NotFound(PointsmanError):
    """The resource does not exist."""


class NeedsPerson(PointsmanError):
    """Repeating cannot help; a person has to change something first."""


class Denied(NeedsPerson):
    """The call was refused for lack of permission."""


class QuotaExceeded(NeedsPerson):
    """An account quota is exhausted."""


class Misconfigured(NeedsPerson):
    """A policy, a stored item or a setting cannot be read, or names something that cannot work."""


class Refused(NeedsPerson):
    """The service calls the request invalid; sending it again gives the same answer."""
