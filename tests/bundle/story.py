"""A rollout in the local world whose functions are those of a zip: what it records, and what it asks AWS for. Run on its own.

The world itself (the twin and moto) needs all of botocore's data, which it finds as a user's own in `~/.aws/models`; the
functions' clients look where deployed ones do, in the zip's own botocore.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    ZIP, SOURCES, PACKAGES = sys.argv[1:]
    sys.path[:0] = [ZIP, SOURCES]
    sys.path.append(PACKAGES)

import botocore
import botocore.session
from botocore.loaders import Loader

import functions
from local.fleet import approve, serve
from local.installation import Installation, KernelClock, installed
from local.releases import LLM
from local.trace import generate_trace
from pointsman import wiring
from pointsman.policy import EndpointName
from pointsman.policy_book import read_policies

if TYPE_CHECKING:
    from botocore.config import Config

ENDPOINT = EndpointName("chat-llm")
LONGEST = timedelta(hours=4)
Json = dict[str, Any]


def play(use: Callable[[Installation], None]) -> list[Json]:
    """Roll a version out that fails every tenth request, until it is gone again; returns the records."""
    policies = read_policies(Path(botocore.__file__).parents[1] / "policies.json", "111122223333")
    policy = policies.get(ENDPOINT)
    with ExitStack() as stack:
        here = stack.enter_context(installed([policy], io.StringIO()))
        use(here)
        serve(here, policy, LLM)
        here.dispatcher.start()
        here.kernel.traffic(ENDPOINT, generate_trace(seed=7).looped(here.kernel.now))
        approve(here, policy.model_package_group, replace(LLM, error_rate=0.1))
        end = here.kernel.now + LONGEST
        here.pass_time(timedelta(minutes=2))
        while here.world.store.get_lane(ENDPOINT).rollout is not None and here.kernel.now < end:
            here.pass_time(timedelta(minutes=1))
        return [asdict(record) for record in here.records()]


def with_deployed_clients(asked: set[tuple[str, str]]) -> Callable[[Installation], None]:
    """Let the functions work through clients that are made of the zip's data, and note what they ask for."""

    def note(model: Any, **_: Any) -> None:
        asked.add((model.service_model.service_name, model.name))

    def use(here: Installation) -> None:
        session = botocore.session.Session()
        own = str(Path(botocore.__file__).parent / "data")
        session.register_component("data_loader", Loader([own], include_default_search_paths=False))

        def make(service: str, config: Config) -> Any:
            client: Any = session.create_client(service, "us-east-1", config=config)
            client.meta.events.register("before-call", note)
            return client

        def clients(service: str, config: Config) -> Any:
            return wiring.MadeWhenUsed(lambda: make(service, config))

        world = wiring.build(here.settings, clients, KernelClock(here.kernel), here.policies)
        wiring.install(world)

    return use


if __name__ == "__main__":
    calls: set[tuple[str, str]] = set()
    told = {
        "all": play(lambda _here: None),
        "cut": play(with_deployed_clients(calls)),
        "asked": sorted(calls),
        "from": [functions.__file__, botocore.__file__],
    }
    json.dump(told, sys.stdout)
