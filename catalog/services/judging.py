"""Is this reading believed? The pure judge of `plausibility`, asked with what is stored of the offer."""

from __future__ import annotations

from datetime import datetime

from catalog.models import Merchant, Offer
from catalog.models.price import Verdict
from catalog.reading import Reading


def judged(merchant: Merchant, offer: Offer, reading: Reading, *, now: datetime) -> tuple[Verdict, str]:
    raise NotImplementedError
