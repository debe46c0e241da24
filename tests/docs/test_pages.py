"""What the pages show is true: commands print it, policies are right, calls and targets exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from cli.policy_file import policy_from_text
from tests.docs.blocks import ROOT, Block, blocks_of, pages
from tests.docs.calls import calls_in, wrong_with
from tests.docs.shell import Shell, clone, told

EXAMPLE = (ROOT / "policies" / "chat-llm.yaml").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def name(of: Path | Block) -> str:
    return str(of.relative_to(ROOT)) if isinstance(of, Path) else str(of)


def everywhere(language: str) -> list[Block]:
    return [block for page in pages() for block in blocks_of(page, language)]


@pytest.mark.parametrize("page", [page for page in pages() if blocks_of(page, "console")], ids=name)
def test_every_command_of_the_page_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    with Shell(clone(tmp_path / "pointsman")) as shell:
        for block in blocks_of(page):
            for step, printed in shell.play(block):
                assert told(step, printed) is None


@pytest.mark.parametrize("block", everywhere("yaml"), ids=name)
def test_every_policy_in_a_page_is_right(block: Block) -> None:
    written = yaml.safe_load("\n".join(block.lines))
    whole = written if "endpoint" in written else merged(yaml.safe_load(EXAMPLE), written)

    assert policy_from_text(yaml.safe_dump(whole)).endpoint


@pytest.mark.parametrize("block", everywhere("json"), ids=name)
def test_every_json_in_a_page_can_be_read(block: Block) -> None:
    assert json.loads("\n".join(block.lines)) is not None


@pytest.mark.parametrize("page", [page for page in pages() if page.name != "commands.md"], ids=name)
def test_every_call_in_a_page_is_one_that_the_command_line_takes(page: Path) -> None:
    calls = [words for block in blocks_of(page) for words in calls_in(block.lines)]

    assert [wrong for words in calls if (wrong := wrong_with(words))] == []


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_make_target_in_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`|\$ )make ([a-z0-9-]+)", text, re.MULTILINE))

    assert named - TARGETS == set()


def merged(whole: dict[str, object], part: dict[str, object]) -> dict[str, object]:
    """Put part of a policy over a whole one: sections key by key, anything else as it is."""
    for key, value in part.items():
        inner = whole.get(key)
        both = isinstance(inner, dict) and isinstance(value, dict)
        whole[key] = merged(inner, value) if both else value  # type: ignore[arg-type]
    return whole
