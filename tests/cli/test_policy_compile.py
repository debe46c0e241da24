"""Nothing is lost on the way from the authored policy to the runtime policy and back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from cli.policy_compile import to_authoring
from cli.policy_file import policy_from_text
from cli.policy_values import format_duration

names = st.from_regex(r"[a-zA-Z0-9](-?[a-zA-Z0-9]){0,20}", fullmatch=True)
lines = st.from_regex(r"[a-zA-Zäß日][ -~äß日]{0,40}", fullmatch=True)
tag_texts = st.text("abcäß日 09_.:/=+-@", max_size=30)
percents = st.floats(0, 100) | st.integers(0, 100)


def durations(low: int, high: int) -> st.SearchStrategy[str]:
    """Text of durations between two numbers of seconds."""
    return st.integers(low, high).map(lambda seconds: format_duration(timedelta(seconds=seconds)))


@st.composite
def rollouts(draw: st.DrawFn) -> dict[str, Any]:
    seconds = sorted(draw(st.tuples(*[st.integers(60, 14 * 86_400)] * 3)))
    least, most, patience = (format_duration(timedelta(seconds=count)) for count in seconds)
    rollout = {
        "strategy": "canary",
        "steps": [*sorted(draw(st.sets(st.integers(1, 99), max_size=19))), 100],
        "bake": {"min": least, "max": most},
        "patience": patience,
        "on_patience": draw(st.sampled_from(["rollback", "hold"])),
    }
    return rollout | draw(st.fixed_dictionaries({}, optional={"freeze": lines}))


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
    optional={"min_requests": st.integers(1, 10**9), "alarms": st.lists(lines, max_size=5, unique=True)},
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
        "validation": validations,
        "watch": durations(0, 7 * 86_400),
        "metadata": st.dictionaries(tag_texts.filter(bool), tag_texts, max_size=5),
    },
)


@given(documents)
def test_a_policy_survives_the_way_to_the_runtime_and_back_to_yaml(document: dict[str, Any]) -> None:
    policy = policy_from_text(yaml.safe_dump(document))
    again = policy_from_text(yaml.safe_dump(to_authoring(policy), allow_unicode=True))

    assert again == policy
    assert policy.plan.steps == tuple(document["rollout"]["steps"])
    assert policy.owner.team == document["owner"]["team"]
