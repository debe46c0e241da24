"""What we remember of one endpoint: its open rollout, the approval that waits, versions known and in quarantine, its audit head."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pointsman.core.audit import GENESIS, Head
from pointsman.core.phases import Cause, Phase
from pointsman.core.rollout import Approval, Rollout, open_rollout
from pointsman.policy import EndpointName, Plan, Validation

MAX_REQUESTS = 20
MAX_APPROVALS = 1000
MAX_WHY = 300
"""What is remembered must fit into one stored item, however long an endpoint lives."""
GRACE = timedelta(minutes=2)
"""How long an ended rollout is still looked at. Longer than any function may run: what lands late lands within it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One endpoint's memory. `fence` grows with every write and decides who wins."""

    endpoint: EndpointName
    fence: int = 0
    rollout: Rollout | None = None
    queued: Approval | None = None
    approvals: dict[int, datetime] = field(default_factory=dict)
    """Version to the time of the newest approval that was heard of."""
    quarantined: dict[int, str] = field(default_factory=dict)
    """Version to the reason why it is not rolled out again before it is approved anew."""
    head: Head = GENESIS
    adopted: tuple[int, ...] | None = None
    """Versions that were approved when the endpoint was adopted: none of them is released. None: not adopted yet."""
    group: str = ""
    """Model package group whose versions those are."""
    last: Rollout | None = None
    """The rollout that succeeded last: what serves, since when, and the way back from it."""
    requests: tuple[str, ...] = ()
    """Ids of the last requests of people that were carried out, oldest first."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What becomes of an approval: the lane as it shall be, why, and whether the open rollout has to give way."""

    lane: Lane
    reason: str
    supersedes: bool = False


def is_news(lane: Lane, approval: Approval) -> bool:
    """A later approval than any heard of for this version. A duplicate or a late copy is not."""
    known = lane.approvals.get(approval.version)
    return known is None or is_later(approval.at, known)


def is_later(moment: datetime, other: datetime) -> bool:
    """By whole seconds, as ids of rollouts know them: the registry and its events may tell one moment with different precision."""
    return moment.replace(microsecond=0) > other.replace(microsecond=0)


def is_new_version(lane: Lane, version: int) -> bool:
    """Our own state shows that the version is new: it is above all we know. An empty memory shows nothing."""
    known = {*lane.approvals, *(lane.adopted or ())}
    return bool(known) and version > max(known)


def is_adopted(lane: Lane, group: str) -> bool:
    """The endpoint was taken into care, for versions of this group. Under another group all numbers mean other models."""
    return lane.adopted is not None and lane.group == group


def adopt(lane: Lane, group: str, approved: Iterable[int]) -> Lane:
    """Take an endpoint into care: what is approved by now is its past. What was heard of before is news of its own."""
    heard = set() if lane.group else set(lane.approvals)
    return replace(lane, adopted=tuple(sorted(set(approved) - heard)), group=group)


def find_unheard(lane: Lane, approved: Iterable[int]) -> tuple[int, ...]:
    """Approved versions of which nobody told us: neither adopted nor heard of. Nothing, before the adoption."""
    if lane.adopted is None:
        return ()
    return tuple(sorted(set(approved) - set(lane.adopted) - set(lane.approvals)))


def remember(lane: Lane, request_id: str) -> Lane:
    """Keep in mind that a person's request was carried out, so that a repeat changes nothing."""
    return replace(lane, requests=(*lane.requests, request_id)[-MAX_REQUESTS:])


def admit(lane: Lane, approval: Approval, plan: Plan, now: datetime) -> Admission | None:
    """Let an approval in. The newer approval wins; it waits behind a rollout that has moved traffic. None: not news.

    So a version in quarantine comes out of it by an approval that is newer than any heard of, and by nothing else.
    """
    if not is_news(lane, approval):
        return None
    version, rollout = approval.version, lane.rollout
    heard = _with_approval(lane, approval)
    later = _find_later(lane, approval)
    if later:
        return Admission(heard, f"version {version} was approved before {later}: not rolled out")
    anew = ""
    if version in lane.quarantined:
        anew = f" (approved anew, out of quarantine: {lane.quarantined[version]})"
        heard = replace(
            heard, quarantined={each: why for each, why in lane.quarantined.items() if each != version}
        )
    if rollout is None:
        opened = replace(heard, rollout=open_rollout(lane.endpoint, approval, plan, now))
        return Admission(opened, f"version {version} was approved by {approval.by or 'unknown'}{anew}")
    waiting = replace(heard, queued=approval)
    if rollout.is_terminal or rollout.traffic_has_moved:
        return Admission(waiting, f"version {version} waits until {rollout.id} is over{anew}")
    return Admission(waiting, f"version {version} supersedes {rollout.id}{anew}", supersedes=True)


