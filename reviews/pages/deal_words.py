"""What do we say of today's price? The verdict of `catalog.deal` in words, with the numbers it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from catalog.deal import DAYS_NEEDED, LEAST_PERCENT, PRIOR_WINDOW, REDUCTION_LASTS, USUAL_WINDOW, Deal, Verdict
from catalog.money import money_text

_HEADLINES = {
    Verdict.LOWEST: "Lowest since we watch",
    Verdict.REDUCED: "A real reduction",
    Verdict.RAISED_FIRST: "Raised first, then cut",
    Verdict.USUAL: "The usual price",
    Verdict.HIGHER: "Higher than usual",
    Verdict.TOO_LITTLE: "Too little observed to say",
}
_TONES = {Verdict.LOWEST: "yes", Verdict.REDUCED: "yes", Verdict.RAISED_FIRST: "no", Verdict.HIGHER: "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWords:
    """`tone` is `yes`, `no` or `value`: the words say it too, never the colour alone."""

    headline: str
    text: str
    tone: str


def deal_words(found: Deal) -> DealWords:
    """English, days in UTC; every amount is one that we saw ourselves."""
    return DealWords(headline=_headline(found), text=_sentence(found), tone=_TONES.get(found.verdict, "value"))


def _headline(found: Deal) -> str:
    return "No new reduction" if _is_low_for_long(found) else _HEADLINES[found.verdict]


def _is_low_for_long(found: Deal) -> bool:
    if found.verdict is not Verdict.USUAL or found.usual is None:
        return False
    return found.amount * 100 <= found.usual * (100 - LEAST_PERCENT)


def _sentence(found: Deal) -> str:
    price = f"{money_text(found.amount, found.currency)} at {found.merchant}"
    days = f"observed on {found.days_observed} of {PRIOR_WINDOW.days} days"
    if found.verdict is Verdict.TOO_LITTLE:
        return f"{price}: we {days}, and say nothing of a price that we watched on fewer than {DAYS_NEEDED}."
    if found.began_at is not None and found.prior is not None and found.before_cut is not None:
        prior = money_text(found.prior, found.currency)
        measure = f"the lowest price of the {PRIOR_WINDOW.days} days before {_day(found.began_at)}"
        if found.verdict is Verdict.RAISED_FIRST:
            before = money_text(found.before_cut, found.currency)
            return f"{price} is down from {before}, but no lower than {prior}, {measure} ({days})."
        if found.verdict is Verdict.USUAL:
            return f"{price} is within a few per cent of {prior}, {measure} ({days})."
        return f"{price}, {found.percent} % under {prior}, {measure} ({days}).{_from_higher(found)}"
    if found.usual is None:
        return f"{price} ({days})."
    usual = f"{money_text(found.usual, found.currency)}, its median over the last {USUAL_WINDOW.days} days ({days})"
    if found.verdict is Verdict.HIGHER:
        return f"{price}, {found.percent} % above {usual}."
    if _is_low_for_long(found):
        return (
            f"{price} is under {usual}, but is not newly reduced: its last change was a rise, or is more than "
            f"{REDUCTION_LASTS.days} days old."
        )
    return f"{price}; usual is {usual}."


def _from_higher(found: Deal) -> str:
    """A price that was raised before it was cut is said to have been, even where something of the cut is real."""
    if found.before_cut is None or found.prior is None or found.before_cut <= found.prior:
        return ""
    return f" It stood at {money_text(found.before_cut, found.currency)} just before, which is not the measure."


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %b %Y}"
