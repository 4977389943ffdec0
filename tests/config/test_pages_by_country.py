"""A kept page is given to those it was made for: by country and currency, of which there are few, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.market import forget_market
from catalog.models import ExchangeRate, Offer
from catalog.page_store import page_store
from catalog.services.merchants import store_merchant
from catalog.services.page_changes import carry_page_changes
from config.page_memory import PageMemory
from tests.config.pages_served import Site, ask
from tests.factories import make_merchant, make_product, make_seen_offer
from tests.reviews.kept_world import read_index

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/products/acme-one/"


@pytest.fixture(autouse=True)
def _kept(settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    settings.COUNTRY_HEADER = "CF-IPCountry"
    ExchangeRate.objects.create(day=timezone.now().date() - timedelta(days=1), currency="USD", per_euro=Decimal("1.25"))


@pytest.fixture
def offer() -> Offer:
    made = make_seen_offer(make_product(), make_merchant(delivers_to=["US"]), amount="100.00")
    make_merchant("Other", delivers_to=["DE"])
    carry_page_changes()
    forget_market()
    return made


def fetch(path: str = PATH, country: str = "") -> tuple[str, bool]:
    """The page, and whether it was kept from before."""
    answer = Client().get(path, headers={"CF-IPCountry": country} if country else {})
    return answer.content.decode(), "hit" in answer["Cache-Status"]


def test_each_country_has_pages_of_its_own_and_shares_them_with_nobody(offer: Offer) -> None:
    german, _ = fetch(country="DE")
    american, was_kept = fetch(country="US")
    assert not was_kept
    assert ("not deliver to Germany" in german, "not deliver" in american) == (True, False)
    assert fetch(country="DE") == (german, True)
    assert fetch(country="US") == (american, True)


def test_countries_that_no_shop_names_share_one_page_for_each_currency(offer: Offer) -> None:
    fetch(country="PL")
    assert fetch(country="BR")[1]
    assert fetch(country="JP")[1]
    assert not fetch(country="FR")[1], "paid in euros"
    assert fetch(country="IT")[1]


def test_pages_without_offers_are_one_for_all(offer: Offer) -> None:
    fetch("/disclosure/", country="DE")
    assert fetch("/disclosure/", country="US")[1]
    assert fetch("/disclosure/?country=DE", country="US")[1]


def test_nonsense_is_given_the_page_of_who_says_nothing(offer: Offer) -> None:
    plain, _ = fetch()
    for nonsense in ("country=ZZ", "country=%00", "currency=XXX", "country=DEU&currency=euro", "currency=%E2%82%AC"):
        body, was_kept = fetch(f"{PATH}?{nonsense}")
        assert was_kept, nonsense
        assert body == plain
    assert fetch(country="not a country")[1]


def test_one_choice_is_one_page_however_it_is_spelt(offer: Offer) -> None:
    fetch(f"{PATH}?country=DE&currency=EUR")
    assert fetch(f"{PATH}?currency=eur&country=de&utm_source=x")[1]
    assert fetch(f"{PATH}?country=DE&currency=EUR", country="US")[1], "who says both is asked no more"


def test_a_change_takes_the_pages_of_all_countries(offer: Offer) -> None:
    asked = [(PATH, "DE"), (PATH, "US"), (PATH, ""), (f"{PATH}?country=DE&currency=USD", ""), (PATH, "PL")]
    for path, country in asked:
        fetch(path, country)
    assert all(fetch(path, country)[1] for path, country in asked)

    offer.amount = Decimal("90.00")
    offer.save()
    carry_page_changes()
    for path, country in asked:
        body, was_kept = fetch(path, country)
        assert not was_kept
        assert "$90.00" in body


def test_where_a_shop_delivers_and_new_rates_are_heard_of_by_the_pages_that_say_it(offer: Offer) -> None:
    fetch(country="DE")
    fetch(country="US")
    ExchangeRate.objects.create(day=timezone.now().date(), currency="USD", per_euro=Decimal("1.30"))
    carry_page_changes()
    forget_market()
    body, was_kept = fetch(country="DE")
    assert not was_kept
    assert "≈ €76.92" in body
    assert fetch(country="US")[1], "nothing of it was converted"

    offer.merchant.delivers_to = ["US", "DE"]
    store_merchant(merchant=offer.merchant)
    carry_page_changes()
    forget_market()
    assert "not deliver" not in fetch(country="DE")[0]


@pytest.fixture
def site(offer: Offer) -> Iterator[Site]:
    page_store.cache_clear()
    memory = PageMemory(5_000_000)
    memory.watch()
    for _ in range(2000):
        if memory.mark() > 0:
            break
        time.sleep(0.01)
    read_index()
    found = Site(memory)
    yield found
    found.leave()
    memory.close()
    page_store.cache_clear()


def test_from_memory_too_each_country_is_given_its_own(site: Site) -> None:
    german, american = (site.ready(PATH, CF_IPCOUNTRY=code) for code in ("DE", "US"))
    assert (b"not deliver to Germany" in german.body, b"not deliver" in american.body) == (True, False)
    assert ask(site, f"{PATH}?country=DE&currency=EUR", CF_IPCOUNTRY="US").body != american.body
    assert "CF-IPCountry" in german.headers["Vary"]
    assert site.ready(PATH, CF_IPCOUNTRY="PL").body == site.ready(PATH, CF_IPCOUNTRY="BR").body


def test_a_page_that_is_made_anew_behind_the_reader_is_his_countrys(site: Site) -> None:
    """What only lags (an order moved) is given as it was, and the workshop makes the next of the same country."""
    path = "/products/?sort=price"
    for code in ("DE", "US"):
        site.ready(path, CF_IPCOUNTRY=code)
    before = ask(site, path, CF_IPCOUNTRY="DE")
    page_store().changed(["prices"])
    ask(site, path, CF_IPCOUNTRY="DE")
    site.settle()
    after = site.ready(path, CF_IPCOUNTRY="DE")
    assert b"not deliver to Germany" in before.body
    assert b"not deliver to Germany" in after.body
