"""Runs cases one after the other and says of each how it went. Whether they may run at all is decided before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

from contract.case import Case
from contract.scene import Scene


class Outcome(StrEnum):
    """How a case went."""

    HOLDS = "holds"
    DIFFERS = "differs"
    BROKE_OFF = "broke off"
    """A call failed that the case does not speak of: no permission, no capacity, no answer."""
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case, how it went, and what was seen if it did not hold."""

    case: Case
    outcome: Outcome
    note: str = ""


def run(cases: Sequence[Case], scene: Scene, tell: Callable[[Verdict], None]) -> list[Verdict]:
    """Run the cases in order; a case that does not hold does not keep the next from running."""
    verdicts = []
    for case in cases:
        verdict = _verdict(case, scene)
        tell(verdict)
        verdicts.append(verdict)
    return verdicts


def _verdict(case: Case, scene: Scene) -> Verdict:
    if case.needs_events and scene.cloud.events() is None:
        return Verdict(case, Outcome.NOT_RUN, "nobody listens to events here")
    try:
        case.run(scene)
    except (ClientError, BotoCoreError) as err:
        return Verdict(case, Outcome.BROKE_OFF, str(err))
    except Exception as err:  # noqa: BLE001 - an answer of another shape than expected is a difference, whatever it raises
        return Verdict(case, Outcome.DIFFERS, f"{type(err).__name__}: {err}")
    return Verdict(case, Outcome.HOLDS)
