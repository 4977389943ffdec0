"""On what do the galleries of blocks and of parts draw their examples? On things that nobody sells or took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

from django.urls import reverse

from catalog.drawing import HEIGHT, WIDTH, Shape, picture
from catalog.reading import Availability, Condition
from catalog.shown_offer import ShownOffer, ShownPrice, WithoutPrice
from reviews.blocks.base import PictureFacts, ProductFacts, SpecFact, Surroundings

# Name, shape, colour, what we say of it, and its price: None where the shop's terms keep it from us.
_PRODUCTS = (
    ("Acme Harbour", Shape.OVER_EAR, "#26547c", "Quiet, light and plain.", Decimal("149.00")),
    ("Bolt Quartet", Shape.BUSINESS, "#2b2f36", "A boom that folds away.", Decimal("89.90")),
    ("Cobalt Nine", Shape.GAMING, "#3a2e5c", "Loud colours, soft cushions.", None),
)
_SPECS = (
    ("weight_g", "Weight"),
    ("battery_hours", "Battery"),
    ("anc", "Noise cancelling"),
    ("mic_grade", "Microphone"),
)
_VALUES = (
    ("254 g", "38 h", "Yes", "Good"),
    ("162 g", "24 h", "No", "Very good"),
    ("310 g", None, "Yes", "Good"),
)
# Of each spec that has a picture, how its values look in it.
SAMPLE_SPECS: tuple[tuple[str, tuple[tuple[str, Decimal | None], ...]], ...] = (
    ("weight_g", (("5 g", Decimal(5)), ("254 g", Decimal(254)))),
    ("battery_hours", (("8 h", Decimal(8)), ("37 h", Decimal(37)))),
    ("isolation_db", (("10 dB", Decimal(10)), ("35 dB", Decimal(35)))),
    (
        "sound_balance",
        tuple(
            (word, None)
            for word in ("Neutral", "More bass", "More treble", "More bass and treble", "Voices to the front")
        ),
    ),
    ("frequency_high_hz", (("16,000 Hz", Decimal(16_000)), ("40,000 Hz", Decimal(40_000)))),
)
_ALTS = ("Headphones, seen from the front", "A headset with its boom turned up", "A gaming headset on a desk")


def surroundings(now: datetime) -> Surroundings:
    """A page with three products and three pictures, which examples name as 1, 2 and 3."""
    products = {number: _product(number, now) for number in (1, 2, 3)}
    return Surroundings(
        placement="lgallery",
        today=now.date(),
        disclosure_url=reverse("disclosure"),
        choose_url=reverse("choose"),
        how_we_work_url=reverse("how-we-work"),
        products=products,
        pictures={number: _picture(number) for number in (1, 2, 3)},
        priced={product.slug: product for product in products.values()},
    )


def _product(number: int, now: datetime) -> ProductFacts:
    name, _, _, summary, amount = _PRODUCTS[number - 1]
    return ProductFacts(
        product_id=number,
        slug=name.lower().replace(" ", "-"),
        name=name,
        brand=name.split()[0],
        kind="headphones",
        kind_label="Headphones",
        type_labels=("Over-ear",),
        url=reverse("products"),
        picture=_drawing(number),
        summary=summary,
        is_discontinued=number == 3,
        specs={key: _spec(key, label, _VALUES[number - 1][place]) for place, (key, label) in enumerate(_SPECS)},
        offers=(_offer(number, amount, now),),
        review_url="",
        overall_score=Decimal("8.4") - Decimal(number) / 2,
    )


def _spec(key: str, label: str, value: str | None) -> SpecFact:
    state = {"Yes": "yes", "No": "no", None: "unknown"}.get(value, "value")
    figure = (value or "").split(" ")[0]
    return SpecFact(
        key=key, label=label, value=value, state=state, number=Decimal(figure) if figure.isdecimal() else None
    )


def _offer(number: int, amount: Decimal | None, now: datetime) -> ShownOffer:
    price = amount and ShownPrice(
        amount=amount, currency="USD", seen_at=now, expires_at=now + timedelta(hours=24), shipping_amount=None
    )
    return ShownOffer(
        offer_id=number,
        product_id=number,
        merchant="Example Shop",
        merchant_slug="example-shop",
        country="US",
        condition=Condition.NEW,
        price=price or None,
        without_price=None if price else WithoutPrice.TERMS,
        availability=Availability.IN_STOCK if price else Availability.UNKNOWN,
        link_code="example",
        href="/go/example/",
        link_label="paid link",
        disclaimer="",
    )


def _picture(number: int) -> PictureFacts:
    return PictureFacts(
        picture_id=number,
        alt=_ALTS[number - 1],
        caption=_ALTS[number - 1],
        credit="A drawing of ours",
        source_url="",
        licence="",
        width=WIDTH,
        height=HEIGHT,
        url=_drawing(number),
        sources=(),
        focus=(Decimal("0.5"), Decimal("0.5")),
    )


def _drawing(number: int) -> str:
    """In the address itself: there is no product that it could be fetched for."""
    name, shape, colour, _, _ = _PRODUCTS[number - 1]
    return f"data:image/svg+xml,{quote(picture(shape, colour, name))}"


# Fixed, so that the gallery is the same for everybody who looks at it.
SAMPLE_TIME = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
