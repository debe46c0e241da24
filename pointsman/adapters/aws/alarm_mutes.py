"""What keeps the actions of an alarm from being taken: its suppressor, as DescribeAlarms says, or a mute rule. Events are not believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.errors import PointsmanError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

Json = dict[str, Any]


def suppression_of(alarm: Json) -> str:
    """Why a composite alarm takes no actions now, as a clause after its name; empty where it does (facts/aws.md, 1.3)."""
    by, why = alarm.get("ActionsSuppressedBy"), alarm.get("ActionsSuppressedReason")
    if not by:
        return ""
    return f"has its actions suppressed by {by}" + (f" ({str(why).rstrip('. ')})" if why else "")


class MuteRules:
    """The mute rules of an account, asked alarm by alarm."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client."""
        self._client: Any = client

    def find(self, name: str) -> str:
        """Which rule is at work on an alarm now, as a clause after its name; empty where none is, or none can be read."""
        try:
            with mapped("ListAlarmMuteRules"):
                answer: Json = self._client.list_alarm_mute_rules(AlarmName=name, Statuses=["ACTIVE"])
        except PointsmanError:
            return ""
        rules = answer.get("AlarmMuteRuleSummaries", [])
        return f"is muted by rule {str(rules[0]['AlarmMuteRuleArn']).rpartition(':')[2]}" if rules else ""
