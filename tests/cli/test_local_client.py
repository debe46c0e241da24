"""A running world is found by its address; what answers otherwise is told apart from a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from cli.local_client import LocalWorld, NoAnswer, Refused, answers, find_world
from cli.local_env import ENV_FILE, find_addresses, find_written, remove_env, write_env


@contextmanager
def serving(answer: Callable[[Request], Response]) -> Iterator[str]:
    """The address of something that answers so."""
    server = make_server("127.0.0.1", 0, Request.application(answer), threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POINTSMAN_LOCAL", raising=False)


def test_lines_come_one_by_one_and_the_last_is_the_answer() -> None:
    with serving(lambda _: Response([b'{"record": 1}\n{"rec', b'ord": 2}\n', b'{"now": 3}\n'])) as address:
        world = LocalWorld(address)

        assert list(world.follow("advance")) == [{"record": 1}, {"record": 2}, {"now": 3}]
        assert world.ask("advance") == {"now": 3}


def test_a_command_and_its_parameters_are_posted_as_json() -> None:
    heard: list[tuple[str, str, object]] = []

    def answer(request: Request) -> Response:
        heard.append((request.method, request.path, request.get_json()))
        return Response(b"{}\n")

    with serving(answer) as address:
        LocalWorld(address).ask("traffic", endpoint="chat-llm", requests_per_minute=5)

    assert heard == [
        ("POST", "/_pointsman/traffic", {"endpoint": "chat-llm", "requests_per_minute": 5}),
    ]


@pytest.mark.parametrize("status", [200, 400, 503])
def test_a_refusal_is_told_in_the_words_of_the_world(status: int) -> None:
    with (
        serving(lambda _: Response(b'{"error": "no such group"}\n', status)) as address,
        pytest.raises(Refused, match="no such group"),
    ):
        LocalWorld(address).ask("approve")


@pytest.mark.parametrize("body", [b"<html>\n", b"[1]\n", b'{"half": ', b"\xff\n"])
def test_what_is_no_world_is_said_to_be_none(body: bytes) -> None:
    with serving(lambda _: Response(body)) as address:
        with pytest.raises(NoAnswer, match=address):
            LocalWorld(address).ask("ping")
        assert not answers(address)


def test_without_a_world_the_next_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoAnswer, match="pointsman local up"):
        find_world()

    monkeypatch.setenv("POINTSMAN_LOCAL", "http://127.0.0.1:9")
    with pytest.raises(NoAnswer, match=r"127\.0\.0\.1:9 does not answer"):
        find_world()


def test_commands_go_to_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POINTSMAN_LOCAL", "http://10.0.0.1:4810")

    with pytest.raises(NoAnswer, match=r"10\.0\.0\.1"):
        find_world()


def test_the_file_names_the_world_and_goes_with_it() -> None:
    with serving(lambda _: Response(b'{"now": ""}\n')) as address:
        write_env(address)

        assert find_world().address == address
        assert find_addresses({"POINTSMAN_LOCAL": "http://127.0.0.1:9"}) == ["http://127.0.0.1:9", address]
        remove_env("http://127.0.0.1:9")
        assert find_written() == address
        remove_env(address)

    assert not ENV_FILE.exists()
    assert find_written() is None
