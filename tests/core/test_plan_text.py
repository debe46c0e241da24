"""The plan as text: every answer an approver wants, in lines that fit a message."""

from __future__ import annotations

from dataclasses import replace

from pointsman.core.past_traffic import PastTraffic
from pointsman.core.plan_text import plan_text
from pointsman.core.quota_check import InUse, Quotas
from pointsman.core.release_facts import Candidate, Facts, Machines, Standing
from pointsman.core.release_plan import plan_release
from pointsman.core.timetable import Grounds, Span
from pointsman.policy import Serve
from pointsman.windows import Window, Windows
from tests.core.builders import HOUR, MINUTE, NOW, TYPE, approval, plan, serving_old
from tests.core.plan_facts import around, facts, policy, steady


def text(found: Facts, most: int = 100) -> str:
    return "\n".join(plan_text(plan_release(found), most))


def flat(found: Facts) -> str:
    """Without the line breaks."""
    return " ".join(text(found).split())


def test_it_says_what_is_released_over_what_under_which_policy() -> None:
    said = flat(facts())

    assert "fraud-prod: version 7 in place of 6, canary 10 -> 50 -> 100 %" in said
    assert "model-package/fraud-detector/7, approved 2026-11-23 12:00 UTC by dana" in said
    assert "policies/fraud-prod.yaml, on this machine; team payments-risk" in said


def test_it_says_how_many_instances_run_when() -> None:
    said = flat(facts())

    assert "now 2 x ml.c7i.large" in said
    assert "candidate starts 6 x ml.c7i.large: baseline 2 + baseline again 2 + candidate 2" in said
    assert "final fleet starts 6 x ml.c7i.large: baseline 2 + candidate 2 + final fleet 2" in said
    assert "afterwards 2 x ml.c7i.large" in said
    assert f"{TYPE} for endpoint usage: 6 at the peak, 3 elsewhere, limit 100: fits" in said
    assert "SageMaker tells nobody in advance" in said


def test_accelerators_are_counted() -> None:
    machines = Machines({TYPE: 1.0}, {TYPE: (4, "NVIDIA A10G")})

    assert "6 x ml.c7i.large (24 NVIDIA A10G)" in flat(facts(machines=machines))


def test_quotas_that_are_not_known_are_not_checked() -> None:
    blind = around(quotas=Quotas(unread="denied"), in_use=InUse(unread="denied"), unread=("quotas: denied",))

    said = flat(facts(around=blind))

    assert "others not counted, limit not known: not checked" in said
    assert "not read quotas: denied" in said
    assert said.endswith("Ready, as far as could be read.")


def test_it_says_when_each_step_is_proved_and_the_version_promoted() -> None:
    said = flat(facts())

    assert "from Mon 2026-11-23 12:00 UTC, earliest .. expected .. latest" in said
    assert (
        "60.0 requests a minute (same hour of last week); a fleet starts in 5 min to 15 min (assumed)" in said
    )
    assert "10 % 6.0 requests a minute, proved 12:23 .. 12:28 .. 12:50" in said
    assert (
        "promoted 12:51 .. 13:02 .. 13:37, which is 51 min .. 1 h 02 min .. 1 h 37 min after its start"
        in said
    )
    assert "watched for 4 h then" in said


def test_a_measured_fleet_says_from_how_many_times() -> None:
    span = Span(4 * MINUTE, 5 * MINUTE, 6 * MINUTE, Grounds.MEASURED, 8)

    assert "4 min to 6 min (measured 8 times here)" in flat(facts(around=around(fleet=span)))


def test_it_says_what_it_costs_and_from_when_the_prices_are() -> None:
    said = flat(facts())

    assert (
        "USD 0.22 .. USD 0.28 .. USD 0.45 for 2.0 .. 2.6 .. 4.2 instance-hours beyond what runs anyway"
        in said
    )
    assert "list price of 2026-09-27; each hour that a step waits USD 0.21" in said


def test_a_price_that_is_not_known_is_not_made_up() -> None:
    said = flat(facts(machines=Machines()))

    assert "instance-hours; no price is known for ml.c7i.large here (--price-per-hour gives one)" in said
    assert "USD 0" not in said


def test_a_price_given_by_hand_is_called_so() -> None:
    assert "price as given" in flat(facts(machines=Machines({TYPE: 1.0})))


