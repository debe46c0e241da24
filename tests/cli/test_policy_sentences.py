"""A policy in plain words: nothing that it says goes unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml

from cli.policy_file import policy_from_text
from cli.policy_model import PolicyDocument
from cli.policy_section import keys_of, section_of
from cli.policy_sentences import sentences
from cli.policy_words import ownership
from pointsman.policy import Policy, Validation
from tests.cli.policy_samples import RIGHT, having
from tests.cli.policy_variations import LEFT_OUT, VARIATIONS, fields_of, full_policy, varied, without

TODAY = date(2026, 11, 24)


def words(policy: Policy) -> list[str]:
    return [sentence for paragraph in sentences(policy, TODAY) for sentence in paragraph.sentences]


def test_the_variations_change_every_key_there_is() -> None:
    keys = {key for key, field in keys_of(PolicyDocument) if section_of(field) is None}

    assert set(VARIATIONS) == keys - {"rollout.strategy"}


def test_the_variations_change_every_field_of_the_runtime_policy() -> None:
    full = dict(fields_of(full_policy()))
    changed = {
        path for key in VARIATIONS for path, value in fields_of(varied(key)) if value != full.get(path, value)
    }

    assert set(full) - changed == {"plan.strategy"}


@pytest.mark.parametrize("key", VARIATIONS)
def test_another_value_of_any_key_is_said_in_other_words(key: str) -> None:
    assert words(varied(key)) != words(full_policy())


@pytest.mark.parametrize("key", LEFT_OUT)
def test_a_key_that_is_not_there_is_said_in_other_words(key: str) -> None:
    assert words(without(key)) != words(full_policy())


def test_the_words_are_sentences_with_units() -> None:
    said = words(full_policy())

    assert all(sentence[0].isupper() and sentence.endswith((".", "1,2")) for sentence in said)
    assert (
        "Each step is held for at least 10 min. It goes on when 50 requests of the candidate are answered or more, "
        "at most 1 % of them failed (5xx), and at most 5 % took longer than 2 s, or no more than of the baseline's own."
    ) in said
    assert (
        "Before 25 % a person approves; it waits for that up to 23 h, then traffic goes back to the baseline."
        in said
    )
    assert (
        "Nothing moves forward outside Mon-Thu 09:00-16:00 and Sat,Sun 10:00-24:00 (Europe/Berlin), nor on 1 holiday, "
        "2026-12-24 (next: 2026-12-24). Rollbacks run at any time."
    ) in said
    assert "A version begins here only after it was promoted on endpoint fraud-staging." in said
    assert (
        "Terraform owns the endpoint in code; dana read on 2026-11-24 what its next deploy would undo."
        in said
    )
    assert said[0].startswith("FROZEN: quarter end.")


def test_an_alarm_that_is_created_is_said_with_when_it_fires() -> None:
    assert (
        "The deployment creates pointsman/fraud-prod/5xx, on variant blue: more than 5 % of the requests fail (5xx), in "
        "each of 3 minutes with at least 20 requests."
    ) in words(full_policy())


def test_what_a_short_policy_leaves_out_is_said_too() -> None:
    said = words(policy_from_text(yaml.safe_dump(RIGHT)))

    assert "A version waits for no other endpoint." in said
    assert "It moves forward at any time of any day." in said
    assert "No step waits for a person's approval." in said
    assert "No CloudWatch alarm is listened to." in said
    assert "Which tool owns the endpoint in code is not known." in said
    assert "Its messages carry no metadata." in said
    assert not any("FROZEN" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("tool", "end"), [("cdk", "nobody has read yet what its next deploy would undo."), ("none", "in code.")]
)
def test_a_tool_that_nobody_has_read_is_said_unless_there_is_none(tool: str, end: str) -> None:
    policy = policy_from_text(yaml.safe_dump(having("managed_by", {"tool": tool})))

    assert ownership(policy.managed_by).endswith(end)


def test_a_holiday_that_is_today_is_the_next_one() -> None:
    said = [line for part in sentences(full_policy(), date(2026, 12, 24)) for line in part.sentences]

    assert any("(next: 2026-12-24)" in line for line in said)


def test_holidays_that_are_all_past_are_called_that() -> None:
    said = [line for part in sentences(full_policy(), date(2026, 12, 25)) for line in part.sentences]

    assert any("2026-12-24 (all of them are past)" in line for line in said)


def test_a_long_body_is_cut_and_still_told_apart_by_its_last_character() -> None:
    plan = full_policy().plan
    long, other = (
        replace(full_policy(), plan=replace(plan, validation=Validation("text/csv", "x" * 60_000 + end)))
        for end in "ab"
    )

    assert words(long) != words(other)
    assert max(map(len, words(long))) < 400


@pytest.mark.parametrize("body", ["\x1b[31mred\u202e", "\x1b[31mred\u202e" * 500])
def test_what_a_file_holds_cannot_steer_the_terminal(body: str) -> None:
    plan = replace(full_policy().plan, validation=Validation("text/csv", body))

    assert all(line.isprintable() for line in words(replace(full_policy(), plan=plan)))


def test_a_promoted_version_without_a_watch_is_said_not_to_be_watched() -> None:
    plan = replace(full_policy().plan, watch=timedelta(0))

    assert any("is not watched" in line for line in words(replace(full_policy(), plan=plan)))
