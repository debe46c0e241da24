"""`pointsman backtest` as people call it: from a file, its page and its JSON, bad input; and end to end in a local world that stays up."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli.past_file import write_past
from pointsman.core.backtests import Incident
from pointsman.core.past import Past
from tests.cli.installation import Ran, run
from tests.cli.pages import drawings, parsed
from tests.cli.upkept import ROOT, upkept
from tests.core.pasts import BEGIN, past

POLICY = """
endpoint: fraud-prod
model_package_group: fraud-detector
owner: {team: risk}
serve: {instance_type: ml.c7i.large, instance_count: 2}
rollout:
  steps: [10, 50, 100]
  bake: {min: 10m, max: 30m}
  patience: 2h
health:
  errors: {count: [5xx], max_percent: 1}
  latency: {slow_over: 2s, max_percent: 5}
  min_requests: 100
watch: 1h
"""
TROUBLE = Incident(BEGIN + timedelta(hours=26), BEGIN + timedelta(hours=26, minutes=30))
MARKED = "2026-11-02T02:00..2026-11-02T02:30"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy, and a day and more of minutes: an incident that is marked, and two hours above the limits that nobody marked."""
    there = tmp_path_factory.mktemp("backtest")
    (there / "fraud.yaml").write_text(POLICY, encoding="utf-8")
    write_past(_troubled(), (TROUBLE,), there / "past.csv")
    write_past(_troubled(), (), there / "unmarked.csv")
    return there


def _troubled() -> Past:
    def rate(at: datetime) -> float:
        if TROUBLE.start <= at < TROUBLE.end:
            return 0.3
        return 0.05 if BEGIN + 13 * HOUR <= at < BEGIN + 15 * HOUR else 0.002

    return past(28, error_rate=rate)


def ask(folder: Path, words: str) -> Ran:
    return run(f"backtest {folder / 'fraud.yaml'} --file {folder / 'past.csv'} --every 2 {words}")


def test_it_says_what_was_played_how_good_versions_ended_and_when_the_incident_was_found(
    folder: Path,
) -> None:
    ran = ask(folder, "")

    assert ran.code == 0
    assert "1,680 of 1,680 minutes since 2026-11-01 00:00 have data, with 300 requests a minute" in ran.out
    assert "13 releases, one each 2 h 00 min, of a version as good as what served" in ran.out
    assert "rolled back beside the baseline, which is false" in ran.out
    assert "More than 1 % failed in 2 of 27 hours outside marked incidents" in ran.out
    assert "2026-11-02 02:00 to 2026-11-02 02:30 UTC: really" in ran.out
    assert "beside what served 1 d before: found after" in ran.out
    assert "in the watch, alone: found after" in ran.out


def test_json_counts_every_release_once(folder: Path) -> None:
    told = json.loads(ask(folder, "--json").out)

    good = told["good"]
    endings = sum(good[each] for each in ("watched", "rolled_back", "patience_over", "cut_off"))
    assert endings == good["played"] == len(told["releases"])
    assert good["played"] + good["met_incident"] == 13
    assert good["rolled_back_beside"] + good["rolled_back_alone"] == good["rolled_back"]
    assert good["rolled_back_alone"] >= 1
    assert len(told["limits"]["above_errors"]) == 2
    [incident] = told["incidents"]
    assert incident["beside_s"] == 86_400
    assert 0 < incident["from_first_step"]["found_after_s"] <= 900
    assert incident["from_first_step"]["step_percent"] == 10
    assert incident["in_watch"]["step_percent"] is None
    assert incident["in_watch"]["errors"] < incident["errors"]


def test_an_incident_of_the_call_is_one_of_the_file(folder: Path) -> None:
    by_file = json.loads(ask(folder, "--json").out)
    by_call = json.loads(
        run(
            f"backtest {folder / 'fraud.yaml'} --file {folder / 'unmarked.csv'} --every 2 --json --incident {MARKED}"
        ).out
    )

    assert by_call["incidents"] == by_file["incidents"]
    assert by_call["good"] == by_file["good"]


def test_another_seed_deals_otherwise(folder: Path) -> None:
    one, other = (json.loads(ask(folder, f"--json --seed {seed}").out)["releases"] for seed in (1, 2))

    assert [each["start"] for each in one] == [each["start"] for each in other]
    assert one != other


def test_the_page_has_its_charts_and_a_row_for_each_mark(folder: Path) -> None:
    ran = ask(folder, f"--html {folder / 'page.html'}")

    page = (folder / "page.html").read_text(encoding="utf-8")
    told = parsed(page)
    assert ran.err == f"Written: {folder / 'page.html'}\n"
    assert len(list(drawings(page))) == 3
    assert "Minutes until every step of a good version is proved" in told.text
    assert "Failed, % of the requests" in told.text
    assert "found after" in told.text
    assert told.tags.count("tr") >= 2
    assert not [value for name, value in told.attributes if name in {"src", "href"}]


def test_a_policy_whose_judge_only_reports_is_told_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "fraud.yaml").write_text(
        POLICY.replace("  min_requests: 100", "  min_requests: 100\n  judge: {mode: report}"),
        encoding="utf-8",
    )

    ran = run(f"backtest {tmp_path / 'fraud.yaml'} --file {folder / 'past.csv'} --every 12")

    assert ran.code == 0
    assert "The policy's judge only reports" in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("{folder}", "is a folder: name one policy file, or add --endpoint"),
        ("{folder} --endpoint nobody", "no policy for endpoint nobody"),
        ("{folder}/none.yaml", "no such file or folder"),
        ("{folder}/fraud.yaml --days 64", "--days must be from 1 to 63, not 64"),
        ("{folder}/fraud.yaml --every 0", "--every must be from 1"),
        ("{folder}/fraud.yaml --incident yesterday", "write START..END"),
        ("{folder}/fraud.yaml --incident 2026-11-02..then", "'then' is not a time"),
        ("{folder}/fraud.yaml --incident 2026-11-02..2026-11-01", "it ends before it begins"),
        ("{folder}/fraud.yaml --file {folder}/none.csv", "cannot be read"),
        (
            "{folder}/fraud.yaml --file {folder}/past.csv --every 24 --html {folder}/no/page.html",
            "cannot be written",
        ),
    ],
)
def test_a_wrong_call_ends_with_2_and_says_what_to_write(folder: Path, words: str, says: str) -> None:
    ran = run(f"backtest {words.format(folder=folder)}")

    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1


def test_it_reads_the_past_of_a_local_world_and_plays_the_same_from_what_it_exported(tmp_path: Path) -> None:
    policy, exported = ROOT / "policies" / "fraud-prod.yaml", tmp_path / "past.csv"

    def called(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "cli", "backtest", *words],
            env=up.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    with upkept(tmp_path) as up:
        asked = called(str(policy), "--days", "3", "--every", "5", "--json", "--export", str(exported))
        nobody = called(str(policy), "--endpoint", "nobody")
        assert up.end(signal.SIGTERM) == 0

    assert asked.returncode == 0, asked.stderr
    live, again = json.loads(asked.stdout), run(f"backtest {policy} --every 5 --json --file {exported}")
    replayed = json.loads(again.out)
    assert live["source"] == "CloudWatch, variant AllTraffic"
    assert live["past"]["minutes"] > 4000
    assert live["good"]["proved"] >= 1
    assert replayed["releases"] == live["releases"]
    assert replayed["limits"] == live["limits"]
    assert nobody.returncode == 2
    assert "endpoint nobody does not exist in account 111122223333" in nobody.stderr
