"""The compiled policies of an installation. One that cannot be read hurts its own endpoint only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pointsman.errors import Misconfigured, NotFound
from pointsman.policy import EndpointName, Policy
from pointsman.policy_json import policy_from_json


class PolicyBook:
    """Implements `ports.Policies`."""

    def __init__(self, raws: Iterable[object]) -> None:
        """Take compiled policies as JSON objects; each is read when it is asked for."""
        self._raws: dict[str, dict[str, Any]] = {
            str(raw["endpoint"]): raw for raw in raws if isinstance(raw, dict) and "endpoint" in raw
        }

    def get(self, endpoint: EndpointName) -> Policy:
        """Read one policy."""
        raw = self._raws.get(endpoint)
        if raw is None:
            raise NotFound(f"no policy names endpoint {endpoint}")
        return policy_from_json(raw)

    def endpoints(self) -> list[EndpointName]:
        """Every endpoint that a policy names."""
        return [EndpointName(name) for name in self._raws]

    def groups(self) -> list[str]:
        """Every group that a policy names, each once."""
        named = (raw.get("model_package_group") for raw in self._raws.values())
        return list(dict.fromkeys(group for group in named if isinstance(group, str)))

    def for_group(self, group: str) -> list[EndpointName]:
        """Endpoints whose policy names the group, the unreadable ones as well: reading them raises."""
        return [
            EndpointName(name) for name, raw in self._raws.items() if raw.get("model_package_group") == group
        ]

    def for_alarm(self, alarm: str) -> list[EndpointName]:
        """Endpoints whose policy names the alarm."""
        return [EndpointName(name) for name, raw in self._raws.items() if alarm in _alarms(raw)]


def read_policies(path: Path) -> PolicyBook:
    """Read the compiled file.

    Raises:
        Misconfigured: when the file as a whole is no compiled policies.

    """
    try:
        raws = json.loads(path.read_text(encoding="utf-8"))["policies"]
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise Misconfigured(f"compiled policies {path} cannot be read: {err!r}") from err
    if not isinstance(raws, list):
        raise Misconfigured(f"compiled policies {path} cannot be read: `policies` is no list")
    return PolicyBook(raws)


def _alarms(raw: dict[str, Any]) -> list[str]:
    try:
        alarms = raw["plan"]["health"]["alarms"]
    except (KeyError, TypeError):
        return []
    return alarms if isinstance(alarms, list) else []
