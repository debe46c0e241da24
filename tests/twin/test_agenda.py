"""The virtual clock: earliest first, first added first, never into the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from twin.agenda import Agenda

START = datetime(2026, 11, 20, 14, tzinfo=UTC)


def drain(agenda: Agenda) -> None:
    while agenda.next_due() is not None:
        agenda.take()()


def test_actions_run_by_due_time_and_then_in_the_order_they_were_added() -> None:
    agenda, ran = Agenda(START), list[str]()
    agenda.after(timedelta(minutes=2), lambda: ran.append("late"))
    agenda.after(timedelta(minutes=1), lambda: ran.append("first"))
    agenda.after(timedelta(minutes=1), lambda: ran.append("second"))
    drain(agenda)
    assert ran == ["first", "second", "late"]


def test_what_is_asked_for_in_the_past_is_due_now() -> None:
    agenda = Agenda(START)
    agenda.at(START - timedelta(minutes=1), lambda: None)
    assert agenda.next_due() == START
