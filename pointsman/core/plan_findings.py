"""What stands in the way of a release, each with what to do, and what is to be known although it stands in no way. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pointsman.core.decide import LOST
from pointsman.core.findings import Findings, Missing
from pointsman.core.gates import waits_for
from pointsman.core.guard_alarms import Sees
from pointsman.core.observed import Status
from pointsman.core.peaks import peak_total
from pointsman.core.plan_evidence import afterwards, missing_proofs, proof_notes
from pointsman.core.preflight import already_serves, missing_alarm, obstacles, would_end
from pointsman.core.release_facts import Standing
from pointsman.core.spoken import clock, count_of, duration
from pointsman.policy import Tool
from pointsman.policy_alarms import created_names

CANDIDATES = "pointsman-v"
"""How the variant names of candidates begin (`Rollout.candidate_variant`)."""
WAIT_FOR_IT = "wait for its end, or abort it; a version that is approved meanwhile waits behind it"


def find_missing(found: Findings) -> tuple[Missing, ...]:
    """In the order in which they would stop it."""
    searches = (_endpoint, _version, _open_rollout, _policy, _alarms, _quota, missing_proofs)
    return tuple(missing for search in searches for missing in search(found))


def find_notes(found: Findings) -> tuple[str, ...]:
    """What an approver ought to know."""
    searches = (_state_notes, _wait_notes, _fleet_notes, proof_notes, _alarm_notes)
    return tuple(note for search in searches for note in search(found))


def _endpoint(found: Findings) -> Iterator[Missing]:
    endpoint = found.facts.observed.endpoint
    lost = LOST.get(endpoint.status)
    if lost is not None:
        what, _, do = lost[1].partition(": ")
        yield Missing(what, do)
        return
    if any(each.name.startswith(CANDIDATES) for each in endpoint.variants):
        if found.facts.around.lane is None:
            yield Missing("a candidate runs beside the baseline: a rollout is under way", WAIT_FOR_IT)
        return
    if already_serves(found.rollout, found.facts.observed):
        version = found.rollout.version
        yield Missing(f"version {version} serves already", "name another one with --version")
    for obstacle in obstacles(found.rollout, found.facts.observed):
        what, _, do = obstacle.partition(": ")
        yield Missing(what, do or "change that, or take the endpoint out of the policies")
    for model in found.facts.around.deleted_models:
        yield Missing(
            f"model {model}, which serves, was deleted",
            "create it again under this name: the candidate copies its role, network and environment",
        )


def _version(found: Findings) -> Iterator[Missing]:
    candidate, version = found.facts.candidate, found.rollout.version
    if candidate.standing is Standing.PENDING:
        yield Missing(
            f"version {version} waits for its approval",
            "approve it in the model registry: the release then begins by itself",
        )
    if candidate.standing is Standing.REJECTED:
        yield Missing(
            f"version {version} is rejected", "approve it in the model registry, or name another one"
        )
    lane = found.facts.around.lane
    why = lane.quarantined.get(int(version)) if lane else None
    if why is not None:
        yield Missing(f"version {version} is in quarantine: {why}", "approve it anew once that is mended")


def _open_rollout(found: Findings) -> Iterator[Missing]:
    lane = found.facts.around.lane
    under_way = lane.rollout if lane else None
    if under_way is None or under_way.is_terminal or under_way.id == found.rollout.id:
        return
    yield Missing(f"{under_way.id} is under way on this endpoint, in {under_way.phase}", WAIT_FOR_IT)


def _policy(found: Findings) -> Iterator[Missing]:
    policy = found.facts.policy
    if policy.freeze:
        yield Missing(f"the policy is frozen: {policy.freeze}", "remove rollout.freeze when that is over")
    if policy.windows is not None and found.times.earliest.begins is None:
        yield Missing("no release window ever opens", "correct the windows of the policy")
    owner = policy.managed_by
    if owner is not None and owner.tool is not Tool.NONE and not owner.read_by:
        yield Missing(
            f"{owner.tool.value} owns this endpoint in code, and nobody has read what its next deploy would undo",
            f"read what `pointsman adopt {policy.endpoint}` says of it, then set managed_by.read_by and read_on",
        )


def _alarms(found: Findings) -> Iterator[Missing]:
    created = created_names(found.facts.policy.endpoint, found.facts.policy.plan.health)
    for guard in found.guards:
        if not guard.kind:
            what, _, do = missing_alarm(is_created=guard.name in created).partition(": ")
            yield Missing(f"alarm {guard.name} {what}", do)
        if guard.state == "ALARM":
            yield Missing(f"alarm {guard.name} is in ALARM", "mend its cause: nothing moves before it is OK")
        # That a created alarm watches another variant is said of the policy (`obstacles`).
        gaps = () if guard.name in created and guard.sees is Sees.NOTHING else guard.gaps
        for why in (*gaps, *map(would_end, guard.harms)):
            what, _, do = why.rpartition(": ")
            yield Missing(f"alarm {guard.name} {what}", do)


def _quota(found: Findings) -> Iterator[Missing]:
    for fit in found.quota:
        if not fit.is_exceeded:
            continue
        others = f", beside {fit.others} of other endpoints" if fit.others else ""
        yield Missing(
            f"quota '{fit.name}' is {fit.limit}; the peak needs {fit.peak}{others}",
            f"ask Service Quotas for {fit.needed}, or release with fewer instances",
        )


def _state_notes(found: Findings) -> Iterator[str]:
    facts, endpoint = found.facts, found.facts.observed.endpoint
    if endpoint.status is Status.BUSY:
        yield "the endpoint is being updated now; the release begins when that is over"
    if "capacity" in endpoint.failure_reason.lower():
        yield f"its last change failed for lack of capacity: {endpoint.failure_reason}"
    if facts.candidate.waiting:
        newest = ", ".join(str(version) for version in facts.candidate.waiting)
        yield f"newer, and not approved yet: version {newest} (see --version)"
    serving = endpoint.variants[0].package.rpartition("/") if len(endpoint.variants) == 1 else ("", "", "")
    wanted = facts.candidate.approval.package.rpartition("/")
    is_same_group = serving[0].lower() == wanted[0].lower() and serving[2].isdigit()
    if is_same_group and int(serving[2]) > found.rollout.version:
        yield f"it is older than version {serving[2]}, which serves"


def _wait_notes(found: Findings) -> Iterator[str]:
    policy, around = found.facts.policy, found.facts.around
    if policy.plan.gates:
        steps = ", ".join(f"{percent} %" for percent in policy.plan.gates)
        wait = duration(policy.plan.gate_wait)
        yield f"plus the time until somebody approves {steps}; it waits {wait} for that, {afterwards(found)}"
    if policy.after is not None:
        waits = waits_for(policy.after, around.goes_first, found.rollout.version)
        yield f"endpoint {policy.after.endpoint} goes first" + (f": {waits}" if waits else "")
    begins, start = found.times.expected.begins, found.facts.start
    if begins is not None and begins > start:
        yield f"no release window is open at the start: it begins {clock(begins, start)} UTC"


def _fleet_notes(found: Findings) -> Iterator[str]:
    plan, baseline = found.facts.policy.plan, found.rollout.baseline
    if not found.quota:
        return
    if found.grown:
        yield (
            f"autoscaling may grow the baseline to {found.facts.around.scaling_most}; then the peak is "
            f"{peak_total(found.grown)} instances"
        )
    live = found.facts.observed.endpoint.variants
    if baseline and live and live[0].instance_type not in {"", plan.serve.instance_type}:
        yield f"it moves from {live[0].instance_type} to {plan.serve.instance_type}"
    if baseline and plan.serve.instance_count > baseline.instance_count:
        more = plan.serve.instance_count - baseline.instance_count
        yield f"the version keeps {count_of(more, 'instance')} more than serve today (serve.instance_count)"


def _alarm_notes(found: Findings) -> Iterator[str]:
    if not found.facts.policy.plan.health.alarms:
        yield "no alarm guards it (health.alarms is empty): only the candidate's own numbers take it back"
    for guard in found.guards:
        for caution in guard.cautions:
            yield f"alarm {guard.name} {caution}"
