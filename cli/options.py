"""What every command takes and how every command ends: profile, Region, `--json`, exit codes, a last line on what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cli.tell import printable
from pointsman.errors import Denied, Misconfigured, NotFound, PointsmanError, Transient

if TYPE_CHECKING:
    from pointsman.account import Account


class Exit(IntEnum):
    """Exit codes of every command (docs/commands.md)."""

    OK = 0
    NO = 1
    """It worked, and the answer is no: mistakes were found, not ready, not eligible, refused by the installation."""
    WRONG_USE = 2
    """The call was wrong: an unknown option, a file or a name that does not exist."""
    NO_ANSWER = 3
    """AWS could not be asked: no credentials, no permission, no answer."""
    INTERRUPTED = 130


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Where:
    """Which account and Region, as for the AWS CLI."""

    profile: Annotated[str | None, Parameter(help="AWS profile; as for the AWS CLI.")] = None
    region: Annotated[str | None, Parameter(help="AWS Region; as for the AWS CLI.")] = None

    def open(self) -> Account:
        """Open the account. Raises what `pointsman.account.open_account` raises."""
        # Not before it is needed: boto3 takes longer to load than most commands to run.
        from pointsman.account import open_account  # noqa: PLC0415 - see above

        return open_account(self.profile, self.region)


NOWHERE_ELSE = Where()
AsJson = Annotated[
    bool, Parameter(name="--json", negative=(), help="Print one JSON object for programs instead of text.")
]
Yes = Annotated[bool, Parameter(name="--yes", negative=(), help="Do not ask.")]


def guarded(command: str, run: Callable[[], int]) -> int:
    """Run a command's body; what it raises on purpose becomes one line on stderr and an exit code."""
    try:
        return run()
    except KeyboardInterrupt:
        return say(command, "interrupted: nothing of it goes on", Exit.INTERRUPTED)
    except NotFound as err:
        return say(command, str(err), Exit.WRONG_USE)
    except Misconfigured as err:
        return say(command, str(err), Exit.NO_ANSWER)
    except Denied as err:
        return say(command, f"{err}. Ask for this permission, or use another --profile.", Exit.NO_ANSWER)
    except Transient as err:
        return say(command, f"{err}. Try again.", Exit.NO_ANSWER)
    except PointsmanError as err:
        return say(command, str(err), Exit.NO)


def say(command: str, why: str, code: int) -> int:
    """One line on stderr; returns the code."""
    sys.stderr.write(f"pointsman {command}: {printable(why)}\n")
    return code
