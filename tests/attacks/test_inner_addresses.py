"""Nothing makes the site ask an inner machine: whoever talks to other machines does so through the one door, and each
of the doors that are made refuses inner addresses however they are spelled, by a name or behind a redirect."""

from __future__ import annotations

import ast
import socket
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import httpcore2
import pytest
from django.conf import settings as project

from catalog.http import DoorError, WebDoor
from catalog.models import FeedImport
from catalog.services import destinations, prices, webhook_door
from catalog.services.feed_imports.errands import look_at_import
from config.embedded import PROJECT
from reviews.desk.moving_in.pictures import NoPictureError, over_the_net
from reviews.management.commands import import_wordpress
from tests.catalog.shop import Shop, open_shop
from tests.factories import make_merchant

APPS = ("catalog", "config", "partners", "readers", "recommender", "reviews")
NETWORK = {
    "aiohttp", "asyncio.streams", "ftplib", "http.client", "httpcore", "httpcore2", "httpx", "httpx2", "imaplib",
    "paramiko", "poplib", "pycurl", "requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib",
    "urllib.request", "urllib3", "websockets", "xmlrpc.client",
}  # fmt: skip
# Who may, and what for. Mail goes to the server that the settings name; its errors are caught where letters are sent.
MAY = {
    "catalog/http.py": {"httpcore2", "httpx2", "ssl"},
    "catalog/connections.py": {"httpcore2", "socket", "ssl"},
    "config/embedded/server.py": {"socket"},  # a free port for the database of a demo
    "config/postgresql/lines.py": {"socket"},  # the line to PostgreSQL
}
ONLY_MAIL = {"smtplib"}
# Where doors are made.
MAKERS = {
    "catalog/services/destinations.py",
    "catalog/services/prices.py",
    "catalog/services/webhook_door.py",
    "reviews/management/commands/import_wordpress.py",
}
MAKE: dict[str, Callable[[], WebDoor]] = {
    "destinations": destinations.door,
    "prices": prices.door,
    "webhooks": webhook_door.webhook_door,
}
# Of this machine and of clouds that tell their secrets to whoever asks; the port is a real server's.
SPELLINGS = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "localhost", "LOCALHOST.", "0",
    "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "127.0.0.1%2f@93.184.216.34", "①②⑦.⓪.⓪.①",
    "169.254.169.254", "[fd00:ec2::254]", "10.0.0.1",
    "192.168.0.1", "172.31.255.254", "100.64.0.1", "metadata", "localhost.localdomain",
)  # fmt: skip


@cache
def parsed() -> tuple[tuple[str, ast.Module], ...]:
    files = [path for app in APPS for path in (PROJECT / app).rglob("*.py")]
    return tuple((str(path.relative_to(PROJECT)), ast.parse(path.read_text())) for path in files)


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_only_the_door_and_the_mail_talk_to_other_machines() -> None:
    found = {path: {one for one in imported(tree) if one in NETWORK} for path, tree in parsed()}
    assert {path: those - ONLY_MAIL for path, those in found.items() if those - ONLY_MAIL} == MAY


def test_doors_are_made_in_known_places_and_let_in_what_the_settings_say_alone() -> None:
    calls = {
        (path, tuple(sorted((one.arg or "**", ast.unparse(one.value)) for one in node.keywords)))
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "WebDoor"
    }
    assert {path for path, _ in calls} == MAKERS
    for _, given in calls:
        assert dict(given)["allowed_private"] == "frozenset(settings.PRIVATE_HOSTS_ALLOWED)"
        assert not {"resolve", "ssl_context", "**"} & set(dict(given))


def test_nothing_private_is_allowed_unless_the_environment_says_so() -> None:
    assert list(project.PRIVATE_HOSTS_ALLOWED) == []


@pytest.fixture
def inner() -> Iterator[Shop]:
    """A machine that nobody outside may ask, and that would answer."""
    with open_shop() as shop:
        for path in ("/", "/feed.csv", "/robots.txt", "/a.jpg"):
            shop.serves(path, b"inner secret")
        yield shop


def port_of(shop: Shop) -> str:
    return shop.host.partition(":")[2]


def asked(door: WebDoor, how: str, url: str) -> object:
    ways = {"get": door.get, "post": lambda url: door.post(url, b"x"), "look": lambda url: door.look("GET", url)}
    try:
        with ways[how](url) as reply:
            return reply.read()
    except DoorError as error:
        return error


@pytest.mark.parametrize("how", ["get", "post", "look"])
@pytest.mark.parametrize("maker", MAKE)
def test_no_door_opens_to_an_inner_address_however_it_is_spelled(maker: str, how: str, inner: Shop) -> None:
    answers = {one: asked(MAKE[maker](), how, f"http://{one}:{port_of(inner)}/") for one in SPELLINGS}
    assert {one: said for one, said in answers.items() if not isinstance(said, DoorError)} == {}
    assert inner.asked == []


@pytest.mark.parametrize("maker", MAKE)
def test_no_door_is_led_inside_by_a_name_or_by_one_that_changes(
    maker: str, inner: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]]

    def hostile(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers[0]]

    monkeypatch.setattr(socket, "getaddrinfo", hostile)
    while answers:
        said = asked(MAKE[maker](), "get", f"http://shop.example:{port_of(inner)}/")
        assert isinstance(said, DoorError), answers[0]
        answers.pop(0)
    assert inner.asked == []


@pytest.mark.parametrize("maker", MAKE)
def test_the_address_that_was_looked_at_is_the_one_that_is_asked(maker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server may answer differently when it is asked again: nobody asks it again for the same request."""
    answers, asked_for = ["93.184.216.34", "127.0.0.1", "127.0.0.1"], []

    def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

    def connect(_: Any, host: str, port: int, *more: Any, **named: Any) -> Any:
        asked_for.append(host)
        raise httpcore2.ConnectError("nobody is there")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    door = MAKE[maker]()
    assert "No connection" in str(asked(door, "get", "http://shop.example/"))
    assert (asked_for, len(answers)) == (["93.184.216.34"], 2)
    assert "never read from" in str(asked(door, "get", "http://shop.example/"))
    assert (asked_for, len(answers)) == (["93.184.216.34"], 1)


@pytest.mark.parametrize("maker", MAKE)
def test_no_door_is_led_inside_by_a_shop_that_it_may_ask(maker: str, inner: Shop, settings: Any) -> None:
    with open_shop() as shop:
        settings.PRIVATE_HOSTS_ALLOWED = [shop.host]
        for where in (inner.url("/"), f"http://localhost:{port_of(inner)}/", "http://169.254.169.254/latest/"):
            address = shop.serves("/go", lambda visit, where=where: visit.answer(b"", status=302, location=where))
            assert isinstance(asked(MAKE[maker](), "get", address), DoorError)
        assert len(shop.asked) == 3
    assert inner.asked == []


# --- those who ask -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_feed_at_an_inner_address_is_not_read(inner: Shop) -> None:
    row = FeedImport.objects.create(merchant=make_merchant("Shop"), url=inner.url("/feed.csv"))
    look_at_import(feed_import_id=row.pk, door=prices.door())
    row.refresh_from_db()
    assert "never read from" in row.error
    assert inner.asked == []


def test_a_picture_of_an_old_site_at_an_inner_address_is_not_fetched(inner: Shop) -> None:
    fetch = import_wordpress.Command()._fetch({"uploads": None, "fetch": True})
    with pytest.raises(NoPictureError, match="never read from"):
        fetch(inner.url("/a.jpg"))
    assert inner.asked == []
    assert fetch.__qualname__.startswith(over_the_net.__name__)
