"""Which rows of a stroke are offers of ours, new or known, which are doubtful or unknown, and which are refused?

Two steps: `sift` needs only the row and the catalogue in memory (it runs beside the database's work), `sort` asks the
database what is known of the rows' items. Neither writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice

from catalog.models import DoubtfulMatch, Merchant, Offer, Price
from catalog.price_text import PriceText
from catalog.reading import Condition, Reading, Unreadable
from catalog.services.feed_imports.catalogue import Catalogue, Doubt, Match
from catalog.services.feed_imports.layout import BrokenRow, FeedRow
from catalog.services.feed_imports.rows import Reader, RowError
from catalog.services.feed_imports.similarity import Candidate

Key = tuple[str, str]  # the merchant's id and the condition: one offer


@dataclass(slots=True)
class Problem:
    """`row`: its number as a spreadsheet shows it. `refused`: the row as a whole was not taken."""

    row: int
    field: str
    message: str
    raw: str
    refused: bool = True


@dataclass(slots=True)
class Sifted:
    """A row that can be read. `found`: what the codes say; None: nothing."""

    row: int
    cells: list[str]
    sku: str
    price: PriceText | None
    found: Match | Doubt | None


@dataclass(slots=True)
class Batch:
    """`size`: how many rows of the file it takes up, blank ones too."""

    size: int = 0
    rows: list[Sifted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def sift(rows: Iterator[FeedRow], *, size: int, first: int, reader: Reader, catalogue: Catalogue) -> Batch:
    """The next `size` rows, the first of which has the number `first`. Raises `ImportError_` where the file breaks."""
    batch = Batch()
    number = first - 1
    gtin, asin, brand, mpn, title = reader.code_places
    find = catalogue.find
    for cells in islice(rows, size):
        number += 1
        if isinstance(cells, BrokenRow):
            batch.problems.append(Problem(number, "", cells.reason, cells.raw))
            continue
        if not cells:
            continue
        try:
            sku = reader.sku(cells)
            price = reader.price(cells)
        except RowError as error:
            batch.problems.append(Problem(number, error.field, error.message, error.raw))
            continue
        found = find(
            gtin=cells[gtin] if gtin >= 0 else "",
            asin=cells[asin] if asin >= 0 else "",
            brand=cells[brand] if brand >= 0 else "",
            mpn=cells[mpn] if mpn >= 0 else "",
            title=cells[title] if title >= 0 else "",
        )
        batch.rows.append(Sifted(number, cells, sku, price, found))
    batch.size = number - first + 1
    return batch


@dataclass(slots=True)
class Item:
    """An offer as this row describes it. `reading` has no amount worth keeping when `has_price` is false."""

    row: int
    product: int
    by: str
    reading: Reading
    has_price: bool
    # The offer was given this very price by an earlier row, or an earlier run, of the same file.
    is_settled: bool = False


@dataclass(slots=True)
class Doubtful:
    row: int
    reading: Reading
    has_price: bool
    candidates: tuple[Candidate, ...]


@dataclass(slots=True)
class Sorted:
    new: dict[Key, Item] = field(default_factory=dict)
    known: dict[Key, tuple[int, Item]] = field(default_factory=dict)
    doubtful: dict[Key, Doubtful] = field(default_factory=dict)
    # Offers that the file names again, at another price than before.
    contradicted: dict[int, Reading | Unreadable] = field(default_factory=dict)
    # How many rows are none of ours; the rows themselves are kept for the examples of a dry run only.
    unknown: int = 0
    unknown_rows: list[Sifted] = field(default_factory=list)
    matched: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    pk: int
    product: int
    is_withdrawn: bool
    # What this very file said of its price before: in an earlier stroke, or an earlier run.
    said: frozenset[tuple[Decimal, str]]


def sort(batch: Batch, *, merchant: Merchant, reader: Reader) -> Sorted:
    return _Sorting(merchant, reader, batch).done()


_TWICE = "The id is listed more than once, with different prices. None of them can be trusted; correct the feed."


class _Sorting:
    def __init__(self, merchant: Merchant, reader: Reader, batch: Batch) -> None:
        self._reader = reader
        self._batch = batch
        self._sorted = Sorted(problems=list(batch.problems))
        self._offers = _known_offers(merchant, [row.sku for row in batch.rows], reader.read_at)
        doubted = [row.sku for row in batch.rows if isinstance(row.found, Doubt)]
        self._decided = _decided(merchant, doubted) if doubted else set()
        self._twice: set[Key] = set()

    def done(self) -> Sorted:
        for row in self._batch.rows:
            if row.found is None and row.sku not in self._offers:
                self._sorted.unknown += 1
                if len(self._sorted.unknown_rows) < 5:
                    self._sorted.unknown_rows.append(row)
                continue
            try:
                self._sort(row)
            except RowError as error:
                self._problem(row, error)
        return self._sorted

    def _sort(self, row: Sifted) -> None:
        condition = self._reader.condition(row.cells)
        key = (row.sku, condition.value)
        offer = self._offers.get(row.sku, {}).get(condition.value)
        if isinstance(row.found, Match):
            self._match(row, key, offer, row.found)
        elif offer is not None:
            self._match(row, key, offer, Match(offer.product, "the merchant's id"))
        elif isinstance(row.found, Doubt) and key not in self._decided:
            reading = self._reader.reading(row.cells, row.sku, row.price)
            self._sorted.doubtful[key] = Doubtful(row.row, reading, row.price is not None, row.found.candidates)
        else:
            self._sorted.unknown += 1

    def _match(self, row: Sifted, key: Key, offer: _Known | None, match: Match) -> None:
        if offer is not None:
            _refuse_misfit(offer, match)
        reading = self._reader.reading(row.cells, row.sku, row.price)
        item = Item(row.row, match.product, match.by, reading, row.price is not None)
        earlier = self._earlier(key)
        if earlier is not None or key in self._twice:
            self._listed_twice(key, earlier, item)
            return
        if offer is not None and item.has_price and offer.said:
            item.is_settled = (reading.amount, reading.currency) in offer.said
            if not item.is_settled:
                reason = f"The feed lists this id more than once, now at {reading.raw_price}."
                self._sorted.contradicted[offer.pk] = Unreadable(sku=row.sku, reason=reason, raw=reading.raw_price)
                raise RowError("sku", _TWICE, reading.raw_price)
        if damaged := self._reader.codes_problem(row.cells):
            self._problem(row, damaged, refused=False)
        self._sorted.matched += 1
        if offer is None:
            self._sorted.new[key] = item
        else:
            self._sorted.known[key] = (offer.pk, item)

    def _earlier(self, key: Key) -> Item | None:
        if key in self._sorted.new:
            return self._sorted.new[key]
        return self._sorted.known[key][1] if key in self._sorted.known else None

    def _listed_twice(self, key: Key, earlier: Item | None, item: Item) -> None:
        """The same again is no contradiction; another price is, and then neither row is believed."""
        said = (item.reading.amount, item.reading.currency, item.product)
        if earlier is not None and said == (earlier.reading.amount, earlier.reading.currency, earlier.product):
            self._sorted.matched += 1
            return
        if earlier is not None:
            self._sorted.new.pop(key, None)
            self._sorted.known.pop(key, None)
            self._sorted.matched -= 1
            self._sorted.problems.append(Problem(earlier.row, "sku", _TWICE, earlier.reading.raw_price))
        self._twice.add(key)
        self._sorted.problems.append(Problem(item.row, "sku", _TWICE, item.reading.raw_price))

    def _problem(self, row: Sifted, error: RowError, *, refused: bool = True) -> None:
        self._sorted.problems.append(Problem(row.row, error.field, error.message, error.raw, refused))


def _refuse_misfit(offer: _Known, match: Match) -> None:
    if offer.is_withdrawn:
        raise RowError("sku", "The offer was withdrawn and stays so. Restore it under Offers if it is sold again.")
    if offer.product != match.product:
        raise RowError(
            "sku",
            f"The {match.by} names another product than this item's offer. Correct the offer or the code.",
        )


def _known_offers(merchant: Merchant, skus: list[str], read_at: datetime) -> dict[str, dict[str, _Known]]:
    """By the merchant's id and the condition, with what this file said of them before (readings of `read_at`)."""
    columns = ("pk", "merchant_sku", "condition", "product_id", "withdrawn_at", "seen_at", "amount", "currency")
    rows = list(Offer.objects.filter(merchant=merchant, merchant_sku__in=skus).order_by().values_list(*columns))
    if not rows:
        return {}
    said: dict[int, set[tuple[Decimal, str]]] = {}
    readings = Price.objects.filter(offer__in=[row[0] for row in rows], seen_at=read_at).order_by()
    for pk, amount, currency in readings.values_list("offer_id", "amount", "currency"):
        said.setdefault(pk, set()).add((amount, currency))
    found: dict[str, dict[str, _Known]] = {}
    for pk, sku, condition, product, withdrawn_at, seen_at, amount, currency in rows:
        before = said.get(pk, set())
        if seen_at == read_at and amount is not None:
            before.add((amount, currency))
        found.setdefault(sku, {})[condition] = _Known(pk, product, withdrawn_at is not None, frozenset(before))
    return found


def _decided(merchant: Merchant, skus: list[str]) -> set[Key]:
    """Doubts that an editor has settled: dismissed ones stay so, matched ones are offers by now."""
    rows = DoubtfulMatch.objects.filter(merchant=merchant, merchant_sku__in=skus)
    decided = rows.exclude(decision=DoubtfulMatch.Decision.OPEN).order_by()
    return set(decided.values_list("merchant_sku", "condition"))


def condition_of(key: Key) -> Condition:
    return Condition(key[1])
