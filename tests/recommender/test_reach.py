"""The questions and their answer are made for the reader's country and currency, as product pages are."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.market import forget_market
from catalog.models import ExchangeRate
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
ASKED = "/choose/result/?do=gaming_voice&mic=none"


@pytest.fixture(autouse=True)
def shops() -> None:
    """One product: 80 dollars where it is delivered to Americans alone, 100 dollars where to Germans too."""
    day = timezone.now().date() - timedelta(days=1)
    for currency, per_euro in (("USD", "1.25"), ("GBP", "0.80")):
        ExchangeRate.objects.create(day=day, currency=currency, per_euro=Decimal(per_euro))
    specs = {"mic_grade": "communication", "connectors": ["usb_a"], "wireless": False, "radios": []}
    product = make_product("G1", kind="headset", type="gaming", specs=specs)
    make_seen_offer(product, make_merchant("Home", delivers_to=["US"]), amount="80.00")
    make_seen_offer(product, make_merchant("Both", delivers_to=["US", "DE"]), amount="100.00")
    forget_market()


def test_a_card_names_the_shop_that_delivers_and_what_its_price_is_worth(client: Client) -> None:
    html = client.get(f"{ASKED}&country=DE&currency=EUR").content.decode()
    assert "$100.00" in html
    assert "≈ €80.00" in html
    assert "$80.00" not in html


def test_a_budget_counts_what_the_reader_would_pay_in_his_currency(client: Client) -> None:
    fits = client.get(f"{ASKED}&budget=85&country=DE&currency=EUR").content.decode()
    assert "at most €85.00" in fits
    assert "Headsets that fit" in fits
    over = client.get(f"{ASKED}&budget=75&country=DE&currency=EUR").content.decode()
    assert "Headsets that fit" not in over
    assert "Raise the budget to €80.00" in over


def test_a_shop_that_does_not_deliver_meets_no_budget(client: Client) -> None:
    assert "Headsets that fit" in client.get(f"{ASKED}&budget=90USD&country=US&currency=USD").content.decode()
    assert "Headsets that fit" not in client.get(f"{ASKED}&budget=90USD&country=DE&currency=USD").content.decode()


def test_the_question_about_money_is_put_in_the_reader_s_currency(client: Client) -> None:
    html = client.get("/choose/?do=music&ask=budget&country=DE&currency=EUR").content.decode()
    assert re.search(r'<option value="EUR" selected>', html)
    response = client.get("/choose/?do=music&budget=50&asked=budget&country=DE&currency=EUR")
    assert "budget=50EUR" in response["Location"]
    assert "country=DE" in response["Location"]


def test_the_choice_goes_along_from_question_to_question_and_to_the_sentence(client: Client) -> None:
    html = client.get("/choose/?country=DE&currency=EUR").content.decode()
    for action in re.findall(r'<form action="(/choose/[^"]*)"[^>]*>(.{0,140})', html):
        assert 'name="country" value="DE"' in action[1], action[0]


def test_where_the_reader_is_can_be_changed_on_the_page(client: Client) -> None:
    assert 'id="place"' in client.get("/choose/?do=music").content.decode()


def test_each_country_has_a_kept_page_of_its_own(settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 60
    settings.COUNTRY_HEADER = "CF-IPCountry"
    german, american = (Client(headers={"cf-ipcountry": code}) for code in ("DE", "US"))
    assert "$80.00" in american.get(ASKED).content.decode()
    assert "$80.00" not in german.get(ASKED).content.decode()
    again = german.get(ASKED)
    assert "hit" in again["Cache-Status"]
    assert "≈ €80.00" in again.content.decode()
    assert "CF-IPCountry" in again["Vary"]


def test_a_currency_nobody_shows_prices_in_is_the_budget_s_alone(client: Client) -> None:
    html = client.get(f"{ASKED}&budget=6000&currency=INR").content.decode()
    assert re.search(r"at most [^\d<]*6,000", html)
    assert "could be used" not in html
