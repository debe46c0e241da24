"""A page is renewed with what is printed now, and what was left out stays left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import matches
from tests.docs.renew import Failed, merged, renewed


@pytest.mark.parametrize(
    ("shown", "printed", "result"),
    [
        (["at 15:01 of 12"], ["at 16:02 of 7"], ["at 16:02 of 7"]),
        (
            ["...", "Fri x.v2.20261120T1501Z of e-4acc2f6a ..."],
            ["x", "Tue x.v2.20261117T0931Z of e-85367192 is new"],
            ["...", "Tue x.v2.20261117T0931Z of e-85367192 ..."],
        ),
        (["a", "...", "b 1"], ["a", "x", "y", "b 2"], ["a", "...", "b 2"]),
        (["done in 3 s ..."], ["done in 4 s by somebody"], ["done in 4 s ..."]),
        (["a", "b"], ["a", "new", "b"], ["a", "new", "b"]),
        (["a", "gone", "b"], ["a", "instead", "b"], ["a", "instead", "b"]),
        (["a"], ["a", "b"], ["a", "b"]),
        (["a", "..."], ["a", "b"], ["a", "..."]),
        ([], ["a"], ["a"]),
    ],
)
def test_what_is_printed_now_takes_the_place_of_what_was_shown(
    shown: list[str], printed: list[str], result: list[str]
) -> None:
    assert merged(shown, printed) == result
    assert matches(result, printed)


def test_only_the_output_that_differs_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n```console\n$ echo 1; echo 2\n...\n$ echo new\nold\n```\n\nEnd\n")

    assert renewed(page) == "# Page\n\n```console\n$ echo 1; echo 2\n...\n$ echo new\nnew\n```\n\nEnd\n"


def test_nothing_is_written_when_a_command_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo 1; false\n1\n```\n")

    with pytest.raises(Failed, match="line 2"):
        renewed(page)
