"""What does a row of a feed say about an item, read by the columns that the editor named? Or what is wrong with it?

A feed repeats itself: a few hundred prices, words for stock and hosts stand in a million rows. Each text is understood
once and remembered, within bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import TypeVar
from urllib.parse import quote

from catalog import offer_words, product_codes
from catalog.csv_cells import without_apostrophe
from catalog.feeds import sale_window
from catalog.money.currencies import currency_code, in_minor_units
from catalog.prices.text import PriceText, PriceTextError, read_price
from catalog.reading import Availability, Condition, Reading
from catalog.services.feed_imports.fields import BY_KEY, URL_TEMPLATE
from catalog.services.feed_imports.layout import Layout
from catalog.services.feed_imports.stock_words import stock as stock_said

_MOST_REMEMBERED = 100_000
_LONGEST_SKU = 120
_NOTHING = Decimal(0)
# Broken by a spreadsheet: 4,00638E+12 was a GTIN once.
_ROUNDED = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)


class RowError(Exception):
    """This row is not taken. `field` is the key of ours, `raw` what stood there."""

    def __init__(self, field: str, message: str, raw: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.raw = raw


@dataclass(frozen=True, slots=True)
class _Refused:
    field: str
    message: str
    raw: str

    def error(self) -> RowError:
        return RowError(self.field, self.message, self.raw)


T = TypeVar("T")


class Reader:
    """Reads rows of one import. `read_at`: when the file was fetched or uploaded, the time of its prices (aware UTC).

    `currency`: what prices are in that name none, or an empty text.
    """

    def __init__(
        self,
        layout: Layout,
        mapping: Mapping[str, str],
        *,
        currency: str,
        read_at: datetime,
        refuse_target: Callable[[str], str | None],
    ) -> None:
        self._places = {key: layout.columns.index(name) for key, name in mapping.items() if key in BY_KEY}
        self._template = mapping.get(URL_TEMPLATE, "") if "url" not in self._places else ""
        self._otherwise = currency or None
        self.read_at = read_at
        self._refuse_target = refuse_target
        self._prices: dict[str | tuple[str, ...], PriceText | _Refused] = {}
        self._stocks: dict[str, Availability] = {}
        self._conditions: dict[str, Condition | _Refused] = {}
        self._shippings: dict[tuple[str, str], Decimal | None] = {}
        self._price_places = [self._places[key] for key in _PRICE_KEYS if key in self._places]
        self._price_keys = [key for key in _PRICE_KEYS if key in self._places]
        self.has_prices = "price" in self._places
        self._price_cells = itemgetter(*self._price_places) if self._price_places else _none
        place = self._places
        self._sku, self._condition = place["sku"], place.get("condition", -1)
        self._stock, self._shipping_place = place.get("availability", -1), place.get("shipping", -1)
        self._url = place.get("url", -1)
        # The cells that tell which product it is, in the order `Catalogue.find` takes them; -1: no such column.
        self.code_places = tuple(place.get(key, -1) for key in ("gtin", "asin", "brand", "mpn", "title"))

    def sku(self, cells: Sequence[str]) -> str:
        """The merchant's id. Raises `RowError`."""
        sku = cells[self._sku].strip()
        if sku[:1] == "'":
            sku = without_apostrophe(sku).strip()
        if sku and len(sku) <= _LONGEST_SKU and sku.isascii() and sku.isprintable():
            return sku
        if not sku:
            raise RowError("sku", "The merchant's id is empty. Without it the item cannot be told from others.")
        if len(sku) > _LONGEST_SKU:
            raise RowError(
                "sku", f"The merchant's id is longer than {_LONGEST_SKU} characters. Is it the right column?", sku
            )
        if not sku.isprintable() or (not sku.isascii() and "\ufffd" in sku):
            raise RowError("sku", "The id holds characters that do not decode. Correct the file's encoding.", sku)
        return sku

    def price(self, cells: Sequence[str]) -> PriceText | None:
        """What is asked now, in minor units; None when no column holds prices. Raises `RowError`."""
        if not self.has_prices:
            return None
        key = self._price_cells(cells)
        found = self._prices.get(key)
        if found.__class__ is PriceText:
            return found
        if found is None:
            if len(self._prices) >= _MOST_REMEMBERED:
                self._prices.clear()
            texts = key if isinstance(key, tuple) else (key,)
            found = self._prices[key] = self._understood(dict(zip(self._price_keys, texts, strict=True)))
        if isinstance(found, _Refused):
            raise found.error()
        return found

    def condition(self, cells: Sequence[str]) -> Condition:
        """New where nothing is said (Google's rule). Raises `RowError` for a word that might mean used."""
        text = cells[self._condition] if self._condition >= 0 else ""
        found = _remembered(self._conditions, text, _condition)
        if isinstance(found, _Refused):
            raise found.error()
        return found

    def reading(self, cells: Sequence[str], sku: str, price: PriceText | None, condition: Condition) -> Reading:
        """What is sold at what price; an amount of 0 stands for "no price in this feed". Raises `RowError`."""
        amount, currency = (price.amount, price.currency or "") if price is not None else (_NOTHING, "")
        stock, shipping = self._stock, self._shipping_place
        return Reading(
            sku=sku,
            amount=amount,
            currency=currency,
            seen_at=self.read_at,
            availability=_remembered(self._stocks, cells[stock] if stock >= 0 else "", stock_said),
            condition=condition,
            shipping_amount=self._shipping(cells[shipping] if shipping >= 0 else "", currency),
            url=self.url(cells, sku),
            raw_price=self.raw_price(cells),
        )

    def described(self, cells: Sequence[str], sku: str, price: PriceText | None) -> Reading:
        """The reading with what an editor tells products apart by. Raises `RowError`."""
        get = self._cell
        return replace(
            self.reading(cells, sku, price, self.condition(cells)),
            title=get(cells, "title")[:300],
            brand=get(cells, "brand")[:100],
            gtin=get(cells, "gtin")[:100],
            mpn=get(cells, "mpn")[:100],
            asin=get(cells, "asin")[:20],
        )

    def url(self, cells: Sequence[str], sku: str) -> str:
        """The item's page. Raises `RowError` for an address that is not the merchant's."""
        url = cells[self._url].strip() if self._url >= 0 else self._template.replace("{sku}", _in_address(sku))
        if not url:
            raise RowError("url", "The address of the item's page is empty.")
        if len(url) > 2000:
            raise RowError("url", "The address is longer than 2,000 characters.", url)
        if not url.isprintable():
            raise RowError("url", "The address holds characters that no address has. Correct the encoding.", url)
        if reason := self._refuse_target(url):
            raise RowError("url", reason, url)
        return url

    def raw_price(self, cells: Sequence[str]) -> str:
        return " ".join([cells[place] for place in self._price_places if cells[place]])[:200]

    def codes_problem(self, cells: Sequence[str]) -> RowError | None:
        """A code that was damaged on the way here; the row itself can be taken."""
        gtin = self._cell(cells, "gtin")
        if gtin and not gtin.isdigit() and _ROUNDED.fullmatch(gtin):
            return RowError(
                "gtin", "A spreadsheet has rounded this GTIN. Export the column as text and import again.", gtin
            )
        return None

    def _cell(self, cells: Sequence[str], key: str) -> str:
        place = self._places.get(key, -1)
        return without_apostrophe(cells[place].strip()) if place >= 0 else ""

    def _understood(self, cells: Mapping[str, str]) -> PriceText | _Refused:
        field = "currency"
        try:
            named = currency_code(cells["currency"]) if cells.get("currency", "").strip() else None
            field = "price"
            price = self._amount(cells["price"], named)
            field = "sale_price"
            if not cells.get("sale_price", "").strip():
                return price
            sale = self._amount(cells["sale_price"], price.currency)
            field = "sale_period"
            period = cells.get("sale_period", "").strip()
            fields = {"sale_price": ["1"], **({"sale_price_effective_date": [period]} if period else {})}
            window = sale_window(fields)
        except ValueError as error:
            return _Refused(field, _sentence(field, error), cells.get(field, ""))
        holds = window is None or window.holds_at(self.read_at)
        # A "sale" above the price is a slip that nobody means: what is charged then is the price.
        return sale if holds and sale.amount < price.amount else price

    def _amount(self, text: str, named: str | None) -> PriceText:
        if not text.strip():
            raise PriceTextError("is empty")
        price = read_price(text, currency=named)
        if price.currency is None:
            price = read_price(text, currency=self._otherwise)
        if price.currency is None:
            raise PriceTextError("names no currency; set the import's currency or choose the column that holds it")
        amount = in_minor_units(price.amount, price.currency)
        if abs(amount - price.amount) > amount / 100_000:
            raise PriceTextError(f"has more decimals than {price.currency} has")
        if amount <= 0:
            raise PriceTextError("is 0, which is a placeholder and no price")
        return PriceText(amount, price.currency)

    def _shipping(self, text: str, currency: str) -> Decimal | None:
        if not text or not currency:
            return None
        return _remembered(self._shippings, (text, currency), _shipping)


