"""Languages are told from countries and from slips of the pen."""

from __future__ import annotations

import pytest

from catalog.links.languages import CODES, is_language, language_name


@pytest.mark.parametrize("code", ["de", "en", "ja", "uk", "fil"])
def test_languages_are_known(code: str) -> None:
    assert is_language(code)


@pytest.mark.parametrize("code", ["at", "jp", "us", "DE", "de-AT", "d", "", "deut", "1a"])
def test_anything_else_is_not(code: str) -> None:
    assert not is_language(code)


def test_every_code_of_two_letters_is_there() -> None:
    assert len(CODES) == 183


def test_languages_are_called_by_their_names_where_we_have_one() -> None:
    assert language_name("de") == "German"
    assert language_name("qu") == "qu"
