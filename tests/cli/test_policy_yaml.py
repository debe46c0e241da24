"""What the YAML reader gives, and what it refuses."""

from __future__ import annotations

import pytest

from cli.policy_yaml import Unreadable, read_yaml


def test_every_key_and_item_has_its_line() -> None:
    document = read_yaml("a: 1\nb:\n  c:\n    - x\n    - y\n")

    assert document.data == {"a": 1, "b": {"c": ["x", "y"]}}
    assert document.line_of(("b", "c", 1)) == 5


def test_what_is_not_in_the_file_has_the_line_of_the_section_around_it() -> None:
    document = read_yaml("a: 1\nb:\n  c: 1\n")

    assert document.line_of(("b", "missing")) == 2
    assert document.line_of(("missing",)) is None


def test_a_key_given_twice_is_noted_with_its_second_line() -> None:
    assert read_yaml("a: 1\nb:\n  c: 1\n  c: 2\n").twice == [(("b", "c"), 4)]


def test_a_date_stays_the_text_that_was_written() -> None:
    assert read_yaml("when: 2026-02-31").data == {"when": "2026-02-31"}


def test_a_merge_key_merges_nothing() -> None:
    assert read_yaml("<<: {a: 1}\nb: 2").data == {"<<": {"a": 1}, "b": 2}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [1, 2\n", 3, "expected"),
        ("a:\n\tb: 1\n", 2, "spaces, not tabs"),
        ("a: 1\n---\nb: 2\n", 2, "document"),
        ("a: &x [1]\nb: *x\n", 2, "aliases"),
        ("a: !!python/object/apply:os.getcwd []\n", 1, "constructor"),
        ("a: 1\nb: \x07\n", 2, "control character"),
        ("? [a]\n: b\n", 1, "unhashable"),
        ("a: !!int x\n", None, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int | None, message: str) -> None:
    with pytest.raises(Unreadable, match=message) as caught:
        read_yaml(text)
    assert caught.value.line == line


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(Unreadable, match="too deeply"):
        read_yaml("[" * 5000)
