"""How old a page may get where we cannot take it back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pytest_django.fixtures import Settings

from config.kept_page import KeptPage, limited_age, longest_age, shared_age


@pytest.mark.parametrize(
    ("control", "seconds", "said"),
    [
        ("max-age=60, stale-while-revalidate=300", 60, "max-age=60, stale-while-revalidate=300, s-maxage=60"),
        ("max-age=60, public", 600, "max-age=60, public, s-maxage=600"),
        ("max-age=86400, public, immutable", 60, "max-age=86400, public, immutable, s-maxage=86400"),
        ("public", 60, "public"),
    ],
)  # fmt: skip
def test_caches_between_may_keep_a_page_as_long_as_the_setting_says(
    settings: Settings, control: str, seconds: int, said: str
) -> None:
    settings.CDN_SECONDS = seconds
    assert shared_age(control) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (86400, "max-age=60, public, stale-while-revalidate=300, s-maxage=600"),
        (900, "max-age=60, public, stale-while-revalidate=300, s-maxage=600"),
        (700, "max-age=60, public, stale-while-revalidate=100, s-maxage=600"),
        (600.9, "max-age=60, public, s-maxage=600"),
        (30.5, "max-age=30, public, s-maxage=30"),
        (-5, "max-age=0, public, s-maxage=0"),
    ],
)
def test_nobody_may_show_a_price_past_its_licence_not_even_while_asking_again(left: float, said: str) -> None:
    limited = limited_age("max-age=60, public, stale-while-revalidate=300, s-maxage=600", left)
    assert limited == said
    assert longest_age(limited) <= max(left, 0)


def test_what_is_not_to_change_may_still_end() -> None:
    assert limited_age("max-age=86400, public, immutable", 10) == "max-age=10, public"
    assert limited_age("public", 10) == "public, max-age=0"


def test_a_page_is_the_same_after_packing() -> None:
    page = KeptPage([("Content-Type", "text/html")], datetime(2026, 11, 26, 12, 0, tzinfo=UTC), b"body\nwith\nlines")
    assert KeptPage.unpack(page.pack()) == page
