"""`pointsman demo`: four rollouts on a simulated endpoint, with real traffic. What is played is `local/stories.py`; how it looks is `demo_view.py`."""

from __future__ import annotations

import json as jsonlib
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Annotated

from cyclopts import Parameter

from cli.demo_view import JsonView, LiveView, PlainView, View
from cli.policy_file import load_policy
from local.stories import STORIES, Ending, Frame, Stage, Story, demo_policy, play
from local.trace import BadTrace, Trace, generate_trace, read_trace
from pointsman.query_minutes import minute_to
from pointsman.standing import health_to

WRONG_USE, NOT_AS_TOLD, INTERRUPTED = 2, 1, 130
FOLDER = Path(".pointsman")
POLICY = Path(__file__).with_name("demo_policy.yaml")


def demo(
    *,
    trace: Path | None = None,
    story: int | None = None,
    seed: int = 7,
    json: Annotated[bool, Parameter(negative=())] = False,
    out: Path = FOLDER / "demo.jsonl",
) -> int:
    """Roll releases out and back on a simulated endpoint: an hour of requests in seconds.

    A good version is promoted; one that fails, one that is slow under load, one that never starts are taken back.
    Handlers and boto3 calls are those of a deployment; AWS is simulated in this process. Nothing leaves it.

    Examples: `pointsman demo --story 2`, `pointsman demo --trace requests.csv`.

    Args:
        trace: CSV with TIMESTAMP,ContextTokens,GeneratedTokens to replay; a seeded generator otherwise.
        story: Play one story only, 1 to 4.
        seed: Seed of everything that varies; the same seed gives the same records.
        json: Print the audit records as JSON lines, and nothing else.
        out: Where every decision is written, for `pointsman explain`.

    """
    chosen = [each for each in STORIES if story in {None, each.number}]
    if not chosen:
        return _wrong(f"there is no story {story}: choose 1 to {len(STORIES)}")
    try:
        traffic = read_trace(trace) if trace else generate_trace(seed)
        out.parent.mkdir(parents=True, exist_ok=True)
    except (BadTrace, OSError) as err:
        return _wrong(str(err))
    view = _view(json)
    try:
        return _run(chosen, traffic, seed, view, out)
    except KeyboardInterrupt:
        view.close()
        sys.stderr.write("interrupted: nothing was left running; start again with: pointsman demo\n")
        return INTERRUPTED


def _view(as_json: bool) -> View:  # noqa: FBT001 - the option as it was given
    if as_json:
        return JsonView()
    return LiveView() if sys.stdout.isatty() else PlainView()


def _run(chosen: list[Story], traffic: Trace, seed: int, view: View, out: Path) -> int:
    policy = demo_policy(load_policy(POLICY), traffic)
    endings: list[Ending] = []
    log_file = out.with_suffix(".log")
    draft = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        with log_file.open("w", encoding="utf-8") as log, draft.open("w", encoding="utf-8") as file:
            stage = Stage(policy, traffic, seed, log)
            view.open(stage)
            endings.extend(_play(story, stage, view, file) for story in chosen)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
        view.close()
    view.summary(endings, out, log_file)
    return 0 if all(ending.is_as_told for ending in endings) else NOT_AS_TOLD


def _play(story: Story, stage: Stage, view: View, file: IO[str]) -> Ending:
    view.begin(story)
    head = {"kind": "story", "number": story.number, "title": story.title, "trace": stage.trace.name}
    health = health_to(stage.policy.plan.health)
    file.write(jsonlib.dumps(head | {"seed": stage.seed, "health": health}) + "\n")

    def show(frame: Frame) -> None:
        for record in frame.records:
            file.write(jsonlib.dumps({"kind": "record"} | asdict(record)) + "\n")
        view.frame(frame)

    ending = play(story, stage, show)
    for minute in ending.minutes:
        line = {"kind": "minute", "rollout": ending.rollout} | minute_to(minute)
        file.write(jsonlib.dumps(line) + "\n")
    view.end(ending)
    return ending


def _wrong(why: str) -> int:
    sys.stderr.write(f"pointsman demo: {why}\n")
    return WRONG_USE
