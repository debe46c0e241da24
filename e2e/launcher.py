"""Starts ministack with five things mended: services' own events, events of alarms, SQS's batches and events' sources in IAM, failures of aliases.

Run by the interpreter of ministack's own environment, so nothing of ours is imported here. What is mended are private
names of exactly this version. It ends, with every function that it started, when its standard input does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from importlib.metadata import version
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.services import cloudwatch, eventbridge, lambda_svc

MADE_FOR = "1.5.33"


def let_services_speak() -> None:
    """AWS refuses events of `aws.*` from anybody but its services, and so does ministack, where nothing sends any."""
    put_events = eventbridge._put_events  # noqa: SLF001 - there is no other way in

    def put_events_of_services(data: Any, allow_aws_source: bool = True) -> Any:  # noqa: ANN401, ARG001, FBT001, FBT002 - its signature
        return put_events(data, allow_aws_source=True)

    eventbridge._put_events = put_events_of_services  # noqa: SLF001 - see above


def let_alarms_speak() -> None:
    """Send `CloudWatch Alarm State Change` to the default bus whenever an alarm changes its state."""
    act = cloudwatch._dispatch_alarm_actions  # noqa: SLF001 - there is no other way in

    def act_and_tell(alarm: Any, old_state: str, new_state: str, reason: str) -> None:  # noqa: ANN401 - its signature
        act(alarm, old_state, new_state, reason)
        detail = {
            "alarmName": alarm.get("AlarmName", ""),
            "state": {"value": new_state, "reason": reason},
            "previousState": {"value": old_state},
        }
        entry = {
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Resources": [alarm.get("AlarmArn", "")],
            "Detail": json.dumps(detail),
        }
        eventbridge._put_events({"Entries": [entry]})  # noqa: SLF001 - see above

    cloudwatch._dispatch_alarm_actions = act_and_tell  # noqa: SLF001 - see above


def let_batches_be_allowed() -> None:
    """IAM has no action for SQS's batch calls: who may send a message may send ten of them."""
    extract = iam_actions.extract_iam_action

    def extract_without_batch(service: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - its signature
        action = extract(service, *args, **kwargs)
        return action.removesuffix("Batch") if service == "sqs" and action else action

    iam_actions.extract_iam_action = extract_without_batch


def let_aliases_fail() -> None:
    """What becomes of an asynchronous failure is set for the alias that was started; ministack looks at `$LATEST` alone."""
    invoke = lambda_svc.invoke_async_with_retry

    def invoke_as_configured(func: Any, event: Any) -> None:  # noqa: ANN401 - its signature
        name = (func.get("config") or func)["FunctionName"]
        configs = lambda_svc._functions[name].get("event_invoke_configs") or {}  # noqa: SLF001 - there is no other way in
        if len(configs) == 1:
            [config] = configs.values()
            func = {**func, "event_invoke_config": config}
        invoke(func, event)

    lambda_svc.invoke_async_with_retry = invoke_as_configured


def let_sources_be_conditions() -> None:
    """IAM knows `events:source` of a PutEvents; the functions may put events under one source alone."""
    context_of = iam_actions.request_tag_context

    def context_with_sources(service: str, iam_action: str, body: bytes, params: Any) -> Any:  # noqa: ANN401 - its signature
        context = context_of(service, iam_action, body, params)
        if iam_action == "events:PutEvents":
            entries = json.loads(body).get("Entries", [])
            context["events:source"] = [str(each.get("Source", "")) for each in entries]
        return context

    iam_actions.request_tag_context = context_with_sources


def end_with_parent() -> None:
    """Whoever started this holds the other end of standard input: it closes even when that one is killed."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    if version("ministack") != MADE_FOR:
        sys.exit(f"made for ministack {MADE_FOR}, and this is {version('ministack')}")
    end_with_parent()
    let_services_speak()
    let_alarms_speak()
    let_batches_be_allowed()
    let_aliases_fail()
    let_sources_be_conditions()
    sys.argv = sys.argv[:1]
    app.main()
