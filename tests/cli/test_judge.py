"""`pointsman judge --jsonl`: lines in, lines out, and what it says of lines that it cannot read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.judge_lines import MOST_STAGES

ROOT = Path(__file__).resolve().parents[2]
START = {
    "type": "start",
    "alpha": 0.02,
    "horizon_min": 60,
    "mode": "adaptive",
    "plan": [{"share": 0.5, "bake_min": 5, "bake_max": 12}],
    "thresholds_ms": {"p75": 170.0, "p90": 240.0, "p99": 800.0},
    "history": {"error_rate": 0.005, "p50": 120.0, "rpm": None},
}
END = {"type": "end"}
SLOW = {"p75": 125, "p75x1.1": 100, "p75x1.25": 70, "p90": 50, "p90x1.1": 40, "p90x1.25": 30}


def side(requests: int = 500, errors: int = 2) -> dict[str, Any]:
    """A side as a line has it; a quarter of the requests is slower than the 75th percentile."""
    slow = {key: count * requests // 500 for key, count in SLOW.items()}
    latency = {"count": requests, "avg": 130.0, "p50": 118.0, "p90": 238.0, "p99": 790.0}
    tail = {"p99": requests // 100, "p99x1.1": requests // 125, "p99x1.25": requests // 200}
    quality = {"n": requests // 5, "mean": 0.8}
    return {
        "invocations": requests,
        "errors": errors,
        "latency": latency,
        "slow": slow | tail,
        "quality": quality,
    }


def minute(
    number: int, canary: dict[str, Any] | None, baseline: dict[str, Any] | None, **other: Any
) -> dict[str, Any]:
    line = {"type": "minute", "minute": number, "stage": 0, "stage_minute": number, "share": 0.5}
    return line | {"baseline": baseline, "canary": canary} | other


def judged(*lines: dict[str, Any] | str) -> subprocess.CompletedProcess[str]:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    return subprocess.run(
        [sys.executable, "-m", "cli", "judge", "--jsonl"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def answers(*lines: dict[str, Any] | str) -> list[dict[str, Any]]:
    ran = judged(*lines)
    assert (ran.returncode, ran.stderr) == (0, "")
    return [json.loads(line) for line in ran.stdout.splitlines()]


def decisions(found: Sequence[dict[str, Any]]) -> list[str]:
    return [answer["decision"] for answer in found]


def test_every_minute_has_one_answer_and_nothing_else_has() -> None:
    found = answers(
        START, *[minute(n, side(), side()) for n in range(1, 4)], END, "", START, minute(1, side(), side())
    )

    assert decisions(found) == ["continue"] * 4


def test_a_bad_candidate_is_a_rollback_with_its_reasons() -> None:
    found = answers(START, *[minute(n, side(errors=30), side()) for n in range(1, 13)])
    last = found[-1]

    assert last["decision"] == "rollback"
    assert last["opinion"] == "FAIL"
    assert last["evidence"] >= last["needed"] == 50
    assert last["sentence"].startswith(
        "candidate failed 210 of 3,500 requests (6.0 %) in the last 7 minutes, baseline 0.40 %; tolerated 0."
    )
    assert last["processes"]["errors"]["bad"] == 360
    assert last["processes"]["errors"]["lately"]["bad"] == 210
    assert set(last["processes"]) == {"gross", "errors", "p75", "p99", "quality"}


def test_a_good_candidate_is_promoted_when_it_is_proved() -> None:
    found = answers(START, *[minute(n, side(), side()) for n in range(1, 31)])

    assert decisions(found)[:9] == ["continue"] * 9
    assert found[-1]["decision"] == "promote"
    assert found[-1]["processes"]["errors"]["proof"]["e"] >= 10


def test_a_minute_without_data_is_blind() -> None:
    found = answers(START, minute(1, None, None), minute(2, side(), None), minute(3, None, side()))

    assert [answer["opinion"] for answer in found] == ["BLIND"] * 3
    assert decisions(found) == ["continue"] * 3


def test_a_rollout_knows_nothing_of_the_one_before() -> None:
    bad = [minute(n, side(errors=60), side()) for n in range(1, 13)]
    good = [minute(n, side(), side()) for n in range(1, 13)]

    assert answers(START, *bad, END, START, *good)[12:] == answers(START, *good)


def test_latency_and_quality_may_be_left_out() -> None:
    bare: dict[str, Any] = {"invocations": 500, "errors": 2, "latency": None, "slow": {}, "quality": None}
    found = answers(START, *[minute(n, bare, bare) for n in range(1, 31)])

    assert found[-1]["decision"] == "promote"


def test_a_margin_and_the_output_may_be_told() -> None:
    told = side(errors=30) | {"output": {"tokens": 50_000, "milliseconds": 1.2e6}}
    start = START | {"error_margin": 0.08}
    found = answers(start, *[minute(n, told, told | {"errors": 2}) for n in range(1, 31)])

    assert found[-1]["decision"] == "promote"
    assert found[-1]["processes"]["tpot"]["tokens"] == 30 * 50_000
    assert found[-1]["processes"]["errors"]["tolerated_points"] == 0.08


def test_counts_may_be_decimals_as_cloudwatch_has_them() -> None:
    decimals = json.loads(json.dumps(side()).replace("100,", "100.4,"))

    assert answers(START, minute(1, decimals, side()))[0]["processes"]["p75"]["bad"] == 100


def test_answers_come_while_the_other_side_still_writes() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "judge", "--jsonl"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(START) + "\n" + json.dumps(minute(1, side(), side())) + "\n")
        process.stdin.flush()

        assert json.loads(process.stdout.readline())["decision"] == "continue"
        process.stdin.close()
        assert process.wait() == 0


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["{"], "line 1: not JSON"),
        (["[1]"], "line 1: not an object"),
        ([{"type": "stop"}], "line 1: type: 'stop' is none of start, minute and end"),
        ([minute(1, side(), side())], "line 1: a minute before the start line of its rollout"),
        ([START, END, minute(1, side(), side())], "line 3: a minute before the start line of its rollout"),
        ([START | {"plan": []}], f"line 1: plan: from 1 to {MOST_STAGES} steps, not 0"),
        ([START | {"plan": None}], "line 1: plan: a list is needed"),
        ([START | {"plan": [3]}], "line 1: plan: a step is an object with share, bake_min and bake_max"),
        (
            [START | {"plan": [{"share": 0.5, "bake_min": 5, "bake_max": 4}]}],
            "line 1: plan: bake_max 4 is below bake_min 5",
        ),
        (
            [START | {"plan": [{"share": 1, "bake_min": 5, "bake_max": 9}]}],
            "line 1: share: a number from 1e-06 to 0.999999",
        ),
        ([START | {"mode": "eager"}], "line 1: mode: 'eager' is neither fixed nor adaptive"),
        ([START | {"alpha": 0}], "line 1: alpha: a number from 1e-06 to 0.5 is needed, not 0"),
        ([START | {"history": 5}], "line 1: history: not an object"),
        (
            [START, minute(1, side(), side(), stage=1)],
            "line 2: stage: 1 is not below 1, the steps of the plan",
        ),
        (
            [START, minute(1, side(), side(), share="half")],
            "line 2: share: a number from 1e-06 to 0.999999 is needed, not 'half'",
        ),
        ([START, minute(1, side(3, 4), side())], "line 2: canary: 4 errors of 3 invocations"),
        ([START, minute(1, side(), side() | {"errors": -1})], "line 2: errors: a number from 0"),
        ([START, minute(1, side(), 7)], "line 2: baseline: neither null nor an object"),  # type: ignore[arg-type]
        (
            [START, minute(1, side() | {"slow": {"p99": 501}}, side())],
            "line 2: canary.slow: 501 of 500 requests are slower",
        ),
        ([START, minute(1, side() | {"slow": [1]}, side())], "line 2: canary.slow: not an object"),
        ([START, minute(1, side() | {"quality": 1}, side())], "line 2: quality: neither null nor an object"),
        ([START, minute(1, side() | {"output": 7}, side())], "line 2: output: neither null nor an object"),
        ([START | {"error_margin": 2}], "line 1: error_margin: a number from 0 to 1 is needed, not 2"),
        (['{"type": "start", "plan": [], "alpha": NaN}'], "line 1: plan: from 1"),
        (
            [START, '{"type": "minute", "minute": 1, "stage": 0, "stage_minute": 1, "share": NaN}'],
            "line 2: share: a number from 1e-06 to 0.999999 is needed, not nan",
        ),
    ],
)
def test_a_line_that_is_not_understood_is_named_and_ends_it(
    lines: list[dict[str, Any] | str], said: str
) -> None:
    ran = judged(*lines)

    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith(f"pointsman judge: {said}")
    assert ran.stderr.count("\n") == 1


def test_what_was_answered_before_a_bad_line_stays_answered() -> None:
    ran = judged(START, minute(1, side(), side()), "nonsense", minute(2, side(), side()))

    assert ran.returncode == 2
    assert len(ran.stdout.splitlines()) == 1


def test_without_jsonl_it_says_what_to_say() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "cli", "judge"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 2
    assert ran.stderr == "pointsman judge: say --jsonl: lines of JSON are all it reads\n"
