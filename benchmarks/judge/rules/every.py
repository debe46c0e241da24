"""All rules that are measured, by name, with a line on each. The last one is what the others are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.judge.minutes import StartJudge
from benchmarks.judge.rules.alarms import documented, template, tight
from benchmarks.judge.rules.argo import argo, argo_tight
from benchmarks.judge.rules.evidence import evidence
from benchmarks.judge.rules.flagger import flagger
from benchmarks.judge.rules.kayenta import kayenta
from benchmarks.judge.rules.plain import plain


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and how it is begun."""

    start: StartJudge
    about: str
    is_ours: bool = False


RULES: Mapping[str, Rule] = {
    "template": Rule(
        template, "guardrail alarm of AWS's project template: one 5xx in a minute, either fleet"
    ),
    "documented": Rule(
        documented, "guardrail alarms of AWS's guide: 2 x 10 min errors > 1 %, 2 x 5 min latency x1.5"
    ),
    "tight": Rule(tight, "guardrail alarms: 2 x 1 min errors > 1 % or p99 x1.5, on the candidate"),
    "flagger": Rule(flagger, "success >= 99 % and p99 <= x1.5 each minute, 5 failed checks"),
    "argo": Rule(argo, "success >= 95 % every 5 min, failureLimit 3"),
    "argo_tight": Rule(argo_tight, "success >= 99 % every minute, failureLimit 0"),
    "kayenta": Rule(kayenta, "Mann-Whitney, 98 %, every 30 min"),
    "plain": Rule(plain, "Wilson bound against 1 % errors, 5 % slow", is_ours=True),
    "evidence": Rule(evidence, "e-processes", is_ours=True),
}
OURS = "evidence"
