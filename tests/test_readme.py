"""The README keeps its word: its diagram is the code's, its files and commands exist."""

import re
from pathlib import Path

from pointsman.core.phases import TRANSITIONS
from pointsman.triggers import TRIGGERS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_state_diagram_shows_exactly_the_transitions_there_are() -> None:
    drawn = set(re.findall(r"^    ([A-Z_]+) --> ([A-Z_]+)", README, re.MULTILINE))

    assert drawn == {
        (before.value, after.value) for before, targets in TRANSITIONS.items() for after in targets
    }


def test_every_linked_file_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_function_is_in_the_table() -> None:
    assert [trigger.name for trigger in TRIGGERS if f"| `{trigger.name}` |" not in README] == []


def test_its_ten_minutes_are_the_first_of_the_tutorial() -> None:
    (section,) = re.findall(r"## Ten minutes\n(.*?)\n## ", README, re.DOTALL)
    commands = [
        line for block in re.findall(r"```\n(.*?)```", section, re.DOTALL) for line in block.splitlines()
    ]
    tutorial = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")
    shown = iter(re.findall(r"^\$ (.*)", tutorial, re.MULTILINE))

    assert commands
    assert [command for command in commands if command not in shown] == []
