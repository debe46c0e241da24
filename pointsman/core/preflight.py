"""What must hold before the first change to an endpoint. It reads what was observed; it asks nobody."""

from __future__ import annotations

from pointsman.core import eligibility
from pointsman.core.observed import Observed
from pointsman.core.rollout import Baseline, Rollout
from pointsman.policy_alarms import created_names
from pointsman.survey import Kind, Trait


def already_serves(rollout: Rollout, observed: Observed) -> bool:
    """The endpoint's only variant runs this very package."""
    variants = observed.endpoint.variants
    # SageMaker lower-cases names in some of its ARNs (facts/aws.md, 1.3).
    return len(variants) == 1 and variants[0].package.lower() == rollout.approval.package.lower()


def obstacles(rollout: Rollout, observed: Observed) -> list[str]:
    """What only a person can change, each with what would help."""
    endpoint = observed.endpoint
    found = list(endpoint.obstacles)
    if len(endpoint.variants) != 1:
        return [*found, *eligibility.obstacles([Trait(Kind.VARIANTS, detail=str(len(endpoint.variants)))])]
    live, wanted = endpoint.variants[0], rollout.plan.serve.instance_type
    if live.instance_type != wanted and observed.scale_in_suspended is not None:
        found.append(
            f"variant {live.name} runs on {live.instance_type} and is a scalable target; SageMaker refuses to change "
            f"it to {wanted}: deregister the target, or set serve.instance_type to {live.instance_type}"
        )
    return found + _blind_alarms(rollout, live.name)


def _blind_alarms(rollout: Rollout, live: str) -> list[str]:
    """A created alarm takes minutes without data for good: on a variant that is not there it would be OK for ever."""
    created = created_names(rollout.endpoint, rollout.plan.health)
    return [
        f"alarm {name} watches variant {alarm.variant}, and the endpoint serves with variant {live}: set variant to "
        f"{live} in health.alarms, and deploy"
        for name, alarm in created.items()
        if alarm.variant != live
    ]


def passing_obstacles(rollout: Rollout, observed: Observed) -> list[str]:
    """What may mend itself or be mended while the rollout waits."""
    created = created_names(rollout.endpoint, rollout.plan.health)
    missing = [
        f"alarm {name} {missing_alarm(is_created=name in created)}" for name in observed.alarms.missing
    ]
    return missing + _alarms_in_vain(rollout, observed)


def _alarms_in_vain(rollout: Rollout, observed: Observed) -> list[str]:
    """An alarm that can protect nothing is no veto, and one that would take back a good version must not be one."""
    if not observed.alarms.details:
        return []
    # Only here: what takes traffic back does not need it, and starts sooner without.
    from pointsman.core.guard_alarms import Scene, guard_of  # noqa: PLC0415 - see above

    live, plan = observed.endpoint.variants[0], rollout.plan
    scene = Scene(
        rollout.endpoint,
        live.name,
        observed.endpoint.config,
        has_traffic=False,
        bake_min=plan.bake_min,
        bake_max=plan.bake_max,
        watch=plan.watch,
    )
    guards = [guard_of(each.seen.name, each, scene) for each in observed.alarms.details]
    gaps = [f"alarm {guard.name} {gap}" for guard in guards for gap in guard.gaps]
    return gaps + [f"alarm {guard.name} {would_end(harm)}" for guard in guards for harm in guard.harms]


def would_end(harm: str) -> str:
    """What an alarm does that takes a good version back, and after the last colon what to do."""
    return f"would end the release: {harm}"


def missing_alarm(*, is_created: bool) -> str:
    """What is wrong with an alarm that is not there, and after a colon what to do."""
    if is_created:
        return "is not deployed yet: deploy the stack, which creates it from health.alarms"
    return "does not exist: create it, or take it out of health.alarms"


def baseline_of(observed: Observed) -> Baseline:
    """Everything needed to find the way back, taken from the endpoint before it is touched."""
    live = observed.endpoint.variants[0]
    return Baseline(
        config=observed.endpoint.config,
        variant=live.name,
        model=live.model,
        package=live.package,
        instance_count=max(live.current_count, live.desired_count),
        scale_in_suspended=observed.scale_in_suspended,
    )
