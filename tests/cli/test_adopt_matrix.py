"""The matrix as people read it, and docs/adopt.md with it."""

from __future__ import annotations

import json
import re

import pytest

from cli.adopt import Asked, adopt
from cli.adopt_matrix import PAGE, with_blocks
from cli.adopt_words import READS
from pointsman.core.matrix import Way
from pointsman.core.risks import Risk
from pointsman.survey import Kind
from tests.worlds.fleet import Here

TEXT = PAGE.read_text(encoding="utf-8")
Captured = pytest.CaptureFixture[str]


def test_the_page_holds_the_matrix_and_the_permissions_as_they_are() -> None:
    """Renew it with: python -m cli.adopt_matrix."""
    assert with_blocks(TEXT) == TEXT
    assert all(f"| {kind.value} |" in TEXT for kind in Kind)
    assert all(f"`{permission}`" in TEXT for permission in READS)


def test_the_page_explains_every_risk() -> None:
    table = re.findall(r"^\| ([a-z, ]+) \| ", TEXT, flags=re.MULTILINE)
    explained = {name for row in table for name in row.split(", ")}
    assert {risk.value for risk in Risk} <= explained


def test_the_page_describes_every_key_of_the_json_of_one_endpoint() -> None:
    described = set(re.findall(r"`([a-z_]+)`", TEXT.partition("## JSON")[2]))
    keys = "endpoint status config kinds takes_canary strategies owned_by would_undo recipes risks policy rests_on"
    assert {*keys.split(), "fill_in", "written_to", "unread"} <= described


def test_what_is_not_carried_out_yet_is_marked(capsys: Captured) -> None:
    assert adopt(asked=Asked(matrix=True), where=Here()) == 0
    head, *_ = capsys.readouterr().out.splitlines()
    assert re.findall(r"[a-z/]+\*", head) == ["rolling*", "blue/green*", "linear*", "shadow*", "component*"]
    assert "canary*" not in head


def test_every_answer_is_there_for_programs(capsys: Captured) -> None:
    assert adopt(asked=Asked(matrix=True), as_json=True, where=Here()) == 0
    matrix = json.loads(capsys.readouterr().out)
    assert set(matrix) == {kind.value for kind in Kind}
    assert all(set(row) == {way.value for way in Way} for row in matrix.values())
    assert matrix["shadow variant"]["canary"] == {
        "answer": "does not work",
        "carried_out": True,
        "why": "it has a shadow variant",
        "instead": "end the shadow test first",
    }
