"""For which country and in which currency does a reader look at prices?

Pure. What a page is made for is one of few values (`Market`): countries that a shop names and `ELSEWHERE`, and the
currencies prices are shown in. Whatever else is asked for falls back to these, so that nobody can ask for more pages
than there are. The page that is being built is told by `shopping_as`, as its tags are (`catalog/page_tags.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from catalog.links.countries import country_name
from catalog.money.conversion import Conversion, ConvertedPrice

DEFAULT_CURRENCY = "USD"
# A country that is known and that no shop names.
ELSEWHERE = "other"
COUNTRY, CURRENCY = "country", "currency"

_EURO = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK AD MC SM VA ME XK"
_USUAL = {
    "EUR": _EURO,
    "GBP": "GB GG IM JE",
    "CHF": "CH LI",
    "DKK": "DK FO GL",
    "NOK": "NO SJ",
    "AUD": "AU",
    "BRL": "BR",
    "CAD": "CA",
    "CNY": "CN",
    "CZK": "CZ",
    "HKD": "HK",
    "HUF": "HU",
    "IDR": "ID",
    "ILS": "IL",
    "INR": "IN",
    "ISK": "IS",
    "JPY": "JP",
    "KRW": "KR",
    "MXN": "MX",
    "MYR": "MY",
    "NZD": "NZ",
    "PHP": "PH",
    "PLN": "PL",
    "RON": "RO",
    "SEK": "SE",
    "SGD": "SG",
    "THB": "TH",
    "TRY": "TR",
    "USD": "US PR GU VI AS MP",
    "ZAR": "ZA",
}
_CURRENCY_OF = {country: currency for currency, countries in _USUAL.items() for country in countries.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """`country`: ISO 3166, `ELSEWHERE`, or empty where it is not known; `currency`: ISO 4217."""

    country: str = ""
    currency: str = DEFAULT_CURRENCY
    conversion: Conversion = field(default_factory=Conversion, compare=False, repr=False)

    @property
    def key(self) -> str:
        """In few words, for whom a page is made."""
        return f"{self.country}.{self.currency}"

    def is_out_of_reach(self, delivers_to: Iterable[str]) -> bool:
        """Does a shop that names these countries not deliver to the reader's? A shop that names none says nothing."""
        named = frozenset(delivers_to)
        return bool(self.country and named) and self.country not in named

    @property
    def country_words(self) -> str:
        """`Germany`; `your country` where it is known and has no name here; empty where it is not known."""
        if self.country == ELSEWHERE:
            return "your country"
        return country_name(self.country) if self.country else ""

    def converted(
        self, amount: Decimal, currency: str, shipping: Decimal | None, *, now: datetime
    ) -> ConvertedPrice | None:
        return self.conversion.convert(amount, currency, self.currency, now=now, shipping=shipping)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Market:
    """All that pages can be made for. Compared by identity: whoever makes a new one keeps the old where it says the
    same (`says_the_same`). `same_reach`: see there."""

    countries: frozenset[str] = frozenset()
    currencies: tuple[str, ...] = (DEFAULT_CURRENCY,)
    conversion: Conversion = field(default_factory=Conversion)
    same_reach: Mapping[str, str] = field(default_factory=dict)

    def says_the_same(self, other: Market) -> bool:
        return (self.countries, self.currencies, self.conversion, self.same_reach) == (
            other.countries,
            other.currencies,
            other.conversion,
            other.same_reach,
        )

    def country(self, code: str) -> str:
        """One of the countries, `ELSEWHERE`, or empty for what is no code (`XX` is how CDNs say: not known; `T1`: Tor).

        Where no shop names a country, none makes a difference.
        """
        if not self.countries or len(code) != 2 or not (code.isascii() and code.isalpha()):
            return ""
        code = code.upper()
        if code in self.countries:
            return code
        return "" if code in ("XX", "ZZ") else ELSEWHERE

    def conversion_if(self, currency: str) -> Conversion:
        """The rates, where somebody names a currency; who names none is told what shops ask, and no more."""
        return self.conversion if currency else Conversion()

    def usual_currency(self, country: str) -> str:
        """What people pay with in the country, where prices are shown in it; else the site's."""
        usual = _CURRENCY_OF.get(country.upper(), DEFAULT_CURRENCY)
        return usual if usual in self.currencies else DEFAULT_CURRENCY

    def seen_from(self, header: str) -> Shopper:
        """Whom a header of the network in front of us speaks of; it names a country by ISO 3166 or nothing."""
        return Shopper(country=self.country(header), currency=self.usual_currency(header), conversion=self.conversion)

    def chosen(self, seen: Shopper, *, country: str, currency: str) -> tuple[Shopper, tuple[tuple[str, str], ...]]:
        """The reader as he says himself, and the parameters that say it, in one spelling; those say the same again.

        Nonsense says nothing.
        """
        own_country = ELSEWHERE if country == ELSEWHERE and self.countries else self.country(country)
        own_currency = currency.upper() if currency.upper() in self.currencies else ""
        if own_country == ELSEWHERE:  # the country itself is said no further, what is paid with there is
            own_currency = own_currency or self.usual_currency(country)
        pairs = [(COUNTRY, own_country)] if own_country else []
        pairs += [(CURRENCY, own_currency)] if own_currency else []
        if not pairs:
            return seen, ()
        usual = self.usual_currency(country) if own_country else seen.currency
        shopper = Shopper(
            country=own_country or seen.country, currency=own_currency or usual, conversion=self.conversion
        )
        return shopper, tuple(pairs)


def same_reach(countries: Iterable[str], shops: Iterable[Iterable[str]]) -> dict[str, str]:
    """For each country, and `ELSEWHERE`, the first that the same shops deliver to; none for those all deliver to.

    `shops`: the countries each of them names, none where it says nothing. Most shops name the same few, so there are
    few different reaches, and what is worked out for one holds for all its countries.
    """
    named = sorted({frozenset(one) for one in shops if one}, key=sorted)
    firsts: dict[tuple[bool, ...], str] = {}
    found = {}
    for country in [*sorted(countries), ELSEWHERE]:
        reach = tuple(country in one for one in named)
        if not all(reach):
            found[country] = firsts.setdefault(reach, country)
    return found


# Of whom nothing is known.
NOBODY = Shopper()

_shopping: ContextVar[Shopper | None] = ContextVar("shopper", default=None)


@contextmanager
def shopping_as(shopper: Shopper) -> Iterator[None]:
    """What is built inside the block is built for this reader."""
    token = _shopping.set(shopper)
    try:
        yield
    finally:
        _shopping.reset(token)


def shopper() -> Shopper:
    """For whom the page is being built; where nobody said, for a reader of whom nothing is known."""
    return _shopping.get() or NOBODY
