"""What does a merchant's programme allow? The only judge of what may be stored, shown, charted, mailed, fed.

A pure module: `Terms` is read from the merchant's row, `now` and ages are arguments. The defaults are the strictest
reading (`compliance.md`): whoever knows better says so in the merchant's record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class LinkStyle(StrEnum):
    REDIRECT = "redirect"
    DIRECT = "direct"

    @property
    def label(self) -> str:
        return {"redirect": "Through our own /go/ address", "direct": "Straight to the merchant"}[self.value]


class Use(StrEnum):
    """The places where something of a merchant's may appear."""

    PAGE = "page"
    HISTORY = "history"
    ALERT = "alert"
    MAIL = "mail"
    FEED = "feed"
    API = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    # False: the price-less mode. No price is stored or shown, only "see price at …" (P13).
    prices_allowed: bool = True
    max_price_age: timedelta | None = timedelta(hours=24)
    history_allowed: bool = False
    alerts_allowed: bool = False
    mail_allowed: bool = False
    feeds_allowed: bool = False
    api_allowed: bool = False
    image_copies_allowed: bool = False
    used_allowed: bool = False
    # May an amount of ours, worked out from its price at a bank's rate, stand beside it?
    conversion_allowed: bool = True
    link_style: LinkStyle = LinkStyle.REDIRECT
    link_label: str = "paid link"
    disclaimer: str = ""


def allows(terms: Terms, use: Use) -> bool:
    """May a price of this merchant appear in this place at all (its age is asked separately)?"""
    return (
        terms.prices_allowed
        and {
            Use.PAGE: True,
            Use.HISTORY: terms.history_allowed,
            Use.ALERT: terms.alerts_allowed,
            Use.MAIL: terms.mail_allowed,
            Use.FEED: terms.feeds_allowed,
            Use.API: terms.api_allowed,
        }[use]
    )


def price_expires_at(terms: Terms, seen_at: datetime) -> datetime | None:
    """The moment from which a price read at `seen_at` may no longer be shown; None when the terms set no limit."""
    return None if terms.max_price_age is None else seen_at + terms.max_price_age


def delete_readings_before(terms: Terms, now: datetime) -> datetime | None:
    """Readings older than this must be deleted; None when history is allowed or no limit is set."""
    if terms.history_allowed or terms.max_price_age is None:
        return None
    return now - terms.max_price_age
