"""What metrics would say of an endpoint over weeks, as functions of time. Which endpoint is used how is `usages.py`; nothing of the product is used here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from local.yard import VARIANT
from twin.kernel import Kernel
from twin.signals import Curve, Flaw, Signal

ASKED, RUNNING = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
Pulse = Callable[[datetime], bool]
"""Whether there are requests in a minute."""


@dataclass(frozen=True, slots=True)
class Meter:
    """Sets the metrics of one endpoint. `made` is when they begin, `now` what curves count back from."""

    kernel: Kernel
    endpoint: str
    made: datetime
    now: datetime

    def requests(self, curve: Curve, variant: str = VARIANT, flaw: Flaw = Flaw.NONE, **more: str) -> None:
        """Requests a minute of a variant, under its two dimensions and any `more`."""
        self._put((ASKED, "Invocations"), self._of(variant) | more, curve, counts=True, flaw=flaw)

    def component(self, name: str, curve: Curve, metric: str = "Invocations") -> None:
        """Requests a minute of an inference component."""
        self._put((ASKED, metric), {"InferenceComponentName": name}, curve, counts=True)

    def queue(self, curve: Curve) -> None:
        """Requests that wait for an asynchronous endpoint."""
        self._put((ASKED, "ApproximateBacklogSize"), {"EndpointName": self.endpoint}, curve)

    def outcomes(self, curve: Curve, metric: str = "InvocationsProcessed") -> None:
        """What became of the requests of an asynchronous endpoint."""
        self._put((ASKED, metric), self._of(VARIANT), curve, counts=True)

    def runs(self, variant: str = VARIANT, *, percent: Curve = 2.0) -> None:
        """Instances report the use of their processors."""
        self._put((RUNNING, "CPUUtilization"), self._of(variant), percent)

    def gpus(self, percent: Curve, variant: str = VARIANT) -> None:
        """Use of GPUs, 100 for each."""
        self._put((RUNNING, "GPUUtilization"), self._of(variant), percent)

    def quiet(self, *variants: str) -> None:
        """Instances that run, and are asked nothing: zeros, which a variant publishes while nobody asks it."""
        for variant in variants or (VARIANT,):
            self.requests(0.0, variant)
            self.runs(variant)
            self.gpus(0.0, variant)

    def days_ago(self, days: float) -> datetime:
        """So many days before now."""
        return self.now - timedelta(days=days)

    def between(self, first: float, last: float, rate: float = 3.0, otherwise: float | None = None) -> Curve:
        """Requests from so many days ago until so many days ago; outside of it `otherwise`."""
        begin, end = self.days_ago(first), self.days_ago(last)
        return lambda when: rate if begin <= when < end else otherwise

    def _of(self, variant: str) -> dict[str, str]:
        return {"EndpointName": self.endpoint, "VariantName": variant}

    def _put(
        self,
        metric: tuple[str, str],
        dimensions: dict[str, str],
        curve: Curve,
        *,
        counts: bool = False,
        flaw: Flaw = Flaw.NONE,
    ) -> None:
        self.kernel.signal(metric, dimensions, Signal(curve, self.made, counts, flaw))


def when(pulse: Pulse, rate: float = 3.0, otherwise: float | None = 0.0) -> Curve:
    """Requests in the minutes of a pulse."""
    return lambda moment: rate if pulse(moment) else otherwise


def by_day(moment: datetime) -> bool:
    """Office hours, every day."""
    return 7 <= moment.hour < 19  # noqa: PLR2004 - hours of a day


def on(weekday: int, hour: int) -> Pulse:
    """One hour a week; Monday is 0."""
    return lambda moment: (moment.weekday(), moment.hour) == (weekday, hour)


def closing(moment: datetime) -> bool:
    """The books are closed: five nights around the end of a month."""
    return moment.hour in (1, 2) and ((moment + timedelta(days=3)).month != moment.month or moment.day <= 2)  # noqa: PLR2004 - hours and days