def _with_approval(lane: Lane, approval: Approval) -> Lane:
    """Remember when it was approved; of the oldest ones, after many, only that they are of the past."""
    approvals = lane.approvals | {int(approval.version): approval.at}
    if len(approvals) <= MAX_APPROVALS:
        return replace(lane, approvals=approvals)
    oldest = set(sorted(approvals, key=approvals.__getitem__)[:-MAX_APPROVALS])
    kept = {version: at for version, at in approvals.items() if version not in oldest}
    past = None if lane.adopted is None else tuple(sorted({*lane.adopted, *oldest}))
    return replace(lane, approvals=kept, adopted=past)


def _find_later(lane: Lane, approval: Approval) -> str:
    """What was approved at the same time or later, in words; empty where this is the newest. Events come in any order."""
    if lane.rollout is None:
        newest = max(lane.approvals, key=lambda version: lane.approvals[version], default=None)
        is_late = newest is not None and approval.at <= lane.approvals[newest]
        return f"version {newest}, which was heard of earlier" if is_late else ""
    under_way = [lane.rollout.approval, *([lane.queued] if lane.queued else [])]
    return "what is under way" if approval.at <= max(each.at for each in under_way) else ""


def after(lane: Lane, rollout: Rollout) -> Lane:
    """The lane once a decision on its rollout is recorded.

    A version that turns back is in quarantine from then on, and a copy of it that waits is forgotten: it was approved
    before the failure was known. An approval that comes while it is on its way back stands.
    """
    turns_back = _is_back(rollout) and not (lane.rollout is not None and _is_back(lane.rollout))
    if not turns_back:
        return replace(lane, rollout=rollout)
    waits_again = lane.queued is not None and lane.queued.version == rollout.version
    return replace(
        lane,
        rollout=rollout,
        queued=None if waits_again else lane.queued,
        quarantined=lane.quarantined | {int(rollout.version): rollout.cause_reason[:MAX_WHY]},
    )


def is_settled(lane: Lane, now: datetime) -> bool:
    """The rollout ended long enough ago that no late call of ours can still land."""
    return lane.rollout is not None and lane.rollout.is_terminal and now - lane.rollout.entered_at >= GRACE


def settle(lane: Lane, plan: Plan | None, now: datetime) -> Lane:
    """Close the ended rollout; open what waits behind it, under the policy of today."""
    cleared = replace(lane, rollout=None, queued=None, last=_last(lane))
    if lane.queued is None or plan is None:
        return cleared
    return replace(cleared, rollout=open_rollout(lane.endpoint, lane.queued, plan, now))


def serving(lane: Lane) -> Rollout | None:
    """The rollout that succeeded last: what serves, and the way back from it.

    A rollout that found its version in service already changed nothing: the way back is that of the one before.
    """
    ended = lane.rollout
    if ended is None or ended.phase is not Phase.SUCCEEDED:
        return lane.last
    is_same = ended.baseline is None and lane.last is not None and lane.last.version == ended.version
    return lane.last if is_same else ended


def _last(lane: Lane) -> Rollout | None:
    """Without its first request, which may be long, since two rollouts must fit into the stored item."""
    ended, last = lane.rollout, serving(lane)
    was_taken_back = ended is not None and last is not None and ended.id == last.id and _is_back(ended)
    if last is None or was_taken_back:
        return None
    return replace(last, plan=replace(last.plan, validation=Validation()))


def _is_back(rollout: Rollout) -> bool:
    return rollout.phase in {Phase.ROLLING_BACK, Phase.ROLLED_BACK} and rollout.cause is not Cause.SUPERSEDED
