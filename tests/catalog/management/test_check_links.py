"""The command names every link that `/go/` would refuse, whichever way it would lead there."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import Failover, LinkRoute
from tests.factories import make_link, make_merchant, make_offer, make_product

pytestmark = pytest.mark.django_db


def said(**options: int) -> str:
    out = StringIO()
    try:
        call_command("check_links", stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}ERROR {error}"
    return out.getvalue()


def test_nothing_to_say_ends_well() -> None:
    make_link()
    assert said() == "Every link leads to its merchant.\n"


def test_links_routes_and_failovers_are_named_with_the_reason() -> None:
    shop = make_merchant()
    good, bad = (
        make_offer(make_product("Good"), shop),
        make_offer(make_product("Bad"), shop, url="https://evil.example/"),
    )
    make_link(bad, "own")
    link = make_link(good, "routed")
    LinkRoute.objects.create(link=link, offer=bad, position=3)
    Failover.objects.create(link=link, from_offer=good, to_offer=bad, reason="gone", started_at=timezone.now())
    lines = said().splitlines()
    assert lines[0].startswith(f"/go/own/ → Shop, offer {bad.pk}: 'https://evil.example/' is not an address of Shop.")
    assert [line.partition(" → ")[0] for line in lines[:3]] == [
        "/go/own/",
        "/go/routed/ (route 3)",
        "/go/routed/ (failover)",
    ]
    assert lines[3] == "ERROR 3 links are refused; 0 merchants cannot be linked to."
    assert said(most=1).splitlines()[1:] == [
        "ERROR 3 links are refused (2 not printed); 0 merchants cannot be linked to."
    ]


def test_a_merchant_whose_settings_cannot_work_is_named_first() -> None:
    make_link(make_offer(merchant=make_merchant(network="awin", network_settings={"publisher_id": "1"})))
    lines = said().splitlines()
    assert lines[0].startswith("merchant shop: `advertiser_id` is missing")
    assert lines[1].startswith("/go/one/ → Shop")
    assert lines[2] == "ERROR 1 links are refused; 1 merchants cannot be linked to."


def test_what_is_switched_off_is_not_asked() -> None:
    shop, closed = make_merchant(), make_merchant("Closed", is_active=False, network="gone")
    bad = make_offer(make_product("Bad"), shop, url="https://evil.example/")
    make_link(bad, "off", is_active=False)
    make_link(make_offer(make_product("Other"), closed), "closed")
    link = make_link(make_offer(make_product("Good"), shop), "routed")
    LinkRoute.objects.create(link=link, offer=bad, weight=0)
    now = timezone.now()
    Failover.objects.create(link=link, from_offer=link.offer, to_offer=bad, reason="gone", started_at=now, ended_at=now)
    assert said() == "Every link leads to its merchant.\n"


def test_the_queries_do_not_grow_with_the_links(django_assert_num_queries: object) -> None:
    shop = make_merchant()
    for number in range(8):
        make_link(make_offer(make_product(str(number)), shop), f"l{number}")
    with django_assert_num_queries(5):  # type: ignore[operator]
        said()
