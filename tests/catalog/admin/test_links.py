"""Editors say at the links' desk whom a link leads where, and the desk says back what they said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import placements
from catalog.models import ClickTally, Failover, Link, LinkRoute, Merchant, Offer
from tests.factories import make_link, make_merchant, make_offer, make_product, make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/link/"
_VIEWS = ("catalog.view_link", "catalog.view_linkroute", "catalog.view_offer")
_WRITES = ("catalog.change_link", "catalog.add_link")
_ROUTES = ("catalog.add_linkroute", "catalog.change_linkroute", "catalog.delete_linkroute")


@pytest.fixture
def link() -> Link:
    return make_link(make_offer(make_product(), make_merchant("Shop")))


@pytest.fixture
def other(link: Link) -> Offer:
    """The same product at another shop."""
    return make_offer(link.offer.product, make_merchant("Other"))


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_staff("ada", *_VIEWS, *_WRITES, *_ROUTES))
    return client


def page_of(link: Link) -> str:
    return f"{LIST}{link.pk}/change/"


def answers(link: Link, *routes: Mapping[str, Any], stored: int = 0, **changed: Any) -> dict[str, Any]:
    """What the link's form sends."""
    sent: dict[str, Any] = {
        "offer": link.offer_id,
        "is_active": "on",
        "redirect_status": 302,
        "routes-TOTAL_FORMS": len(routes),
        "routes-INITIAL_FORMS": stored,
        **changed,
    }
    for number, route in enumerate(routes):
        filled = {"position": 1, "weight": 1, "time_zone": "UTC", "link": link.pk, **route}
        sent.update({f"routes-{number}-{name}": value for name, value in filled.items()})
    return sent


def test_routes_are_filled_in_as_an_editor_thinks(editor: Client, link: Link, other: Offer) -> None:
    route = {
        "name": "evenings",
        "offer": other.pk,
        "countries": "Germany, at; the Netherlands CH",
        "forms": ["phone", "tablet"],
        "systems": ["ios"],
        "languages": "German fr",
        "weekdays": ["5", "6"],
        "from_time": "18:00",
        "until_time": "23:00",
        "time_zone": "Europe/Berlin",
    }
    answer = editor.post(page_of(link), answers(link, route), follow=True)
    assert answer.redirect_chain, answer.context["errors"]
    stored = LinkRoute.objects.get()
    assert stored.countries == ["DE", "AT", "NL", "CH"]
    assert (stored.forms, stored.systems, stored.languages) == (["phone", "tablet"], ["ios"], ["de", "fr"])
    assert stored.weekdays == [5, 6]
    assert LogEntry.objects.filter(object_id=str(link.pk)).count() == 1


def test_the_page_says_in_words_what_the_routes_do(editor: Client, link: Link, other: Offer) -> None:
    LinkRoute.objects.create(link=link, offer=other, countries=["DE", "AT"], forms=["phone"], weight=2)
    LinkRoute.objects.create(link=link, offer=link.offer, countries=["AT", "DE"], forms=["phone"], weight=1)
    LinkRoute.objects.create(link=link, offer=other, position=2, weight=0)
    shown = editor.get(page_of(link)).context["page"].words
    assert [(line.whom, line.where, line.share) for line in shown.routes] == [
        ("From Austria or Germany, on a phone", "Acme One at Other", "2 of 3: 67%"),
        ("From Austria or Germany, on a phone", "Acme One at Shop", "1 of 3: 33%"),
        ("Everybody", "Acme One at Other", "switched off: its weight is 0"),
    ]
    assert shown.otherwise == "Acme One at Shop"


def test_routes_are_said_in_words_before_they_are_saved(editor: Client, link: Link, other: Offer) -> None:
    stored = LinkRoute.objects.create(link=link, offer=other, name="stored", weight=3)
    sent = answers(
        link,
        {"id": stored.pk, "offer": other.pk, "name": "changed", "weight": 1},
        {"offer": link.offer_id, "weight": 3},
        {"offer": other.pk, "countries": "UK"},
        {"offer": other.pk, "position": 2, "countries": "DE"},
        {"offer": ""},
        stored=1,
    )
    answer = editor.post(f"{LIST}{link.pk}/words/", sent)
    words = answer.context["words"]
    assert [(line.name, line.whom, line.share) for line in words.routes] == [
        ("changed", "Everybody", "1 of 4: 25%"),
        ("", "Everybody", "3 of 4: 75%"),
        ("", "From Germany", ""),
    ]
    assert "is never taken" in words.warnings[0]
    assert "not saved yet" in answer.content.decode()
    assert list(LinkRoute.objects.values_list("name", "weight")) == [("stored", 3)]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        pytest.param({"countries": "UK"}, "countries", "Do you mean GB", id="country"),
        pytest.param({"time_zone": "Berlin"}, "time_zone", "no time zone", id="zone"),
        pytest.param({"from_time": "18:00"}, "until_time", "both times", id="time"),
        pytest.param({"forms": ["watch"]}, "forms", "not one of the available", id="device"),
        pytest.param({"languages": "de-AT"}, "languages", "no language", id="language"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    editor: Client, link: Link, other: Offer, asked: dict[str, Any], field: str, said: str
) -> None:
    answer = editor.post(page_of(link), answers(link, {"offer": other.pk, "name": "kept", **asked}))
    (form,) = answer.context["inline_admin_formsets"][0].formset.forms
    assert said in " ".join(form.errors[field])
    assert "kept" in answer.content.decode()
    assert not LinkRoute.objects.exists()


