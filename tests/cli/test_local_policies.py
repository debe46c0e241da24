"""The policies of a local world follow their folder; mistakes leave them as they were."""

from pathlib import Path

import pytest

from cli.local_policies import SHIPPED, PolicyFolder, usual_folder
from pointsman.policy import Policy

CHAT = (SHIPPED / "chat-llm.yaml").read_text(encoding="utf-8")


def endpoints(policies: object) -> list[str]:
    assert isinstance(policies, list)
    return [policy.endpoint for policy in policies if isinstance(policy, Policy)]


def test_a_file_that_is_added_changed_or_removed_is_seen(tmp_path: Path) -> None:
    given: list[object] = []
    refresh = PolicyFolder(tmp_path).refresher(lambda policies: given.append(list(policies)))
    file = tmp_path / "chat.yaml"

    refresh()
    file.write_text(CHAT, encoding="utf-8")
    refresh()
    file.write_text(CHAT.replace("endpoint: chat-llm", "endpoint: chat-other"), encoding="utf-8")
    refresh()
    refresh()
    file.unlink()
    refresh()

    assert [endpoints(each) for each in given] == [["chat-llm"], ["chat-other"], []]


def test_mistakes_leave_the_policies_as_they_were_until_they_are_mended(tmp_path: Path) -> None:
    folder, file = PolicyFolder(tmp_path), tmp_path / "chat.yaml"
    file.write_text(CHAT, encoding="utf-8")
    given: list[object] = []
    refresh = folder.refresher(lambda policies: given.append(list(policies)))
    assert refresh() == []

    file.write_text(CHAT + "colour: red\n", encoding="utf-8")
    assert any("colour" in problem for problem in refresh())
    assert endpoints(folder.policies) == ["chat-llm"]

    file.write_text(CHAT + "\n", encoding="utf-8")
    assert refresh() == []
    assert len(given) == 1


def test_a_folder_that_goes_away_is_a_mistake_and_an_empty_one_is_not(tmp_path: Path) -> None:
    folder = PolicyFolder(tmp_path / "policies")
    folder.read()
    assert "no such file or folder" in folder.problems[0]

    folder.path.mkdir()
    folder.read()
    assert folder.problems == []


def test_the_policies_here_come_before_those_that_ship(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert usual_folder() == SHIPPED

    (tmp_path / "policies").mkdir()
    assert usual_folder() == Path("policies")
