"""What the site has stored, read past every wire; and what is done so that it comes to rest. Needs Django set up."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Count, F
from django.utils import timezone

from catalog import tasks as catalog_tasks
from catalog.models import Click, FeedImport, Merchant, Offer, Price
from catalog.schedule import CLAIM_LIVES
from catalog.services.feed_imports import running
from partners.models import Webhook, WebhookDelivery, WebhookEvent
from readers import tasks as readers_tasks
from readers.digest import APART, GATHER
from readers.letters import message_id
from readers.models import Delivery, Issue, News, NewsLetter
from readers.news_letters import _message_id as news_message_id
from reviews import tasks as reviews_tasks
from reviews.models import Comment, Picture
from reviews.services import comment_follows
from tests.chaos.drill.invariants import Copy, Import, StoredPrice, Told
from tests.chaos.drill.outside import Merchant as Shop
from tests.chaos.drill.outside import amount
from tests.chaos.drill.stock import OF_IMPORT, import_price

_OPEN = ("waiting", "claimed", "sending")


def stored_clicks() -> Counter[UUID]:
    return Counter(Click.objects.filter(is_known=True).values_list("id", flat=True))


def stored_prices() -> list[StoredPrice]:
    return [StoredPrice(*row) for row in Price.objects.values_list("offer__merchant_sku", "amount")]


def said(shop: Shop, imports: Collection[int]) -> dict[str, Collection[Decimal]]:
    """Every amount that the shop and the files of the imports told of each item."""
    files = {f"import-{number}-{row}": (import_price(number, row),) for number in imports for row in range(OF_IMPORT)}
    return {**{sku: set(amounts) for sku, amounts in shop.said.items()}, **files}


def letters() -> Iterator[Copy]:
    for key, issue, address, state in Delivery.objects.values_list("pk", "issue", "reader__address", "state"):
        yield Copy(message_id(issue, key), address, state)
    for key, address, state in NewsLetter.objects.values_list("pk", "reader__address", "state"):
        yield Copy(news_message_id(key), address, state)


def comment_rows() -> dict[str, int]:
    return dict(Comment.objects.filter(text__startswith="Drill").values_list("text").annotate(Count("pk")))


def import_rows(keys: Mapping[int, int]) -> list[Import]:
    """`keys`: by the imports' numbers."""
    found = []
    for number, key in keys.items():
        row = FeedImport.objects.get(pk=key)
        offers = Offer.objects.filter(merchant_sku__startswith=f"import-{number}-").count()
        found.append(Import(f"feed:{key}", number, row.state, row.position, offers, OF_IMPORT))
    return found


def told() -> list[Told]:
    rows = WebhookDelivery.objects.values_list("message_id", "kind", "body", "state")
    return [Told(message, kind, _subject(body), state) for message, kind, body, state in rows]


def _subject(body: str) -> str:
    data = json.loads(body)["data"]
    return str(data.get("import") or data.get("product"))


def amount_of(offer: int) -> Decimal | None:
    return Offer.objects.values_list("amount", flat=True).get(pk=offer)


def wrong_offers(shop: Shop) -> list[int]:
    """The offers that do not say what the shop says now."""
    rows = Offer.objects.filter(merchant__slug__in=["feed", "pages"]).values_list("pk", "merchant_sku", "amount")
    return [key for key, sku, known in rows if known != amount(sku, shop.version)]


# --- coming to rest ----------------------------------------------------------------------------------------------


def time_passes() -> None:
    """As if the claims of whoever died had run out, and what was put off were due."""
    Offer.objects.filter(claimed_at__isnull=False).update(claimed_at=F("claimed_at") - CLAIM_LIVES)
    Merchant.objects.filter(claimed_at__isnull=False).update(claimed_at=F("claimed_at") - CLAIM_LIVES)
    Merchant.objects.filter(paused_until__isnull=False).update(paused_until=timezone.now())
    FeedImport.objects.filter(state=FeedImport.State.RUNNING).update(claimed_at=F("claimed_at") - running.CLAIM_LIVES)
    Delivery.objects.filter(not_before__isnull=False).update(not_before=timezone.now())
    NewsLetter.objects.filter(not_before__isnull=False).update(not_before=timezone.now())
    Webhook.objects.update(busy_until=None)
    WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING).update(next_at=timezone.now())
    news_is_due()


def news_is_due() -> None:
    """As if it had been gathered for long enough, and the letters before had gone out long ago."""
    comment_follows.tell_of_comments(now=timezone.now())
    News.objects.filter(letter=None).update(noted_at=F("noted_at") - GATHER)
    NewsLetter.objects.update(made_at=F("made_at") - APART, sent_at=F("sent_at") - APART)


def hurry(shop: Shop) -> None:
    """What beat sends sooner or later is sent now."""
    Offer.objects.filter(pk__in=wrong_offers(shop)).update(next_check_at=timezone.now() - timedelta(minutes=1))
    for task in (
        catalog_tasks.refresh_due_offers,
        catalog_tasks.take_up_lost_imports,
        catalog_tasks.carry_page_changes,
        catalog_tasks.send_webhooks,
        readers_tasks.send_letters,
        readers_tasks.send_news,
        reviews_tasks.tell_of_comments,
        reviews_tasks.take_up_lost_pictures,
    ):
        task.apply_async(expires=10)


def unrest(shop: Shop, answered: Collection[UUID]) -> list[str]:
    """What still has to happen before anything is judged."""
    known = set(Click.objects.filter(is_known=True).values_list("id", flat=True))
    left = {
        "clicks": len([one for one in answered if one not in known]),
        "prices": len(wrong_offers(shop)),
        "imports": FeedImport.objects.filter(state__in=["queued", "running"]).count(),
        "issues": Issue.objects.exclude(state="done").count(),
        "letters": Delivery.objects.filter(state__in=_OPEN).count(),
        "news": News.objects.filter(letter=None).count(),
        "letters of news": NewsLetter.objects.filter(state__in=_OPEN).count(),
        "events": WebhookEvent.objects.count(),
        "messages": WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING).count(),
        "pictures": Picture.objects.exclude(state=Picture.State.READY).count(),
    }
    return [f"{count} {what}" for what, count in left.items() if count]


def make_room_for_comments() -> None:
    """A moderator has looked: nothing waits, so that the bound of the queue is not met."""
    Comment.objects.filter(state=Comment.State.HELD).update(state=Comment.State.REFUSED)


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def begin_anew() -> None:
    """This process' line to PostgreSQL may be one that was killed."""
    connection.close()
