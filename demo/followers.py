"""Who follows something on the demo's site, so that its mail shows a letter of each kind within minutes?

One reader hears of comments, one waits for prices of a shop that allows alerts and whose prices move by themselves; a
third has asked and not answered the mail yet.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.models import Offer, Product
from catalog.services.alerts import AlertError, AlertInput, ask_for_alert
from demo.remarks import REVIEW
from readers.models import Consent, Reader
from readers.services.subscriptions import confirm_consent
from reviews.models import Article
from reviews.services.comment_follows import all_of, follow

FOLLOWER, WAITS_FOR_PRICES, UNDECIDED = "fern@readers.example", "gil@readers.example", "otto@readers.example"
SHOP = "northbeat-audio"
WAITED_FOR = 8


@transaction.atomic
def fill_followers(*, now: datetime) -> int:
    """How many wishes came in; 0 where they are there already, or the article is not."""
    article = Article.objects.published().filter(slug=REVIEW).select_related("live_revision").first()
    if article is None or Reader.objects.filter(address=FOLLOWER).exists():
        return 0
    for address in (FOLLOWER, UNDECIDED):
        follow(topic=all_of(article), address=address, asked_on=article.get_absolute_url(), now=now)
    sold = Offer.objects.buyable().filter(merchant__slug=SHOP).values("product")
    products = Product.objects.filter(pk__in=sold, merged_into=None).select_related("brand").order_by("slug")
    made = sum(_is_asked(product, now=now) for product in products[:WAITED_FOR])
    for address in (FOLLOWER, WAITS_FOR_PRICES):
        _confirm(address, now=now)
    return 2 + made


def _is_asked(product: Product, *, now: datetime) -> bool:
    given = AlertInput(kind="drop", currency="USD", country="US")
    path = product.get_absolute_url()
    try:
        ask_for_alert(product=product, given=given, address=WAITS_FOR_PRICES, asked_on=path, now=now)
    except AlertError:
        return False
    return True


def _confirm(address: str, *, now: datetime) -> None:
    """One press for all that was asked, as on the page that the mail leads to."""
    asked = list(Consent.objects.filter(reader__address=address).order_by("pk"))
    if asked:
        confirm_consent(consent=asked[0], now=now, also=[one.key for one in asked])