def test_alarms_undo_and_notes_follow() -> None:
    said = flat(facts())

    assert "fraud-5xx: metric, OK, sees before the promotion: baseline, fires 6 min after a failure" in said
    assert "taken back before traffic: the candidate is removed" in said
    assert "during steps: one weights call, seconds: the baseline keeps its 2 instances" in said
    assert "after the watch: by hand: pointsman rollback fraud-prod" in said
    assert "does NOT see the candidate" in said


def test_it_ends_in_ready_or_in_what_is_missing() -> None:
    assert text(facts()).splitlines()[-1] == "Ready."

    lines = text(facts(candidate=Candidate(approval(), Standing.PENDING))).splitlines()
    assert "Not ready: 1 thing missing." in lines
    assert lines[-2].startswith(
        "1. version 7 waits for its approval. To do: approve it in the model registry"
    )


def test_a_step_that_is_never_proved_says_so_and_what_it_costs_until_then() -> None:
    said = flat(facts(around=around(traffic=PastTraffic({}, NOW))))

    assert "10 % proved never .. never .. never 50 % not reached 100 % not reached" in said
    assert (
        "not promoted: step 10 % waits for its proof until 14:09, when the policy's patience is over" in said
    )
    assert "no requests in the past 7 days" in said
    assert "USD 0.49 for 4.6 instance-hours beyond what runs anyway, until it gives up" in said


def test_a_release_that_finds_no_window_says_so() -> None:
    said = flat(facts(policy=policy(windows=Windows("UTC", ()))))

    assert "not promoted: no release window opens for it" in said


def test_days_are_named_only_where_they_are_not_that_of_the_beginning() -> None:
    tomorrow = Windows("UTC", (Window((1,), 8 * 60, 20 * 60),))

    said = flat(facts(policy=policy(windows=tomorrow)))

    assert "from Tue 2026-11-24 08:00 UTC" in said
    assert "10 % 6.0 requests a minute, proved 08:23 .. 08:28 .. 08:50" in said


def test_without_known_traffic_it_says_what_the_times_rest_on() -> None:
    said = flat(facts(around=around(traffic=None)))

    assert "the traffic is not known, so only bake.min counts" in said
    assert "10 % proved 12:15" in said


def test_a_larger_candidate_does_not_make_the_way_back_larger() -> None:
    said = flat(facts(policy=policy(plan(serve=Serve(TYPE, 9))), around=around(scaling_most=6)))

    assert "the baseline keeps its 2 instances until the promotion" in said
    assert "it needs 2 instances of capacity beside the 9 that serve" in said
    assert "grow the baseline to 6; then the peak is 24 instances" in said


def test_a_gate_is_named_at_its_step() -> None:
    assert "50 % after an approval, 30.0 requests" in flat(facts(policy=policy(plan(gates=(50,)))))


def test_an_endpoint_that_cannot_be_released_on_has_no_fleets_to_plan() -> None:
    none = replace(facts().observed, endpoint=serving_old(variants=()))

    said = flat(facts(observed=none))

    assert "none: a canary cannot serve this endpoint as it is" in said
    assert "promoted" not in said.replace("before the promotion", "").replace("until it is promoted", "")
    assert "Not ready" in said


def test_lines_fit_a_message() -> None:
    lines = plan_text(plan_release(facts()), 20)

    assert len(lines) == 20
    assert max(len(line) for line in plan_text(plan_release(facts()))) <= 100
    assert lines[-2].endswith("lines more: pointsman plan fraud-prod --version 7")
    assert lines[-1] == "Ready."


def test_text_from_outside_cannot_pass_for_lines_of_the_plan() -> None:
    odd = facts(policy=policy(freeze="quarter\nReady."))

    assert "quarter?Ready." in flat(odd)
    assert "Ready." not in text(odd).splitlines()


def test_steps_that_fit_can_be_pasted() -> None:
    thin = policy(plan(patience=HOUR, bake_max=HOUR))

    lines = plan_text(plan_release(facts(policy=thin, around=around(traffic=steady(10)))))

    assert lines[-3:] == [
        "To paste into the policy, in place of what it says there:",
        "rollout:",
        "  steps: [30, 50, 100]",
    ]
