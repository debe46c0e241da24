"""A fleet of endpoints that are idle, and of many more that only look so, over seven weeks, with what must be said of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from local import kinds_made as kind
from local import usages_made as made
from local import usages_measured as seen
from local.usage_meter import Meter
from local.yard import Client, Yard
from pointsman.core.idle_finding import Verdict
from twin.kernel import Kernel

AGE = 49
"""Days that the fleet has stood, unless an endpoint says otherwise."""
Maker = Callable[[Yard, str], None]
Measure = Callable[[Meter], None]


@dataclass(frozen=True, slots=True)
class Usage:
    """An endpoint: how it is made, what its metrics say, what happens to it later, and what is to be found."""

    name: str
    make: Maker
    measure: Measure
    verdict: Verdict
    says: str
    """A part of the reason, or of the suggestion."""
    made_days_ago: float = AGE
    then: Maker | None = None
    then_days_ago: float = 30


IDLE = (
    Usage("llm-promoted", made.promoted, seen.quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage("llm-zeros", made.gpu, seen.quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage("llm-stopped", made.gpu, seen.stopped, Verdict.IDLE, "no request for 20 days"),
    Usage("llm-tried-out", made.gpu, seen.tried_out, Verdict.IDLE, "no request for 24 days", 25),
    Usage("llm-never-asked", made.gpu, seen.quiet, Verdict.IDLE, "no request since it was made", 20),
    Usage("llm-unpriced", made.unpriced, seen.quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage("llm-kept-once", made.kept_once, seen.quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage("llm-keep-false", made.not_kept, seen.quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage("pools-quiet", kind.pools, seen.pools_quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage(
        "parts-quiet", made.components, seen.component_quiet, Verdict.IDLE, "no request for 35 days or longer"
    ),
    Usage("parts-none", made.hosting, seen.instances_only, Verdict.IDLE, "hosts no inference component"),
    Usage(
        "queue-empty", kind.asynchronous, seen.queue_empty, Verdict.IDLE, "no request for 35 days or longer"
    ),
    Usage("many-models", kind.multi_model, seen.quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage("pipeline", kind.pipeline, seen.quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage("direct-quiet", kind.direct, seen.direct_quiet, Verdict.IDLE, "no request for 35 days or longer"),
    Usage("shadowed", kind.shadow, seen.shadowed, Verdict.IDLE, "no request for 35 days or longer"),
    Usage(
        "scorer-zeros", made.processor, seen.quiet_processor, Verdict.IDLE, "no request for 35 days or longer"
    ),
)
BUSY = (
    Usage("llm-holiday", made.gpu, seen.on_holiday, Verdict.BUSY, "last on 2026-11-20"),
    Usage(
        "llm-busy",
        made.gpu,
        seen.busy,
        Verdict.BUSY,
        "requests to variant AllTraffic in 14 days, last on 2026-11-24",
    ),
    Usage(
        "second-variant",
        kind.variants,
        seen.second_variant,
        Verdict.BUSY,
        "requests to variant other in 14 days",
    ),
    Usage(
        "by-config",
        made.processor,
        seen.by_config,
        Verdict.BUSY,
        "AllTraffic, EndpointConfigName by-config-v1",
    ),
    Usage("pools-busy", kind.pools, seen.pools_busy, Verdict.BUSY, "AllTraffic, InstanceType ml.g5.xlarge"),
    Usage("direct-busy", kind.direct, seen.direct_busy, Verdict.BUSY, "AllTraffic, ContainerName score"),
    Usage("many-models-busy", kind.multi_model, seen.busy, Verdict.BUSY, "requests to variant AllTraffic"),
    Usage(
        "parts-busy",
        made.components,
        seen.component_busy,
        Verdict.BUSY,
        "requests to component parts-busy-embed",
    ),
    Usage(
        "parts-knocked", made.components, seen.component_knocked, Verdict.BUSY, "NoCapacityInvocationFailures"
    ),
    Usage("queue-processed", kind.asynchronous, seen.queue_processed, Verdict.BUSY, "InvocationsProcessed"),
    Usage(
        "queue-waiting",
        kind.asynchronous,
        seen.queue_waiting,
        Verdict.BUSY,
        "requests waited in its queue, 12 at once",
    ),
    Usage("job-every-17-days", made.gpu, seen.every_17_days, Verdict.BUSY, "it paused for 16 days before"),
    Usage(
        "job-month-end",
        made.gpu,
        seen.month_end,
        Verdict.BUSY,
        "at the end of a month, next around 2026-12-01",
    ),
    Usage(
        "job-mid-month",
        made.gpu,
        seen.mid_month,
        Verdict.BUSY,
        "may be a monthly job: looked at again on 2026-12",
    ),
    Usage("llm-unseen", made.gpu, seen.unseen, Verdict.BUSY, "yet its GPUs reached 40 %"),
)
UNDERUSED = (
    Usage(
        "llm-woken", made.gpu, seen.woken, Verdict.UNDERUSED, "6 requests to variant AllTraffic in 14 days"
    ),
    Usage("llm-four-big", made.four_big, seen.oversized, Verdict.UNDERUSED, "1 of its 4 instances would do"),
    Usage("llm-one-big", made.one_big, seen.oversized, Verdict.UNDERUSED, "a smaller type with fewer than 4"),
    Usage("llm-rarely", made.gpu, seen.rarely, Verdict.UNDERUSED, "asked on 2 of 14 days"),
    Usage("job-weekly", made.gpu, seen.weekly, Verdict.UNDERUSED, "asked on 2 of 14 days"),
    Usage("parts-rarely", made.components, seen.rarely_component, Verdict.UNDERUSED, "scale to zero copies"),
)
UNKNOWN = (
    Usage(
        "llm-silent",
        made.gpu,
        seen.silent,
        Verdict.UNKNOWN,
        "Invocations of llm-silent, AllTraffic has no data",
    ),
    Usage("llm-failing", made.gpu, seen.failing, Verdict.UNKNOWN, "llm-failing, AllTraffic (error)"),
    Usage(
        "llm-partial", made.gpu, seen.partial, Verdict.UNKNOWN, "llm-partial, AllTraffic (a part of it only)"
    ),
    Usage(
        "llm-forbidden", made.gpu, seen.forbidden, Verdict.UNKNOWN, "llm-forbidden, AllTraffic (not allowed)"
    ),
    Usage(
        "llm-fading",
        made.gpu,
        seen.fading,
        Verdict.UNKNOWN,
        "CPUUtilization of llm-fading, AllTraffic came on",
    ),
    Usage(
        "parts-unread",
        made.components,
        seen.component_unread,
        Verdict.UNKNOWN,
        "parts-unread-embed has no data",
    ),
    Usage("queue-unread", kind.asynchronous, seen.instances_only, Verdict.UNKNOWN, "ApproximateBacklogSize"),
    Usage("direct-unread", kind.direct, seen.quiet, Verdict.UNKNOWN, "AllTraffic, clean has no data"),
    Usage("pools-unread", kind.pools, seen.instances_only, Verdict.UNKNOWN, "has no data since 2026-10-20"),
    Usage(
        "config-lost",
        made.gpu,
        seen.quiet,
        Verdict.UNKNOWN,
        "config-lost-v1 was deleted",
        then=made.lose_config,
    ),
    Usage(
        "model-lost", made.gpu, seen.quiet, Verdict.UNKNOWN, "model-lost was deleted", then=made.lose_model
    ),
)
EXEMPT = (
    Usage("on-demand", kind.serverless, seen.quiet, Verdict.EXEMPT, "serverless: nothing is paid"),
    Usage("parts-at-zero", made.scaled_to_zero, seen.instances_only, Verdict.EXEMPT, "scaled to zero"),
    Usage("llm-young", made.gpu, seen.quiet, Verdict.EXEMPT, "it was made on 2026-11-22", 2),
    Usage(
        "llm-updated",
        made.gpu,
        seen.quiet,
        Verdict.EXEMPT,
        "it was changed on 2026-11-21",
        then=made.update,
        then_days_ago=3,
    ),
    Usage(
        "parts-updated",
        made.components,
        seen.component_quiet,
        Verdict.EXEMPT,
        "component parts-updated-new was changed on 2026-11-21",
        then=lambda yard, name: made.add_component(yard, name, "new"),
        then_days_ago=3,
    ),
    Usage("llm-kept", made.kept, seen.quiet, Verdict.EXEMPT, "kept by the tag pointsman:keep=true"),
    Usage("llm-kept-on", made.kept_on, seen.quiet, Verdict.EXEMPT, "kept until 2027-03-31"),
    Usage("llm-kept-vaguely", made.kept_vaguely, seen.quiet, Verdict.EXEMPT, "which is no date"),
    Usage("llm-standby", made.standby, seen.quiet, Verdict.EXEMPT, "kept by the tag role=DR"),
    Usage("llm-rollout", made.in_rollout, seen.quiet, Verdict.EXEMPT, "the config of a canary"),
    Usage("llm-failed", made.gpu, seen.quiet, Verdict.EXEMPT, "its status is Failed", then=made.fail),
    Usage("llm-mixed", made.gpu, seen.quiet, Verdict.EXEMPT, "status is UpdateRollbackFailed", then=made.mix),
    Usage(
        "llm-patched", made.gpu, seen.quiet, Verdict.EXEMPT, "its status is SystemUpdating", then=made.patch
    ),
)
USAGES = (*IDLE, *BUSY, *UNDERUSED, *UNKNOWN, *EXEMPT)


def build_usages(client: Client, kernel: Kernel, usages: Iterable[Usage] = USAGES) -> None:
    """Make the endpoints, the oldest first, and let the weeks pass. The kernel must be as old as the oldest, from now on."""
    yard, wanted = Yard(cache(client), kernel), tuple(usages)
    now = kernel.now + timedelta(days=max(usage.made_days_ago for usage in wanted))
    steps = [(usage.made_days_ago, usage, usage.make) for usage in wanted]
    steps += [(usage.then_days_ago, usage, usage.then) for usage in wanted if usage.then is not None]
    for days_ago in sorted({step[0] for step in steps}, reverse=True):
        kernel.advance_to(max(kernel.now, now - timedelta(days=days_ago)))
        for when, usage, do in steps:
            if when != days_ago:
                continue
            if do is usage.make:
                usage.measure(Meter(kernel, usage.name, kernel.now, now))
            do(yard, usage.name)
        yard.settle()
    kernel.advance_to(now)
