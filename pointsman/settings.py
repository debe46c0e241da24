"""The environment, read once and typed. Nobody else looks at environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pointsman.archive import Names
from pointsman.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of what belongs to one installation in one Region."""

    state_table: str
    audit_table: str
    due_queue_url: str
    journal_queue_url: str
    topic_arn: str
    bus_name: str
    policies_file: Path

    @property
    def names(self) -> Names:
        """The same for people. Account and Region are those of the topic: `arn:aws:sns:<Region>:<account>:<name>`."""
        region, account, topic = (self.topic_arn.split(":") + [""] * 6)[3:6]
        return Names(
            region=region,
            account=account,
            state_table=self.state_table,
            audit_table=self.audit_table,
            due_queue=self.due_queue_url.rpartition("/")[2],
            journal_queue=self.journal_queue_url.rpartition("/")[2],
            topic=topic,
            bus=self.bus_name,
        )

    @staticmethod
    def from_env(environ: Mapping[str, str]) -> Settings:
        """Read every POINTSMAN_* variable. A relative path starts where Lambda unpacked the zip.

        Raises:
            Misconfigured: naming all that are missing.

        """
        names = {
            "state_table": "POINTSMAN_STATE_TABLE",
            "audit_table": "POINTSMAN_AUDIT_TABLE",
            "due_queue_url": "POINTSMAN_DUE_QUEUE_URL",
            "journal_queue_url": "POINTSMAN_JOURNAL_QUEUE_URL",
            "topic_arn": "POINTSMAN_TOPIC_ARN",
            "bus_name": "POINTSMAN_BUS_NAME",
            "policies_file": "POINTSMAN_POLICIES_FILE",
        }
        missing = [variable for variable in names.values() if not environ.get(variable)]
        if missing:
            raise Misconfigured(f"missing environment variables: {', '.join(missing)}")
        found = {field: environ[variable] for field, variable in names.items()}
        policies_file = Path(environ.get("LAMBDA_TASK_ROOT", ""), found.pop("policies_file"))
        return Settings(**found, policies_file=policies_file)
