"""How the steps, and the hours in which they may be taken, change: what only several numbers together say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cli.policy_change import FASTER, LOOSER, SLOWER, STRICTER, Effects, Said, settled
from cli.policy_words import count, opening_hours, percents
from pointsman.policy import Policy
from pointsman.windows import Windows

_MINUTES_IN_AN_HOUR = 60


def steps_change(old: Sequence[int], new: Sequence[int]) -> Said:
    """Compare two ways to all traffic: how many steps, how many requests the first reaches, how far the largest goes."""
    parts = [_number(old, new), _first(old[0], new[0]), _largest(_jump(old), _jump(new))]
    told = [part for part in parts if part.words]
    effects = settled(frozenset(effect for part in told for effect in part.effects))
    become = "become" if len(old) > 1 else "becomes"
    detail = f": {', '.join(part.words for part in told)}" if told else ""
    return Said(f"{percents(old)} {become} {percents(new)}{detail}", effects)


def hours_change(old: Policy, new: Policy) -> Said:
    """Compare two sets of windows by the time that they are open in a week."""
    if old.windows is None or new.windows is None:
        return Said("")
    before, after = _open_minutes(old.windows), _open_minutes(new.windows)
    words = f"{opening_hours(old.windows)} become {opening_hours(new.windows)}"
    if len(before) == len(after):
        return Said(f"{words}, as long as before in a week")
    changed = f"{_as_hours(len(before))} a week become {_as_hours(len(after))}"
    return Said(f"{words}: {changed}", FASTER if len(after) > len(before) else SLOWER)


def _number(old: Sequence[int], new: Sequence[int]) -> Said:
    more = len(new) - len(old)
    if not more:
        return Said("")
    return Said(
        f"{count(abs(more), 'step')} {'more' if more > 0 else 'fewer'}", SLOWER if more > 0 else FASTER
    )


def _first(old: int, new: int) -> Said:
    if new == old:
        return Said("")
    if new > old and new % old == 0:
        return Said(f"the first reaches {new // old} times as many requests", LOOSER)
    return Said(
        f"the first reaches {new} % of the requests instead of {old} %", LOOSER if new > old else STRICTER
    )


def _largest(old: int, new: int) -> Said:
    if new == old:
        return Said("")
    effects: Effects = LOOSER if new > old else STRICTER
    return Said(f"the largest leap {'grows' if new > old else 'shrinks'} from {old} to {new} points", effects)


def _jump(steps: Sequence[int]) -> int:
    return max(after - before for before, after in pairwise((0, *steps)))


def _open_minutes(windows: Windows) -> frozenset[tuple[int, int]]:
    return frozenset(
        (day, minute) for each in windows.open for day in each.days for minute in range(each.start, each.end)
    )


def _as_hours(minutes: int) -> str:
    hours, rest = divmod(minutes, _MINUTES_IN_AN_HOUR)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
