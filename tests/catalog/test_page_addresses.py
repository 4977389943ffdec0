from __future__ import annotations

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, path, set_script_prefix
from django.views import View

from catalog.page_addresses import page_address

urlpatterns = [path("elsewhere/<slug:slug>/", View.as_view(), name="product")]


def test_says_where_a_page_stands() -> None:
    assert page_address("product", "acme-one") == page_address("product", "acme-one") == "/products/acme-one/"
    assert page_address("product", "acme-two") == "/products/acme-two/"


def test_a_site_under_a_prefix_has_other_addresses() -> None:
    page_address("product", "acme-one")
    set_script_prefix("/shop/")
    try:
        assert page_address("product", "acme-one") == "/shop/products/acme-one/"
    finally:
        set_script_prefix("/")


def test_what_can_be_no_slug_has_none() -> None:
    with pytest.raises(NoReverseMatch):
        page_address("product", "acme/one")


@override_settings(ROOT_URLCONF=__name__)
def test_other_patterns_are_heard_of() -> None:
    assert page_address("product", "acme-one") == "/elsewhere/acme-one/"
