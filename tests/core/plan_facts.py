"""Facts for plans: an endpoint that could be released on at once, in a week of even traffic. A test changes what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pointsman.core.evidence_time import Reading
from pointsman.core.guard_alarms import AlarmDetail
from pointsman.core.observed import Observed
from pointsman.core.past_traffic import ONE_HOUR, PastTraffic
from pointsman.core.quota_check import InUse, Quotas
from pointsman.core.release_facts import Around, Candidate, Facts, Machines
from pointsman.policy import Owner, Plan, Policy
from pointsman.survey import SeenAlarm, Watched
from tests.core.builders import ENDPOINT, HEALTH, NOW, PLAN, SERVING, TYPE, approval, serving_old

READING = Reading(timedelta(minutes=2), timedelta(minutes=5))
WEEK = 7 * 24
QUOTAS = Quotas({TYPE: 100}, per_endpoint=50, all_endpoints=200)
MACHINES = Machines({TYPE: 0.107}, {}, date(2026, 9, 27))


def steady(per_minute: float, hours: int = WEEK, until: datetime = NOW) -> PastTraffic:
    """The same in every hour."""
    return PastTraffic(
        {until - ONE_HOUR * back: 60 * per_minute for back in range(1, hours + 1)},
        until,
    )


def policy(plan: Plan = PLAN, **changes: Any) -> Policy:
    return replace(Policy(ENDPOINT, "fraud-detector", Owner("payments-risk"), plan), **changes)


def watching(variant: str = SERVING, **changes: Any) -> SeenAlarm:
    """An alarm on a variant's failed requests: three minutes of three."""
    dimensions = {"EndpointName": str(ENDPOINT), "VariantName": variant}
    watched = Watched("AWS/SageMaker", "Invocation5XXErrors", dimensions, "Average", timedelta(minutes=1))
    seen = SeenAlarm(
        "fraud-5xx",
        "OK",
        (watched,),
        comparison="GreaterThanThreshold",
        threshold=0.1,
        evaluations=3,
        needed=3,
    )
    return replace(seen, **changes)


def facts(**changes: Any) -> Facts:
    """Everything was read and nothing is missing. `around` and `policy` may be given as keywords of their own."""
    around = Around(
        quotas=QUOTAS,
        in_use=InUse({TYPE: 3}),
        traffic=steady(60),
        alarms={"fraud-5xx": AlarmDetail(watching())},
    )
    usual = Facts(
        policy=policy(),
        candidate=Candidate(approval()),
        observed=Observed(serving_old(), scale_in_suspended=False),
        around=around,
        machines=MACHINES,
        reading=READING,
        now=NOW,
        start=NOW,
        policy_file="policies/fraud-prod.yaml",
    )
    return replace(usual, **changes)


def around(**changes: Any) -> Around:
    return replace(facts().around, **changes)


def health(**changes: Any) -> Any:
    return replace(HEALTH, **changes)
