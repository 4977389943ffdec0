"""Pages that are no articles keep the rules for affiliate links too (E15, E16); the same checks look at them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import Merchant, Product
from reviews.desk.other_pages import check_other_pages
from reviews.models import Finding
from tests.factories import (
    make_article,
    make_merchant,
    make_product,
    make_published_article,
    make_review,
    make_seen_offer,
)
from tests.reviews.desk.conftest import Spoil
from tests.reviews.desk.gate.articles import text, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Product:
    """Both kinds of product, sold over both kinds of link, with and without a price that may be shown."""
    shop, direct = make_merchant(), make_merchant("Direct", link_style="direct", disclaimer="Prices change.")
    headphones = make_product(kind="headphones", type="over-ear", specs={"wireless": True, "anc": True})
    headset = {"mic_grade": "communication", "connectors": ["usb_a"], "wireless": False, "radios": []}
    others = [
        make_product("Two", kind="headset", type="gaming", specs=headset),
        make_product("Three", kind="headphones"),
    ]
    for number, product in enumerate([headphones, *others]):
        make_seen_offer(product, shop, amount=f"{90 + number}.00")
        make_seen_offer(product, direct, seen_at=timezone.now() - timedelta(days=9 * number))
    make_review(headphones)
    make_published_article("headphones-versus-headsets")
    return headphones


def refused() -> dict[str, set[str]]:
    seen = check_other_pages(most_products=10)
    return {path: {remark.check for remark in one.refusals} for path, one in seen if one.refusals}


def test_no_list_hub_product_page_or_advice_would_be_refused(site: Product) -> None:
    paths = [path for path, _ in check_other_pages(most_products=10)]
    assert {"/", "/headphones/", "/headsets/gaming/", "/reviews/", "/products/", "/products/acme-one/"} <= set(paths)
    assert any(path.startswith("/choose/result/?") for path in paths)
    assert refused() == {}


def test_a_product_page_that_forgets_to_disclose_is_named(site: Product, spoil: Spoil) -> None:
    spoil("partials/disclosure_note.html", "")
    assert "disclosure-late" in refused()["/products/acme-one/"]


def test_a_label_that_a_merchant_does_not_name_is_missed_on_every_page(site: Product) -> None:
    Merchant.objects.update(link_label="")
    found = refused()
    assert {"/products/acme-one/", "/products/", "/headphones/"} <= set(found)


def test_the_command_looks_at_articles_and_pages_and_ends_well(
    site: Product, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_articles", "--pages")
    assert "none would be refused" in capsys.readouterr().out


def test_the_command_names_what_would_be_refused_and_keeps_it(capsys: pytest.CaptureFixture[str]) -> None:
    article = make_published_article(blocks=[text(), verdict(make_product())])
    make_published_article("another")
    Product.objects.update(status="discontinued")
    with pytest.raises(CommandError, match="1 of 2 pages would be refused"):
        call_command("check_articles")
    assert "a-guide: Block 2 (Verdict): Acme One is no longer made" in capsys.readouterr().out
    assert Finding.objects.open().filter(article=article, is_refusal=True).count() == 1


def test_the_command_names_a_slug_that_readers_do_not_know() -> None:
    make_article("draft")
    with pytest.raises(CommandError, match="Readers see no article called draft"):
        call_command("check_articles", "draft")


def test_warnings_are_printed_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    make_published_article()
    call_command("check_articles", "a-guide", "--warnings")
    assert "[picture-none]" in capsys.readouterr().out
