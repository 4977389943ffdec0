"""What holds for every page a reader can open."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from reviews.services.articles import BlockInput
from tests.factories import (
    make_author,
    make_merchant,
    make_product,
    make_published_article,
    make_review,
    make_seen_offer,
)
from tests.reviews.html import Reader, is_own

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/headphones/",
    "/headphones/over-ear/",
    "/guides/",
    "/reviews/",
    "/best/",
    "/products/",
    "/products/?q=acme&wireless=yes&view=table",
    "/products/acme-one/",
    "/compare/",
    "/compare/?products=acme-one&q=acme",
    "/compare/?products=acme-one,acme-two",
    "/guides/guide/",
    "/reviews/acme-one-review/",
    "/best/list/",
    "/brands/",
    "/brands/acme/",
    "/search/",
    "/search/?q=acme",
    "/search/?q=nothing-like-it",
    "/authors/",
    "/authors/ada-field/",
    "/disclosure/",
    "/corrections/",
    "/how-we-work/",
    "/how-we-rank/",
    "/privacy/",
    "/no-such-page/",
]


@pytest.fixture(autouse=True)
def site() -> None:
    author = make_author("Ada Field")
    product = make_product(kind="headphones", type="over-ear", specs={"wireless": True, "anc": True})
    make_product("Two", kind="headset", type="gaming")
    make_seen_offer(product, make_merchant())
    make_seen_offer(product, make_merchant("Direct", link_style="direct"))
    make_review(product, author=author)
    make_published_article("guide", author=author)
    card = BlockInput("product_card", {"text": "Why.", "badge": "Best"}, products=[product])
    make_published_article("list", kind="best_of", author=author, blocks=[card])


@pytest.mark.parametrize("address", PAGES)
def test_no_page_sets_a_cookie_or_depends_on_one(client: Client, address: str) -> None:
    response = client.get(address)
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    if response.status_code == 200:
        assert "public" in response["Cache-Control"]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_loads_anything_from_anybody_else(client: Client, address: str) -> None:
    loaded = Reader(client.get(address).content.decode()).loaded()
    assert loaded
    assert [one for one in loaded if not is_own(one)] == []


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_code_or_style_inside(client: Client, address: str) -> None:
    page = Reader(client.get(address).content.decode())
    for tag, attrs in page.elements:
        assert "style" not in attrs, (tag, attrs)
        assert not [name for name in attrs if name.startswith("on")], (tag, attrs)
    for script in page.all("script"):
        assert script.get("src") or script.get("type") == "application/ld+json"
        assert not script.get("src") or script["integrity"].startswith("sha384-")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_heading_one_main_and_ids_that_are_not_repeated(client: Client, address: str) -> None:
    page = Reader(client.get(address).content.decode())
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in page.all("a") if a.get("href", "").startswith("#")}
    assert targets <= set(ids)


@pytest.mark.parametrize("address", PAGES)
def test_paid_links_are_sponsored_and_come_after_the_disclosure(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    page = Reader(html)
    paid = [a for a in page.all("a") if a.get("href", "").startswith("/go/") or "ping" in a]
    for link in paid:
        assert link["rel"] == "sponsored nofollow noopener"
    if paid:
        main = html[html.index("<main") :]
        assert main.index("commission") < main.index('rel="sponsored')


@pytest.mark.parametrize("address", PAGES)
def test_every_internal_link_leads_somewhere(client: Client, address: str) -> None:
    page = Reader(client.get(address).content.decode())
    for link in page.all("a"):
        target = link["href"].partition("#")[0]
        if target.startswith("/") and not target.startswith(("/go/", "/choose")):
            assert client.get(target).status_code == 200, target


@pytest.mark.parametrize("address", PAGES)
def test_every_form_is_a_plain_form_with_labelled_fields(client: Client, address: str) -> None:
    page = Reader(client.get(address).content.decode())
    labelled = {label["for"] for label in page.all("label") if "for" in label}
    for tag in ("input", "select"):
        for field in page.all(tag):
            is_named = field.get("id") in labelled or field in page.in_labels
            assert is_named or field.get("type") == "hidden", field
    assert all(form["action"].startswith("/") for form in page.all("form"))


def test_the_title_ends_with_the_name_of_the_site_and_the_address_is_canonical(client: Client) -> None:
    html = client.get("/products/acme-one/?utm_source=x").content.decode()
    assert re.search(r"<title>\s*Acme One: .* – Earmark\s*</title>", html)
    assert '<link rel="canonical" href="http://127.0.0.1:8000/products/acme-one/">' in html


def test_a_host_that_is_not_ours_is_not_repeated(client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
