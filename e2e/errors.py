"""Why a run from end to end came to nothing."""


class NotProved(Exception):
    """Something is not as it should be, or did not come about in time. The text says what, and what to look at."""
