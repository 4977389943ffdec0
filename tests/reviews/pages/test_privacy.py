from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from catalog.models import Click
from reviews.pages.privacy import CLICK_COLUMNS, privacy_page


def text() -> str:
    page = privacy_page()
    return " ".join(part for passage in page.passages for part in (*passage.paragraphs, *passage.points))


def test_every_column_of_a_click_has_a_readers_words() -> None:
    """A new column is not stored before the page says so."""
    assert {*CLICK_COLUMNS, "country"} == {field.name for field in Click._meta.fields}
    assert all(words in text() for words in CLICK_COLUMNS.values())


def test_it_states_the_retention_that_is_set(settings: Settings) -> None:
    settings.CLICK_RETENTION_MONTHS = 7
    assert "kept for 7 months" in text()


@pytest.mark.parametrize(
    ("header", "file", "said"),
    [
        ("CF-IPCountry", "", "as the network in front of our server tells it"),
        ("", "/geo.mmdb", "looked up from your address in a file on our own server"),
        ("", "", "this site is not told it"),
    ],
)
def test_it_says_where_the_country_comes_from(settings: Settings, header: str, file: str, said: str) -> None:
    settings.COUNTRY_HEADER, settings.GEO_DATABASE = header, file
    assert said in text()


def test_it_names_the_cookies_of_staff(settings: Settings) -> None:
    settings.SESSION_COOKIE_NAME = "desk"
    assert "a cookie named desk" in text()
