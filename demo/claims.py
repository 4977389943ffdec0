"""What must stay true in the demo's articles, so that a visitor sees a claim break while the shops' prices move?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog.models import Product, SpecEvidence
from demo import content
from demo.content import ContentError
from demo.merchants.shops import articles
from reviews.models import Article, Watch
from reviews.services.watches import WatchInput, save_watch
from reviews.watch_list import block_texts

_COMMUTING, _XM5 = "best-headphones-for-commuting", "sony-wh-1000xm5-review"
_SPACE_ONE, _OWN = "soundcore-space-one", "sony-wh-1000xm5"
# Within the few per cent by which the demo's shops move their prices: true now and then, and then not.
_NEAR_THE_LEAST = Decimal("0.96")


@dataclass(frozen=True, slots=True)
class Claim:
    """`passage`: words of the article. The first product is the one spoken about."""

    article: str
    passage: str
    condition: str
    products: tuple[str, ...]
    parameters: Mapping[str, Any]


def _claims() -> tuple[Claim, ...]:
    price = str((usual_price(_SPACE_ONE) * _NEAR_THE_LEAST).quantize(Decimal("0.01")))
    others = ("sony-wh-1000xm6", "soundcore-space-one", "sony-wf-1000xm5", "etymotic-er2xr", "shokz-openrun-pro")
    return (
        Claim(
            _COMMUTING,
            "The Space One, for most wallets.",
            "price_below",
            ("soundcore-space-one",),
            {"amount": price, "currency": "USD"},
        ),
        Claim(
            _COMMUTING,
            "A folding wire band of 1984 that asks for one coat pocket and no charger.",
            "cheapest_among",
            ("koss-porta-pro", *others),
            {"currency": "USD"},
        ),
        Claim(
            _XM5,
            "At 250 grams it is among the lighter pairs of its kind.",
            "weight_below",
            ("sony-wh-1000xm5",),
            {"grams": "260"},
        ),
        Claim(_XM5, "Light for a noise-cancelling pair of this size", "still_made", ("sony-wh-1000xm5",), {}),
    )


def usual_price(slug: str) -> Decimal:
    """What the demo's shops ask for it at about, in US dollars. Raises `ContentError`."""
    for article in articles(content.CATALOGUE):
        if article.sku == slug:
            return article.usual_price
    raise ContentError(f"No shop of the demo sells “{slug}”.")


def _set_due(*, now: datetime) -> None:
    """A few of the ledger's entries have to be looked at again within the month, as on any desk."""
    rows = SpecEvidence.objects.filter(product__slug__in=(_SPACE_ONE, _OWN), spec__in=("weight_g", "battery_hours"))
    rows.filter(due_on=None).update(due_on=now.date() + timedelta(days=14))


def fill_claims(*, now: datetime) -> int:
    """How many claims are watched from now on; none where somebody watches any already. `now` is aware, UTC."""
    if Watch.objects.exists():
        return 0
    made = 0
    for claim in _claims():
        article = Article.objects.filter(slug=claim.article).first()
        rows = {row.slug: row for row in Product.objects.filter(slug__in=claim.products)}
        block = next((one for one in block_texts(article) if one.holds(claim.passage)), None) if article else None
        if article is None or block is None or len(rows) < len(claim.products):
            continue  # an editor has changed what it was about
        given = WatchInput(
            condition=claim.condition,
            parameters=claim.parameters,
            products=[rows[slug] for slug in claim.products],
            passage=claim.passage,
            block_key=block.key,
        )
        save_watch(given, article=article, now=now)
        made += 1
    _set_due(now=now)
    return made
