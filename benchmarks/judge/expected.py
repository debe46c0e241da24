"""What a side's requests can expect at each share and minute, with its fault and without: rates, no draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.judge.latency import Bools, Floats, Mixture
from benchmarks.judge.scenarios import Fault, Scenario
from benchmarks.judge.setting import HORIZON, SHARES
from benchmarks.judge.weather import Weather

NO_FAULT = Fault()
LEAK_ERRORS = 2.5
"""A leak multiplies errors by its latency factor to this power."""
SPOILT_BEYOND = 1.25
"""A request is spoilt if it fails or takes longer than this times the baseline's 90th percentile."""


@dataclass(frozen=True, slots=True)
class Expected:
    """By run, share and minute: chance to fail, shift of the log latency, part that is slow in addition, loss of score."""

    failing: Floats
    shift: Floats
    tail: Floats
    loss: Floats
    is_dark: Floats

    def spoilt(self, mixture: Mixture) -> Floats:
        """Chance that a request is spoilt. A point of score that is lost counts as that part of a request."""
        slow = mixture.slower(SPOILT_BEYOND * mixture.quantile(0.9), self.shift, self.tail)
        return self.failing + (1 - self.failing) * (slow + self.loss)


def of_baseline(scenario: Scenario, weather: Weather) -> Expected:
    """The baseline never has the fault."""
    return _expected(replace(scenario, fault=None, better=1.0), weather)


def of_candidate(scenario: Scenario, weather: Weather) -> tuple[Expected, Expected]:
    """The candidate, and what it would be under the same weather without its fault."""
    return _expected(scenario, weather), _expected(replace(scenario, fault=None), weather)


def _expected(scenario: Scenario, weather: Weather) -> Expected:
    fault = scenario.fault or NO_FAULT
    is_active = _active(fault)
    grown = np.where(is_active, np.exp(fault.leak * _since(fault)), 1.0)
    rate = scenario.conditions.error_rate * scenario.better * np.where(is_active, fault.errors, 1.0)
    failing = rate * grown**LEAK_ERRORS * np.exp(weather.log_errors) + weather.extra_errors
    failing = np.where(is_active & fault.dead, 1.0, np.minimum(failing, 1.0))
    shift = weather.log_latency + np.where(is_active, np.log(fault.latency), 0.0) + np.log(grown)
    shape = failing.shape
    return Expected(
        failing,
        np.broadcast_to(shift, shape),
        np.broadcast_to(np.where(is_active, fault.tail, 0.0), shape),
        np.broadcast_to(np.where(is_active, fault.quality, 0.0), shape),
        np.broadcast_to(np.where(is_active & fault.dark, 1.0, 0.0), shape),
    )


def _active(fault: Fault) -> Bools:
    """By share and minute (with an axis for the runs): whether the fault shows."""
    shares = np.array(SHARES)[None, :, None] >= fault.min_share
    active: Bools = shares & (np.arange(HORIZON)[None, None, :] >= fault.onset)
    return active


def _since(fault: Fault) -> Floats:
    return np.maximum(np.arange(HORIZON) - fault.onset, 0)[None, None, :].astype(np.float64)
