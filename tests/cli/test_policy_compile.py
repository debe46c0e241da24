"""Nothing is lost on the way from the authored policy to the runtime policy and back."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given

from cli.policy_compile import to_authoring
from cli.policy_file import policy_from_text
from tests.cli.policy_documents import documents
from tests.cli.policy_variations import FULL, full_policy


@given(documents)
def test_a_policy_survives_the_way_to_the_runtime_and_back_to_yaml(document: dict[str, Any]) -> None:
    policy = policy_from_text(yaml.safe_dump(document))
    again = policy_from_text(yaml.safe_dump(to_authoring(policy)))

    assert again == policy
    assert policy.plan.steps == tuple(document["rollout"]["steps"])
    assert policy.owner.team == document["owner"]["team"]
    assert policy.plan.gates == tuple(sorted(document["rollout"].get("approve_before", [])))


def test_a_policy_that_holds_every_key_is_written_as_it_was_read() -> None:
    assert to_authoring(full_policy()) == FULL
