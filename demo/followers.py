"""Who follows something on the demo's site, so that its mail shows a letter of each kind within minutes?

One reader has confirmed and waits for prices of a shop that allows alerts, and for comments; another has asked and not
answered yet. The shop's prices move by themselves.
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

FOLLOWER, UNDECIDED = "fern@readers.example", "otto@readers.example"
SHOP = "northbeat-audio"
WAITED_FOR = 8


@transaction.atomic
def fill_followers(*, now: datetime) -> int:
    """How many wishes came in; 0 where they are there already, or the article is not."""
    article = Article.objects.published().filter(slug=REVIEW).select_related("live_revision").first()
    if article is None or Reader.objects.filter(address=FOLLOWER).exists():
        return 0
    follow(topic=all_of(article), address=FOLLOWER, asked_on=article.get_absolute_url(), now=now)
    follow(topic=all_of(article), address=UNDECIDED, asked_on=article.get_absolute_url(), now=now)
    confirm_consent(consent=Consent.objects.get(reader__address=FOLLOWER), now=now)
    sold = Offer.objects.buyable().filter(merchant__slug=SHOP).values("product")
    products = Product.objects.filter(pk__in=sold, merged_into=None).select_related("brand").order_by("slug")
    made = sum(_is_asked(product, now=now) for product in products[:WAITED_FOR])
    return 2 + made


def _is_asked(product: Product, *, now: datetime) -> bool:
    given = AlertInput(kind="drop", currency="USD", country="US")
    try:
        ask_for_alert(product=product, given=given, address=FOLLOWER, asked_on=product.get_absolute_url(), now=now)
    except AlertError:
        return False
    return True
