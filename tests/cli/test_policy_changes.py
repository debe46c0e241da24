"""What changes from one policy to another, and which way it pulls the releases."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cli.policy_changes import RULES, Change, changes
from cli.policy_file import policy_from_text
from cli.policy_model import PolicyDocument
from cli.policy_section import keys_of
from pointsman.policy import Policy
from tests.cli.policy_variations import CREATED, FULL, LEFT_OUT, VARIATIONS, full_policy, varied, without


def having(section: str, **keys: Any) -> Policy:
    """Build the full policy with other keys in one section; None takes a key out."""
    inner = {key: value for key, value in (FULL[section] | keys).items() if value is not None}
    return policy_from_text(yaml.safe_dump(FULL | {section: inner}))


def only(found: list[Change]) -> Change:
    (one,) = found
    return one


def effects(change: Change) -> str:
    return " ".join(sorted(effect.value for effect in change.effects))


def test_the_same_policy_has_no_changes() -> None:
    assert changes(full_policy(), full_policy()) == []


@pytest.mark.parametrize("key", VARIATIONS)
def test_one_changed_key_is_named_alone_in_both_directions(key: str) -> None:
    there, back = only(changes(full_policy(), varied(key))), only(changes(varied(key), full_policy()))

    assert (there.key, back.key) == (key, key)
    assert (there.old, there.new) == (back.new, back.old)
    assert there.words != back.words


@pytest.mark.parametrize("key", LEFT_OUT)
def test_a_key_that_comes_or_goes_is_named_alone(key: str) -> None:
    gone, come = only(changes(full_policy(), without(key))), only(changes(without(key), full_policy()))

    assert (gone.key, gone.new, come.key, come.old) == (key, None, key, None)
    assert gone.words != come.words


def test_every_key_that_can_change_has_a_rule_and_no_other_has() -> None:
    always_there = {"owner", "serve", "rollout", "rollout.bake", "validation"}
    always_there |= {"health", "health.errors", "health.latency", "health.judge"}

    assert set(RULES) == {key for key, _field in keys_of(PolicyDocument)} - always_there


@pytest.mark.parametrize(
    ("key", "pulls"),
    [
        ("serve.instance_count", ""),
        ("rollout.steps", "looser"),
        ("rollout.bake.min", "slower stricter"),
        ("rollout.bake.max", ""),
        ("rollout.patience", "slower"),
        ("rollout.on_patience", "looser"),
        ("rollout.approve_before", "slower stricter"),
        ("rollout.approval_wait", "faster"),
        ("rollout.windows.timezone", ""),
        ("rollout.windows.open", "slower"),
        ("rollout.windows.holidays", "slower"),
        ("rollout.after.until", "slower stricter"),
        ("rollout.freeze", ""),
        ("health.errors.count", "stricter"),
        ("health.errors.max_percent", "looser"),
        ("health.latency.slow_over", "looser"),
        ("health.latency.max_percent", "stricter"),
        ("health.min_requests", "slower stricter"),
        ("health.alarms", "stricter"),
        ("watch", "faster looser"),
        ("metadata", ""),
    ],
)
def test_each_key_pulls_its_way_and_back_the_other(key: str, pulls: str) -> None:
    other = {"looser": "stricter", "stricter": "looser", "faster": "slower", "slower": "faster"}

    assert effects(only(changes(full_policy(), varied(key)))) == pulls
    back = " ".join(sorted(other[pull] for pull in pulls.split()))
    assert effects(only(changes(varied(key), full_policy()))) == back


@pytest.mark.parametrize(
    ("key", "pulls"),
    [("rollout.windows", "faster"), ("rollout.after", "faster looser"), ("rollout.freeze", "faster")],
)
def test_what_no_longer_holds_releases_back_makes_them_faster(key: str, pulls: str) -> None:
    assert effects(only(changes(full_policy(), without(key)))) == pulls


@pytest.mark.parametrize(
    ("steps", "words", "pulls"),
    [
        (
            [5, 50, 100],
            "1, 5, 25, 50, 100 % become 5, 50, 100 %: 2 steps fewer, the first reaches 5 times as many requests",
            "faster looser",
        ),
        (
            [100],
            (
                "1, 5, 25, 50, 100 % become 100 %: 4 steps fewer, the first reaches 100 times as many requests, "
                "the largest leap grows from 50 to 100 points"
            ),
            "faster looser",
        ),
        (
            [1, 5, 25, 50, 75, 100],
            "1, 5, 25, 50, 100 % become 1, 5, 25, 50, 75, 100 %: 1 step more, the largest leap shrinks from 50 to 25 points",
            "slower stricter",
        ),
        (
            [3, 5, 25, 60, 100],
            (
                "1, 5, 25, 50, 100 % become 3, 5, 25, 60, 100 %: the first reaches 3 times as many requests, "
                "the largest leap shrinks from 50 to 40 points"
            ),
            "",
        ),
        ([1, 6, 25, 50, 100], "1, 5, 25, 50, 100 % become 1, 6, 25, 50, 100 %", ""),
    ],
)
def test_steps_are_compared_as_a_way_to_all_traffic(steps: list[int], words: str, pulls: str) -> None:
    change = only(
        changes(having("rollout", approve_before=None), having("rollout", steps=steps, approve_before=None))
    )

    assert (change.words, effects(change)) == (words, pulls)


def test_a_first_step_that_is_no_multiple_is_told_in_percent() -> None:
    change = only(changes(varied("rollout.steps"), having("rollout", steps=[3, 5, 25, 50, 100])))

    assert "the first reaches 3 % of the requests instead of 2 %" in change.words


def test_windows_are_compared_by_the_hours_of_a_week() -> None:
    change = only(changes(full_policy(), varied("rollout.windows.open")))

    assert change.words.endswith("become Mon-Thu 09:00-16:00: 56 h a week become 28 h")


def test_windows_that_overlap_are_not_counted_twice() -> None:
    overlapping = ["Mon-Thu 09:00-16:00", "Sat,Sun 10:00-24:00", "Sun 12:00-13:00"]
    change = only(
        changes(full_policy(), having("rollout", windows=FULL["rollout"]["windows"] | {"open": overlapping}))
    )

    assert change.words.endswith("as long as before in a week")


def test_entries_of_a_list_are_named_as_they_come_and_go() -> None:
    change = only(changes(full_policy(), having("health", alarms=["a", "b", CREATED])))

    assert change.words == "alarms that send traffic back: a and b are added, fraud-p99 is removed"
    assert effects(change) == ""


def test_another_threshold_of_a_created_alarm_is_told_as_one_for_the_other() -> None:
    change = only(
        changes(full_policy(), having("health", alarms=["fraud-p99", CREATED | {"over_percent": 9}]))
    )

    words = "% of the requests fail (5xx), in each of 3 minutes with at least 20 requests, on variant blue)"
    assert change.words == (
        f"alarms that send traffic back: pointsman/fraud-prod/5xx (more than 9 {words} is added, "
        f"pointsman/fraud-prod/5xx (more than 5 {words} is removed"
    )
    assert effects(change) == ""


def test_the_plan_holds_from_the_next_rollout_on_and_the_rest_at_once() -> None:
    at_once = {key for key in VARIATIONS if only(changes(full_policy(), varied(key))).is_at_once}

    assert at_once == {
        "endpoint", "model_package_group", "registry_account", "owner.team", "owner.notify", "metadata",
        "managed_by.tool", "managed_by.read_by", "managed_by.read_on",
        "rollout.windows.timezone", "rollout.windows.open", "rollout.windows.holidays",
        "rollout.after.endpoint", "rollout.after.until", "rollout.freeze",
    }  # fmt: skip
