"""What does a shop ask for an article at this moment, and does it have one?

No dice: price and stock follow from shop, article and the twenty-second step the clock is in, so that a shop says the
same to everybody who asks within one step, also after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from zlib import crc32

from demo.merchants.shops import Article, Shop

STEP_SECONDS = 20
# Each article's price moves every so many steps, at its own moment: in every step a few of the shop's prices move.
STEPS_PER_PRICE = 9
# Each article is looked at for stock every so many steps; about one in fourteen is sold out.
STEPS_PER_STOCK = 15
SOLD_OUT_ONE_IN = 14
FURTHEST_PERCENT = 6


@dataclass(frozen=True, slots=True)
class Asked:
    amount: Decimal
    is_in_stock: bool


def step_at(seconds: float) -> int:
    """The step of a moment given in seconds since 1970."""
    return int(seconds // STEP_SECONDS)


def asked(shop: Shop, article: Article, step: int) -> Asked:
    """Price in US dollars, without shipping, and stock."""
    seed = f"{shop.slug}/{article.sku}"
    own_moment = _number(seed)
    price_epoch = (step + own_moment) // STEPS_PER_PRICE
    percent = shop.level + _number(f"{seed}/{price_epoch}") % (2 * FURTHEST_PERCENT + 1) - FURTHEST_PERCENT
    whole = (article.usual_price * (100 + percent) / 100).quantize(Decimal(1))
    stock_epoch = (step + own_moment) // STEPS_PER_STOCK
    return Asked(
        amount=max(whole, Decimal(1)) - Decimal("0.01"),
        is_in_stock=_number(f"{seed}/stock/{stock_epoch}") % SOLD_OUT_ONE_IN != 0,
    )


def _number(text: str) -> int:
    return crc32(text.encode())
