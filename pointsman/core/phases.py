"""The words for a rollout: phases and the ways between them, causes, holds, acts. What is remembered of one is `rollout.py`."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Each phase is a claim about the world. Stored: values are added, never renamed."""

    PENDING = "PENDING"
    """Approved and opened; nothing on the endpoint has been changed."""
    PREPARING = "PREPARING"
    """A candidate fleet has been asked for beside the baseline; users see the baseline only."""
    VALIDATING = "VALIDATING"
    """The candidate stands beside the baseline at weight 0; its first answer is awaited."""
    SHIFTING = "SHIFTING"
    """The share of the current step has been asked for and has not been observed yet."""
    BAKING = "BAKING"
    """The share of the current step was observed; evidence is being gathered."""
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    """The step is proved, or the first answer given; a person must approve the next step before it begins."""
    FINALIZING = "FINALIZING"
    """The candidate serves everything; the final config, under the old variant name, has been asked for."""
    WATCHING = "WATCHING"
    """The version serves alone under the old variant name; a late failure still takes it back."""
    SUCCEEDED = "SUCCEEDED"
    """The version serves and the watch is over."""
    ROLLING_BACK = "ROLLING_BACK"
    """The way back has been decided; traffic, fleet, autoscaling and leftovers are being restored, in this order."""
    ROLLED_BACK = "ROLLED_BACK"
    """The baseline was seen to serve everything from its own config; the version is in quarantine."""
    NEEDS_HUMAN = "NEEDS_HUMAN"
    """Nothing automatic goes on; `hold` names why."""
    SUPERSEDED = "SUPERSEDED"
    """A newer approval came before this version took any traffic; the baseline serves."""


TERMINAL = frozenset({Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED})
FORWARD = frozenset(
    {
        Phase.PENDING,
        Phase.PREPARING,
        Phase.VALIDATING,
        Phase.SHIFTING,
        Phase.BAKING,
        Phase.AWAITING_APPROVAL,
        Phase.FINALIZING,
    }
)
"""Phases from which something automatic still goes forward: what a freeze and a pause hold."""

TRANSITIONS: dict[Phase, frozenset[Phase]] = {
    Phase.PENDING: frozenset(
        {Phase.PREPARING, Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.NEEDS_HUMAN}
    ),
    Phase.PREPARING: frozenset({Phase.VALIDATING, Phase.ROLLING_BACK, Phase.NEEDS_HUMAN}),
    Phase.VALIDATING: frozenset(
        {Phase.AWAITING_APPROVAL, Phase.SHIFTING, Phase.ROLLING_BACK, Phase.NEEDS_HUMAN}
    ),
    Phase.SHIFTING: frozenset({Phase.BAKING, Phase.ROLLING_BACK, Phase.NEEDS_HUMAN}),
    Phase.BAKING: frozenset(
        {Phase.AWAITING_APPROVAL, Phase.SHIFTING, Phase.FINALIZING, Phase.ROLLING_BACK, Phase.NEEDS_HUMAN}
    ),
    Phase.AWAITING_APPROVAL: frozenset({Phase.SHIFTING, Phase.ROLLING_BACK, Phase.NEEDS_HUMAN}),
    Phase.FINALIZING: frozenset({Phase.SHIFTING, Phase.WATCHING, Phase.ROLLING_BACK, Phase.NEEDS_HUMAN}),
    Phase.WATCHING: frozenset({Phase.FINALIZING, Phase.SUCCEEDED, Phase.ROLLING_BACK, Phase.NEEDS_HUMAN}),
    Phase.ROLLING_BACK: frozenset({Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.NEEDS_HUMAN}),
    Phase.NEEDS_HUMAN: frozenset(
        {
            Phase.PENDING,
            Phase.SHIFTING,
            Phase.BAKING,
            Phase.AWAITING_APPROVAL,
            Phase.ROLLING_BACK,
            Phase.ROLLED_BACK,
            Phase.SUPERSEDED,
        }
    ),
    Phase.SUCCEEDED: frozenset({Phase.ROLLING_BACK}),
    Phase.ROLLED_BACK: frozenset({Phase.ROLLING_BACK}),
    Phase.SUPERSEDED: frozenset({Phase.ROLLING_BACK}),
}
"""Every transition there is.

NEEDS_HUMAN goes forward only by a person's word. SUCCEEDED goes back by a person's word; the two others that leave a
terminal phase undo a call of ours that landed late.
"""


class Cause(StrEnum):
    """Why a rollout goes back. Stored."""

    JUDGED_BAD = "judged_bad"
    ALARM = "alarm"
    ABORTED = "aborted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    NEVER_HEALTHY = "never_healthy"
    NO_CAPACITY = "no_capacity"
    QUOTA = "quota"
    DENIED = "denied"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    PATIENCE_OVER = "patience_over"
    TAKEN_BACK_OUTSIDE = "taken_back_outside"
    FAILED_ELSEWHERE = "failed_elsewhere"


class Hold(StrEnum):
    """Why a rollout stands still although it is not over. Stored."""

    PREFLIGHT = "preflight"
    FROZEN = "frozen"
    ALARM_FIRING = "alarm_firing"
    THIN_EVIDENCE = "thin_evidence"
    CANNOT_FINALIZE = "cannot_finalize"
    CANNOT_REMOVE = "cannot_remove"
    CANNOT_RETURN = "cannot_return"
    ACCESS_DENIED = "access_denied"
    NOT_ELIGIBLE = "not_eligible"
    ENDPOINT_FAILED = "endpoint_failed"
    UPDATE_ROLLBACK_FAILED = "update_rollback_failed"
    ENDPOINT_GONE = "endpoint_gone"
    CHANGED_OUTSIDE = "changed_outside"
    PATIENCE_OVER = "patience_over"
    CANNOT_READ = "cannot_read"
    SHARE_CHANGED = "share_changed"
    PAUSED = "paused"
    OUTSIDE_WINDOW = "outside_window"
    WAITS_FOR_ENDPOINT = "waits_for_endpoint"
    APPROVAL_WAITED_FOR = "approval_waited_for"


STANDING = frozenset({Hold.PAUSED, Hold.FROZEN, Hold.OUTSIDE_WINDOW, Hold.WAITS_FOR_ENDPOINT})
"""People or the policy keep it from going on: such time counts neither as baked nor against the policy's patience."""


class Act(StrEnum):
    """What we ask for. Each is safe to repeat."""

    PREPARE = "prepare"
    SHIFT = "shift"
    FINALIZE = "finalize"
    REMOVE = "remove"
    RESTORE_SCALING = "restore_scaling"
    DISCARD = "discard"
