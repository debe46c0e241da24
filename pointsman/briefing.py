"""The plan of a release as text for the message that people get when it starts. It holds no release up, whatever goes wrong here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pointsman.core.plan_text import plan_text
from pointsman.core.release_plan import plan_release
from pointsman.core.rollout import Rollout
from pointsman.forecast import gather_for
from pointsman.policy import Policy
from pointsman.ports import Clock
from pointsman.surroundings import Surroundings, Wish

GIVES_UP = timedelta(seconds=15)
"""So long it reads at most, but for a call that is under way: a release starts no later for it."""

IsLate = Callable[[], bool]


@dataclass(slots=True)
class Briefer:
    """Makes the text. A pass that lost to another makes none again: it is the same release."""

    clock: Clock
    surroundings: Callable[[IsLate], Surroundings]
    _last: tuple[str, str] = field(default=("", ""))

    def __call__(self, rollout: Rollout, policy: Policy) -> str:
        """Return the plan of a rollout, under the plan that it was opened with; or why there is none."""
        if self._last[0] != rollout.id:
            self._last = rollout.id, self._text(rollout, policy, self.clock.now())
        return self._last[1]

    def _text(self, rollout: Rollout, policy: Policy, now: datetime) -> str:
        def is_late() -> bool:
            return self.clock.now() - now >= GIVES_UP

        wish = Wish(replace(policy, plan=rollout.plan), now, now)
        try:
            facts = gather_for(self.surroundings(is_late), wish, rollout.approval)
            return "\n".join(plan_text(plan_release(facts)))
        # Also what nobody expected: a forecast that breaks must not stop a release.
        except Exception as err:  # noqa: BLE001 - said above
            return f"There is no forecast of this release: {err}"
