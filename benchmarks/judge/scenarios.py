"""The cells of the bench by name: conditions under which no version is worse, and faults of the candidate. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from benchmarks.judge.setting import Noise


class Shape(StrEnum):
    """Whose latency it is: a web service's, or that of a model that writes."""

    WEB = "web"
    LLM = "llm"


@dataclass(frozen=True, slots=True)
class Fault:
    """What the candidate does worse, from minute `onset` on and at shares of `min_share` and more.

    Errors are multiplied; so is latency. `tail` is the part of requests that becomes slow in addition, `quality` what the
    mean score loses, `leak` grows with each minute. `dead` answers nothing well; with `dark` nothing is reported either.
    """

    errors: float = 1.0
    latency: float = 1.0
    tail: float = 0.0
    quality: float = 0.0
    leak: float = 0.0
    dead: bool = False
    dark: bool = False
    onset: int = 0
    min_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is true of the world beside the noise. None of it says anything about the version, a fault aside."""

    error_rate: float = 0.005
    shape: Shape = Shape.WEB
    cold_start: bool = False
    lightly_loaded: bool = False
    """The candidate's fleet is sized for all traffic from the start: it is faster while its share is small."""
    scaling: bool = False
    """Each side's fleet grows or shrinks twice in the hour: slower before, cold instances after."""
    lengths: float = 0.0
    """Standard deviation of the drift of a side's log output length, which latency follows."""
    few: bool = False
    replayed: bool = False
    """Traffic and output lengths of a trace, minute by minute."""
    incident: bool = False
    sessions: float = 0.2
    """Requests a user sends a minute: the higher, the fewer users there are."""
    retries: float | None = None
    partial: float = 0.0
    missing: float = 0.0

    def applied(self, noise: Noise) -> Noise:
        """The noise of a level, with what this cell exaggerates."""
        return replace(
            noise,
            incident=1.0 if self.incident else noise.incident,
            retries=noise.retries if self.retries is None else self.retries,
            session_minutes=max(noise.session_minutes, 10.0 if self.sessions > USUAL.sessions else 0.0),
            partial=max(noise.partial, self.partial),
            missing=max(noise.missing, self.missing),
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row of the bench. Without a fault the candidate is as good as the baseline, or better."""

    name: str
    about: str
    conditions: Conditions = field(default_factory=Conditions)
    fault: Fault | None = None
    better: float = 1.0
    """Factor on the candidate's errors where it is no fault."""


USUAL = Conditions()
LLM = Conditions(shape=Shape.LLM)
GOOD = (
    Scenario("aa", "the same version twice"),
    Scenario("aa_low", "baseline errors 0.03 %", Conditions(error_rate=0.0003)),
    Scenario("aa_high", "baseline errors 3 %", Conditions(error_rate=0.03)),
    Scenario("aa_llm", "a model that writes: seconds, long-tailed", LLM),
    Scenario("better", "half the errors", better=0.5),
    Scenario(
        "incident", "3 to 8 minutes of x15 errors and x1.6 latency on both sides", Conditions(incident=True)
    ),
    Scenario("cold", "cold caches in the first minutes", Conditions(cold_start=True)),
    Scenario("gaps", "a tenth of the minutes is missing", Conditions(missing=0.04)),
    Scenario("late_data", "a fifth of the minutes is read too early", Conditions(partial=0.2)),
    Scenario("sticky", "few users who stay on their side", Conditions(sessions=2.0)),
    Scenario("retries", "failed requests come again, twice at most", Conditions(retries=0.8)),
    Scenario("few", "two instances against one, whatever the traffic", Conditions(few=True)),
    Scenario("unloaded", "faster while its share is small", Conditions(lightly_loaded=True)),
    Scenario("scaling", "fleets grow and shrink", Conditions(scaling=True)),
    Scenario("lengths", "answers of different length on both sides", replace(LLM, lengths=0.06)),
    Scenario("replay", "traffic and lengths of a trace", replace(LLM, replayed=True)),
)
FAULTS = (
    Scenario("err_x2", "twice the errors", fault=Fault(errors=2)),
    Scenario("err_x5", "five times the errors", fault=Fault(errors=5)),
    Scenario("err_x20", "twenty times the errors", fault=Fault(errors=20)),
    Scenario("dead", "fails every request", fault=Fault(dead=True)),
    Scenario("dark", "answers nothing, reports nothing", fault=Fault(dead=True, dark=True)),
    Scenario("err_x5_late", "x5 errors from minute 30", fault=Fault(errors=5, onset=30)),
    Scenario(
        "load25", "x8 errors, x1.5 latency from 25 % on", fault=Fault(errors=8, latency=1.5, min_share=0.25)
    ),
    Scenario("leak", "errors and latency grow each minute", fault=Fault(leak=0.03, onset=5)),
    Scenario("lat_10", "10 % slower", fault=Fault(latency=1.1)),
    Scenario("lat_30", "30 % slower", fault=Fault(latency=1.3)),
    Scenario("lat_100", "twice as slow", fault=Fault(latency=2.0)),
    Scenario("lat_30_llm", "30 % slower, a model that writes", LLM, Fault(latency=1.3)),
    Scenario(
        "lat_30_unloaded", "30 % slower at equal load", Conditions(lightly_loaded=True), Fault(latency=1.3)
    ),
    Scenario("tail", "3 % more requests are slow", fault=Fault(tail=0.03)),
    Scenario("quality_5", "the score loses 0.05", fault=Fault(quality=0.05)),
    Scenario("quality_15", "the score loses 0.15", fault=Fault(quality=0.15)),
    Scenario("err_x20_low", "x20 of 0.03 %", Conditions(error_rate=0.0003), Fault(errors=20)),
    Scenario("err_x5_gaps", "x5 with missing minutes", Conditions(missing=0.04), Fault(errors=5)),
    Scenario("err_x5_cold", "x5 behind a cold start", Conditions(cold_start=True), Fault(errors=5)),
    Scenario("err_x5_few", "x5, two instances against one", Conditions(few=True), Fault(errors=5)),
    Scenario(
        "err_x5_replay", "x5 under the traffic of a trace", replace(LLM, replayed=True), Fault(errors=5)
    ),
)
SCENARIOS = {scenario.name: scenario for scenario in (*GOOD, *FAULTS)}
