"""A reader asks to hear of a price; only a shop that allows it sets that off; the letter says what is so by then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Alert, AlertCheck, Merchant, Offer, Product
from catalog.placements import place_of
from catalog.services.alert_rounds import evaluate_alerts
from catalog.services.alerts import GONE_LIFE, AlertError, AlertInput, ask_for_alert, change_alert, end_dead_alerts
from readers.consent import MAILS_PER_NETWORK
from readers.digest import GATHER
from readers.models import Consent, ConsentProof, News, NewsLetter, Reader
from readers.services import news_sending
from readers.services.erasure import erase_everything, everything_about
from readers.services.subscriptions import forget_unconfirmed
from tests.factories import make_merchant, make_product, make_seen_offer, make_staff
from tests.readers.subscribers import Post, post_office

pytestmark = pytest.mark.django_db
ADA = "ada@mail.example"
REST = timedelta(days=14)
OPEN = {"alerts_allowed": True, "mail_allowed": True, "max_price_age": timedelta(days=2)}


@pytest.fixture
def product() -> Product:
    return make_product("One")


@pytest.fixture
def offer(product: Product) -> Offer:
    return make_seen_offer(product, make_merchant("Open Shop", **OPEN), amount="99.00")


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as office:
        yield office


def ask(product: Product, kind: str = "below", *, amount: str = "80", address: str = ADA, **fields: str) -> Alert:
    Reader.objects.get_or_create(address=address, defaults={"confirmed_at": timezone.now()})
    given: dict[str, Any] = {"kind": kind, "amount": amount, "currency": "USD", **fields}
    ask_for_alert(product=product, given=AlertInput(**given), address=address, asked_on="/", now=timezone.now())
    return Alert.objects.get(consent__reader__address=address, kind=kind)


def reads(offer: Offer, amount: str | None = None, **fields: Any) -> None:
    """A reading that was accepted."""
    values = {"seen_at": timezone.now(), **fields}
    if amount is not None:
        values["amount"] = Decimal(amount)
    Offer.objects.filter(pk=offer.pk).update(**values)


def told() -> list[str]:
    while evaluate_alerts(now=timezone.now(), rest=REST):
        pass
    return list(News.objects.order_by("pk").values_list("ref", flat=True))


def letter(post: Post) -> str:
    news_sending.send_due_news(now=timezone.now() + GATHER, per_day=6)
    if not post.letters:
        return ""
    body = post.read(len(post.letters) - 1).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_price_that_comes_down_is_told_once(product: Product, offer: Offer, post: Post) -> None:
    alert = ask(product)
    reads(offer, "85")
    assert told() == []
    reads(offer, "79.50")
    assert told() == [f"{alert.pk}.1"]
    reads(offer, "79.40")
    assert told() == [f"{alert.pk}.1"]
    said = letter(post)
    assert "Acme One costs $79.40" in said, "what is so now, not when it was noted"
    assert "at Open Shop" in said
    assert "it may have changed since" in said
    assert "the shop may pay us a commission" in " ".join(said.split())
    assert f"/go/{product.slug}-open-shop/?p=" in said
    code = said.split("?p=")[1].split()[0]
    assert place_of(code) == "malert.offers.1"
    assert not AlertCheck.objects.exists()


def test_any_drop_says_what_it_was(product: Product, offer: Offer, post: Post) -> None:
    ask(product, "drop", amount="")
    reads(offer, "90")
    assert len(told()) == 1
    said = letter(post)
    assert "Acme One is down to $90.00" in said
    assert "Before, it had stood at $99.00." in " ".join(said.split())


def test_back_in_stock(product: Product, offer: Offer, post: Post) -> None:
    reads(offer, availability="out_of_stock")
    ask(product, "stock", amount="", currency="")
    reads(offer, availability="unknown")
    assert told() == []
    reads(offer, availability="in_stock")
    assert len(told()) == 1
    assert "Acme One can be ordered again" in letter(post)


@pytest.mark.parametrize("terms", [{"alerts_allowed": False}, {"mail_allowed": False}, {"prices_allowed": False}])
def test_a_shop_whose_terms_forbid_it_sets_nothing_off(product: Product, offer: Offer, terms: dict[str, bool]) -> None:
    closed = make_seen_offer(product, make_merchant("Closed", **{**OPEN, **terms}), amount="99")
    ask(product)
    ask(product, "drop", amount="")
    reads(closed, "10")
    assert told() == []


def test_terms_that_end_before_the_letter_is_made_keep_the_price_out(
    product: Product, offer: Offer, post: Post
) -> None:
    alert = ask(product)
    reads(offer, "70")
    assert len(told()) == 1
    Merchant.objects.update(mail_allowed=False)
    assert letter(post) == ""
    alert.refresh_from_db()
    assert alert.is_armed, "it was not told, so it may be told another time"


def test_a_price_that_rose_before_the_letter_was_made_is_not_told(product: Product, offer: Offer, post: Post) -> None:
    alert = ask(product)
    reads(offer, "70")
    assert len(told()) == 1
    reads(offer, "80.50")
    assert letter(post) == ""
    assert len(told()) == 1
    reads(offer, "78")
    assert told() == [f"{alert.pk}.1", f"{alert.pk}.2"]
    assert "$78.00" in letter(post)


def test_a_price_too_old_to_be_shown_is_not_told(product: Product, offer: Offer, post: Post) -> None:
    ask(product)
    reads(offer, "70")
    assert len(told()) == 1
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert letter(post) == ""


def test_only_shops_that_deliver_there_count(product: Product, offer: Offer) -> None:
    Merchant.objects.update(delivers_to=["US", "CA"])
    german = ask(product, country="DE")
    canadian = ask(product, country="CA", address="bob@mail.example")
    reads(offer, "70")
    assert told() == [f"{canadian.pk}.1"]
    Merchant.objects.update(delivers_to=["US", "DE"])
    reads(offer, "69")
    assert told() == [f"{canadian.pk}.1", f"{german.pk}.1"]


def test_another_currency_is_another_price(product: Product, offer: Offer) -> None:
    euro = make_merchant("Euro", currency="EUR", country="DE", **OPEN)
    there = make_seen_offer(product, euro, amount="99")
    ask(product)
    reads(there, "10")
    assert told() == []


@pytest.mark.parametrize("why", ["open", "left"])
def test_nobody_hears_of_it_who_did_not_confirm_or_has_left(product: Product, offer: Offer, why: str) -> None:
    if why == "open":
        given = AlertInput(kind="below", amount="80", currency="USD")
        ask_for_alert(product=product, given=given, address=ADA, asked_on="/", now=timezone.now())
    else:
        alert = ask(product)
        Client().post(f"/newsletter/leave/{alert.consent.key}/")
    reads(offer, "70")
    assert told() == []


def test_a_merged_product_is_waited_for_as_what_it_became(product: Product, offer: Offer) -> None:
    alert = ask(product)
    kept = make_product("Kept")
    Product.objects.filter(pk=product.pk).update(merged_into=kept)
    Offer.objects.filter(pk=offer.pk).update(product=kept, amount=Decimal(70), seen_at=timezone.now())
    assert told() == [f"{alert.pk}.1"]
    alert.refresh_from_db()
    assert alert.product_id == kept.pk


def test_nothing_is_written_down_for_what_nobody_waits_for(offer: Offer) -> None:
    reads(offer, "70")
    assert not AlertCheck.objects.exists()


def test_statements_do_not_grow_with_alerts_or_offers(product: Product, offer: Offer) -> None:
    def statements(count: int, price: str) -> int:
        for number in range(count):
            ask(product, address=f"r{count}{number}@mail.example")
            more = make_product(f"Other {count} {number}")
            there = make_seen_offer(more, offer.merchant, amount="99")
            ask(more, address=f"s{count}{number}@mail.example")
            reads(there, price)
        reads(offer, price)
        with CaptureQueriesContext(connection) as seen:
            evaluate_alerts(now=timezone.now(), rest=REST)
        return len(seen)

    first = statements(2, "70")
    reads(offer, "99")
    evaluate_alerts(now=timezone.now(), rest=REST)
    assert statements(9, "60") == first
    assert News.objects.count() == 2 + 2 + 9 + 9 + 2


# --- asking ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "sometimes"}, "kind"),
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.299,00"}, "amount"),
        ({"amount": "79.905"}, "amount"),
        ({"amount": "nan"}, "amount"),
        ({"amount": "٧٩"}, "amount"),
        ({"currency": "dollars"}, "currency"),
        ({"country": "UK"}, "country"),
        ({"amount": "120"}, "amount"),
        ({"kind": "stock"}, "kind"),
    ],
)
def test_what_makes_no_sense_or_is_so_already_is_told(
    product: Product, offer: Offer, given: dict[str, str], field: str
) -> None:
    with pytest.raises(AlertError) as told:
        ask(product, **{"kind": "below", **given})
    assert told.value.problems[0][0] == field
    assert not Alert.objects.exists()


def test_the_same_wish_again_takes_the_place_of_the_first(product: Product, offer: Offer) -> None:
    first = ask(product, amount="80")
    second = ask(product, amount="60,50")
    assert (second.pk, second.amount) == (first.pk, Decimal("60.500"))
    assert "$60.50" in Consent.objects.get().label


def test_the_page_of_a_product_asks_only_where_a_shop_allows_it(product: Product, offer: Offer, client: Client) -> None:
    page = client.get(product.get_absolute_url()).content.decode()
    assert f'action="/alerts/new/{product.slug}/"' in page
    form = page.split('action="/alerts/new/')[1].split("</form>")[0]
    assert "csrf" not in form
    other = make_product("Two")
    make_seen_offer(other, make_merchant("Closed Shop"))
    assert "/alerts/new/" not in client.get(other.get_absolute_url()).content.decode()


def test_the_door_takes_a_wish_and_tells_strangers_nothing(product: Product, offer: Offer) -> None:
    Reader.objects.create(address=ADA, confirmed_at=timezone.now())
    client = Client(enforce_csrf_checks=True)
    path = f"/alerts/new/{product.slug}/"
    typed = {"kind": "below", "amount": "80", "currency": "USD"}
    answers = {client.post(path, {**typed, "email": address}).content for address in (ADA, "new@mail.example", ADA)}
    assert len(answers) == 1
    assert Alert.objects.count() == 2
    assert client.get(path).status_code == 200
    wrong = client.post(path, {**typed, "amount": "much", "email": ADA}).content.decode()
    assert "Write the most it may cost" in wrong
    assert 'value="much"' in wrong
    assert client.post(path, {**typed, "email": "nobody"}).status_code == 400
    trapped = client.post(path, {**typed, "email": ADA, "website": "x"})
    assert (trapped.status_code, b"press the button once more" in trapped.content) == (400, True)
    assert client.post(path, typed, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/alerts/new/no-such-thing/", typed).status_code == 404
    last = [client.post(path, {**typed, "email": f"r{n}@mail.example"}) for n in range(20)][-1]
    assert (last.status_code, b"no more mail is sent for it" in last.content) == (429, True)
    assert b'value="r19@mail.example"' in last.content
    assert b'value="80"' in last.content


def test_what_is_refused_takes_nothing_of_the_networks_share(product: Product, offer: Offer, client: Client) -> None:
    path = f"/alerts/new/{product.slug}/"
    typed = {"kind": "below", "amount": "80", "currency": "USD", "email": ADA}
    given = {**typed, "product": product.slug}
    for amount in ("much", "120", "0") * MAILS_PER_NETWORK:
        assert client.post(path, {**typed, "amount": amount}).status_code == 400
    for _ in range(MAILS_PER_NETWORK + 1):
        assert client.post("/api/v1/alerts/", {**given, "amount": "120"}, "application/json").status_code == 400
    assert client.post(path, typed).status_code == 200


def test_all_that_is_wrong_is_said_at_once_beside_its_field(product: Product, offer: Offer, client: Client) -> None:
    typed = {"kind": "below", "amount": "much", "currency": "USD", "email": "nobody"}
    page = client.post(f"/alerts/new/{product.slug}/", typed).content.decode()
    for name in ("amount", "email"):
        assert f'id="alert-problem-{name}"' in page
        assert f'aria-describedby="alert-problem-{name}"' in page


def test_the_owner_changes_and_ends_an_alert_by_its_key(product: Product, offer: Offer, client: Client) -> None:
    alert = ask(product)
    path = f"/alerts/mine/{alert.consent.key}/"
    page = client.get(path).content.decode()
    assert 'value="80.00"' in page
    assert client.post(path, {"amount": "70", "country": "de"}).headers["Location"] == f"{path}?kept"
    alert.refresh_from_db()
    assert (alert.amount, alert.country) == (Decimal("70.000"), "DE")
    assert "Kept." in client.get(f"{path}?kept").content.decode()
    assert client.post(path, {"amount": "200"}).status_code == 400
    assert client.post(path, {"amount": "1"}, headers={"Origin": "https://evil.example"}).status_code == 403
    client.post(f"/newsletter/leave/{alert.consent.key}/")
    assert client.get(path).status_code == 404
    assert client.get("/alerts/mine/%00x/").status_code == 404


def test_the_api_asks_by_the_same_rules(product: Product, offer: Offer, client: Client) -> None:
    given = {"product": product.slug, "kind": "below", "amount": "80", "currency": "USD", "email": ADA}
    taken = client.post("/api/v1/alerts/", given, "application/json")
    assert taken.status_code == 202
    assert Alert.objects.get().amount == Decimal(80)
    high = client.post("/api/v1/alerts/", {**given, "amount": "120"}, "application/json")
    assert (high.status_code, "It costs $99.00 already" in high.content.decode()) == (400, True)
    assert client.post("/api/v1/alerts/", {**given, "product": "none"}, "application/json").status_code == 404


# --- the end -----------------------------------------------------------------------------------------------------


def test_a_product_that_is_gone_is_said_once_and_its_alert_ends(product: Product, offer: Offer, post: Post) -> None:
    alert = ask(product)
    assert end_dead_alerts(now=timezone.now()) == 0
    Offer.objects.update(withdrawn_at=timezone.now())
    Product.objects.filter(pk=product.pk).update(status="discontinued")
    assert end_dead_alerts(now=timezone.now()) == 1
    assert end_dead_alerts(now=timezone.now()) == 0
    assert "Acme One is no longer sold" in letter(post)
    with pytest.raises(AlertError, match="no longer here"):
        change_alert(alert=alert, given=AlertInput(kind="below", amount="1", currency="USD"), now=timezone.now())
    later = timezone.now() + GONE_LIFE + timedelta(days=1)
    end_dead_alerts(now=later)
    assert Consent.objects.get().withdrawn_at is not None
    end_dead_alerts(now=later + GONE_LIFE)
    assert not Alert.objects.exists()


def test_the_owner_gets_and_erases_alerts_with_everything_else(product: Product, offer: Offer) -> None:
    ask(product)
    ask(product, address="bob@mail.example")
    reader = Reader.objects.get(address=ADA)
    (found,) = everything_about(reader=reader, now=timezone.now())["alerts"]
    assert (found["product_name"], found["amount"]) == ("Acme One", Decimal("80.000"))
    erase_everything(reader=reader, now=timezone.now())
    assert Alert.objects.get().consent.reader.address == "bob@mail.example"
    assert ConsentProof.objects.get().topic == f"alert:{product.pk}:below"


def test_what_nobody_confirmed_is_forgotten(product: Product, offer: Offer) -> None:
    given = AlertInput(kind="drop", currency="USD")
    ask_for_alert(product=product, given=given, address=ADA, asked_on="/", now=timezone.now())
    forget_unconfirmed(now=timezone.now() + timedelta(days=8))
    assert not Alert.objects.exists()


def test_the_desk_sees_wishes_and_no_address(product: Product, offer: Offer, post: Post) -> None:
    alert = ask(product)
    reads(offer, "70")
    assert len(told()) == 1
    letter(post)
    client = Client()
    client.force_login(make_staff("boss", "catalog.view_alert", "readers.view_newsletter", "readers.view_news"))
    sent = NewsLetter.objects.get()
    for path, said in (
        ("/admin/catalog/alert/", "At most $80.00"),
        (f"/admin/catalog/alert/{alert.pk}/change/", "Told; waits for it to rise or sell out"),
        ("/admin/catalog/alert/?stands=waits", "Acme One"),
        ("/admin/readers/newsletter/", "Taken by the mail server"),
        (f"/admin/readers/newsletter/{sent.pk}/change/", "Acme One at $80.00 or less"),
    ):
        page = client.get(path).content.decode()
        assert said in page
        assert "a…@mail.example" in page
        assert ADA not in page
    assert client.get(f"/admin/catalog/alert/{alert.pk}/delete/").status_code == 403


def test_a_scanner_that_opens_every_link_of_a_letter_changes_nothing(
    product: Product, offer: Offer, post: Post, client: Client
) -> None:
    ask(product)
    reads(offer, "70")
    assert len(told()) == 1
    paths = [urlsplit(link) for link in re.findall(r"https?://[^\s<>]+", letter(post))]
    assert len(paths) >= 6

    def stored() -> list[object]:
        return [list(model.objects.order_by("pk").values()) for model in (Alert, Consent, News, Reader)]

    before = stored()
    for path in paths:
        assert client.get(f"{path.path}?{path.query}").status_code < 400
    assert stored() == before
