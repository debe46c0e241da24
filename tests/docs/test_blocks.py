"""How pages are read: fences, commands, and what `...` stands for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, blocks_of, matches, steps_of


def block(text: str) -> Block:
    return Block(ROOT / "docs" / "page.md", 10, "console", tuple(text.splitlines()))


def test_a_block_knows_its_language_and_its_first_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '# Page\n\n```yaml title="a.yaml"\na: 1\n```\n\n1. Then\n\n    ```console\n    $ true\n    ```\n'
    )

    assert [(each.language, each.title, each.line, each.lines) for each in blocks_of(page)] == [
        ("yaml", "a.yaml", 4, ("a: 1",)),
        ("console", "", 10, ("$ true",)),
    ]


def test_a_command_is_followed_by_what_it_prints() -> None:
    first, second = steps_of(block("$ echo a\na\n\n$ cat <<END\n> b\n> END\nb"))

    assert (first.line, first.command, first.shown) == (10, "echo a", ("a",))
    assert (second.line, second.command, second.shown) == (13, "cat <<END\nb\nEND", ("b",))


def test_output_without_a_command_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match=r"docs/page\.md:10"):
        list(steps_of(block("a\n$ echo a")))


def test_the_command_of_a_titled_block_stays_in_that_terminal() -> None:
    (step,) = steps_of(replace(block("$ sleep 600"), title="a second terminal"))

    assert step.stays


def test_nothing_can_be_typed_after_a_command_that_stays() -> None:
    with pytest.raises(ValueError, match="stays"):
        list(steps_of(replace(block("$ sleep 600\n$ true"), title="a second terminal")))


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "...", "d"], ["a", "b", "c", "d"]),
        (["a", "...", "b"], ["a", "b"]),
        (["..."], []),
        (["a ...", "c"], ["a long tale", "c"]),
        ([], []),
    ],
)
def test_lines_match_when_they_are_the_same_or_left_out_on_purpose(
    shown: list[str], printed: list[str]
) -> None:
    assert matches(shown, printed)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (["a"], ["a", "b"]),
        (["a", "b"], ["a"]),
        (["a...", "c"], ["ab", "c"]),
        (["a ...", "c"], ["b long tale", "c"]),
        (["a ...", "c"], ["a long", "tale", "c"]),
        (["a", "...", "d"], ["a", "b"]),
        ([], ["a"]),
        (["1.5 %"], ["1x5 %"]),
    ],
)
def test_lines_that_differ_do_not_match(shown: list[str], printed: list[str]) -> None:
    assert not matches(shown, printed)
