"""The demo's mail shows a letter of each kind: one that asks, one of comments, one of a price that came down."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from catalog.models import Offer
from catalog.services.alert_rounds import evaluate_alerts
from demo import followers, remarks
from readers import tasks
from readers.models import Consent
from readers.services import news_sending
from reviews.services.comment_follows import tell_of_comments
from tests.factories import make_comment, make_merchant, make_product, make_published_article, make_seen_offer
from tests.readers.subscribers import post_office

pytestmark = pytest.mark.django_db


def test_one_of_each_is_in_the_mail() -> None:
    now = timezone.now()
    article = make_published_article(remarks.REVIEW)
    shop = make_merchant("Northbeat", slug=followers.SHOP, alerts_allowed=True, mail_allowed=True, max_price_age=None)
    make_seen_offer(make_product("One"), shop, amount="100")
    assert followers.fill_followers(now=now) == 3
    assert followers.fill_followers(now=now) == 0, "a second run changes nothing"
    make_comment(article, text="They creak.")
    tell_of_comments(now=now)
    Offer.objects.update(amount=Decimal(90), seen_at=timezone.now())
    evaluate_alerts(now=timezone.now(), rest=timedelta(days=14))
    with post_office() as post:
        news_sending.send_due_news(now=now + timedelta(hours=1), per_day=6)
        assert dict(post.copies) == {followers.FOLLOWER: 1, followers.WAITS_FOR_PRICES: 1}
        bodies = [post.read(number).get_body(("plain",)) for number in range(2)]
    said = "".join(str(body.get_content()) for body in bodies if body is not None)
    assert "They creak." in said
    assert "Acme One is down to $90.00" in said
    tasks.send_confirmation(Consent.objects.get(reader__address=followers.UNDECIDED).pk)
    assert mail.outbox[-1].to == [followers.UNDECIDED]
