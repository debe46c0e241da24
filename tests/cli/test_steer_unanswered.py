"""Steering when the answer does not come: a person is told that it may have happened, and how to repeat it without harm."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from cli.reach import Reach, Reached
from cli.steer_flow import Manner, Wish, steer
from pointsman.errors import Denied, Transient

IDENTITY = type("Identity", (), {"arn": "arn:aws:iam::111122223333:user/dana", "account": "111122223333"})
ACCOUNT = type(
    "Account", (), {"region": "eu-central-1", "identity": IDENTITY, "now": datetime(2026, 11, 20, tzinfo=UTC)}
)


@dataclass
class Silent:
    """An installation that answers questions and previews, and then what it is told to."""

    ends_with: BaseException | None = None
    table_is_down: bool = False
    sent: list[dict[str, Any]] = field(default_factory=list)

    def call(self, trigger: str, event: dict[str, Any]) -> dict[str, Any]:
        if trigger == "operator_query":
            if self.table_is_down:
                raise Transient("function pointsman-operator-query failed: Transient: table: down")
            return {"ok": True, "rollouts": [], "next": None}
        self.sent.append(event)
        if event.get("preview"):
            return {"ok": True, "message": "would be done", "rollout": "x"}
        if self.ends_with is not None:
            raise self.ends_with
        return {"ok": True, "message": "done", "rollout": "x"}


@dataclass(frozen=True)
class Found(Reach):
    """A place that needs no credentials."""

    functions: Any = None

    def open(self) -> Reached:
        account: Any = ACCOUNT
        return Reached(account, self.functions)


def ends(silent: Silent, command: str = "abort") -> int:
    manner = Manner(yes=True, request_id="r-7", reach=Found(functions=silent))
    return steer(Wish(command, "chat-llm", "why"), manner)


@pytest.mark.parametrize(
    ("ends_with", "code"), [(Transient("Lambda does not answer"), 3), (KeyboardInterrupt(), 130)]
)
def test_without_an_answer_it_may_have_happened_and_a_repeat_is_harmless(
    capsys: pytest.CaptureFixture[str], ends_with: BaseException, code: int
) -> None:
    assert ends(Silent(ends_with)) == code
    said = capsys.readouterr().err
    assert "It may have been carried out. Look with: pointsman status chat-llm." in said
    assert "--request-id r-7 does nothing twice" in said


def test_a_denied_request_was_not_carried_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert ends(Silent(Denied("lambda:InvokeFunction on pointsman-operator-request: no"))) == 3
    assert "may have been carried out" not in capsys.readouterr().err


def test_preview_and_request_are_the_same_request(capsys: pytest.CaptureFixture[str]) -> None:
    silent = Silent()
    assert ends(silent) == 0
    preview, request = silent.sent
    assert preview == request | {"preview": True}
    assert (request["request_id"], request["by"]) == ("r-7", "arn:aws:iam::111122223333:user/dana")


def test_a_table_that_is_down_keeps_nobody_from_an_abort() -> None:
    assert ends(Silent(table_is_down=True)) == 0


def test_other_commands_need_to_see_what_they_are_about(capsys: pytest.CaptureFixture[str]) -> None:
    silent = Silent(table_is_down=True)
    assert ends(silent, "promote") == 3
    assert silent.sent == []
