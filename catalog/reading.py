"""What did a merchant's source say about one item? The words shared by sources, services and models.

Pure: values only. A `Reading` always has an amount, a currency and a time; whatever could not be read is an
`Unreadable` with its reason, which is a state of its own and never means "sold out" or "0" (P6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Availability(StrEnum):
    IN_STOCK = "in_stock"
    PRE_ORDER = "pre_order"
    BACK_ORDER = "back_order"
    OUT_OF_STOCK = "out_of_stock"
    DISCONTINUED = "discontinued"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def can_be_ordered(self) -> bool:
        return self in {Availability.IN_STOCK, Availability.PRE_ORDER, Availability.BACK_ORDER}


class Condition(StrEnum):
    NEW = "new"
    REFURBISHED = "refurbished"
    USED = "used"

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One item as its merchant described it at `seen_at` (aware, UTC). `amount` excludes shipping."""

    sku: str
    amount: Decimal
    currency: str
    seen_at: datetime
    availability: Availability = Availability.UNKNOWN
    condition: Condition = Condition.NEW
    shipping_amount: Decimal | None = None
    url: str = ""
    title: str = ""
    brand: str = ""
    gtin: str = ""
    mpn: str = ""
    asin: str = ""
    raw_price: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSold:
    """The merchant says that it does not sell this item now, and so names no price. Not a failure: an answer.

    `availability` is OUT_OF_STOCK or DISCONTINUED; `condition` None: in no condition at all.
    """

    sku: str
    seen_at: datetime
    availability: Availability = Availability.OUT_OF_STOCK
    condition: Condition | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An item that is there but whose price cannot be trusted. `reason` is shown to the editor."""

    sku: str
    reason: str
    raw: str = ""


class SourceError(Exception):
    """The merchant could not be asked, or its answer as a whole cannot be used.

    `permanent`: trying again later is useless until somebody changes a setting. `retry_after`: seconds the merchant
    asked us to stay away, when it did.
    """

    def __init__(self, message: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What a feed said about its own version when it was last read (P3)."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
