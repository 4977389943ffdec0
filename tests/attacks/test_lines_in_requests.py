"""No value that is sent to another machine ends a header and begins another: at each door, and in webhooks' messages.

What stands in such headers was told by others: keys by networks, versions of a feed by its shop, names by editors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from catalog.feeds.download import download
from catalog.http import DoorError, WebDoor
from partners.models import Webhook, WebhookDelivery
from partners.services.webhook_endpoints import send_ping
from tests.attacks.test_cells_are_no_formulas import poison
from tests.attacks.test_inner_addresses import MAKE
from tests.attacks.test_lines_in_letters import BREAKS, hostile
from tests.catalog.shop import Shop, open_shop
from tests.partners.receivers import Receiver, open_receiver
from tests.partners.test_webhook_delivery import run

ENDS = {**BREAKS, "NUL": "\0", "a letter of another script": "ж"}
WAYS: dict[str, Callable[[WebDoor, str, dict[str, str]], Any]] = {
    "get": lambda door, url, headers: door.get(url, headers=headers),
    "post": lambda door, url, headers: door.post(url, b"x", headers=headers),
    "look": lambda door, url, headers: door.look("GET", url, headers=headers),
}
ALWAYS = {"host", "user-agent", "accept-encoding", "accept"}


@pytest.fixture
def shop(settings: Any) -> Iterator[Shop]:
    with open_shop() as made:
        settings.PRIVATE_HOSTS_ALLOWED = [made.host]
        made.serves("/", b"fine")
        yield made


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with open_receiver() as made:
        settings.PRIVATE_HOSTS_ALLOWED = [made.host]
        yield made


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("maker", MAKE)
def test_no_door_sends_a_value_that_is_two_headers(maker: str, how: str, shop: Shop) -> None:
    for end in ENDS.values():
        asking = WAYS[how](MAKE[maker](), shop.url("/"), {"Authorization": f"Bearer k{end}X-Pwned: 1"})
        with pytest.raises(DoorError, match="would be sent as authorization holds") as refused, asking:
            pass
        assert "Pwned" not in str(refused.value), "a key is told nobody"
    assert shop.asked == []
    with WAYS[how](MAKE[maker](), shop.url("/"), {"If-None-Match": 'W/"é\t1"'}) as reply:
        assert reply.status == 200
    assert shop.asked[0][1]["if-none-match"] == 'W/"é\t1"', "as a shop said it, byte by byte"


@pytest.mark.parametrize("end", [*BREAKS.values(), "\0", "%0d%0a", "%00", "%E2%80%A8"])
@pytest.mark.parametrize("maker", MAKE)
def test_no_address_brings_headers_of_its_own(maker: str, end: str, shop: Shop) -> None:
    rest = f"{end}X-Pwned: 1{end}{end}GET /inner HTTP/1.1"
    for url in (f"{shop.url('/a')}{rest}", f"{shop.url('/?a=')}{rest}", f"http://{shop.host}{rest}"):
        try:
            with MAKE[maker]().get(url) as reply:
                reply.read()
        except DoorError:
            continue
    assert [path for path, _ in shop.asked if path.startswith("/inner")] == []
    assert [{*headers} - ALWAYS for _, headers in shop.asked] == [set()] * len(shop.asked)


@pytest.mark.parametrize("said", ['"é"', '"a\x85b"', '"\x01"', '"a\x1cX-Pwned: 1"', '"\xa0"'])
def test_what_a_shop_calls_its_feed_never_keeps_it_from_being_read_again(said: str, shop: Shop) -> None:
    """The word comes back with the next request: it must be one that can."""
    shop.serves("/feed.csv", b"id,price\n1,2\n", ETag=said, Last_Modified=said)
    first = download(shop.url("/feed.csv"), door=shop.door())
    assert first is not None
    first.file.close()
    assert download(shop.url("/feed.csv"), door=shop.door(), state=first.state) is None, "the same bytes"
    assert {*shop.asked[1][1]} - ALWAYS <= {"if-none-match", "if-modified-since"}


@pytest.mark.django_db
def test_a_message_to_a_partner_has_the_headers_we_give_it_and_no_others(receiver: Receiver) -> None:
    webhook = Webhook.objects.create(name="Partner", address=receiver.address, kinds=["price.changed"])
    for end in BREAKS.values():
        poison([hostile(end)], but={"address", "message_id", "kind"})
        webhook.refresh_from_db()
        send_ping(webhook=webhook, now=timezone.now())
        Webhook.objects.update(busy_until=None)
        assert run(webhook) == 1
        WebhookDelivery.objects.all().delete()
    assert len(receiver.messages) == len(BREAKS)
    for message in receiver.messages:
        named = {"content-type", "content-length", "webhook-id", "webhook-timestamp", "webhook-signature"}
        assert {*message.headers} == ALWAYS | named
        assert message.body.count(b"\n") == 0, "JSON writes the breaks of names as letters"


@pytest.mark.django_db
def test_what_no_header_can_hold_is_a_failed_try_and_holds_no_other_message_back(receiver: Receiver) -> None:
    """A number of a message that somebody wrote into the table by hand."""
    webhook = Webhook.objects.create(name="Partner", address=receiver.address, kinds=["price.changed"])
    for end in ENDS.values():
        ping = send_ping(webhook=webhook, now=timezone.now())
        WebhookDelivery.objects.filter(pk=ping.pk).update(message_id=f"m{end}X-Pwned: 1".replace("\0", "\n"))
        Webhook.objects.update(busy_until=None)
        assert run(webhook) == 0
        WebhookDelivery.objects.all().delete()
    assert receiver.messages == []
    send_ping(webhook=webhook, now=timezone.now())
    Webhook.objects.update(busy_until=None)
    assert run(webhook) == 1
