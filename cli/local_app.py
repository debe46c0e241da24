"""The table of `pointsman local` commands. Each lives in its own module."""

from __future__ import annotations

from cyclopts import App

from cli.local_fault import app as fault
from cli.local_release import approve, reject, traffic
from cli.local_up import up
from cli.local_upkeep import down, reload
from cli.local_watch import advance, messages, status

app = App(
    name="local",
    help="""Run a simulated AWS account with Pointsman in it, disturb it, and see what happens.

    Start with: pointsman local up
    """,
)
for _command in (up, advance, status, messages, approve, reject, traffic, fault, reload, down):
    app.command(_command)