def test_what_goes_wrong_after_the_form_was_found_right_stores_nothing(
    editor: Client, link: Link, other: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Between the form and the service somebody withdraws the offer: the form is made to have looked before that.
    monkeypatch.setattr("catalog.admin.link_forms.route_problems", lambda *_, **__: {})
    Offer.objects.filter(pk=other.pk).update(withdrawn_at=timezone.now())
    answer = editor.post(page_of(link), answers(link, {"offer": other.pk}, redirect_status=307), follow=True)
    assert "Nothing was saved." in " ".join(map(str, answer.context["messages"]))
    link.refresh_from_db()
    assert link.redirect_status == 302
    assert not LinkRoute.objects.exists()


def test_a_fallback_off_the_site_is_refused_at_its_field(editor: Client, link: Link) -> None:
    answer = editor.post(page_of(link), answers(link, fallback_path="//evil.example/"))
    assert "one slash first, no host" in str(answer.context["adminform"].form.errors["fallback_path"])
    link.refresh_from_db()
    assert link.fallback_path == ""


def test_routes_nobody_takes_are_stored_and_named(editor: Client, link: Link, other: Offer) -> None:
    sent = answers(link, {"offer": other.pk}, {"offer": other.pk, "position": 2, "countries": "DE"})
    answer = editor.post(page_of(link), sent, follow=True)
    assert LinkRoute.objects.count() == 2
    assert "is never taken" in " ".join(map(str, answer.context["messages"]))


def test_a_new_link_without_a_code_gets_one(editor: Client, other: Offer, link: Link) -> None:
    sent = {name: value for name, value in answers(link).items() if name != "offer"}
    answer = editor.post(f"{LIST}add/", {**sent, "offer": other.pk, "code": ""}, follow=True)
    assert answer.redirect_chain
    assert Link.objects.filter(code="acme-one-other").exists()


def test_a_stored_code_is_shown_and_not_asked(editor: Client, link: Link) -> None:
    editor.post(page_of(link), answers(link, code="renamed"))
    assert Link.objects.get().code == "one"


def test_another_code_is_made_from_the_page_and_logged(editor: Client, link: Link, other: Offer) -> None:
    LinkRoute.objects.create(link=link, offer=other)
    answer = editor.post(f"{LIST}{link.pk}/copy/", {"code": "two"}, follow=True)
    assert "both stay" in " ".join(map(str, answer.context["messages"]))
    copied = Link.objects.get(code="two")
    assert copied.routes.count() == 1
    assert LogEntry.objects.filter(object_id=str(copied.pk)).exists()
    again = editor.post(f"{LIST}{link.pk}/copy/", {"code": "two"}, follow=True)
    assert "already exists" in " ".join(map(str, again.context["messages"]))
    assert Link.objects.count() == 2


def test_the_list_says_how_each_link_does(editor: Client, link: Link, other: Offer) -> None:
    now = timezone.now()
    make_link(other, "off", is_active=False)
    make_link(other, "over", expires_at=now - timedelta(hours=1))
    make_link(other, "used-up", expired_at=now)
    gone = make_offer(make_product("Gone"), make_merchant("Gone"), withdrawn_at=now)
    make_link(gone, "gone")
    failing = make_link(link.offer, "failing")
    Failover.objects.create(link=failing, from_offer=link.offer, to_offer=other, reason="404", started_at=now)
    expected = {"active": {"one"}, "off": {"off"}, "ended": {"over", "used-up"}, "nowhere": {"gone"}}
    expected["failing"] = {"failing"}
    for state, codes in expected.items():
        shown = editor.get(LIST, {"state": state}).context["cl"].result_list
        assert {one.code for one in shown} == codes, state


def test_the_list_shows_the_clicks_of_thirty_days_in_a_fixed_number_of_queries(
    editor: Client, link: Link, other: Offer
) -> None:
    today = timezone.localdate()
    for back, clicks in ((0, 5), (29, 7), (30, 100)):
        ClickTally.objects.create(
            day=today - timedelta(days=back), dimension="link", key="one", clicks=clicks, net_clicks=clicks - 1
        )
    ClickTally.objects.create(day=today, dimension="route", key="one", clicks=1000, net_clicks=1000)
    editor.get(LIST)  # content types are looked up once
    with CaptureQueriesContext(
        connection,
    ) as few:
        answer = editor.get(LIST)
    assert "10 of 12" in answer.content.decode()
    for number in range(15):
        make_link(other, f"more-{number}")
    with CaptureQueriesContext(connection) as many:
        editor.get(LIST)
    assert len(many) == len(few)


def test_offers_without_a_link_get_theirs_at_one_press(editor: Client, link: Link, other: Offer) -> None:
    assert "1 offer on the site has no link" in " ".join(editor.get(LIST).content.decode().split())
    answer = editor.post(f"{LIST}missing/", follow=True)
    assert "1 link was made" in " ".join(map(str, answer.context["messages"]))
    assert Link.objects.filter(offer=other).count() == 1
    assert LogEntry.objects.filter(change_message__contains="without a link").count() == 1


def test_chosen_offers_get_their_links_from_the_list_of_offers(client: Client, link: Link, other: Offer) -> None:
    chosen = {"action": "make_links", "_selected_action": [link.offer_id, other.pk]}
    client.force_login(make_staff("bob", *_VIEWS, "catalog.change_offer"))
    client.post("/admin/catalog/offer/", chosen)
    assert not Link.objects.filter(offer=other).exists(), "who may not add links adds none"
    client.force_login(make_staff("ada", *_VIEWS, "catalog.change_offer", "catalog.add_link"))
    answer = client.post("/admin/catalog/offer/", chosen, follow=True)
    assert "1 link was made" in " ".join(map(str, answer.context["messages"]))
    assert Link.objects.get(offer=other).code == "acme-one-other"


def test_an_offer_that_cannot_be_linked_to_is_named_with_why(editor: Client, link: Link, other: Offer) -> None:
    Offer.objects.filter(pk=other.pk).update(url="https://elsewhere.example/p")
    answer = editor.post(f"{LIST}missing/", follow=True)
    assert "is not an address of Other" in " ".join(map(str, answer.context["messages"]))


def test_the_qr_code_names_a_place_that_we_signed(editor: Client, link: Link) -> None:
    address = editor.get(page_of(link)).context["page"].qr_address
    assert address.endswith(f"/go/one/?p={placements.token('qr')}")
    assert placements.place_of(address.rpartition("=")[2]) == "qr"


@pytest.mark.parametrize(
    ("kind", "media", "begins"), [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")]
)
def test_the_qr_code_is_shown_and_saved(editor: Client, link: Link, kind: str, media: str, begins: bytes) -> None:
    shown = editor.get(f"{LIST}{link.pk}/qr.{kind}")
    assert shown["Content-Type"] == media
    assert shown.content.startswith(begins)
    assert "Content-Disposition" not in shown
    saved = editor.get(f"{LIST}{link.pk}/qr.{kind}?save")
    assert saved["Content-Disposition"] == f'attachment; filename="one.{kind}"'
    assert editor.get(f"{LIST}{link.pk}/qr.gif").status_code == 404


def test_the_page_leads_to_the_preview_and_not_over_the_link(editor: Client, link: Link) -> None:
    shown = editor.get(page_of(link)).content.decode()
    assert "/go/one/?preview" in shown
    assert 'href="/go/one/"' not in shown


@pytest.mark.parametrize("path", ["try/", "qr.svg", "qr.png"])
def test_who_may_not_see_links_sees_none(client: Client, link: Link, path: str) -> None:
    client.force_login(make_staff("bob", "catalog.view_offer"))
    assert client.get(f"{LIST}{link.pk}/{path}").status_code == 403
    assert client.get(page_of(link)).status_code == 403


def test_who_may_only_look_changes_nothing(client: Client, link: Link, other: Offer) -> None:
    client.force_login(make_staff("bob", *_VIEWS))
    shown = client.get(page_of(link))
    assert shown.status_code == 200
    assert "Make this code too" not in shown.content.decode()
    assert client.post(page_of(link), answers(link, {"offer": other.pk})).status_code == 403
    assert client.post(f"{LIST}{link.pk}/copy/", {"code": "two"}).status_code == 403
    assert client.post(f"{LIST}missing/").status_code == 403
    assert client.post(f"{LIST}{link.pk}/words/", answers(link)).status_code == 403
    assert Link.objects.count() == 1
    assert not LinkRoute.objects.exists()


def test_nobody_deletes_a_link(client: Client, link: Link) -> None:
    client.force_login(make_staff("bob", *_VIEWS, *_WRITES, "catalog.delete_link"))
    assert client.post(f"{LIST}{link.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Link.objects.exists()


def test_links_are_exported_with_as_many_queries_however_many(editor: Client, link: Link, other: Offer) -> None:
    def exported() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as asked:
            lines = b"".join(editor.get(f"{LIST}export/")).decode().splitlines()  # type: ignore[arg-type]
        return lines, len(asked)

    exported()  # content types are looked up once
    one, few = exported()
    for number in range(5):
        make_link(other, f"more-{number}")
    six, many = exported()
    assert one[0].lstrip("\ufeff").startswith("code,merchant,sku,condition")
    assert (len(one), len(six)) == (2, 7)
    assert few == many


def test_a_link_whose_merchant_went_is_still_shown_with_why(editor: Client, link: Link) -> None:
    Merchant.objects.update(is_active=False)
    assert "leads nowhere: Shop is switched off" in editor.get(page_of(link)).context["page"].state.text
