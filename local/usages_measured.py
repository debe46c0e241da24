"""What the metrics of endpoints say that are used in every way, or only look unused. Who is measured how is `usages.py`."""

from __future__ import annotations

from datetime import timedelta

from local.usage_meter import Meter, by_day, closing, on, when
from local.yard import VARIANT
from twin.signals import Flaw


def quiet(meter: Meter) -> None:
    """Zeros from the beginning on."""
    meter.quiet()


def quiet_processor(meter: Meter) -> None:
    """The same without any GPU."""
    meter.requests(0.0)
    meter.runs()


def busy(meter: Meter) -> None:
    """Asked by day, and its GPU works for it."""
    meter.requests(when(by_day, 40.0))
    meter.runs(percent=60.0)
    meter.gpus(when(by_day, 85.0, 1.0))


def stopped(meter: Meter) -> None:
    """Asked every day until 20 days ago; nothing is published since then."""
    meter.quiet()
    end = meter.days_ago(20)
    meter.requests(lambda moment: 5.0 if by_day(moment) and moment < end else None)


def on_holiday(meter: Meter) -> None:
    """Asked every day until four days ago."""
    busy(meter)
    end = meter.days_ago(4)
    meter.requests(lambda moment: 40.0 if by_day(moment) and moment < end else 0.0)
    meter.gpus(lambda moment: 85.0 if by_day(moment) and moment < end else 1.0)


def silent(meter: Meter) -> None:
    """Its instances run, and no request was ever published under its dimensions."""
    meter.runs()
    meter.gpus(0.0)


def woken(meter: Meter) -> None:
    """Asked ten minutes ago, for the first time."""
    meter.quiet()
    meter.requests(meter.between(10 / 1440, 8 / 1440, otherwise=0.0))


def second_variant(meter: Meter) -> None:
    """All requests name the other variant."""
    meter.quiet(VARIANT, "other")
    meter.requests(when(by_day), "other")


def by_config(meter: Meter) -> None:
    """Counted under the name of its config alone, as after a deployment."""
    quiet_processor(meter)
    meter.requests(when(by_day), EndpointConfigName=f"{meter.endpoint}-v1")


def pools_busy(meter: Meter) -> None:
    """Counted by instance type alone."""
    meter.runs()
    meter.requests(when(by_day), InstanceType="ml.g5.xlarge")


def pools_quiet(meter: Meter) -> None:
    """Zeros by instance type alone."""
    meter.runs()
    meter.requests(0.0, InstanceType="ml.g5.xlarge")


def direct_busy(meter: Meter) -> None:
    """One of two containers is chosen by callers; its variant's own count stays at nothing."""
    meter.quiet()
    meter.requests(when(by_day), ContainerName="score")
    meter.requests(0.0, ContainerName="clean")


def direct_quiet(meter: Meter) -> None:
    """Neither container is asked."""
    meter.quiet()
    for container in ("clean", "score"):
        meter.requests(0.0, ContainerName=container)


def component_busy(meter: Meter) -> None:
    """One of two components is asked."""
    meter.runs()
    meter.component(f"{meter.endpoint}-chat", 0.0)
    meter.component(f"{meter.endpoint}-embed", when(by_day))


def component_quiet(meter: Meter) -> None:
    """Neither component is asked."""
    meter.runs()
    for each in ("chat", "embed"):
        meter.component(f"{meter.endpoint}-{each}", 0.0)


def component_knocked(meter: Meter) -> None:
    """Somebody asks, and no instance is there to answer."""
    component_quiet(meter)
    meter.component(f"{meter.endpoint}-chat", when(by_day), "NoCapacityInvocationFailures")


def component_unread(meter: Meter) -> None:
    """One of two components publishes nothing."""
    meter.runs()
    meter.component(f"{meter.endpoint}-chat", 0.0)


def instances_only(meter: Meter) -> None:
    """Nothing but the instances."""
    meter.runs()


def queue_processed(meter: Meter) -> None:
    """Requests are done as fast as they come: the queue is always found empty."""
    meter.runs()
    meter.queue(0.0)
    meter.outcomes(when(on(2, 9), 5.0, None))


def queue_waiting(meter: Meter) -> None:
    """Requests wait, and none is done."""
    meter.runs()
    meter.queue(when(by_day, 12.0))


def queue_empty(meter: Meter) -> None:
    """Nobody sends anything."""
    meter.runs()
    meter.queue(0.0)


def weekly(meter: Meter) -> None:
    """Every Thursday at 02:00."""
    meter.quiet()
    meter.requests(when(on(3, 2)))


def every_17_days(meter: Meter) -> None:
    """A day of requests every now and then, last 17 days ago."""
    meter.quiet()
    begins = [meter.days_ago(days) for days in (34, 17)]
    meter.requests(
        lambda moment: 3.0 if any(at <= moment < at + timedelta(hours=5) for at in begins) else 0.0
    )


def month_end(meter: Meter) -> None:
    """At the end of every month."""
    meter.quiet()
    meter.requests(when(closing))


def mid_month(meter: Meter) -> None:
    """Once in five weeks, for some hours."""
    meter.quiet()
    meter.requests(meter.between(18, 17.8, otherwise=0.0))


def tried_out(meter: Meter) -> None:
    """For some hours after it was made, and never again."""
    meter.quiet()
    end = meter.made + timedelta(hours=5)
    meter.requests(lambda moment: 3.0 if moment < end else 0.0)


def unseen(meter: Meter) -> None:
    """No request is counted, and its GPU works: bidirectional streams, say."""
    meter.quiet()
    meter.gpus(when(by_day, 40.0))


def fading(meter: Meter) -> None:
    """Its instances have reported nothing for four days."""
    meter.quiet()
    end = meter.days_ago(4)
    meter.runs(percent=lambda moment: 2.0 if moment < end else None)


def failing(meter: Meter) -> None:
    """CloudWatch answers with an error."""
    meter.quiet()
    meter.requests(0.0, flaw=Flaw.ERROR)


def partial(meter: Meter) -> None:
    """CloudWatch answers with a part."""
    meter.quiet()
    meter.requests(0.0, flaw=Flaw.PARTIAL)


def forbidden(meter: Meter) -> None:
    """CloudWatch does not answer this caller."""
    meter.quiet()
    meter.requests(0.0, flaw=Flaw.FORBIDDEN)


def shadowed(meter: Meter) -> None:
    """Neither production nor its shadow is asked."""
    meter.quiet(VARIANT, "copy")


def oversized(meter: Meter) -> None:
    """Asked all day, and its GPUs hardly notice: 40 of 400 percent."""
    meter.requests(when(by_day, 40.0))
    meter.runs(percent=20.0)
    meter.gpus(when(by_day, 40.0, 1.0))


def rarely_component(meter: Meter) -> None:
    """One of its components is asked on Wednesdays."""
    meter.runs()
    meter.gpus(when(on(2, 9), 70.0, 0.0))
    meter.component(f"{meter.endpoint}-chat", when(on(2, 9)))
    meter.component(f"{meter.endpoint}-embed", 0.0)


def rarely(meter: Meter) -> None:
    """Asked on Wednesdays, at full load then."""
    meter.requests(when(on(2, 9)))
    meter.runs()
    meter.gpus(when(on(2, 9), 90.0, 0.0))
