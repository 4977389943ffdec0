"""What is a price worth? A fixed curve over the amount, never relative to a budget or to other products."""

from __future__ import annotations

from decimal import Decimal

from recommender.facts import CandidateFacts

# How many units of a currency feel like one US dollar on a price tag. Anchors of the cost curve, not exchange rates:
# they never compare two offers with each other and never touch a budget.
PRICE_SCALE = {
    "USD": Decimal(1),
    "EUR": Decimal(1),
    "GBP": Decimal("0.8"),
    "CHF": Decimal(1),
    "CAD": Decimal("1.35"),
    "AUD": Decimal("1.5"),
    "SEK": Decimal(10),
    "NOK": Decimal(10),
    "DKK": Decimal(7),
    "PLN": Decimal(4),
    "JPY": Decimal(150),
    "INR": Decimal(85),
}
# A cent is more than this even at ten thousand dollars, and currencies that meet here meet exactly.
PLACES = Decimal("1e-9")
HALFWAY_PRICE = Decimal(150)  # at this many "dollars" the cost curve stands at one half
PRICE_BANDS = (Decimal(50), Decimal(100), Decimal(200), Decimal(400))


def price_curve(product: CandidateFacts) -> Decimal | None:
    """1 for free, one half at `HALFWAY_PRICE`, never 0; the best of a product's currencies. None without a price."""
    known = [
        (HALFWAY_PRICE / (HALFWAY_PRICE + price.amount / PRICE_SCALE[price.currency])).quantize(PLACES)
        for price in product.prices
        if price.currency in PRICE_SCALE
    ]
    return max(known, default=None)


def price_band(product: CandidateFacts) -> int | None:
    """Which of five rough bands the lowest known price falls into; None without a known price."""
    amounts = [price.amount / PRICE_SCALE[price.currency] for price in product.prices if price.currency in PRICE_SCALE]
    return sum(min(amounts) > edge for edge in PRICE_BANDS) if amounts else None
