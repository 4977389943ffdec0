"""Whoever asks other machines is found in the code, and each of them is tried with inner addresses in its own rows.

What the doors refuse stands in `test_inner_addresses.py`; here the whole way is gone, from the task or command on: no
caller may have a way around the door, look a name up by itself, or follow a redirect that the door would not.
"""

from __future__ import annotations

import ast
import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from catalog import tasks
from catalog.http import WebDoor
from catalog.models import FeedImport, Merchant, NetworkAccount, Offer
from catalog.networks.reports import REPORTS
from catalog.services import prices
from catalog.services.feed_imports.errands import look_at_import
from catalog.settings_fields import SettingField
from catalog.sources import SOURCES
from partners.models import Webhook, WebhookAttempt
from partners.services.webhook_endpoints import send_ping
from reviews.desk.moving_in.pictures import NoPictureError
from reviews.management.commands import import_wordpress
from tests.attacks.kept_rows import taken_back
from tests.attacks.test_inner_addresses import MAKERS, inner, parsed, port_of
from tests.catalog.networks.reports.test_every_network_that_reports_keeps_the_contract import opened
from tests.catalog.services.test_refresh_from_every_source import merchant_of
from tests.catalog.shop import Shop, open_shop
from tests.factories import make_account, make_destination, make_merchant, make_offer, make_product

__all__ = ["inner"]

pytestmark = pytest.mark.django_db
ASKING = sorted(key for key, source in SOURCES.items() if source.asks)
POLLED = sorted(key for key, reports in REPORTS.items() if reports.polls)
# Each with the port of a machine that would answer.
HOSTS = ("127.0.0.1", "2130706433", "localhost", "[::ffff:127.0.0.1]", "169.254.169.254")
Act = Callable[[str, pytest.MonkeyPatch], object]


def fitting(fields: Sequence[SettingField], kept: Mapping[str, str]) -> dict[str, str]:
    """By https where a setting takes no other."""
    https = {one.name for one in fields if one.name in kept and not re.fullmatch(one.pattern, kept[one.name])}
    return {name: value.replace("http://", "https://") if name in https else value for name, value in kept.items()}


