"""What keeps the template from being made, in words for whoever makes it."""

from __future__ import annotations


class NotDeployable(Exception):
    """No template was written: the message says what is in the way and what to do."""
