"""What a policy may say, and what is refused where."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import yaml

from cli.policy_file import PolicyErrors, policy_from_text
from pointsman.policy import ErrorKind, OnPatience
from tests.cli.policy_samples import ALLOWED, REFUSED, RIGHT, having


def test_a_short_policy_gets_the_documented_defaults() -> None:
    policy = policy_from_text(yaml.safe_dump(RIGHT))

    assert policy.plan.patience == timedelta(hours=6)
    assert policy.plan.on_patience is OnPatience.ROLLBACK
    assert policy.plan.watch == timedelta(hours=24)
    assert policy.plan.health.errors == (ErrorKind.SERVER,)
    assert policy.plan.health.min_requests == 50
    assert policy.plan.health.alarms == ()
    assert policy.plan.validation.body == "{}"
    assert (policy.freeze, policy.owner.notify, policy.metadata) == ("", "", {})


@pytest.mark.parametrize(("path", "value"), ALLOWED)
def test_the_outermost_values_are_allowed(path: str, value: object) -> None:
    policy_from_text(json.dumps(having(path, value)))


@pytest.mark.parametrize(("path", "value", "where"), REFUSED)
def test_what_is_not_allowed_is_refused_where_it_stands(path: str, value: object, where: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        policy_from_text(yaml.dump(having(path, value), Dumper=yaml.CSafeDumper))
    assert [problem.where for problem in caught.value.problems] == [where]
