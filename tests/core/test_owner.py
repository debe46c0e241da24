"""Which tag names the owner, which tags go along with messages, and which are left out."""

from __future__ import annotations

import pytest

from pointsman.core.owner import about, left_out, team_of


@pytest.mark.parametrize(
    "key", ["team", "Team", "TEAM", "owner", "acme:team", "owned-by", "Squad", "owning_team", "ServiceOwner"]
)
def test_an_owner_is_found_however_its_key_is_written(key: str) -> None:
    assert team_of({key: " payments-risk ", "colour": "blue"}) == (key, "payments-risk")


def test_the_clearest_of_several_is_taken() -> None:
    assert team_of({"contact": "dana", "owner": "dana", "team": "risk"}) == ("team", "risk")


@pytest.mark.parametrize("tags", [{}, {"team": " "}, {"aws:team": "x"}, {"colour": "blue"}])
def test_without_such_a_tag_there_is_none(tags: dict[str, str]) -> None:
    assert team_of(tags) is None


def test_cost_centre_and_the_like_go_along_and_the_rest_is_named_as_left_out() -> None:
    tags = {
        "team": "risk",
        "Cost-Center": "4711",
        "env": "prod",
        "data_classification": "internal",
        "contact": "dana",
        "colour": "blue",
        "ManagedBy": "terraform",
        "aws:cloudformation:stack-name": "ml",
        "pointsman:version": "3",
    }
    assert about(tags) == {
        "Cost-Center": "4711",
        "contact": "dana",
        "data_classification": "internal",
        "env": "prod",
    }
    assert left_out(tags) == ("colour",)


def test_a_policy_takes_no_more_than_it_can_hold() -> None:
    many = {f"p{number}:env": "prod" for number in range(60)}
    assert len(about(many)) == 50
    assert about({"env": "x" * 257}) == {}


def test_a_person_who_created_it_is_no_tool() -> None:
    assert left_out({"CreatedBy": "dana"}) == ("CreatedBy",)
