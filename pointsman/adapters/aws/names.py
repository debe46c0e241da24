"""Tags by which our resources are known, and the way back is found. Nothing without them is ever deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pointsman.core.rollout import Baseline, Origin, Rollout

ROLLOUT = "pointsman:rollout"
VERSION = "pointsman:version"
APPROVED_AT = "pointsman:approved-at"
BASELINE_CONFIG = "pointsman:baseline-config"
BASELINE_VARIANT = "pointsman:baseline-variant"
BASELINE_COUNT = "pointsman:baseline-count"
SCALE_IN = "pointsman:scale-in-suspended"
FINAL_COUNT = "pointsman:final-count"
OURS = "pointsman:"
RESERVED = ("aws:", OURS)

Tags = dict[str, str]


def tags_of(rollout: Rollout, inherited: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags of what a rollout makes: its own, and those of the live config (cost centre, team), 50 at most."""
    baseline = rollout.baseline
    own = {
        ROLLOUT: rollout.id,
        VERSION: str(rollout.version),
        APPROVED_AT: rollout.approval.at.isoformat(),
        FINAL_COUNT: str(rollout.final_count),
    }
    if baseline:
        own |= {
            BASELINE_CONFIG: baseline.config,
            BASELINE_VARIANT: baseline.variant,
            BASELINE_COUNT: str(baseline.instance_count),
            SCALE_IN: str(baseline.scale_in_suspended),
        }
    kept = {key: value for key, value in inherited.items() if not key.startswith(RESERVED)}
    pairs = [*own.items(), *kept.items()][:50]
    return [{"Key": key, "Value": value} for key, value in pairs]


def tags_from(answer: Sequence[Mapping[str, Any]]) -> Tags:
    """Tags as SageMaker lists them."""
    return {str(tag["Key"]): str(tag["Value"]) for tag in answer}


def origin_from(tags: Tags, made_at: datetime) -> Origin | None:
    """What the tags of a live config tell of its rollout; None where they are not ours or not whole."""
    suspended = {"True": True, "False": False}
    try:
        return Origin(
            rollout=tags[ROLLOUT],
            version=int(tags[VERSION]),
            approved_at=datetime.fromisoformat(tags[APPROVED_AT]),
            baseline=Baseline(
                config=tags[BASELINE_CONFIG],
                variant=tags[BASELINE_VARIANT],
                model="",
                package="",
                instance_count=int(tags[BASELINE_COUNT]),
                scale_in_suspended=suspended.get(tags[SCALE_IN]),
            ),
            final_count=int(tags[FINAL_COUNT]),
            made_at=made_at,
        )
    except (KeyError, ValueError):
        return None
