"""A world that has ended answers that it has."""

import io
import json

from werkzeug.test import Client

from local.front import Front
from local.running import Running


def test_whoever_comes_too_late_is_told_so(world: Running) -> None:
    client = Client(Front(world, io.StringIO()))
    world.close()

    for path in ("/", "/_pointsman/status", "/_pointsman/advance"):
        answer = client.post(path, base_url="http://127.0.0.1", json={"duration_s": 60})
        assert (answer.status_code, answer.get_json()) == (503, {"error": "this local world has ended"})


def test_time_that_passes_for_somebody_stops_with_the_world(world: Running) -> None:
    client = Client(Front(world, io.StringIO()))
    client.post(
        "/_pointsman/approve", base_url="http://127.0.0.1", json={"group": "chat-llm", "character": "good"}
    )
    answer = client.post(
        "/_pointsman/advance", base_url="http://127.0.0.1", json={"duration_s": 86_400}, buffered=False
    )

    lines = (json.loads(line) for line in answer.iter_encoded())
    first = next(lines)
    world.close()

    assert "record" in first
    assert list(lines)[-1]["advanced_s"] < 86_400
