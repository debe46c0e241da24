"""Whether the numbers of a first policy let a release prove itself at the traffic that they are guessed from. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pointsman.core.evidence_time import Mood, Reading
from pointsman.core.guesses import Guess, Numbers, numbers
from pointsman.core.past_traffic import ONE_HOUR, PastTraffic, floor_hour
from pointsman.core.timetable import Question, course
from pointsman.core.usual import Usual
from pointsman.policy import METRIC_DELAY, ErrorKind, Health, Plan, Serve, Strategy
from pointsman.survey import Past

LATE_FILL = timedelta(minutes=5)
UNPROVED = "At this traffic the judge finds no proof within the patience: see pointsman plan"


def checked_numbers(past: Past, slowest_alarm: timedelta) -> Numbers:
    """Guess from the past, and say so where the steps would not prove themselves in time."""
    guessed = numbers(past, slowest_alarm)
    if not past.requests or is_proved_in_time(guessed, past):
        return guessed
    steps = guessed.steps
    return replace(guessed, steps=Guess(steps.value, f"{steps.rests_on}. {UNPROVED}"))


def is_proved_in_time(guessed: Numbers, past: Past) -> bool:
    """Whether every step finds its proof within the patience, at the mean of the past traffic and as good as the past."""
    until = floor_hour(past.until)
    traffic = PastTraffic({until - ONE_HOUR: past.requests / len(past.hours)}, until)
    reading = Reading(METRIC_DELAY, LATE_FILL)
    question = Question(_plan(guessed), until, traffic, reading, usual=_usual(past))
    return course(question, Mood(0)).stuck_at is None


def _usual(past: Past) -> Usual:
    """Of latencies it only matters here that there are some."""
    us = max((each / timedelta(microseconds=1) for each in past.p99), default=0.0)
    failed = max(past.server_errors, past.model_errors) / past.requests
    return Usual(us, us, min(1.0, failed), past.requests / (60 * len(past.hours)))


def _plan(guessed: Numbers) -> Plan:
    """As far as the time that a release takes depends on it."""
    health = Health(
        errors=(ErrorKind.SERVER,),
        max_error_percent=guessed.max_error_percent.value,
        slow_over=guessed.slow_over.value,
        max_slow_percent=guessed.max_slow_percent.value,
        min_requests=guessed.min_requests.value,
    )
    return Plan(
        strategy=Strategy.CANARY,
        steps=guessed.steps.value,
        bake_min=guessed.bake_min.value,
        bake_max=guessed.bake_max.value,
        patience=guessed.patience.value,
        on_patience=guessed.on_patience,
        watch=timedelta(),
        serve=Serve("", 1),
        health=health,
    )
