"""The table of commands and how the program ends. Commands live in their own modules, imported only when they are called."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from cyclopts import App, CycloptsError, Group

WRONG_USE, INTERRUPTED = 2, 130

COMMANDS = {
    "See": {
        "status": "Show where rollouts stand and what comes next.",
        "releases": "Show releases, one line each.",
        "explain": "Tell why a rollout stands where it stands.",
        "history": "Show the audit records of an endpoint, newest first.",
    },
    "Look first": {
        "adopt": "Write the policy of an endpoint that serves already, or report on a whole account.",
        "plan": "Tell what a release will do, need, cost and take, before anything moves.",
        "doctor": "Check whether an installation is whole.",
    },
    "Spend less": {"idle": "Find endpoints that nobody uses, and what they cost."},
    "Check the judge": {
        "backtest": "Tell what a policy would have done on the past of an endpoint.",
        "judged": "Tell how often the judge was right on past rollouts.",
        "judge": "Judge canaries from lines of JSON on stdin, one answer a minute.",
    },
    "Steer": {
        "approve": "Approve a step that the policy puts behind a gate.",
        "pause": "Let a rollout not go forward until it is resumed.",
        "resume": "Let a rollout go on.",
        "promote": "Skip the rest of the current wait of a rollout.",
        "abort": "Take a rollout back.",
        "rollback": "Return an endpoint to what served before.",
        "retry": "Roll a version out again that is in quarantine.",
    },
    "Mend": {"dlq": "Show the dead letters of an installation, and replay them."},
    "Policies": {"policy": "Work with policy files."},
    "A world on your machine": {
        "demo": "Roll a release out and back on a simulated endpoint.",
        "local": "Run a simulated AWS account with Pointsman in it.",
    },
    "The program itself": {
        "version": "Show versions, and the installation's.",
        "completion": "Print the completion script of a shell.",
        "names": "List endpoints and open rollouts, for shell completion.",
    },
}
"""Every command in its group, in the order of the help and of docs/commands.md."""
_HOMES = {name: f"steer:{name}" for name in COMMANDS["Steer"]} | {
    "local": "local_app:app",
    "dlq": "dlq:app",
    "idle": "idle:app",
}
"""Where commands live whose module has another name."""

_POLICY_SUMMARIES = {
    "check": "Check policies before they are deployed.",
    "show": "Say in plain words what policies do.",
    "diff": "Say what a change of policies means for the next releases.",
    "schema": "Print the JSON Schema that editors check policies with.",
}
_ASKS_FOR_HELP: tuple[list[str], ...] = ([], ["--help"], ["-h"])

_ABOUT = """Rolls approved models out on SageMaker endpoints in small judged steps, and takes them back.

Start with: pointsman demo. docs/getting-started.md goes through all of it in ten minutes.
"""


def build_app(*, lists_commands: bool = False) -> App:
    """Build the commands. `lists_commands` takes their one-line help from here, so that none has to be imported."""
    app = App(
        name="pointsman",
        help=_ABOUT,
        help_format="plaintext",
        help_formatter="default" if sys.stdout.isatty() else "plain",
        version=_version,
    )
    for title, commands in COMMANDS.items():
        group = Group.create_ordered(title)
        for place, (name, said) in enumerate(commands.items()):
            if name == "policy":
                policy = App(name=name, help=said, group=group, sort_key=place)
                app.command(_policies(policy, lists_commands=lists_commands))
                continue
            home = _HOMES.get(name, f"{name}:{name}")
            app.command(f"cli.{home}", name, group=group, sort_key=place, **_about(said, lists_commands))
    return app


def _policies(policy: App, *, lists_commands: bool) -> App:
    for name, said in _POLICY_SUMMARIES.items():
        policy.command(f"cli.policy_{name}:{name}", name, **_about(said, lists_commands))
    return policy


def _about(said: str, lists_commands: bool) -> dict[str, str]:  # noqa: FBT001 - as it was given to build_app
    return {"help": said} if lists_commands else {}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit: with the command's own code, or 2 when it was called wrongly."""
    tokens = list(sys.argv[1:] if argv is None else argv)
    if hasattr(sys.stdout, "reconfigure"):
        # File names and file contents may hold what the terminal's encoding cannot show.
        sys.stdout.reconfigure(errors="backslashreplace")
    below = tokens[1:] if tokens[:1] == ["policy"] else tokens
    app = build_app(lists_commands=below in _ASKS_FOR_HELP)
    try:
        code = app(tokens, exit_on_error=False, result_action="return_value")
        sys.stdout.flush()
    except CycloptsError:
        code = WRONG_USE
    except KeyboardInterrupt:
        # Before a command has begun: while its modules are imported, say.
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader (such as `head`) has gone; without this Python complains once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _version() -> str:
    project = tomllib.loads(Path(__file__).parent.with_name("pyproject.toml").read_text(encoding="utf-8"))
    return f"pointsman {project['project']['version']}"
