"""Alarm mute rules: put, listed, deleted, and which one is at work on an alarm now. Alarms themselves are kept in alarms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from twin.alarm_shapes import stamp
from twin.errors import TwinError
from twin.paging import Pages
from twin.plain import copied
from twin.world import World

Params = dict[str, Any]

_PAGES = Pages("ListAlarmMuteRules", default=50, size_member="MaxRecords", page_code="InvalidNextToken")
_AT = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2})\)")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


@dataclass(frozen=True, slots=True)
class MuteRule:
    """One rule: the window in which it mutes alarms, and their names."""

    name: str
    arn: str
    begins: datetime
    ends: datetime
    alarms: frozenset[str]
    updated: datetime

    def status(self, now: datetime) -> str:
        """Return SCHEDULED, ACTIVE or EXPIRED."""
        if now < self.begins:
            return "SCHEDULED"
        return "ACTIVE" if now < self.ends else "EXPIRED"


class Mutes:
    """Mute rules by name. Only those that mute once (`at`) are known; what repeats (`cron`) is refused."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rules: dict[str, MuteRule] = {}

    def put(self, params: Params) -> Params:
        """PutAlarmMuteRule: a rule that exists is replaced."""
        schedule = params["Rule"]["Schedule"]
        begins = _begins(schedule)
        name, now = params["Name"], self._world.agenda.now
        targets: list[str] = copied(params.get("MuteTargets", {}).get("AlarmNames", []))
        self._rules[name] = MuteRule(
            name,
            self._world.arns.alarm(name).replace(":alarm:", ":alarm-mute-rule:"),
            begins,
            begins + _duration(schedule["Duration"]),
            frozenset(targets),
            now,
        )
        return {}

    def listed(self, params: Params) -> Params:
        """ListAlarmMuteRules, by the alarm that they mute and by status."""
        now, alarm = self._world.agenda.now, params.get("AlarmName")
        found = [
            rule
            for rule in self._rules.values()
            if (alarm is None or alarm in rule.alarms)
            and rule.status(now) in params.get("Statuses", ["SCHEDULED", "ACTIVE", "EXPIRED"])
        ]
        page, more = _PAGES.cut(found, params, lambda rule: (rule.name, ""))
        summaries = [
            {
                "AlarmMuteRuleArn": rule.arn,
                "Status": rule.status(now),
                "LastUpdatedTimestamp": rule.updated,
            }
            for rule in page
        ]
        return {"AlarmMuteRuleSummaries": summaries, **more}

    def delete(self, params: Params) -> Params:
        """DeleteAlarmMuteRule: that one which is not there is no error is recalled."""
        self._rules.pop(params["AlarmMuteRuleName"], None)
        return {}

    def detail_of(self, alarm: str) -> Params:
        """Return what an event of an alarm shows of the rule that mutes it now; nothing where none does (facts 1.3)."""
        now = self._world.agenda.now
        for rule in self._rules.values():
            if alarm in rule.alarms and rule.status(now) == "ACTIVE":
                window = {"muteWindowStart": stamp(rule.begins), "muteWindowEnd": stamp(rule.ends)}
                return {"muteDetail": {"mutedByArn": rule.arn, **window}}
        return {}


def _begins(schedule: Params) -> datetime:
    found = _AT.fullmatch(schedule["Expression"])
    if found is None or schedule.get("Timezone", "UTC") != "UTC":
        raise TwinError(
            "ValidationError", "The twin does not do this yet: mute rules that repeat, or in a time zone."
        )
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC)


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    days, hours, minutes = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    lasts = timedelta(days=days, hours=hours, minutes=minutes)
    if not lasts:
        raise TwinError("ValidationError", f"{text} is no duration such as PT2H.")
    return lasts
