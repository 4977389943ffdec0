from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from reviews.pages.compare_address import Asked, compare_url, read


def asked(query: str) -> Asked:
    return read(QueryDict(query))


def test_the_order_of_the_reader_is_kept() -> None:
    assert asked("products=b,a,c").slugs == ("b", "a", "c")


def test_a_form_s_products_come_behind_those_that_were_there() -> None:
    found = asked("products=b,a&p=d&p=c")
    assert found.slugs == ("b", "a", "d", "c")
    assert found.comes_from_form


def test_case_space_and_empty_names_make_no_difference() -> None:
    assert asked("products=%20A%20,,b%00,").slugs == ("a", "b")


def test_parts_that_make_no_sense_are_named_and_left_out() -> None:
    found = asked("products=a,b&only=prices&format=pdf")
    assert found.only_differences is False
    assert found.is_csv is False
    assert ["only=prices" in found.problems[0], "pdf" in found.problems[1]] == [True, True]


def test_a_flood_of_names_is_cut_and_said() -> None:
    found = asked("products=" + ",".join(f"m{number}" for number in range(300)))
    assert len(found.slugs) == 20
    assert "300 products are named" in found.problems[0]


def test_parts_that_are_not_asked_for_are_left_out_of_the_address() -> None:
    assert compare_url() == "/compare/"
    assert compare_url(["b", "a"]) == "/compare/?products=b,a"
    assert (
        compare_url(["a"], only_differences=True, words="sony xm") == "/compare/?products=a&only=differences&q=sony+xm"
    )


SLUGS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,30}", fullmatch=True)


@given(st.lists(SLUGS, max_size=8), st.booleans(), st.booleans())
def test_an_address_asks_for_what_it_was_made_of(slugs: list[str], only: bool, is_csv: bool) -> None:
    url = compare_url(slugs, only_differences=only, is_csv=is_csv)
    found = asked(url.partition("?")[2])
    assert (list(found.slugs), found.only_differences, found.is_csv) == (slugs, only, is_csv)
    assert found.address(found.slugs) == url
    assert not found.problems


@pytest.mark.parametrize("name", ["a b", "<b>", "ü", "a/b"])
def test_a_name_that_is_no_slug_stays_readable_in_the_address(name: str) -> None:
    assert asked(compare_url([name]).partition("?")[2]).slugs == (name,)
