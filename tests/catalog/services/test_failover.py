"""While an offer's link fails, it leads to the next permitted offer; when it is mended, home again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from catalog import tasks
from catalog.models import Destination, Failover, LinkRoute, Merchant, Offer, PageChange, Product
from catalog.services.destinations import decide
from catalog.services.failover import FailoverError, revert_failover, settle_all, settle_failovers
from tests.factories import make_destination, make_link, make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> Product:
    return make_product()


@pytest.fixture
def failing(product: Product) -> Offer:
    """The offer at Ours, at 100 dollars; its page is gone."""
    offer = make_seen_offer(product, make_merchant("Ours"), amount="100")
    make_destination(offer, "broken")
    return offer


def another(product: Product, name: str = "Other", amount: str = "120", **fields: Any) -> Offer:
    of_merchant = {
        key: fields.pop(key)
        for key in ("country", "currency", "link_style", "is_active", "used_allowed")
        if key in fields
    }
    return make_seen_offer(product, make_merchant(name, **of_merchant), amount=amount, **fields)


def settle(*offers: Offer) -> int:
    return settle_failovers(offer_ids=[offer.pk for offer in offers], now=timezone.now())


def leads_to(offer: Offer) -> Offer | None:
    found = Failover.objects.filter(link__offer=offer, ended_at=None).first()
    return found.to_offer if found else None


@pytest.mark.parametrize("state", ["broken", "sold_out", "elsewhere"])
def test_a_link_that_strands_readers_leads_to_the_next_offer_with_its_reason(
    product: Product, failing: Offer, state: str
) -> None:
    Destination.objects.update(state=state)
    other = another(product)
    assert settle(failing) == 1
    made = Failover.objects.get()
    assert (made.from_offer, made.to_offer, made.link.offer) == (failing, other, failing)
    assert "As a test says." in made.reason
    assert settle(failing) == 0


@pytest.mark.parametrize("state", ["new", "fine", "suspect", "barred"])
def test_a_suspicion_or_ignorance_moves_nobody(product: Product, failing: Offer, state: str) -> None:
    Destination.objects.update(state=state)
    another(product)
    assert settle(failing) == 0


def test_the_best_of_the_others_is_taken_by_what_readers_pay(product: Product, failing: Offer) -> None:
    another(product, "Dear", "150")
    cheap = another(product, "Cheap", "110")
    another(product, "Medium", "130")
    settle(failing)
    assert leads_to(failing) == cheap


def test_the_same_country_and_currency_go_before_a_lower_price(product: Product, failing: Offer) -> None:
    another(product, "Abroad", "50", country="DE", currency="EUR")
    here = another(product, "Here", "150")
    settle(failing)
    assert leads_to(failing) == here


@pytest.mark.parametrize(
    "unfit",
    [
        {"availability": "out_of_stock"},
        {"availability": "discontinued"},
        {"condition": "used", "used_allowed": True},
        {"condition": "refurbished", "used_allowed": True},
        {"withdrawn_at": timezone.now()},
        {"is_active": False},
        {"link_style": "direct"},
        {"url": "https://not-the-merchants.example/p"},
    ],
    ids=["sold out", "discontinued", "used", "refurbished", "withdrawn", "inactive", "direct links only", "foreign"],
)
def test_an_offer_that_may_not_be_led_to_is_not(product: Product, failing: Offer, unfit: dict[str, Any]) -> None:
    another(product, **unfit)
    assert settle(failing) == 0
    assert leads_to(failing) is None


def test_another_products_offer_is_never_led_to(failing: Offer) -> None:
    another(make_product("Two"))
    assert settle(failing) == 0


def test_from_a_used_one_to_a_used_one_before_a_new_one(product: Product, failing: Offer) -> None:
    Offer.objects.filter(pk=failing.pk).update(condition="used")
    Merchant.objects.update(used_allowed=True)
    another(product, "New", "90")
    used = another(product, "Used", "95", condition="used", used_allowed=True)
    settle(failing)
    assert leads_to(failing) == used


def test_an_offer_that_fails_itself_is_passed_over(product: Product, failing: Offer) -> None:
    make_destination(another(product, "Fails too", "90"), "sold_out")
    works = another(product, "Works", "130")
    settle(failing)
    assert leads_to(failing) == works


def test_with_nobody_left_the_link_stays(failing: Offer) -> None:
    assert settle(failing) == 0
    assert not Failover.objects.exists()


def test_it_ends_by_itself_when_the_offer_is_mended(product: Product, failing: Offer) -> None:
    another(product)
    settle(failing)
    Destination.objects.update(state="fine")
    assert settle(failing) == 1
    row = Failover.objects.get()
    assert row.ended_at is not None
    assert "fine again" in row.ended_because


@pytest.mark.parametrize("how", ["fails", "withdrawn", "sold out"])
def test_when_its_replacement_goes_the_next_takes_over(product: Product, failing: Offer, how: str) -> None:
    first, second = another(product, "First", "110"), another(product, "Second", "120")
    settle(failing)
    assert leads_to(failing) == first
    if how == "fails":
        make_destination(first, "broken")
    elif how == "withdrawn":
        Offer.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now())
    else:
        Offer.objects.filter(pk=first.pk).update(availability="out_of_stock")
    settle(first)
    assert leads_to(failing) == second
    assert Failover.objects.filter(ended_at__isnull=False, to_offer=first).count() == 1


def test_a_better_offer_that_comes_later_does_not_make_links_jump(product: Product, failing: Offer) -> None:
    first = another(product, "First", "120")
    settle(failing)
    another(product, "Cheaper", "80")
    assert settle(failing) == 0
    assert leads_to(failing) == first


def test_every_link_of_the_offer_and_every_route_over_it_is_led_away(product: Product, failing: Offer) -> None:
    other = another(product)
    make_link(failing, code="second")
    routed = make_link(make_seen_offer(make_product("Two"), make_merchant("Third")), code="routed")
    LinkRoute.objects.create(link=routed, offer=failing)
    make_link(failing, code="off", is_active=False)
    settle(failing)
    assert set(Failover.objects.values_list("link__code", flat=True)) == {"acme-one-ours", "second", "routed"}
    assert set(Failover.objects.values_list("to_offer", flat=True)) == {other.pk}


def test_an_editor_takes_it_back_and_it_stays_back_while_the_failure_lasts(product: Product, failing: Offer) -> None:
    another(product)
    settle(failing)
    revert_failover(failover=Failover.objects.get(), by="ed", now=timezone.now())
    row = Failover.objects.get()
    assert (row.is_reverted, row.reverted_by, row.ended_because) == (True, "ed", "Taken back by ed.")
    assert settle(failing) == 0
    assert leads_to(failing) is None


def test_after_a_mend_a_new_failure_is_a_new_matter(product: Product, failing: Offer) -> None:
    another(product)
    settle(failing)
    revert_failover(failover=Failover.objects.get(), by="ed", now=timezone.now())
    Destination.objects.update(failing_since=timezone.now() + timedelta(hours=1))
    assert settle(failing) == 1


def test_what_is_over_cannot_be_taken_back(product: Product, failing: Offer) -> None:
    another(product)
    settle(failing)
    row = Failover.objects.get()
    revert_failover(failover=row, by="ed", now=timezone.now())
    with pytest.raises(FailoverError, match="already"):
        revert_failover(failover=row, by="ed", now=timezone.now())


def test_what_an_editor_accepts_leads_home_and_what_is_muted_does_not(product: Product, failing: Offer) -> None:
    another(product)
    settle(failing)
    decide(rows=Destination.objects.all(), decision="muted", by="ed", now=timezone.now())
    assert leads_to(failing) is not None
    decide(rows=Destination.objects.all(), decision="accepted", by="ed", now=timezone.now())
    assert leads_to(failing) is None
    decide(rows=Destination.objects.all(), decision="", by="ed", now=timezone.now())
    assert leads_to(failing) is not None


def test_a_lost_tag_alone_sends_readers_nowhere_that_costs_them_more(product: Product, failing: Offer) -> None:
    Destination.objects.update(state="untagged")
    another(product, "Dearer", "101")
    assert settle(failing) == 0
    same = another(product, "Same", "100")
    assert settle(failing) == 1
    assert leads_to(failing) == same
    Offer.objects.filter(pk=same.pk).update(amount=105)
    settle(failing)
    assert leads_to(failing) is None


def test_the_timetables_task_settles_what_changed_in_silence(product: Product, failing: Offer) -> None:
    first, second = another(product, "First", "110"), another(product, "Second", "120")
    tasks.settle_failovers()
    assert leads_to(failing) == first
    Merchant.objects.filter(pk=first.merchant_id).update(is_active=False)
    tasks.settle_failovers()
    assert leads_to(failing) == second
    assert settle_all(now=timezone.now()) == 0


def test_the_database_keeps_one_failover_a_link(product: Product, failing: Offer) -> None:
    other = another(product)
    settle(failing)
    row = Failover.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Failover.objects.create(
            link=row.link, from_offer=failing, to_offer=other, reason="again", started_at=timezone.now()
        )


def version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM catalog_linkchange")
        return int(cursor.fetchone()[0])


def test_redirects_and_pages_hear_of_it(product: Product, failing: Offer) -> None:
    another(product)
    PageChange.objects.all().delete()
    before = version()
    settle(failing)
    assert version() > before
    assert f"offers:{product.pk}" in set(PageChange.objects.values_list("thing", flat=True))


def test_pages_hear_of_a_failure_and_not_of_a_look_that_finds_the_same(failing: Offer) -> None:
    PageChange.objects.all().delete()
    Destination.objects.update(checked_at=timezone.now(), detail="the same again")
    assert not PageChange.objects.exists()
    for change in ({"state": "sold_out"}, {"decision": "accepted"}):
        Destination.objects.update(**change)
        assert PageChange.objects.filter(thing=f"offers:{failing.product_id}").exists(), change
        PageChange.objects.all().delete()
