"""What does the catalogue know about a product that could be recommended? Three-valued: `None` always means unknown.

Commission-blind by construction: there is no field here for a network, a rate or anything a merchant pays.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

Known = bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPrice:
    """The lowest total (amount plus shipping where known) of a new, orderable offer whose price may be shown."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFacts:
    """A product as the recommender sees it. Words are those of `catalog.models.specs`; sets are None when unknown.

    `prices` holds at most one entry per currency, only prices that may be shown now. `price_is_stale` says that an
    offer exists whose amount may not be shown (too old, or the merchant's terms), so no claim about price is made.
    """

    id: int
    slug: str
    name: str
    brand: str
    kind: str | None = None
    types: tuple[str, ...] = ()
    prices: tuple[KnownPrice, ...] = ()
    price_is_stale: bool = False
    # what our reviews give it out of 10, by use case of the scoring method; the empty word is the overall
    scores: tuple[tuple[str, Decimal], ...] = ()

    form_factor: str | None = None
    enclosure: str | None = None
    ears: str | None = None
    weight_g: Decimal | None = None
    foldable: Known = None
    durable: Known = None
    water_rating: str | None = None

    mic_grade: str | None = None
    mic_form: str | None = None
    mic_noise_cancelling: Known = None
    mic_mute: Known = None

    driver_mm: Decimal | None = None
    accurate_sound: Known = None
    high_fidelity: Known = None
    anc: Known = None
    passive_isolation: Known = None
    transparency: Known = None
    volume_limited: Known = None
    hearing_protection: Known = None

    wireless: Known = None
    radios: frozenset[str] | None = None
    connectors: frozenset[str] | None = None
    platforms: frozenset[str] | None = None
    latency: str | None = None
    multipoint: Known = None
    battery_hours: Decimal | None = None

    comfort_long_wear: Known = None
    glasses_friendly: Known = None
    child_size: Known = None
    hygiene_wipeable: Known = None
    professional_look: Known = None
    rgb: Known = None
    certifications: frozenset[str] | None = None

    @property
    def form(self) -> str | None:
        """The form as one of the three type names; `earbud` counts as in-ear, `open-ear` as none of them ("")."""
        if self.form_factor is None:
            return next((name for name in self.types if name in FORMS), None)
        return {"earbud": "in-ear", "open-ear": ""}.get(self.form_factor, self.form_factor)

    def price_in(self, currency: str) -> Decimal | None:
        """The known total in this currency; amounts in other currencies are never converted."""
        return next((price.amount for price in self.prices if price.currency == currency), None)


FORMS = ("over-ear", "on-ear", "in-ear")


def type_words(product: CandidateFacts) -> frozenset[str]:
    """The type names of a product and its form, which for headphones is a type name too. Empty when unknown."""
    return frozenset({*product.types, *([product.form] if product.form else [])})
