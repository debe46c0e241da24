"""Steering as people type it: what is asked first, what is done, what is refused, and that wrong use does nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.installation import ENDPOINT, World, run, running

WHY = '--reason "why not" --yes'


@pytest.fixture
def world() -> Iterator[World]:
    """Version 2 bakes with 5 % of the traffic; a person must approve 25 %."""
    with running(gates=(25,)) as installation:
        installation.approve()
        installation.pass_minutes(6)
        yield installation


@pytest.fixture(scope="class")
def quiet() -> Iterator[World]:
    """No rollout is open. Only asked by the tests that share it."""
    with running() as installation:
        yield installation


def phase(world: World) -> Any:
    rollout = world.here.world.store.get_lane(world.policy.endpoint).rollout
    return rollout and (rollout.phase.value, rollout.hold and rollout.hold.value)


class TestRefusals:
    @pytest.mark.parametrize(
        ("line", "code", "says"),
        [
            (f"pause {ENDPOINT} --yes", 2, "--reason"),
            (f'pause {ENDPOINT} --reason "  " --yes', 2, "--reason must say why"),
            (f"pause {ENDPOINT} --reason why", 2, "repeat with --yes"),
            (f"pause {ENDPOINT} --reason why --json", 2, "repeat with --yes"),
            (f"pause {WHY}", 2, "target"),
            (f"retry {ENDPOINT} {WHY}", 2, "VERSION"),
            (f"retry {ENDPOINT} many {WHY}", 2, "many"),
            (f'abort "no name" {WHY}', 2, "not an endpoint name"),
            (f"abort nobody {WHY}", 2, "no policy names endpoint nobody"),
            (f"abort {ENDPOINT} {WHY}", 1, "refused: no rollout is open"),
            (f"promote {ENDPOINT} {WHY}", 1, "refused: no rollout is open"),
            (f"approve {ENDPOINT} --step 5 {WHY}", 1, "refused: no rollout is open"),
            (f"rollback {ENDPOINT} {WHY}", 1, "refused: no release of endpoint"),
            (f"rollback {ENDPOINT} --to 9 {WHY}", 1, "refused: version 9 is not approved"),
            (f"retry {ENDPOINT} 9 {WHY}", 1, "refused: version 9 is not in quarantine"),
            (f"abort {ENDPOINT} {WHY} --installation other", 3, "no installation of Pointsman in us-east-1"),
            (f'abort {ENDPOINT} {WHY} --installation "a b"', 3, "not a name of an installation"),
        ],
    )
    def test_each_says_why_and_does_nothing(self, quiet: World, line: str, code: int, says: str) -> None:
        ran = quiet.run(line)
        assert ran.code == code, ran
        assert says in ran.err + ran.out
        assert "Traceback" not in ran.err
        assert quiet.here.world.store.get_lane(quiet.policy.endpoint).requests == ()

    def test_without_credentials_it_ends_with_3(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
        monkeypatch.delenv("AWS_REGION", raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", "absent")
        ran = run(f"abort {ENDPOINT} {WHY}")
        assert (ran.code, "no Region" in ran.err) == (3, True)


class TestQuestion:
    def test_on_a_terminal_it_says_what_will_be_done_and_does_it_on_yes(self, world: World) -> None:
        ran = world.run(f'pause {ENDPOINT} --reason "mail first"', typed="y\n")
        assert ran.code == 0, ran
        assert ran.out.index("Preview: ") < ran.out.index("Do it? [y/N]") < ran.out.index("Done: ")
        assert "us-east-1 of account 111122223333" in ran.out
        assert f"pointsman status {ENDPOINT} --watch" in ran.out
        assert phase(world) == ("BAKING", "paused")

    def test_anything_else_does_nothing(self, world: World) -> None:
        for typed in ("n\n", "\n", "", "maybe\n"):
            ran = world.run(f"abort {ENDPOINT} --reason why", typed=typed)
            assert ran.code == 1
            assert "nothing was done" in ran.err
            assert phase(world) == ("BAKING", None)


class TestEachCommand:
    def test_pause_and_resume(self, world: World) -> None:
        assert world.run(f"pause {ENDPOINT} {WHY}").code == 0
        world.pass_minutes(30)
        assert phase(world) == ("BAKING", "paused")
        assert world.run(f"resume {ENDPOINT} {WHY}").code == 0
        assert phase(world) == ("BAKING", None)

    def test_promote_moves_on_from_the_share_that_was_seen_once(self, world: World) -> None:
        assert world.run(f"promote {ENDPOINT} {WHY}").code == 0
        world.pass_minutes(2)
        lane = world.here.world.store.get_lane(world.policy.endpoint)
        assert lane.rollout is not None
        assert lane.rollout.share_bps == 1000
        late = world.run(f"promote {ENDPOINT} --step 5 {WHY}")
        assert "not at 5 % any more" in late.out
        assert world.run(f"promote {ENDPOINT} --step 50 {WHY}").code == 1
        world.pass_minutes(1)
        after = world.here.world.store.get_lane(world.policy.endpoint).rollout
        assert after is not None
        assert after.share_bps == 1000

    def test_approve_takes_the_step_that_waits(self, world: World) -> None:
        world.pass_minutes(40)
        assert phase(world) == ("AWAITING_APPROVAL", "approval_waited_for")
        ran = world.run(f"approve {ENDPOINT} {WHY}")
        assert (ran.code, "25 % is approved by" in ran.out) == (0, True)
        world.pass_minutes(2)
        assert phase(world) == ("BAKING", None)

    def test_abort_then_retry(self, world: World) -> None:
        assert world.run(f"abort {ENDPOINT} {WHY}").code == 0
        assert phase(world)[0] == "ROLLING_BACK"
        world.pass_minutes(15)
        assert world.run(f"retry {ENDPOINT} 2 {WHY}").code == 0
        assert phase(world) == ("PENDING", None)

    def test_rollback_of_an_open_rollout_aborts_it(self, world: World) -> None:
        assert world.run(f"rollback {ENDPOINT} {WHY}").code == 0
        assert phase(world)[0] == "ROLLING_BACK"

    def test_json_is_one_object_and_the_record_names_the_caller(self, world: World) -> None:
        ran = world.run(f"pause {ENDPOINT} --json --request-id r-1 {WHY}")
        told = json.loads(ran.out)
        assert (told["ok"], told["command"], told["endpoint"]) == (True, "pause", ENDPOINT)
        assert (told["request_id"], told["by"][:13]) == ("r-1", "arn:aws:sts::")
        assert world.here.records()[-1].facts()["actor"] == f"operator:{told['by']}"
        again = world.run(f"pause {ENDPOINT} --json --request-id r-1 {WHY}")
        assert again.code == 0
        refused = world.run(f"approve {ENDPOINT} --step 50 --json {WHY}")
        assert (refused.code, json.loads(refused.out)["ok"]) == (1, False)

    def test_the_id_of_another_rollout_is_refused(self, world: World) -> None:
        ran = world.run(f"abort {ENDPOINT}.v1.20260101T000000Z {WHY}")
        assert (ran.code, "is not open" in ran.err) == (1, True)
        assert phase(world) == ("BAKING", None)
