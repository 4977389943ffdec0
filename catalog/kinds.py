"""Which kinds and types of listening devices are there, and which type names does a device earn?

The two kinds and ten type names are those of the truth table (definitions DEF-1, DEF-3; types HPT-1..5,
HST-1..6). Types overlap (contradiction A10): `wireless` and `noise-cancelling` are facets that a pair of
headphones has beside its form, so a product stores one main type and earns the rest from its specs.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    HEADPHONES = "headphones"
    HEADSET = "headset"

    @property
    def label(self) -> str:
        return {"headphones": "Headphones", "headset": "Headset"}[self.value]

    @property
    def plural(self) -> str:
        return {"headphones": "Headphones", "headset": "Headsets"}[self.value]


class ProductType(StrEnum):
    OVER_EAR = "over-ear"
    ON_EAR = "on-ear"
    IN_EAR = "in-ear"
    WIRELESS = "wireless"
    NOISE_CANCELLING = "noise-cancelling"
    GAMING = "gaming"
    BUSINESS = "business"
    AVIATION = "aviation"
    CALL_CENTRE = "call-centre"
    BLUETOOTH = "bluetooth"

    @property
    def label(self) -> str:
        return {
            "over-ear": "Over-ear",
            "on-ear": "On-ear",
            "in-ear": "In-ear",
            "wireless": "Wireless",
            "noise-cancelling": "Noise-cancelling",
            "gaming": "Gaming",
            "business": "Business",
            "aviation": "Aviation",
            "call-centre": "Call-centre",
            "bluetooth": "Bluetooth",
        }[self.value]

    @property
    def kind(self) -> Kind:
        return Kind.HEADPHONES if self in HEADPHONE_TYPES else Kind.HEADSET


HEADPHONE_TYPES = (
    ProductType.OVER_EAR,
    ProductType.ON_EAR,
    ProductType.IN_EAR,
    ProductType.WIRELESS,
    ProductType.NOISE_CANCELLING,
)
HEADSET_TYPES = (
    ProductType.GAMING,
    ProductType.BUSINESS,
    ProductType.AVIATION,
    ProductType.CALL_CENTRE,
    ProductType.BLUETOOTH,
)


def type_names(main: ProductType | None, *, wireless: bool | None, anc: bool | None) -> tuple[ProductType, ...]:
    """The type names a product earns, its main type first. Unknown specs earn nothing."""
    if main is None:
        return ()
    names = [main]
    if main.kind is Kind.HEADPHONES:
        if wireless and main is not ProductType.WIRELESS:
            names.append(ProductType.WIRELESS)
        if anc and main is not ProductType.NOISE_CANCELLING:
            names.append(ProductType.NOISE_CANCELLING)
    return tuple(names)
