"""The site shows every page."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from tests.docs.blocks import ROOT

NAV = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]


def named_in(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict):
        for inner in nav.values():
            yield from named_in(inner)
    elif isinstance(nav, list):
        for inner in nav:
            yield from named_in(inner)


def test_every_page_can_be_reached_from_the_navigation_in_mkdocs_yml() -> None:
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}

    assert sorted(named_in(NAV)) == sorted(pages)
