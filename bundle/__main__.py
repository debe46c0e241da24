"""`python -m bundle`: builds the zip and says what is in it. What is built is `staging.py`."""

from __future__ import annotations

import sys
from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.table import Table

from bundle.errors import NotBuilt
from bundle.sizes import parts_of
from bundle.staging import MOST_BYTES, ROOT, Staged, stage
from cli.policy_file import NoPolicies, PolicyErrors

WRONG = 1
app = App(name="python -m bundle", help_format="plaintext", version_flags=())


@app.default
def build(*, policies: Path = ROOT / "policies", out: Path = Path(".pointsman/build")) -> int:
    """Build what the functions run: a folder, and a zip that is the same to the bit wherever it is built.

    Exit code 0 when it was built, 1 when it was not: what was built before is then still there.

    Args:
        policies: Folder of policies that are compiled into it.
        out: Where `functions/` and `functions.zip` are put.

    """
    try:
        _tell(stage(policies, out))
    except PolicyErrors as err:
        return _say(
            "\n".join(["nothing was built: there are mistakes in the policies", *map(str, err.problems)])
        )
    except (NoPolicies, NotBuilt, OSError) as err:
        return _say(f"nothing was built: {err}")
    except KeyboardInterrupt:
        return _say("interrupted: nothing was built")
    return 0


def _tell(staged: Staged) -> None:
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    table.add_column("part")
    for heading in ("files", "bytes", "zipped"):
        table.add_column(heading, justify="right")
    for part in parts_of(staged.zip):
        table.add_row(part.name, f"{part.files:,}", f"{part.unpacked:,}", f"{part.packed:,}")
    console.print(table)
    console.print(f"{staged.zip}: {staged.bytes:,} bytes of at most {MOST_BYTES:,}", markup=False)
    console.print(f"sha256 {staged.sha256}", markup=False)


def _say(why: str) -> int:
    sys.stderr.write(f"bundle: {why}\n")
    return WRONG


if __name__ == "__main__":
    sys.exit(app(result_action="return_value"))
