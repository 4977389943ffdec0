"""Whatever the order of the blocks: readers are told before the first paid link, or it is refused (E15, E16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.desk.publishing import PublishError, publish_article
from reviews.services.articles import BlockInput
from tests.factories import make_article, make_merchant, make_product, make_seen_offer
from tests.reviews.desk.gate.articles import NOW, card, inspected, text, told, verdict

pytestmark = pytest.mark.django_db

KINDS = ["text", "told", "card", "verdict", "table", "nothing sold", "price"]


def block(kind: str, sold: Any, other: Any, number: int) -> BlockInput:
    made = {
        "text": lambda: text(f"<h2>Part {number}</h2><p>Words.</p>"),
        "told": told,
        "card": lambda: card(sold),
        "verdict": lambda: verdict(sold),
        "table": lambda: BlockInput(
            "comparison", {"title": f"Table {number}", "caption": "", "specs": ["weight_g"]}, [sold, other]
        ),
        "nothing sold": lambda: BlockInput("verdict", {"title": "Neither", "html": "<p>Neither.</p>"}),
        "price": lambda: text(f'<h2>Part {number}</h2><p>It costs <a href="price:{sold.slug}">little</a>.</p>'),
    }
    return made[kind]()  # type: ignore[no-untyped-call]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))
def test_readers_are_told_before_the_first_paid_link_or_it_is_refused(kinds: list[str], client: Client) -> None:
    with transaction.atomic():
        sold, other = make_product("One"), make_product("Two")
        make_seen_offer(sold, make_merchant(), seen_at=NOW - timedelta(minutes=5))
        article = make_article(blocks=[block(kind, sold, other, number) for number, kind in enumerate(kinds)])
        sells = [kind in ("card", "verdict", "table", "price") for kind in kinds]
        first = kinds.index("told") if "told" in kinds else len(kinds)
        is_late = "told" in kinds and any(sells[:first])
        refused = {remark.check for remark in inspected(article).refusals}
        assert ("disclosure-order" in refused) is is_late
        assert refused <= {"disclosure-order"}
        if is_late:
            with pytest.raises(PublishError):
                publish_article(article=article, now=NOW)
        else:
            publish_article(article=article, now=NOW)
            html = client.get("/guides/a-guide/").content.decode()
            main = html[html.index("<main") : html.index("</main")]
            if 'rel="sponsored' in main:
                assert main.index("commission") < main.index('rel="sponsored')
        transaction.set_rollback(True)
