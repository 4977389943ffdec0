from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import make_product

pytestmark = pytest.mark.django_db


def test_a_product_has_a_picture_in_its_colour_that_browsers_may_keep(client: Client) -> None:
    make_product(colour="#8a1c2b", kind="headset", type="gaming")
    response = client.get("/pictures/acme-one.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=86400, s-maxage=86400"
    assert ElementTree.fromstring(response.content).get("color") == "#8a1c2b"
    again = client.get("/pictures/acme-one.svg", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert client.get("/pictures/nothing.svg").status_code == 404


def test_the_sprite_may_be_kept_for_good_under_its_address(client: Client) -> None:
    assert "immutable" in client.get("/pictures/shapes.svg")["Cache-Control"]
    assert "/pictures/shapes.svg?v=" in client.get("/").content.decode()


def test_pages_answer_that_nothing_changed(client: Client) -> None:
    first = client.get("/privacy/")
    assert client.get("/privacy/", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_robots_keep_out_of_what_is_not_for_them(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    for path in ("/go/", "/admin/", "/choose/result/"):
        assert f"Disallow: {path}\n" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text


def test_the_page_for_our_own_failures_needs_neither_database_nor_session() -> None:
    assert "Something broke on our side" in render_to_string("500.html")


def test_a_browser_that_asks_for_the_old_icon_is_shown_the_new_one(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith("img/favicon.svg")


def test_a_weakness_can_be_reported_to_the_address_of_the_site(client: Client, settings: LazySettings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Earmark <post@earmark.example>"
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:post@earmark.example\n" in text
    assert "Expires: 20" in text
