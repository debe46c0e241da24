"""The minute tick: at full minutes, once each, and only as long as there is a need."""

from __future__ import annotations

from datetime import UTC, datetime

from twin.agenda import Agenda
from twin.ticker import Ticker


def test_it_ticks_at_full_minutes_once_each_until_there_is_no_need() -> None:
    agenda = Agenda(datetime(2026, 11, 20, 14, 0, 30, tzinfo=UTC))
    ticks: list[str] = []
    ticker = Ticker(agenda, lambda: ticks.append(f"{agenda.now:%H:%M:%S}"), lambda: len(ticks) < 3)
    for _ in range(3):
        ticker.wind()
    while (due := agenda.next_due()) is not None:
        agenda.now = due
        agenda.take()()
    assert ticks == ["14:01:00", "14:02:00", "14:03:00"]


def test_without_a_need_it_does_not_begin() -> None:
    agenda = Agenda(datetime(2026, 11, 20, 14, tzinfo=UTC))
    Ticker(agenda, lambda: None, lambda: False).wind()
    assert agenda.next_due() is None
