"""Right policies of every kind, as hypothesis draws them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from cli.policy_values import format_duration
from cli.policy_windows import format_window
from pointsman.windows import MIDNIGHT, Window

names = st.from_regex(r"[a-zA-Z0-9](-?[a-zA-Z0-9]){0,20}", fullmatch=True)
lines = st.from_regex(r"[a-zA-Zäß日][ -~äß日]{0,40}", fullmatch=True)
tag_texts = st.text("abcäß日 09_.:/=+-@", max_size=30)
percents = st.floats(0, 99) | st.integers(0, 99)


def durations(low: int, high: int) -> st.SearchStrategy[str]:
    """Text of durations between two numbers of seconds."""
    return st.integers(low, high).map(lambda seconds: format_duration(timedelta(seconds=seconds)))


@st.composite
def window_texts(draw: st.DrawFn) -> str:
    start = draw(st.integers(0, MIDNIGHT - 1))
    days = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1))))
    return format_window(Window(days, start, draw(st.integers(start + 1, MIDNIGHT))))


dates = st.dates(date(2020, 1, 1), date(2099, 12, 31)).map(date.isoformat)
windows = st.fixed_dictionaries(
    {
        "timezone": st.sampled_from(["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+3"]),
        "open": st.lists(window_texts(), min_size=1, max_size=4, unique=True),
    },
    optional={"holidays": st.lists(dates, max_size=4, unique=True)},
)
afters = st.fixed_dictionaries(
    {"endpoint": names.map(lambda name: f"first-{name}")},
    optional={"until": st.sampled_from(["promoted", "watched"])},
)
managers = st.fixed_dictionaries(
    {"tool": st.sampled_from(["cloudformation", "cdk", "terraform", "other", "none"])}
)
readers: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries(
    {"read_by": lines, "read_on": dates}
)


@st.composite
def rollouts(draw: st.DrawFn) -> dict[str, Any]:
    seconds = sorted(draw(st.tuples(*[st.integers(60, 14 * 86_400)] * 3)))
    least, most, patience = (format_duration(timedelta(seconds=count)) for count in seconds)
    rollout: dict[str, Any] = {
        "strategy": "canary",
        "steps": [*sorted(draw(st.sets(st.integers(1, 99), max_size=19))), 100],
        "bake": {"min": least, "max": most},
        "patience": patience,
        "on_patience": draw(st.sampled_from(["rollback", "hold"])),
    }
    gates = st.lists(st.sampled_from(rollout["steps"]), unique=True)
    optional = {
        "freeze": lines,
        "approve_before": gates,
        "approval_wait": durations(60, 14 * 86_400),
        "windows": windows,
        "after": afters,
    }
    return rollout | draw(st.fixed_dictionaries({}, optional=optional))


watchings = st.fixed_dictionaries(
    {}, optional={"minutes": st.integers(1, 60), "min_requests": st.integers(1, 10**6), "variant": names}
)
# No alarm is stricter than any judge: over 99 % fail, half of the requests take all of the 60 seconds.
errors_alarms = st.tuples(
    st.sampled_from(["5xx", "model_error", "4xx"]).map(
        lambda kind: {"create": "errors", "over_percent": 99.5, "count": kind}
    ),
    watchings,
).map(lambda pair: {**pair[0], **pair[1]})
alarms = st.tuples(
    st.lists(lines, max_size=3, unique=True),
    st.lists(errors_alarms, max_size=3, unique_by=lambda alarm: alarm["count"]),
).map(lambda pair: [*pair[0], *pair[1]])
health = st.fixed_dictionaries(
    {
        "errors": st.fixed_dictionaries(
            {"max_percent": percents},
            optional={
                "count": st.lists(st.sampled_from(["5xx", "model_error", "4xx"]), min_size=1, unique=True)
            },
        ),
        "latency": st.fixed_dictionaries(
            {
                "slow_over": st.integers(1, 60_000).map(
                    lambda ms: format_duration(timedelta(milliseconds=ms))
                ),
                "max_percent": percents,
            }
        ),
    },
    optional={
        "min_requests": st.integers(1, 10**9),
        "metric_delay": st.integers(15, 900).map(lambda seconds: format_duration(timedelta(seconds=seconds))),
        "alarms": alarms,
    },
)
bodies = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
validations = st.fixed_dictionaries(
    {"content_type": st.just("text/plain"), "body": bodies}
) | st.fixed_dictionaries({}, optional={"body": bodies.map(json.dumps)})
documents = st.fixed_dictionaries(
    {
        "endpoint": names,
        "model_package_group": names,
        "owner": st.fixed_dictionaries(
            {"team": lines}, optional={"notify": st.just("arn:aws-cn:sns:cn-north-1:123456789012:Topic_1")}
        ),
        "serve": st.fixed_dictionaries(
            {
                "instance_type": st.sampled_from(["ml.g5.2xlarge", "ml.c7i.large"]),
                "instance_count": st.integers(1, 99),
            }
        ),
        "rollout": rollouts(),
        "health": health,
    },
    optional={
        "registry_account": st.from_regex(r"[0-9]{12}", fullmatch=True),
        "validation": validations,
        "watch": durations(0, 7 * 86_400),
        "managed_by": st.tuples(managers, readers).map(lambda pair: {**pair[0], **pair[1]}),
        "metadata": st.dictionaries(tag_texts.filter(bool), tag_texts, max_size=5),
    },
)
