"""What the template grants against what the functions did in the whole test suite: from both sides."""

from __future__ import annotations

import pytest

from infra.names import Names, Place
from infra.permissions import OF, all_grants
from infra.scope import scope_of
from pointsman.triggers import TRIGGERS
from tests.infra.reasons import MADE_UP, UNSEEN
from tests.infra.templates import ACCOUNT, CONTEXT, FACTS, REGION, Json, statements
from tests.permissions.actions import Use
from tests.permissions.policies import Statement, matches, refused, unused
from tests.permissions.recorder import read_record

NAMES = [trigger.name for trigger in TRIGGERS]
WHOLE_PASS = {"alarm_changed", "endpoint_changed", "rollout_due"}
"""These do the same job, so each could do another's."""
READS = ("Describe", "List", "Get", "Search", "Query")

Granted = dict[str, list[Statement]]
Record = dict[str, set[Use]]


@pytest.fixture(scope="module")
def granted(template: Json) -> Granted:
    return statements(template)


@pytest.fixture(scope="module")
def record() -> Record:
    return read_record()


@pytest.fixture(scope="module")
def done_by_others() -> dict[str, set[str]]:
    """Sids of what Lambda or SNS does in a function's name, by function."""
    place = Place("aws", REGION, ACCOUNT)
    scope = scope_of(CONTEXT, FACTS, place, "the topic's key")
    return {name: {each.sid for each in grants if each.done_by} for name, grants in all_grants(scope).items()}


def test_every_grant_says_why_and_has_a_name_of_its_own() -> None:
    scope = scope_of(CONTEXT, FACTS, Place("aws", REGION, ACCOUNT), "the topic's key")
    for grants in all_grants(scope).values():
        assert all(len(each.why) > 20 for each in grants)
        assert len({each.sid for each in grants}) == len(grants)


def test_every_function_has_its_permissions_and_there_are_no_others() -> None:
    assert sorted(OF) == sorted(NAMES)


def test_every_function_did_something(record: Record) -> None:
    assert set(record) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_call_that_was_seen_is_allowed(granted: Granted, record: Record, name: str) -> None:
    needed = {use for use in record[name] if (name, use) not in MADE_UP}
    assert refused(granted[name], needed) == []


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_allowed_was_seen_or_has_a_reason(
    granted: Granted, record: Record, done_by_others: dict[str, set[str]], name: str
) -> None:
    too_much = {
        (sid, what) for sid, what in unused(granted[name], record[name]) if sid not in done_by_others[name]
    }
    assert too_much - {(sid, what) for function, sid, what in UNSEEN if function == name} == set()


def test_every_reason_is_of_something_that_is_there(granted: Granted, record: Record) -> None:
    there = {
        (name, each.sid, what)
        for name, every in granted.items()
        for each in every
        for what in (*each.actions, *each.resources)
    }
    assert set(UNSEEN) - there == set()
    assert {key for key in MADE_UP if not refused(granted[key[0]], [key[1]])} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_that_is_removed_is_missed(
    granted: Granted, record: Record, done_by_others: dict[str, set[str]], name: str
) -> None:
    missed_anyway = refused(granted[name], record[name])
    for statement in granted[name]:
        others = [each for each in granted[name] if each is not statement]
        is_excused = statement.sid in done_by_others[name] or is_never_used(name, statement)
        assert is_excused or refused(others, record[name]) != missed_anyway, statement.sid


def is_never_used(name: str, statement: Statement) -> bool:
    """True where no action of a statement is used, each with its reason."""
    return all((name, statement.sid, action) in UNSEEN for action in statement.actions)


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_that_is_added_stands_out(granted: Granted, record: Record, name: str) -> None:
    more = Statement("More", ("sagemaker:DeleteEndpoint",), ("*",))
    assert unused([*granted[name], more], record[name]) >= {
        ("More", "sagemaker:DeleteEndpoint"),
        ("More", "*"),
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", NAMES)
def test_a_function_that_is_given_anothers_job_is_refused(
    granted: Granted, record: Record, name: str, other: str
) -> None:
    if name == other or {name, other} <= WHOLE_PASS:
        pytest.skip("the same job")
    assert refused(granted[name], record[other]) or may_do_all_of(name, other)


def may_do_all_of(name: str, other: str) -> bool:
    """A whole pass does all that hearing of a version does, and the sweep all that a person's word needs."""
    return (name in WHOLE_PASS and other == "model_package_changed") or (
        (name, other) == ("registry_sweep", "operator_request")
    )


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_changes_anything_is_granted_on_everything(granted: Granted, name: str) -> None:
    wide = [each for each in granted[name] if any(matches(resource, "*") for resource in each.resources)]
    actions = [action for each in wide for action in each.actions]
    assert [each for each in actions if not each.partition(":")[2].startswith(READS)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_action_is_granted_by_a_wildcard(granted: Granted, name: str) -> None:
    assert [action for each in granted[name] for action in each.actions if "*" in action] == []


def test_roles_are_passed_to_sagemaker_alone_and_only_those_that_were_named(granted: Granted) -> None:
    passing = [each for every in granted.values() for each in every if "iam:PassRole" in each.actions]
    assert {each.resources for each in passing} == {(f"arn:aws:iam::{ACCOUNT}:role/execution",)}
    wanted = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    assert all(each.conditions == wanted for each in passing)


def test_only_what_carries_a_rollouts_tag_can_be_deleted(granted: Granted) -> None:
    every = [each for of_one in granted.values() for each in of_one]
    deleting = [
        each
        for each in every
        if any(":Delete" in action and "sagemaker" in action for action in each.actions)
    ]
    assert deleting
    assert all(
        each.conditions == {"Null": {"aws:ResourceTag/pointsman:rollout": "false"}} for each in deleting
    )


def test_events_are_put_on_our_own_bus_alone_and_under_our_name(granted: Granted) -> None:
    putting = {
        name: each for name, every in granted.items() for each in every if "events:PutEvents" in each.actions
    }
    assert set(NAMES) - set(putting) == {"operator_query"}
    assert {each.resources for each in putting.values()} == {
        (f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/pointsman",)
    }
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/pointsman"
    ours, others = (
        Use("events:PutEvents", bus, (("events:source", "pointsman"),)),
        Use("events:PutEvents", bus),
    )
    foreign = Use("events:PutEvents", bus, (("events:source", "aws.sagemaker"),))
    for each in putting.values():
        assert refused([each], [ours, others, foreign]) == sorted([others, foreign])


def test_no_function_can_change_or_delete_a_record(granted: Granted) -> None:
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{Names('pointsman').audit_table}"
    on_audit = [
        action
        for every in granted.values()
        for each in every
        if any(matches(resource, table) for resource in each.resources)
        for action in each.actions
        if action.startswith("dynamodb:")
    ]
    assert set(on_audit) == {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"}
