"""The compiled policies of an installation. One that cannot be read hurts its own endpoint only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pointsman.errors import Misconfigured, NotFound
from pointsman.policy import EndpointName, ModelGroup, Policy
from pointsman.policy_json import policy_from_json


class PolicyBook:
    """Implements `ports.Policies`."""

    def __init__(self, raws: Iterable[object], account: str) -> None:
        """Take compiled policies as JSON objects; each is read when it is asked for. `account`: the endpoints' own."""
        self._account = account
        self._raws: dict[str, dict[str, Any]] = {
            str(raw["endpoint"]): raw for raw in raws if isinstance(raw, dict) and "endpoint" in raw
        }
        self._followers: dict[ModelGroup, list[EndpointName]] = {}
        for name, raw in self._raws.items():
            group = self._group(raw)
            if group is not None:
                self._followers.setdefault(group, []).append(EndpointName(name))

    def get(self, endpoint: EndpointName) -> Policy:
        """Read one policy."""
        raw = self._raws.get(endpoint)
        if raw is None:
            raise NotFound(f"no policy names endpoint {endpoint}")
        policy = policy_from_json(raw)
        return replace(policy, registry_account=self._elsewhere(policy.registry_account))

    def endpoints(self) -> list[EndpointName]:
        """Every endpoint that a policy names."""
        return [EndpointName(name) for name in self._raws]

    def groups(self) -> list[ModelGroup]:
        """Every group that a policy names, each once."""
        return list(self._followers)

    def for_group(self, group: ModelGroup) -> list[EndpointName]:
        """Endpoints whose policy names the group in its account, the unreadable ones as well: reading them raises."""
        return list(self._followers.get(ModelGroup(group.name, self._elsewhere(group.account)), ()))

    def for_alarm(self, alarm: str) -> list[EndpointName]:
        """Endpoints whose policy names the alarm."""
        return [EndpointName(name) for name, raw in self._raws.items() if alarm in _alarms(raw)]

    def _group(self, raw: dict[str, Any]) -> ModelGroup | None:
        name, account = raw.get("model_package_group"), raw.get("registry_account")
        if not isinstance(name, str) or not isinstance(account, str):
            return None
        return ModelGroup(name, self._elsewhere(account))

    def _elsewhere(self, account: str) -> str:
        """The account, or nothing where it is the endpoints' own: so a policy may name that one too."""
        return "" if account == self._account else account


def read_policies(path: Path, account: str) -> PolicyBook:
    """Read the compiled file of an installation in this account.

    Raises:
        Misconfigured: when the file as a whole is no compiled policies.

    """
    try:
        raws = json.loads(path.read_text(encoding="utf-8"))["policies"]
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise Misconfigured(f"compiled policies {path} cannot be read: {err!r}") from err
    if not isinstance(raws, list):
        raise Misconfigured(f"compiled policies {path} cannot be read: `policies` is no list")
    return PolicyBook(raws, account)


def _alarms(raw: dict[str, Any]) -> list[str]:
    try:
        alarms = raw["plan"]["health"]["alarms"]
    except (KeyError, TypeError):
        return []
    return alarms if isinstance(alarms, list) else []
