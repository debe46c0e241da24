"""A backtest in words: what was read, what was played, what came of it, what it cannot tell. It works nothing out that is not counting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cli.backtest_run import Backtested
from cli.policy_page import Paragraph
from cli.tell import minutes, printable
from pointsman.core.backtest import Ending, Played
from pointsman.core.backtests import Found
from pointsman.core.minutes import ONE_MINUTE
from pointsman.core.past import PastMinute, slow_us

SHOWN = 10
NINE_OF_TEN = 0.9


def paragraphs(told: Backtested) -> Iterator[Paragraph]:
    """Everything for people."""
    yield Paragraph("The past", tuple(past_lines(told)))
    yield Paragraph("Played", tuple(played_lines(told)))
    yield Paragraph("Good versions", tuple(good_lines(told)))
    yield Paragraph("The policy's own limits", tuple(limit_lines(told)))
    if told.found:
        yield Paragraph(
            "Incidents", tuple(line for each in told.found for line in incident_lines(told, each))
        )
    yield Paragraph("What it cannot tell", tuple(unknown_lines(told)))


def past_lines(told: Backtested) -> Iterator[str]:
    """What was read."""
    past = told.past
    first = past.first_minute
    yield f"{time(past.since)} to {time(past.until)} UTC, from {printable(told.source)}"
    if first is None:
        yield "No data by the minute: nothing can be played."
        return
    rows = past.minutes.values()
    wanted = (past.until - first) // ONE_MINUTE
    requests = sum(each.requests for each in rows)
    yield (
        f"{len(rows):,} of {wanted:,} minutes since {time(first)} have data, with {requests / wanted:,.3g} requests a minute "
        f"on average, {percent(sum(each.errors for each in rows), requests)} of them failed"
    )
    if past.coarse:
        yield f"Before {time(first)} there are points of several minutes only: limits are held to them, no release is played on them."
    elif past.since < first:
        yield f"Before {time(first)} there is no data by the minute."


def played_lines(told: Backtested) -> Iterator[str]:
    """What was pretended."""
    tally, plan = told.tally, told.asked.policy.plan
    count = len(tally.plays) + len(tally.met)
    yield (
        f"{count} releases, one each {minutes(told.asked.every)}, of a version as good as what served: the requests of each minute "
        f"are dealt out to two sides by chance (seed {told.asked.seed}), and the policy's judge decides by the thresholds of the hour before"
    )
    if tally.outside_windows:
        yield f"{tally.outside_windows} more hours lie outside the policy's release windows"
    if tally.met:
        yield f"{len(tally.met)} of them ran into a marked incident and are left out below"
    if plan.health.is_reported_only:
        yield "The policy's judge only reports: where this says rolled back, it would have said so and done nothing"


def good_lines(told: Backtested) -> Iterator[str]:
    """How the pretended good releases ended."""
    tally, plan = told.tally, told.asked.policy.plan
    count = len(tally.plays)
    if not count:
        yield "None was played."
        return
    for what, plays in (
        ("rolled back beside the baseline, which is false", tally.beside),
        ("rolled back while it served alone, by the policy's limits", tally.alone),
        (f"not proved within the patience of {minutes(plan.patience)}", tally.ended(Ending.PATIENCE_OVER)),
        ("not over when the past is", tally.ended(Ending.CUT_OFF)),
        ("served through its watch", tally.ended(Ending.WATCHED)),
    ):
        yield f"{len(plays)} of {count} ({percent(len(plays), count)}) {what}"
    alpha = plan.health.comparison.alpha
    yield f"The policy lets the judge take back {100 * alpha:g} % of good versions beside the baseline by chance"
    proved = sorted(each.proved_at - each.start for each in tally.proved if each.proved_at is not None)
    if proved:
        yield (
            f"Every step was proved in {len(proved)} of {count}: half of them within {minutes(part(proved, 0.5))}, nine of ten "
            f"within {minutes(part(proved, NINE_OF_TEN))}, the slowest within {minutes(proved[-1])}; moving traffic comes on top"
        )
    for title, plays in (
        ("rolled back", tally.ended(Ending.ROLLED_BACK)),
        ("unproved", tally.ended(Ending.PATIENCE_OVER)),
    ):
        yield from (f"- {title}: {play_line(told, each)}" for each in plays[:SHOWN])
        if len(plays) > SHOWN:
            yield f"- and {len(plays) - SHOWN} more: see --json or --html"


def limit_lines(told: Backtested) -> Iterator[str]:
    """How often what serves today is above what the policy tolerates."""
    health = told.asked.policy.plan.health
    if not told.looked:
        yield f"No hour has the {health.min_requests} requests that a pass needs."
        return
    for what, limit, hours in (
        ("failed", health.max_error_percent, told.failing),
        (f"took longer than {health.slow_over.total_seconds():g} s", health.max_slow_percent, told.slow),
    ):
        yield f"More than {limit:g} % {what} in {len(hours)} of {told.looked} hours{_outside(told)}{_worst(told, hours, what == 'failed')}"
    if not any(slow_us(health) <= max(each.over, default=0) for each in told.past.hours.values()):
        yield "The past has no count of requests above the policy's slow_over: its limit of slow ones was held to nothing"
    if told.failing or told.slow:
        yield (
            "What serves today is above a limit in those hours: a version as good passes then only because it is no worse, and one "
            "that serves alone already is taken back. Look whether these are incidents (mark them), or the limit is too narrow."
        )


def incident_lines(told: Backtested, found: Found) -> Iterator[str]:
    """How soon a candidate that did this would have been seen."""
    really = found.really
    yield (
        f"{time(found.incident.start)} to {time(found.incident.end)} UTC: really {really.errors:,} of {really.requests:,} requests "
        f"failed, {really.slow:,} were slow"
    )
    if found.watch is None:
        yield "- no minute of it has data: it cannot be played"
        return
    if found.first is None:
        yield "- no time before it is like it and has data: it cannot be played beside a baseline"
    else:
        yield f"- as a candidate's doing from its first step on, beside what served {_before(found)} before: {outcome(told, found, found.first)}"
    yield f"- as its doing in the watch, alone: {outcome(told, found, found.watch)}"


def unknown_lines(told: Backtested) -> Iterator[str]:
    """What nobody may conclude."""
    yield "Both sides are dealt from one traffic: what differs between two fleets without a fault (caches, hardware, neighbours) is not in it."
    yield "It reads requests, errors and latency; quality scores, output tokens, alarms, approvals and the moves of traffic are not played."
    comparison = told.asked.policy.plan.health.comparison
    if comparison.quality or comparison.output_tokens:
        yield "This policy also compares what is not played: quality or output tokens."


def outcome(told: Backtested, found: Found, played: Played) -> str:
    """What came of an incident that is played."""
    after = minutes(played.at - found.incident.start)
    if played.ending is Ending.ROLLED_BACK and played.at > found.incident.start:
        spoilt = f"{played.served.errors:,} of the {played.served.requests:,} requests it answered in it until then failed"
        return f"found after {after} {where(told, played)}; {spoilt}"
    if played.ending is Ending.ROLLED_BACK:
        return f"taken back {where(told, played)} before the incident began: {printable(played.sentence)}"
    return f"not found while it lasted; it was {where(told, played)}: {printable(played.sentence)}"


def play_line(told: Backtested, played: Played) -> str:
    """One pretended release in a line."""
    return f"{time(played.start)}, {where(told, played)} after {minutes(played.lasted)}: {printable(played.sentence)}"


def where(told: Backtested, played: Played) -> str:
    """In which step, or the watch."""
    steps = told.asked.policy.plan.steps
    return f"at {steps[played.step]} %" if played.step < len(steps) else "in the watch"


def time(at: datetime) -> str:
    """A moment as people read it."""
    return f"{at:%Y-%m-%d %H:%M}"


def percent(count: int, whole: int) -> str:
    """A part of a whole."""
    return f"{100 * count / whole:.2g} %" if whole else "0 %"


def part(ordered: Sequence[timedelta], share: float) -> timedelta:
    """The duration that such a part of them is not above."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _before(found: Found) -> str:
    beside = found.beside or timedelta(0)
    days = beside // timedelta(days=1)
    return f"{days} d" if days and not beside % timedelta(days=1) else minutes(beside)


def _outside(told: Backtested) -> str:
    return " outside marked incidents" if told.found else ""


def _worst(told: Backtested, hours: Sequence[PastMinute], of_errors: bool) -> str:  # noqa: FBT001 - errors or slow ones
    limit = slow_us(told.asked.policy.plan.health)

    def bad(hour: PastMinute) -> int:
        return hour.errors if of_errors else hour.slower_than(limit) or 0

    if not hours:
        return ""
    worst = max(hours, key=lambda each: bad(each) / each.requests)
    return f"; the worst begins {time(worst.at)}, with {percent(bad(worst), worst.requests)}"
