"""Is each judge awake? The site is harmed on purpose, one way after the other, and it is noted who sees it."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from catalog.models import Click, Offer, Price
from partners.models import WebhookDelivery
from partners.models.webhook import new_message_id
from readers.models import Delivery
from reviews.models import Comment
from tests.chaos.drill.invariants import Window, judged
from tests.chaos.drill.load import GO, LICENSED, PRICED
from tests.chaos.drill.run import Drill

Harm = Callable[[Drill], None]


def _lost_click(drill: Drill) -> None:
    Click.objects.filter(pk=drill.load.clicks[-1]).delete()


def _foreign_price(drill: Drill) -> None:
    offer = Offer.objects.get(pk=drill.stock.feed_offer)
    assert offer.seen_at is not None
    Price.objects.create(
        offer=offer, amount=Decimal("1.23"), currency="USD", availability="in_stock", seen_at=offer.seen_at, source="x",
        verdict="rejected",
    )  # fmt: skip


def _doubled_mail(drill: Drill) -> None:
    mail = next(iter(drill.beyond.post.copies()))
    host, _, port = drill.beyond.targets["mail"].rpartition(":")
    with smtplib.SMTP(host, int(port)) as server:
        server.sendmail("x@example.org", [mail.address], f"Message-ID: {mail.message_id}\r\n\r\nAgain.\r\n")


def _lost_mail(drill: Drill) -> None:
    """Somebody is written down as served to whom nothing was sent."""
    last = Delivery.objects.order_by("-pk")[0]
    last.pk = None
    last.issue.pk = None
    last.issue.save()
    last.issue_id = last.issue.pk
    last.save(force_insert=True)


def _doubled_comment(drill: Drill) -> None:
    taken = next(one for one in reversed(drill.load.comments) if one.status == 302)
    row = Comment.objects.get(text=taken.text)
    row.pk = None
    row.save(force_insert=True)


def _broken_import(drill: Drill) -> None:
    Price.objects.filter(offer__merchant_sku="import-0-7").delete()
    Offer.objects.filter(merchant_sku="import-0-7").update(merchant_sku="gone-7")


def _unheard_partner(drill: Drill) -> None:
    """A message is written down as delivered that nobody was sent."""
    row = WebhookDelivery.objects.filter(state="delivered")[0]
    row.pk, row.message_id = None, new_message_id()
    row.save(force_insert=True)


def _late_page(drill: Drill) -> None:
    """An answer with a price that has changed since is said to have come an hour later."""
    shown = next(one for one in drill.load.answers if one.kind == PRICED and one.amounts)
    drill.load.answers.append(replace(shown, asked=shown.asked + 3600))


def _outlived_price(drill: Drill) -> None:
    """The same with a price that has not changed, but whose licence is over by then."""
    shown = next(one for one in reversed(drill.load.answers) if one.kind == LICENSED and one.amounts)
    drill.load.answers.append(replace(shown, asked_at=shown.asked_at + 3600))


def _failing_redirect(drill: Drill) -> None:
    drill.load.ask_now(GO, "web 0", "/go/nobody-knows/")


def _dead_part(drill: Drill) -> None:
    drill.plant.kept_down.add("beat")
    drill.plant.kill("beat")


# What is done → the judge who has to see it, and nobody else.
HARMS: Mapping[str, tuple[Harm, str]] = {
    "an answered click is deleted": (_lost_click, "clicks"),
    "a price that nobody said": (_foreign_price, "prices"),
    "a letter goes twice": (_doubled_mail, "mail"),
    "a letter is lost": (_lost_mail, "mail"),
    "a comment is stored twice": (_doubled_comment, "comments"),
    "an offer of an import is gone": (_broken_import, "imports"),
    "a partner is told nothing": (_unheard_partner, "webhooks"),
    "a page is not heard of": (_late_page, "fresh"),
    "a price is shown for too long": (_outlived_price, "licence"),
    "a redirect fails": (_failing_redirect, "answers"),
    "a part stays away": (_dead_part, "health"),
}


def seen_by(drill: Drill) -> dict[str, list[str]]:
    """Each harm → who sees it. What was seen before it is not counted again."""
    window = Window(0.0, 0.0, 0.0)
    before = {name: set(outcome.wrong) for name, outcome in judged(drill.facts(window)).items()}
    found = {}
    for harm, (do, _) in HARMS.items():
        do(drill)
        after = {name: set(outcome.wrong) for name, outcome in judged(drill.facts_now(window)).items()}
        found[harm] = sorted(name for name in after if after[name] - before[name])
        before = after
    return found