def _none(cells: Sequence[str]) -> tuple[str, ...]:
    return ()


_PRICE_KEYS = ("price", "currency", "sale_price", "sale_period")
K = TypeVar("K")


def _remembered(memory: dict[K, T], key: K, understand: Callable[[K], T]) -> T:
    try:
        return memory[key]
    except KeyError:
        if len(memory) >= _MOST_REMEMBERED:
            memory.clear()
        found = memory[key] = understand(key)
        return found


def _sentence(field: str, error: ValueError) -> str:
    if field == "sale_period":
        return str(error)
    text = str(error)
    if field == "currency":
        return f"The currency is not understood: {text}."
    label = "sale price" if field == "sale_price" else "price"
    if text.startswith(("is ", "has ", "holds ", "names ", "leaves ", "can ")):
        return f"The {label} {text}."
    return f"The {label} cannot be right: {text}."


def _condition(text: str) -> Condition | _Refused:
    if not text.strip():
        return Condition.NEW
    found = offer_words.condition(text)
    if found is not None:
        return found
    return _Refused("condition", "The condition is not understood. Known are new, refurbished and used.", text)


def _shipping(asked: tuple[str, str]) -> Decimal | None:
    """The one amount of `4.95`, `4.95 EUR` or Google's `DE:::4.95 EUR`; None when it says several or none."""
    text, currency = asked
    if "," in text and ":" in text:
        return None  # several countries: which is ours is not known
    try:
        amount = read_price(text.rsplit(":", 1)[-1], currency=currency).amount
        return in_minor_units(amount, currency)
    except ValueError:
        return None


def _in_address(sku: str) -> str:
    return quote(sku, safe="")


def gtin_of(text: str) -> str:
    """The first valid GTIN of a cell, spelled as we store it; empty when there is none."""
    return next((code for part in text.replace(";", ",").split(",") if (code := product_codes.gtin(part))), "")
