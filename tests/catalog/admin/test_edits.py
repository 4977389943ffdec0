"""What editors change in the catalogue goes through the services, whichever door is used."""

from __future__ import annotations

import html
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Link, Merchant, Offer, Price, Product, SpecEvidence
from catalog.models.price import Verdict
from tests.factories import make_merchant, make_offer, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back if the editor pressed Save at once."""
    import lxml.html

    page = lxml.html.fromstring(client.get(url).content)
    [form] = [form for form in page.forms if form.get("id", "").endswith("_form")]
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    return {name: value for name, value in data.items() if not name.startswith("_") and "__prefix__" not in name}


def save(client: Client, address: str, /, **changes: Any) -> Any:
    return client.post(address, {**form_of(client, address), **changes})


def errors(response: Any) -> str:
    assert response.status_code == 200, "the form was accepted"
    return str(response.context["adminform"].form.errors)


class TestMerchant:
    NEW = {
        "name": "Shop",
        "slug": "shop",
        "homepage": "https://shop.example/",
        "hosts": "shop.example",
        "country": "US",
        "currency": "USD",
        "source": "merchant_feed",
        "network": "direct",
        "source_settings": '{"feed_url": "https://shop.example/feed.xml"}',
    }

    def add(self, client: Client, **changes: str) -> Any:
        return save(client, reverse("admin:catalog_merchant_add"), **{**self.NEW, **changes})

    def test_is_added(self, admin_client: Client) -> None:
        assert self.add(admin_client).status_code == 302
        assert Merchant.objects.get().source_settings == {"feed_url": "https://shop.example/feed.xml"}

    @pytest.mark.parametrize("emptied", ["", "null", "[]"])
    def test_settings_that_were_emptied_are_none(self, admin_client: Client, emptied: str) -> None:
        assert self.add(admin_client, source="manual", source_settings=emptied).status_code == 302
        assert Merchant.objects.get().source_settings == {}
        assert "`feed_url` is missing" in errors(self.add(admin_client, slug="other", source_settings=emptied))

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"source_settings": "{}"}, "`feed_url` is missing"),
            ({"source_settings": '{"feed": "x"}'}, "`feed` is not a setting here"),
            ({"network_settings": '{"parameter": 1}'}, "`parameter` must be text"),
            ({"hosts": "https://shop.example/"}, "is not a bare host name"),
            ({"source_settings": "{"}, "Enter a valid JSON"),
        ],
    )
    def test_settings_that_do_not_fit_are_explained(
        self, admin_client: Client, change: dict[str, str], told: str
    ) -> None:
        assert told in errors(self.add(admin_client, **change)).replace("&#x27;", "'")
        assert not Merchant.objects.exists()

    def test_the_form_says_what_each_source_asks_for(self, admin_client: Client) -> None:
        page = admin_client.get(reverse("admin:catalog_merchant_add")).content.decode()
        assert "Product feed (XML, TSV or CSV): feed_url, max_mb (optional)" in page

    def test_is_resumed(self, admin_client: Client) -> None:
        merchant = make_merchant(source="merchant_feed", paused_until=timezone.now(), consecutive_failures=5)
        offer = make_offer(merchant=merchant)
        url = reverse("admin:catalog_merchant_changelist")
        admin_client.post(url, {"action": "resume", "_selected_action": [merchant.pk]})
        merchant.refresh_from_db()
        offer.refresh_from_db()
        assert (merchant.paused_until, merchant.consecutive_failures) == (None, 0)
        assert offer.next_check_at is not None


class TestOffer:
    def act(self, client: Client, action: str, *offers: Offer) -> Any:
        url = reverse("admin:catalog_offer_changelist")
        return client.post(url, {"action": action, "_selected_action": [o.pk for o in offers]}, follow=True)

    def held(self) -> Offer:
        offer = make_seen_offer(make_product(), make_merchant(), amount="100.00", state="held")
        Price.objects.create(
            offer=offer,
            amount=30,
            currency="USD",
            availability="in_stock",
            seen_at=timezone.now(),
            source="merchant_feed",
            verdict=Verdict.HELD,
        )
        return offer

    def test_is_added_with_its_link(self, admin_client: Client) -> None:
        product, merchant = make_product(), make_merchant()
        new = {"product": product.pk, "merchant": merchant.pk, "merchant_sku": "1", "url": "https://shop.example/p/1"}
        assert save(admin_client, reverse("admin:catalog_offer_add"), **new).status_code == 302
        assert Offer.objects.get().next_check_at is not None
        assert Link.objects.get().code == "acme-one-shop"

    def test_an_address_off_the_merchants_hosts_is_explained(self, admin_client: Client) -> None:
        product, merchant = make_product(), make_merchant()
        new = {"product": product.pk, "merchant": merchant.pk, "merchant_sku": "1", "url": "https://else.example/"}
        told = errors(save(admin_client, reverse("admin:catalog_offer_add"), **new))
        assert "is not an address of Shop" in told
        assert not Offer.objects.exists()

    def test_an_address_that_its_network_cannot_tag_is_explained(self, admin_client: Client) -> None:
        shop = make_merchant(
            "Amazon", hosts=["amazon.de"], network="amazon", network_settings={"tag_us": "earmark-20"}, currency="EUR"
        )
        new = {"product": make_product().pk, "merchant": shop.pk, "url": "https://www.amazon.de/dp/B000000001"}
        told = errors(save(admin_client, reverse("admin:catalog_offer_add"), merchant_sku="1", **new))
        assert "set `tag_de` in the merchant" in told
        offer = make_offer(Product.objects.get(), shop, url=new["url"])
        change = reverse("admin:catalog_offer_change", args=[offer.pk])
        assert save(admin_client, change, price_by_hand="49.90").status_code == 302

    def test_a_price_is_typed_in(self, admin_client: Client) -> None:
        offer = make_offer()
        url = reverse("admin:catalog_offer_change", args=[offer.pk])
        assert save(admin_client, url, price_by_hand="49.90", availability_by_hand="in_stock").status_code == 302
        offer.refresh_from_db()
        assert (offer.amount, offer.currency, offer.availability) == (Decimal("49.90"), "USD", "in_stock")
        assert Price.objects.get().reason == "Typed in by admin."

    @pytest.mark.parametrize(
        ("currency", "typed", "said"),
        [
            ("USD", "0", "it must be at least 0.01"),
            ("USD", "12.345", "more decimals than USD has"),
            ("JPY", "12.50", "12.50 has more decimals than JPY has; the smallest step is 1."),
            ("KWD", "12.3456", "no more than 3 decimal places"),
        ],
    )
    def test_a_price_that_nobody_can_ask_is_explained(
        self, admin_client: Client, currency: str, typed: str, said: str
    ) -> None:
        offer = make_offer(merchant=make_merchant("Abroad", currency=currency))
        url = reverse("admin:catalog_offer_change", args=[offer.pk])
        assert said in errors(save(admin_client, url, price_by_hand=typed))

    @pytest.mark.parametrize(("currency", "typed"), [("JPY", "12500"), ("KWD", "12.345")])
    def test_a_price_has_as_many_decimals_as_its_currency(
        self, admin_client: Client, currency: str, typed: str
    ) -> None:
        offer = make_offer(merchant=make_merchant("Abroad", currency=currency))
        url = reverse("admin:catalog_offer_change", args=[offer.pk])
        assert save(admin_client, url, price_by_hand=typed).status_code == 302
        offer.refresh_from_db()
        assert (offer.amount, offer.currency) == (Decimal(typed), currency)

    def test_stock_without_a_price_is_not_dropped_silently(self, admin_client: Client) -> None:
        url = reverse("admin:catalog_offer_change", args=[make_offer().pk])
        told = errors(save(admin_client, url, availability_by_hand="in_stock"))
        assert "Type that in as well" in told

    def test_a_held_price_is_accepted(self, admin_client: Client) -> None:
        offer = self.held()
        page = self.act(admin_client, "accept_held", offer).content.decode()
        offer.refresh_from_db()
        assert (offer.amount, offer.state) == (30, "ok")
        assert "Held prices accepted: 1." in page

    def test_a_held_price_is_rejected(self, admin_client: Client) -> None:
        offer = self.held()
        self.act(admin_client, "reject_held", offer)
        offer.refresh_from_db()
        assert (offer.amount, offer.state) == (100, "unreadable")

    def test_deciding_about_what_is_not_held_is_explained(self, admin_client: Client) -> None:
        page = self.act(admin_client, "accept_held", make_offer()).content.decode()
        assert "no reading is held any more" in page

    def test_is_checked_withdrawn_and_put_back(self, admin_client: Client) -> None:
        offer = make_offer()
        self.act(admin_client, "check_now", offer)
        offer.refresh_from_db()
        assert offer.next_check_at is not None
        self.act(admin_client, "withdraw", offer)
        assert not Offer.objects.buyable().exists()
        self.act(admin_client, "restore", offer)
        assert Offer.objects.buyable().exists()


class TestProduct:
    @pytest.fixture
    def product(self) -> Product:
        product = make_product(specs={"weight_g": 250, "anc": True, "radios": [], "connectors": ["usb_c"]})
        for spec in ("weight_g", "anc"):
            SpecEvidence.objects.create(product=product, spec=spec, source="maker", checked_on="2026-01-01")
        return product

    def url(self, product: Product) -> str:
        return reverse("admin:catalog_product_change", args=[product.pk])

    def test_a_corrected_spec_is_vouched_for_by_the_editor(self, admin_client: Client, product: Product) -> None:
        form = form_of(admin_client, self.url(product))
        # the browser sends the evidence rows back too; the corrected one is the editor's from now on
        response = admin_client.post(self.url(product), {**form, "specs-0-weight_g": "260"})
        assert response.status_code == 302, response.context["errors"]
        product.specs.refresh_from_db()
        assert product.specs.weight_g == 260
        assert (product.specs.radios, product.specs.platforms) == ([], None)  # known to be none, and not known
        assert dict(SpecEvidence.objects.values_list("spec", "source")) == {"weight_g": "editor", "anc": "maker"}

    def test_saving_changes_nothing_by_itself(self, admin_client: Client, product: Product) -> None:
        assert save(admin_client, self.url(product)).status_code == 302
        product.specs.refresh_from_db()
        assert (product.specs.radios, product.specs.platforms, product.specs.connectors) == ([], None, ["usb_c"])
        assert (product.specs.transparency, product.specs.water_rating, product.specs.certifications) == (None,) * 3
        assert set(SpecEvidence.objects.values_list("source", flat=True)) == {"maker"}

    def test_a_code_is_stored_in_its_one_spelling(self, admin_client: Client, product: Product) -> None:
        new = {"codes-TOTAL_FORMS": "1", "codes-0-scheme": "gtin", "codes-0-value": "036000291452"}
        assert save(admin_client, self.url(product), **new).status_code == 302
        assert product.codes.get().value == "0036000291452"

    def test_a_wrong_code_is_explained(self, admin_client: Client, product: Product) -> None:
        new = {"codes-TOTAL_FORMS": "1", "codes-0-scheme": "gtin", "codes-0-value": "4006381333932"}
        page = save(admin_client, self.url(product), **new).content.decode()
        assert "check its length and its check digit" in page
        assert not product.codes.exists()

    def test_a_type_of_the_other_kind_is_explained(self, admin_client: Client, product: Product) -> None:
        told = errors(save(admin_client, self.url(product), kind="headphones", type="gaming"))
        assert "This type belongs to the other kind." in told


class TestWhereAMerchantDelivers:
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("UK", "“UK” is no country code of ISO 3166; write GB."),
            ("us, de", "“us” is no country code of ISO 3166; write US."),
            ("US, XQ", "“XQ” is no country code of ISO 3166; write two capital letters such as DE or GB."),
            ("Germany", "at most 2 characters"),
        ],
    )
    def test_what_is_no_country_is_named_with_what_is_meant(self, admin_client: Client, typed: str, said: str) -> None:
        merchant = make_merchant(delivers_to=["CA"])
        url = reverse("admin:catalog_merchant_change", args=[merchant.pk])
        assert said in html.unescape(errors(save(admin_client, url, delivers_to=typed)))
        merchant.refresh_from_db()
        assert merchant.delivers_to == ["CA"]

    def test_each_country_is_kept_once_and_no_country_says_nothing(self, admin_client: Client) -> None:
        merchant = make_merchant(delivers_to=["CA"])
        url = reverse("admin:catalog_merchant_change", args=[merchant.pk])
        for typed, kept in (("US,DE,US", ["DE", "US"]), ("", [])):
            assert save(admin_client, url, delivers_to=typed).status_code == 302
            merchant.refresh_from_db()
            assert merchant.delivers_to == kept
