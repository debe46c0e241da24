"""What a function may do and no test makes it do, each with the reason why it may all the same."""

from __future__ import annotations

UNSEEN: dict[tuple[str, str, str], str] = {}
"""Function, statement, and action or resource."""
