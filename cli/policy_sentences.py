"""A whole policy in plain words, grouped by heading. Every key has its words here; how they are printed is `policy_page`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cli.policy_page import Paragraph
from cli.policy_problems import escaped
from cli.policy_words import (
    count,
    days,
    far_enough,
    lasting,
    listed,
    metric_words,
    opening_hours,
    ownership,
    percent,
    percents,
    request_body,
)
from pointsman.policy import METRIC_DELAY, EndpointName, Health, Judging, OnPatience, Plan, Policy
from pointsman.policy_alarms import alarm_words, created_names
from pointsman.windows import Windows

_AFTER_PATIENCE = {
    OnPatience.ROLLBACK: "traffic goes back to the baseline",
    OnPatience.HOLD: "it waits until a person decides, while alarms and failures still take it back",
}


def sentences(policy: Policy, today: date) -> list[Paragraph]:
    """Say everything that a policy says. `today` tells which holiday is next."""
    return [
        Paragraph("What is released, and when", tuple(_release(policy, today))),
        Paragraph("The candidate", tuple(_candidate(policy.plan))),
        Paragraph("Its way to all traffic", tuple(_way(policy.plan))),
        Paragraph("The way back", tuple(_back(policy.endpoint, policy.plan))),
        Paragraph("Owner and messages", tuple(_owner(policy))),
    ]


def _release(policy: Policy, today: date) -> Iterator[str]:
    if policy.freeze:
        yield (
            f"FROZEN: {escaped(policy.freeze)}. Nothing automatic moves forward until rollout.freeze is removed; "
            f"rollbacks still run."
        )
    yield (
        f"Approved versions of the model package group {policy.model_package_group}{_elsewhere(policy)} are rolled out "
        f"on endpoint {policy.endpoint}, strategy {policy.plan.strategy.value}: a temporary candidate beside the baseline, shifted "
        f"by weights."
    )
    if policy.after:
        yield f"A version begins here only after it {far_enough(policy.after.until, policy.after.endpoint)}."
    else:
        yield "A version waits for no other endpoint."
    yield _opening(policy.windows, today)


def _elsewhere(policy: Policy) -> str:
    return f" in the registry of account {policy.registry_account}" if policy.registry_account else ""


def _opening(windows: Windows | None, today: date) -> str:
    if windows is None:
        return "It moves forward at any time of any day."
    holidays = f", nor on {days(windows.holidays, today)}" if windows.holidays else ""
    return (
        f"Nothing moves forward outside {opening_hours(windows)} ({windows.timezone}){holidays}. "
        f"Rollbacks run at any time."
    )


def _candidate(plan: Plan) -> Iterator[str]:
    serve, validation = plan.serve, plan.validation
    yield (
        f"At least {serve.instance_count:,} {serve.instance_type} are started for it; a larger live fleet is matched. "
        f"At the end of a rollout up to {3 * serve.instance_count:,} run at once, more where the live fleet is larger."
    )
    yield (
        f"Before it takes traffic it must answer this request ({validation.content_type}): "
        f"{request_body(validation.body)}"
    )


def _way(plan: Plan) -> Iterator[str]:
    health = plan.health
    over = _AFTER_PATIENCE[plan.on_patience]
    yield f"It gets {percents(plan.steps)} of the traffic, step by step."
    yield (
        f"Each step is held for at least {lasting(plan.bake_min)}. It goes on when "
        f"{count(health.min_requests, 'request')} of the candidate are answered or more, at most "
        f"{percent(health.max_error_percent)} of them failed ({listed(kind.value for kind in health.errors)}), and at "
        f"most {percent(health.max_slow_percent)} took longer than {lasting(health.slow_over)}, or no more than of the "
        f"baseline's own."
    )
    yield from _compared(health)
    if health.metric_delay != METRIC_DELAY:
        yield f"A minute counts {lasting(health.metric_delay)} after its end; usual are {lasting(METRIC_DELAY)}."
    yield (
        f"Without that proof after {lasting(plan.bake_max)} it waits and says so; "
        f"after {lasting(plan.patience)} {over}."
    )
    if plan.gates:
        yield (
            f"Before {listed(f'{gate} %' for gate in plan.gates)} a person approves; it waits for that up to "
            f"{lasting(plan.gate_wait)}, then {over}."
        )
    else:
        yield "No step waits for a person's approval."


def _compared(health: Health) -> Iterator[str]:
    comparison = health.comparison
    margin = comparison.error_margin_percent
    more = f", {margin:g} percentage points on top" if margin else ""
    alpha = percent(100 * comparison.alpha)
    if comparison.mode is Judging.REPORT:
        yield "The judge only reports: a step goes on after its least time, and what it says is recorded and told."
    yield (
        f"While both serve, it is compared with the baseline, minute by minute: it may not fail more often{more}, nor be "
        f"more than {percent(comparison.slower_percent)} slower. At most {alpha} of good versions are taken back by chance so, and as many when they serve alone. "
        f"For the first {lasting(comparison.warm_up)} a cold start is no fault."
    )
    for metric in comparison.failures:
        yield f"Failed is also what {metric_words(metric)} counts."
    if comparison.output_tokens:
        yield f"Its time for an output token is compared ({metric_words(comparison.output_tokens)}), not that of an answer."
    if comparison.quality:
        yield f"The quality of its answers is compared: {metric_words(comparison.quality)}."


def _back(endpoint: EndpointName, plan: Plan) -> Iterator[str]:
    if plan.health.is_reported_only:
        yield "Numbers alone take nothing back: the judge only reports."
    else:
        yield (
            "When the numbers prove that it fails more often or is slower than is tolerated, traffic goes back at once."
        )
    if plan.health.alarms:
        several = len(plan.health.alarms) > 1
        yield (
            f"So it does when {'one of the CloudWatch alarms' if several else 'the CloudWatch alarm'} "
            f"{listed(plan.health.alarms)} fires."
        )
        for name, alarm in created_names(endpoint, plan.health).items():
            yield f"The deployment creates {name}, on variant {alarm.variant}: {alarm_words(alarm)}."
    else:
        yield "No CloudWatch alarm is listened to."
    if plan.watch:
        yield f"For {lasting(plan.watch)} after its promotion a late failure still goes back to the last good version."
    else:
        yield "After its promotion a version is not watched: a late failure stays."


def _owner(policy: Policy) -> Iterator[str]:
    topic = policy.owner.notify or "the installation's topic"
    yield f"Team {escaped(policy.owner.team)} owns the endpoint; its decisions are sent to {topic}."
    yield ownership(policy.managed_by)
    if policy.metadata:
        pairs = listed(f"{name}: {value}" for name, value in policy.metadata.items())
        yield f"Every message about it carries {pairs}."
    else:
        yield "Its messages carry no metadata."
