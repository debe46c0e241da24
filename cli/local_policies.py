"""The policies of a local world: read again when a file of their folder changes. What a policy may say lives in `policy_file`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.policy_file import NoPolicies, PolicyErrors, load_policies
from pointsman.policy import Policy

SHIPPED = Path(__file__).parents[1] / "policies"


def usual_folder() -> Path:
    """`policies` where the caller stands, or the examples that ship here."""
    here = Path("policies")
    return here if here.is_dir() else SHIPPED


@dataclass(slots=True)
class PolicyFolder:
    """A folder of policies, and what is wrong with it. Mistakes leave the policies as they were, as a failed deployment does."""

    path: Path
    policies: list[Policy] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    readings: int = 0
    _seen: object = None

    def is_changed(self) -> bool:
        """Whether a file was added, changed or removed since the last look."""
        return self._stamp() != self._seen

    def read(self) -> bool:
        """Read it again; say whether there are other policies now."""
        self._seen = self._stamp()
        self.readings += 1
        try:
            read = load_policies(self.path)
        except PolicyErrors as err:
            self.problems = [str(problem) for problem in err.problems]
            return False
        except NoPolicies as err:
            # An empty folder is one that is to be filled.
            self.problems = [] if self.path.is_dir() else [str(err)]
            read = [] if self.path.is_dir() else self.policies
        else:
            self.problems = []
        is_other, self.policies = read != self.policies, read
        return is_other

    def refresher(self, replace: Callable[[Sequence[Policy]], None]) -> Callable[[], list[str]]:
        """Make what a running world calls: it reads what changed, hands it over and says what is wrong."""

        def refresh() -> list[str]:
            if self.is_changed() and self.read():
                replace(self.policies)
            return self.problems

        return refresh

    def _stamp(self) -> object:
        try:
            files = sorted(self.path.iterdir()) if self.path.is_dir() else [self.path]
            return [(file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files]
        except OSError:
            # A file that goes away while it is looked at: the next look will tell.
            return None