def refresh(source: str) -> Act:
    def act(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
        kept = {name: value.replace("{server}", origin) for name, value in SOURCES[source].example_settings.items()}
        if SOURCES[source].address_setting:
            kept[SOURCES[source].address_setting] = f"{origin}/feed.csv"
        merchant = merchant_of(source, fitting(SOURCES[source].settings, kept), monkeypatch)
        Merchant.objects.update(requests_per_minute=60_000)
        sku = SOURCES[source].example_sku
        offer = make_offer(
            make_product(), merchant, merchant_sku=sku, url=f"{origin}/p/1", next_check_at=timezone.now()
        )
        tasks.refresh_merchant(merchant.pk)
        assert Offer.objects.get(pk=offer.pk).amount is None

    return act


def poll(network: str) -> Act:
    def act(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with opened(network) as server:
            settings = fitting(REPORTS[network].settings, {**server.settings(), "api_url": f"{origin}/api"})
        for field in REPORTS[network].settings:
            if field.secret and field.name in settings:
                monkeypatch.setenv(f"TEST_{field.name}".upper(), settings[field.name])
                settings[field.name] = f"TEST_{field.name}".upper()
        account = make_account(network, network=network, report_settings=settings)
        tasks.poll_account(account.pk)
        assert NetworkAccount.objects.get(pk=account.pk).polled_until is None

    return act


def a_feed_import(origin: str) -> FeedImport:
    return FeedImport.objects.create(merchant=make_merchant("Shop"), url=f"{origin}/feed.csv")


def look(origin: str, _: pytest.MonkeyPatch) -> None:
    tasks.look_at_import(a_feed_import(origin).pk)


def look_at_once(origin: str, _: pytest.MonkeyPatch) -> None:
    """The desk itself looks at files only; were it handed an address, it would be by this door."""
    look_at_import(feed_import_id=a_feed_import(origin).pk, door=prices.door())


def prepare(origin: str, _: pytest.MonkeyPatch) -> None:
    tasks.prepare_import(a_feed_import(origin).pk, {}, start=True)


def look_at_destinations(origin: str, _: pytest.MonkeyPatch) -> None:
    merchant = make_merchant(hosts=[urlsplit(origin).hostname], requests_per_minute=60_000)
    offer = make_offer(make_product(), merchant, url=f"{origin}/p/1")
    make_destination(offer, "suspect", next_check_at=timezone.now())
    tasks.check_merchant_destinations(merchant.pk)


def rates(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.EXCHANGE_RATES_URL", origin)
    tasks.fetch_exchange_rates()


def webhook(origin: str, _: pytest.MonkeyPatch) -> None:
    row = Webhook.objects.create(name="Partner", address=f"{origin}/hooks", kinds=["price.changed"])
    send_ping(webhook=row, now=timezone.now())
    tasks.send_to_webhook(row.pk)
    assert "inner secret" not in WebhookAttempt.objects.get().said


def find(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    merchant = merchant_of("merchant_feed", {"feed_url": f"{origin}/feed.csv"}, monkeypatch)
    with pytest.raises(CommandError):
        call_command("find_offers", merchant.slug)


def bot_list(origin: str, _: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError):
        call_command("update_bot_list", f"{origin.replace('http:', 'https:')}/list.json")


def pictures(origin: str, _: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPictureError):
        import_wordpress.Command()._fetch({"uploads": None, "fetch": True})(f"{origin}/a.jpg")


# By where the door is asked for.
CALLERS: dict[tuple[str, str], dict[str, Act]] = {
    ("catalog/admin/feed_imports.py", "_look"): {"import at the desk": look_at_once},
    ("catalog/management/commands/find_offers.py", "handle"): {"finding offers": find},
    ("catalog/management/commands/update_bot_list.py", "handle"): {"list of machines": bot_list},
    ("catalog/tasks.py", "refresh_merchant"): {f"prices: {key}": refresh(key) for key in ASKING},
    ("catalog/tasks.py", "look_at_import"): {"import": look},
    ("catalog/tasks.py", "prepare_import"): {"import by key": prepare},
    ("catalog/tasks.py", "check_merchant_destinations"): {"destinations": look_at_destinations},
    ("catalog/tasks.py", "poll_account"): {f"reports: {key}": poll(key) for key in POLLED},
    ("catalog/tasks.py", "fetch_exchange_rates"): {"exchange rates": rates},
    ("catalog/tasks.py", "send_to_webhook"): {"webhook": webhook},
    ("reviews/management/commands/import_wordpress.py", "_fetch"): {"pictures of an old site": pictures},
}
ACTS = {name: act for acts in CALLERS.values() for name, act in acts.items()}
DOORS = {"door", "webhook_door", "WebDoor"}


def callers() -> Iterator[tuple[str, str]]:
    for path, tree in parsed():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    func = node.func if isinstance(node, ast.Call) else None
                    if (getattr(func, "attr", "") or getattr(func, "id", "")) in DOORS:
                        yield path, function.name


def test_each_that_asks_for_a_door_is_tried() -> None:
    assert {one for one in callers() if one[0] not in MAKERS or one[1] == "_fetch"} == set(CALLERS)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that a door was asked for."""
    found: list[str] = []
    real = WebDoor._asked

    def noted(self: WebDoor, method: str, url: str, *more: Any, **named: Any) -> Any:
        found.append(url)
        return real(self, method, url, *more, **named)

    monkeypatch.setattr(WebDoor, "_asked", noted)
    return found


@pytest.mark.parametrize("name", ACTS)
def test_no_caller_reaches_an_inner_machine_however_it_is_spelled(
    name: str, inner: Shop, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for host in HOSTS:
        with taken_back():
            ACTS[name](f"http://{host}:{port_of(inner)}", monkeypatch)
    # One may be refused before: a link to a shop never leads to an address of numbers in brackets.
    assert len([host for host in HOSTS if any(host in url for url in asked)]) >= len(HOSTS) - 1, asked
    assert inner.asked == []


@pytest.mark.parametrize("name", ACTS)
def test_no_caller_is_led_inside_by_a_name(
    name: str, inner: Shop, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name with an inner address, alone or beside one of the internet, and one that changes while it is looked at."""
    real, looked, said = socket.getaddrinfo, list[Any](), list[str]()
    answers = (["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], ["fd00::1"], ["10.0.0.1"])

    def hostile(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host not in ("shop.example", b"shop.example"):
            return real(host, port, *more, **named)
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in said]

    monkeypatch.setattr(socket, "getaddrinfo", hostile)
    for answer in answers:
        looked.clear()
        said[:] = answer
        with taken_back():
            ACTS[name](f"http://shop.example:{port_of(inner)}", monkeypatch)
        assert looked, "the name was not looked up"
    assert inner.asked == []


@pytest.mark.parametrize("name", ACTS)
def test_no_caller_is_led_inside_by_whom_it_may_ask(
    name: str, inner: Shop, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_shop() as shop:
        settings.PRIVATE_HOSTS_ALLOWED = [shop.host]
        monkeypatch.setattr(
            shop._server,
            "page_at",
            lambda path: lambda visit: visit.answer(b"", status=302, location=inner.url("/feed.csv")),
        )
        with suppress(CommandError), taken_back():
            ACTS[name](f"http://{shop.host}", monkeypatch)
        assert shop.asked or name == "list of machines", "which wants https"
    assert inner.asked == []
