"""The page about the contract says what the cases are now, and what was proved."""

from __future__ import annotations

import json
from datetime import date

import pytest

import contract.cases  # noqa: F401 - importing it knows the cases
from contract.case import Case, every_case
from contract.page import PAGE, PROVED, noted, proved, table, written
from contract.run import Outcome, Verdict


def test_the_page_is_as_the_cases_are() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == written(page), "run `make contract-page`"


@pytest.mark.parametrize("case", every_case(), ids=lambda case: case.name)
def test_every_case_claims_one_thing_and_names_its_line(case: Case) -> None:
    assert case.claim.endswith(".")
    assert "|" not in case.claim
    assert case.section.split(".")[0] in "123456789 10 11"


def test_no_two_cases_bear_one_name() -> None:
    names = [case.name for case in every_case()]

    assert len(set(names)) == len(names)


def test_only_cases_that_exist_are_noted_as_proved() -> None:
    assert proved().keys() <= {case.name for case in every_case()}


def test_what_held_is_noted_with_day_and_region_and_what_differs_is_not() -> None:
    first, second, third = every_case()[:3]
    verdicts = [
        Verdict(first, Outcome.HOLDS),
        Verdict(second, Outcome.DIFFERS),
        Verdict(third, Outcome.NOT_RUN),
    ]

    record = json.loads(noted(verdicts, date(2026, 12, 1), "us-east-1"))

    assert record[first.name] == "2026-12-01, us-east-1"
    assert {second.name, third.name}.isdisjoint(record.keys() - proved().keys())


def test_the_table_says_of_each_case_whether_it_was_proved() -> None:
    rows = table().splitlines()[2:]

    assert len(rows) == len(every_case())
    if PROVED.read_text(encoding="utf-8").strip() == "{}":
        assert all(row.endswith("| not yet |") for row in rows)
