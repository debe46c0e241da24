"""`python -m e2e`: proves the deployed whole on this machine, and says how. What is done is in `story.py` and `failing.py`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from cyclopts import App

from e2e import story
from e2e.deployment import Deployed, deploy, destroy, synthesise
from e2e.emulator import Emulator, emulated
from e2e.errors import NotProved
from e2e.failing import fail_and_mend
from e2e.installed import Installed
from e2e.left_out import TABLE
from e2e.logs import keep_logs
from e2e.processes import alone, ending_by_exception
from e2e.simulated import Simulated, forwarding, simulated
from e2e.subscriber import subscribe
from pointsman.policy import EndpointName

FOLDER = Path(".pointsman/e2e")
NOT_PROVED, INTERRUPTED = 1, 130
DEPLOYS_AT_S = 19
"""Second of a minute. Schedules start by the minute from then on: just after a minute's metrics are there."""
app = App(name="python -m e2e", help_format="plaintext", version_flags=())


class Progress:
    """Says what happens, with the seconds since the beginning."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __call__(self, text: str) -> None:
        """One line."""
        sys.stdout.write(f"{time.monotonic() - self._begun:6.1f} s  {text}\n")
        sys.stdout.flush()


@app.default
def prove(*, out: Path = FOLDER) -> int:
    """Deploy the synthesised template with the real zip to ministack, and release two versions there in real time.

    SageMaker with its metrics, alarms and autoscaling is simulated; the rest is ministack, which enforces IAM. One
    version is promoted, the other is taken back by an alarm. It takes some minutes, listens on 127.0.0.1 alone, and
    ends everything it started, also when it fails or is interrupted. What it cannot prove: docs/end-to-end.md.

    Exit code 0 when everything was as it should be, 1 when not, 130 when interrupted.

    Args:
        out: Folder for the synthesised template and the logs.

    """
    say = Progress()
    try:
        with ending_by_exception(), alone(out.resolve()):
            _prove(out.resolve(), say)
    except NotProved as why:
        say(f"NOT PROVED: {why}")
        say(f"the logs are in {out}: functions/ (what the functions said), ministack/ministack.log, twin.log")
        return NOT_PROVED
    except KeyboardInterrupt:
        say("interrupted: nothing of it goes on")
        return INTERRUPTED
    say("proved")
    return 0


def _prove(out: Path, say: Progress) -> None:
    assembly = synthesise(out / "cdk.out")
    say("the template is synthesised, past nag and the validators")
    with (
        simulated(story.SITES, out / "twin.log") as world,
        emulated(out / "ministack", world.url) as emulator,
    ):
        say(f"ministack listens on {emulator.url}, the simulated SageMaker on {world.url}")
        try:
            with forwarding(world, emulator.client("events")):
                _run(world, emulator, assembly, say)
        finally:
            keep_logs(emulator, out / "functions")


def _run(world: Simulated, emulator: Emulator, assembly: Path, say: Progress) -> None:
    wait_s = (DEPLOYS_AT_S - time.time()) % 60
    say(f"deploys in {wait_s:.0f} s, so that the minute tick comes just after a minute's metrics")
    time.sleep(wait_s)
    deployed = deploy(assembly, emulator)
    _tell_deployed(deployed, say)
    installed, subscriber = Installed.on(emulator), subscribe(emulator)
    story.make_alarms(world, deployed.left_out.values())
    ended = story.play(installed, world, say)
    say(
        f"{story.FORWARD} was promoted after {ended.forward_s:.0f} s, {story.BACK} was back after {ended.back_s:.0f} s"
    )
    installed.await_sent()
    for site in story.SITES:
        records = installed.records(EndpointName(site.endpoint))
        subscriber.expect(records)
        say(
            f"{site.endpoint}: {len(records)} audit records, each told on the bus; the chain is whole and ends at the head "
            "in the state"
        )
    if any(found := installed.dead_letters().values()):
        raise NotProved(f"queues for what failed are not empty: {found}")
    say("the queues for what failed are empty")
    cause = fail_and_mend(installed, world, story.FORWARD)
    say(f"an event that could not be handled was kept and replayed; its cause: {cause}")
    installed.command("status", "--json")
    destroy(emulator)
    if not installed.records(story.FORWARD):
        raise NotProved("the audit trail went with the stack")
    say("the stack is deleted, and the audit trail is still there")


def _tell_deployed(deployed: Deployed, say: Progress) -> None:
    say(f"deployed: {deployed.resources} resources")
    counted = Counter(each["Type"] for each in deployed.left_out.values())
    for row in TABLE:
        if counted[row.type]:
            say(f"left out: {counted[row.type]} of {row.type}: {row.why}")


if __name__ == "__main__":
    sys.exit(app(result_action="return_value"))
