"""Pages: whole, in order, without holes or doubles while the list changes, and only for the question they were cut for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.twin.cloud import refused
from twin.paging import Pages, sortable

PAGES = Pages("ListThings", default=3, most=5)


def cut(things: list[str], **params: Any) -> tuple[list[str], dict[str, Any]]:
    descending = params.pop("descending", False)
    return PAGES.cut(things, params, lambda thing: (thing, ""), descending=descending)


def test_a_page_holds_the_default_and_says_how_to_go_on() -> None:
    page, more = cut(list("cadb"))
    rest, end = cut(list("cadb"), **more)
    assert (page, rest, end) == (["a", "b", "c"], ["d"], {})


def test_a_list_that_fits_has_no_token() -> None:
    assert cut(list("abc")) == (["a", "b", "c"], {})
    assert cut([]) == ([], {})


def test_a_page_can_be_of_another_size_than_the_one_before() -> None:
    _, more = cut(list("abcdef"), MaxResults=1)
    page, _ = cut(list("abcdef"), MaxResults=5, **more)
    assert page == ["b", "c", "d", "e", "f"]


def test_pages_go_down_as_well() -> None:
    page, more = cut(list("abcd"), descending=True)
    rest, _ = cut(list("abcd"), descending=True, **more)
    assert (page, rest) == (["d", "c", "b"], ["a"])


def test_what_comes_and_goes_between_two_pages_neither_doubles_nor_hides_the_rest() -> None:
    _, more = cut(list("bcdef"))
    page, _ = cut(list("abcef"), **more)
    assert page == ["e", "f"]


def test_a_token_whose_item_is_gone_with_all_behind_it_is_the_end() -> None:
    _, more = cut(list("abcd"))
    assert cut(list("ab"), **more) == ([], {})


@pytest.mark.parametrize("size", [0, 6])
def test_a_size_that_is_not_allowed_is_refused(size: int) -> None:
    assert refused(lambda: cut(list("abc"), MaxResults=size)).message == "MaxResults must be between 1 and 5."


@pytest.mark.parametrize("token", ["made-up", "bWFkZSB1cA==", "WzFd", "MQ==", "{valid}*"])
def test_a_token_that_nobody_gave_out_is_refused(token: str) -> None:
    _, more = cut(list("abcd"))
    made_up = token.replace("{valid}", more["NextToken"])
    assert refused(lambda: cut(list("abcd"), NextToken=made_up)).code == "ValidationException"


def test_a_token_is_good_for_its_own_question_only() -> None:
    _, more = cut(list("abcd"), NameContains="a")
    other = Pages("ListOthers", default=3, most=5)
    assert refused(lambda: cut(list("abcd"), NameContains="b", **more)).code == "ValidationException"
    with_token = {"NameContains": "a", **more}
    error = refused(lambda: other.cut(list("abcd"), with_token, lambda thing: (thing, "")))
    assert error.message == "The NextToken of ListOthers is not valid for this request."


def test_times_and_numbers_sort_as_they_should() -> None:
    times = [datetime(2026, 11, 20, 14, 0, tzinfo=UTC), datetime(2026, 11, 20, 14, 0, 0, 5, tzinfo=UTC)]
    assert sortable(times[0]) < sortable(times[1])
    assert sortable(9) < sortable(10.5) < sortable(11)
