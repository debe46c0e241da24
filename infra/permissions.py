"""What each function may do, and why: one function of this module for one function of Pointsman. Nothing is granted elsewhere.

The pieces that several of them share are in `permission_sets.py` and `permission_to_send.py`. Every grant is held against the calls of the whole
test suite, from both sides: what is called is allowed, and what is allowed is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from infra.grants import Grant
from infra.permission_sets import (
    destination,
    forecasts,
    goes_back,
    goes_forward,
    hears,
    keeps_state,
    logs,
    polls,
    tidies_up,
)
from infra.permission_to_send import asks_again, tells
from infra.scope import Scope
from pointsman.triggers import TRIGGERS, Pattern, Queue, Schedule, Trigger

Grants = list[Grant]


def model_package_changed(scope: Scope) -> Grants:
    """Hears of an approval or a rejection: opens a rollout, or takes one back. Nothing moves forward here."""
    return [*hears(scope), *goes_back(scope), *keeps_state(scope), *tells(scope), *asks_again(scope)]


def alarm_changed(scope: Scope) -> Grants:
    """One whole pass: an alarm that was over when it was read lets the rollout go on."""
    return _whole_pass(scope)


def endpoint_changed(scope: Scope) -> Grants:
    """One whole pass, and a message for the next one."""
    return [*_whole_pass(scope), *asks_again(scope)]


def rollout_due(scope: Scope) -> Grants:
    """One whole pass, and a message for the next one."""
    return [*_whole_pass(scope), *asks_again(scope)]


def rollout_tick(scope: Scope) -> Grants:
    """Asks for a pass of every open rollout, records what was journalled, and sends what was not sent. No endpoint is touched."""
    table = scope.table(scope.names.state_table)
    journal = scope.queue(scope.names.journal_queue)
    return [
        Grant(
            "FindOpen",
            ("dynamodb:Query",),
            (f"{table}/index/open",),
            "The index holds open rollouts and unsent messages, and nothing else: one query, never a scan.",
        ),
        Grant(
            "DrainJournal",
            ("sqs:ReceiveMessage", "sqs:DeleteMessage"),
            (journal,),
            "Moves back that were made while the tables could not be written are recorded now.",
        ),
        *(each for each in keeps_state(scope) if each.sid != "KeepJournal"),
        *tells(scope),
        *asks_again(scope),
    ]


def registry_sweep(scope: Scope) -> Grants:
    """Finds approvals that were never heard of, and does with them what `model_package_changed` does."""
    return [
        _list_packages(scope, "An approval whose event was lost is found in the list of approved versions."),
        *hears(scope),
        *goes_back(scope),
        *keeps_state(scope),
        *tells(scope),
        *asks_again(scope),
    ]


def operator_request(scope: Scope) -> Grants:
    """Carries out what a person asks for: a rollout goes back at once; whatever moves forward is left to the queue."""
    return [
        _list_packages(scope, "A version to retry or to go back to is looked up among the approved ones."),
        *goes_back(scope),
        *keeps_state(scope),
        *tells(scope),
        *asks_again(scope),
    ]


def operator_query(scope: Scope) -> Grants:
    """Answers what is and what was. Every action reads."""
    names = scope.names
    state, audit = scope.table(names.state_table), scope.table(names.audit_table)
    return [
        Grant(
            "ReadState",
            ("dynamodb:GetItem", "dynamodb:Query"),
            (state,),
            "State of an endpoint, its evidence, and the minutes of a rollout.",
        ),
        Grant(
            "FindOpen", ("dynamodb:Query",), (f"{state}/index/open",), "Open rollouts and unsent messages."
        ),
        Grant(
            "ReadRecords", ("dynamodb:GetItem", "dynamodb:Query"), (audit,), "History, and records by number."
        ),
        Grant(
            "SeeEndpoint",
            ("sagemaker:DescribeEndpoint",),
            scope.endpoint_arns(),
            "Status shows what serves beside what is wanted.",
        ),
        Grant(
            "SeeConfig",
            ("sagemaker:DescribeEndpointConfig",),
            (scope.sagemaker("endpoint-config"),),
            "The config that serves may be anybody's.",
        ),
        Grant(
            "CountMessages",
            ("sqs:GetQueueAttributes",),
            tuple(scope.queue(each) for each in (names.due_queue, names.journal_queue, names.dead_letters)),
            "How much waits, and how much failed too often.",
        ),
    ]


def _whole_pass(scope: Scope) -> Grants:
    """Observe, decide, record, act: whatever the rollout's phase asks for next."""
    return [
        *goes_back(scope, "sagemaker:InvokeEndpoint"),
        *goes_forward(scope),
        *forecasts(scope),
        *tidies_up(scope),
        *keeps_state(scope),
        *tells(scope),
    ]


def _list_packages(scope: Scope, why: str) -> Grant:
    return Grant("ListApproved", ("sagemaker:ListModelPackages",), scope.package_arns(), why)


OF: Mapping[str, Callable[[Scope], Grants]] = {
    each.__name__: each
    for each in (
        model_package_changed,
        alarm_changed,
        endpoint_changed,
        rollout_due,
        rollout_tick,
        registry_sweep,
        operator_request,
        operator_query,
    )
}


def grants_of(trigger: Trigger, scope: Scope) -> Grants:
    """All that one function may do, with what Lambda does in its name."""
    started_by = trigger.started_by
    around = [logs(scope, trigger)]
    if isinstance(started_by, Pattern | Schedule):
        around.append(destination(scope))
    if isinstance(started_by, Queue):
        around.append(polls(scope))
    return [*OF[trigger.name](scope), *around]


def all_grants(scope: Scope) -> dict[str, Grants]:
    """By the name of the trigger."""
    return {trigger.name: grants_of(trigger, scope) for trigger in TRIGGERS}
