from __future__ import annotations

import re

import pytest

from catalog import placements


@pytest.fixture(autouse=True)
def _no_tokens_of_other_tests():
    placements.token.cache_clear()
    placements.place_of.cache_clear()


def test_a_token_leads_back_to_its_place():
    token = placements.token("a12.3.1")

    assert placements.place_of(token) == "a12.3.1"


def test_a_token_is_short_and_fits_an_address_as_it_is():
    assert re.fullmatch(r"a12\.3\.1-[a-z2-7]{7}", placements.token("a12.3.1"))


@pytest.mark.parametrize("forged", ["a12.3.1", "a12.3.1-", "a12.3.2-{}", "a12.3.1-{}x", "-{}", "{}", "a12.3.1-aaaaaaa"])
def test_a_token_we_did_not_sign_is_no_place(forged: str):
    signature = placements.token("a12.3.1").rpartition("-")[2]

    assert placements.place_of(forged.format(signature)) == ""


def test_tokens_on_kept_pages_outlive_a_change_of_the_secret_key(settings):
    token = placements.token("q4.pick.2")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-that-is-long-enough-for-anybody"
    placements.place_of.cache_clear()

    assert placements.place_of(token) == "q4.pick.2"


def test_another_sites_token_is_not_ours(settings):
    token = placements.token("q4.pick.2")
    settings.SECRET_KEY = "another-secret-that-is-long-enough-for-anybody"
    placements.place_of.cache_clear()

    assert placements.place_of(token) == ""


@pytest.mark.parametrize("wrong", ["", "a b", "a12..1", "a/1", "a.b.c.d.e.f", "ä1", "a" * 25])
def test_what_is_no_place_is_not_signed(wrong: str):
    with pytest.raises(ValueError, match="no place"):
        placements.token(wrong)


def test_a_place_lies_in_its_block_and_its_page():
    assert placements.levels("a12.3.1") == ["a12", "a12.3", "a12.3.1"]
    assert placements.levels("") == []
