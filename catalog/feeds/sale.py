"""When does an item's sale price hold?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from catalog.prices.text import PriceTextError

_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d{2})(\d{2})$")
_BEFORE_OFFSET = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)")


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` (included) to `end` (excluded), aware UTC."""

    start: datetime
    end: datetime

    def holds_at(self, now: datetime) -> bool:
        return self.start <= now < self.end

    def next_turn(self, now: datetime) -> datetime | None:
        """When it begins or ends next; None when both are past."""
        return next((moment for moment in (self.start, self.end) if now < moment), None)


def sale_window(fields: Mapping[str, Sequence[str]]) -> Window | None:
    """The window of `sale_price_effective_date`; None when there is none, which means always (Google's rule).

    Times without an offset are UTC; an end given as a day includes that day. Raises `PriceTextError`.
    """
    # A lone "/" is what a shop's template leaves of a sale that has neither beginning nor end.
    written = {text for text in fields.get("sale_price_effective_date", ()) if text.strip(" /")}
    if not written or "sale_price" not in fields:
        return None
    if len(written) > 1:
        raise PriceTextError("Its sale has several periods that differ.")
    text = written.pop()
    parts = text.split("/")
    try:
        start, end = (_moment(part, is_end=place == 1) for place, part in enumerate(parts))
    except (ValueError, OverflowError) as error:  # overflow: the calendar ends with the year 9999
        raise PriceTextError(f"The period of its sale cannot be read (`{text[:60]}`).") from error
    if end <= start:
        raise PriceTextError(f"The period of its sale ends before it begins (`{text[:60]}`).")
    return Window(start, end)


def _moment(text: str, *, is_end: bool) -> datetime:
    plain = _OFFSET_WITHOUT_COLON.sub(r"\1:\2", _BEFORE_OFFSET.sub("", text.strip()))
    try:
        day = date.fromisoformat(plain)
    except ValueError:
        moment = datetime.fromisoformat(plain)
    else:
        moment = datetime.combine(day + timedelta(days=1 if is_end else 0), time())
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
