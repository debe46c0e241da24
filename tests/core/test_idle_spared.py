"""Tags that keep an endpoint, in all the ways that people write them, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pointsman.core.idle_spared import kept_by

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "tag",
    [
        ("pointsman:keep", "true"),
        ("Keep", "yes please"),
        ("do-not-delete", ""),
        ("acme/DoNotStop", "1"),
        ("DR", "eu-west-1"),
        ("role", "standby"),
        ("Purpose", "Disaster Recovery"),
        ("keep-until", "2026-11-24"),
        ("pointsman:keep-until", " 2027-01-01 "),
        ("keep_until", "soon"),
        ("keep-until", "2026-13-01"),
    ],
)
def test_a_tag_keeps_it(tag: tuple[str, str]) -> None:
    assert tag[0] in kept_by(dict([tag]), NOW)


@pytest.mark.parametrize(
    "tag",
    [
        ("keep", "false"),
        ("keep", "No"),
        ("standby", "none"),
        ("keep-until", "2026-11-23"),
        ("role", "primary"),
        ("team", "standby"),
        ("keeper", "dana"),
    ],
)
def test_a_tag_does_not_keep_it(tag: tuple[str, str]) -> None:
    assert kept_by(dict([tag]), NOW) == ""


def test_one_that_keeps_is_enough() -> None:
    assert kept_by({"keep": "false", "role": "dr", "keep-until": "2020-01-01"}, NOW)
