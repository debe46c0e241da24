"""What is said of a release's proofs before it starts: where one does not come in time, how fine it is, what latency is compared at. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pointsman.core.canary_state import MOST_POINTS
from pointsman.core.canary_words import percent
from pointsman.core.findings import Findings, Missing
from pointsman.core.fitting import Way, is_proved, takes
from pointsman.core.rehearsal import Rehearsed
from pointsman.core.spoken import duration
from pointsman.core.timetable import WEIGHTS, Course
from pointsman.core.verdict import UNEQUAL
from pointsman.policy import OnPatience

WHOLE = 100


def missing_proofs(found: Findings) -> Iterator[Missing]:
    """A step whose proof does not come within the policy's patience, in the expected course."""
    plan, traffic, ends = found.question.plan, found.question.traffic, afterwards(found)
    if not found.quota or plan.health.is_reported_only:
        return
    if traffic is not None and traffic.total <= 0:
        yield Missing(
            "the endpoint had no requests in the past 7 days, so no step can be proved: "
            f"each waits for {duration(plan.patience)} and {ends}",
            "send it traffic, or be ready to promote each step by hand",
        )
        return
    stuck = found.times.expected
    if stuck.stuck_at is None or stuck.stuck is None:
        return
    yield Missing(
        f"step {stuck.stuck_at} % finds no proof within the patience of {duration(plan.patience)}, and {ends}: "
        f"{stuck.stuck.verdict.sentence}. {_length(found, stuck.stuck_at)}",
        _either(found.ways),
    )


def proof_notes(found: Findings) -> Iterator[str]:
    """What an approver ought to know of the proofs."""
    plan = found.question.plan
    if not found.quota:
        return
    if plan.health.is_reported_only:
        yield (
            "the judge only reports (health.judge.mode): steps go by the clock, bake.min each, and only alarms "
            "and a person take it back"
        )
    if is_proved(found.times):
        longest = max(
            ((step.proved - step.begins, step.percent) for step in found.times.latest.steps), default=None
        )
        if longest and longest[0] > plan.bake_max:
            yield f"step {longest[1]} % may take longer than bake.max; the rollout then says 'thin evidence' and waits"
    elif found.times.expected.stuck_at is None:
        late = next(each for each in found.times.courses if each.stuck_at is not None)
        yield f"with less traffic than expected step {late.stuck_at} % may find no proof in time. To be safe: {_either(found.ways)}"
    yield from _fineness(found.times.expected)
    yield from _loads(found)


def afterwards(found: Findings) -> str:
    """What becomes of a rollout whose patience is over."""
    is_back = found.question.plan.on_patience is OnPatience.ROLLBACK
    return "then goes back" if is_back else "then waits for a person"


def _length(found: Findings, percent: int) -> str:
    step = takes(found.question, percent)
    if step is None or step.rehearsed is None or step.rehearsed.at is None:
        return "At the traffic of these hours it takes longer than a day, if it comes at all"
    took = step.rehearsed.at - step.begins - WEIGHTS.usual
    return (
        f"At the traffic of these hours it takes some {duration(took)} and {step.rehearsed.requests:,} "
        "requests of the candidate"
    )


def _either(ways: tuple[Way, ...]) -> str:
    said = "; or ".join(way.says for way in ways)
    return said or "no change of steps, requests or patience alone is enough: send it traffic"


def _fineness(expected: Course) -> Iterator[str]:
    """How fine the last proof beside the baseline is."""
    shared: list[tuple[int, Rehearsed | None]] = [
        (step.percent, step.rehearsed) for step in expected.steps if step.percent < WHOLE
    ]
    if expected.stuck_at is not None and expected.stuck_at < WHOLE:
        shared.append((expected.stuck_at, expected.stuck))
    if not shared:
        return
    step, said = shared[-1]
    if said is None or said.points is None:
        return
    finest = (
        f"step {step} % proves that it fails less than twice as often as the baseline, "
        f"plus {percent(said.points).removesuffix(' %')} percentage points"
    )
    is_coarse = said.points >= MOST_POINTS
    yield f"{finest}: with this little traffic a smaller difference is not ruled out" if is_coarse else finest


def _loads(found: Findings) -> Iterator[str]:
    """Where an instance of the candidate carries so much less or more that its latency says little."""
    ratios = [(step, load_ratio(found, step)) for step in found.question.plan.steps]
    unequal = [(step, ratio) for step, ratio in ratios if ratio and not 1 / UNEQUAL <= ratio <= UNEQUAL]
    if unequal:
        each = ", ".join(f"{ratio:.2g} times at {step} %" for step, ratio in unequal)
        yield (
            f"an instance of the candidate does not carry the load of one of the baseline: {each}. "
            "A latency that is compared there may come from that"
        )


def load_ratio(found: Findings, step: int) -> float | None:
    """Requests an instance of the candidate at a step (percent), over those of the baseline; None where it serves alone."""
    baseline, candidate = found.rollout.baseline, found.rollout.candidate_count
    if baseline is None or step >= WHOLE or not candidate:
        return None
    return step / (WHOLE - step) * baseline.instance_count / candidate
