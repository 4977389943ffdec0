"""Which rows of a stroke are offers of ours, new or known, which are doubtful or unknown, and which are refused?

Two steps: `sift` needs only the row and the catalogue in memory (it runs beside the database's work), `sort` asks the
database what is known of the rows' items. Neither writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from catalog.csv_cells import without_apostrophe as plain
from catalog.models import Merchant
from catalog.prices.text import PriceText
from catalog.reading import Condition, Reading, Unreadable
from catalog.services.feed_imports.catalogue import Catalogue, Doubt, Match
from catalog.services.feed_imports.known import Key, KnownOffer, decided, known_offers
from catalog.services.feed_imports.layout import BrokenRow, FeedRow
from catalog.services.feed_imports.rows import Reader, RowError
from catalog.services.feed_imports.similarity import Candidate


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
    """A row that can be read. `found`: what the codes say; None: nothing.

    `reading`: what a row says whose codes name a product, or why it cannot be taken; read beside the database's work.
    """

    row: int
    cells: list[str]
    sku: str
    price: PriceText | None
    found: Match | Doubt | None = None
    reading: Reading | RowError | None = None


@dataclass(slots=True)
class Batch:
    """`size`: how many rows of the file it takes up, blank ones too."""

    size: int = 0
    rows: list[Sifted] = field(default_factory=list)
    # The many whose codes name nothing of ours, as the arguments of `Sifted`: most are never looked at again.
    strangers: list[tuple[int, list[str], str, PriceText | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def sift(rows: Iterator[FeedRow], *, size: int, first: int, reader: Reader, catalogue: Catalogue) -> Batch:
    """The next `size` rows, the first of which has the number `first`. Raises `ImportError_` where the file breaks."""
    batch = Batch()
    number = first - 1
    gtin, asin, brand, mpn, title = reader.code_places
    find, sku_of, price_of = catalogue.find, reader.sku, reader.price
    strangers, known = batch.strangers.append, batch.rows.append
    for cells in islice(rows, size):
        number += 1
        if isinstance(cells, BrokenRow):
            batch.problems.append(Problem(number, "", cells.reason, cells.raw))
            continue
        if not cells:
            continue
        try:
            sku = sku_of(cells)
            price = price_of(cells)
        except RowError as error:
            batch.problems.append(Problem(number, error.field, error.message, error.raw))
            continue
        found = find(
            cells[gtin] if gtin >= 0 else "",
            cells[asin] if asin >= 0 else "",
            plain(cells[brand]) if brand >= 0 else "",
            plain(cells[mpn]) if mpn >= 0 else "",
            cells[title] if title >= 0 else "",
        )
        if found is None:
            strangers((number, cells, sku, price))
            continue
        said = _said(reader, cells, sku, price) if isinstance(found, Match) else None
        known(Sifted(number, cells, sku, price, found, said))
    batch.size = number - first + 1
    return batch


def _said(reader: Reader, cells: list[str], sku: str, price: PriceText | None) -> Reading | RowError:
    try:
        return reader.reading(cells, sku, price, reader.condition(cells))
    except RowError as error:
        return error


@dataclass(slots=True)
class Item:
    """An offer as this row describes it. `reading` has no amount worth keeping when `has_price` is false."""

    row: int
    product: int
    by: str
    reading: Reading
    has_price: bool
    # The offer as we hold it; None: it is a new one.
    offer: KnownOffer | None = None

    @property
    def is_settled(self) -> bool:
        """The offer was given this very price by an earlier row, or an earlier run, of the same file."""
        return self.offer is not None and bool(self.offer.said)

    @property
    def is_news(self) -> bool:
        """Has it a price to be judged? Not one that only confirms what we hold."""
        if self.offer is None:
            return self.has_price
        return self.has_price and not self.is_settled and not self.offer.is_confirmed_by(self.reading)


@dataclass(slots=True)
class Doubtful:
    row: int
    reading: Reading
    has_price: bool
    candidates: tuple[Candidate, ...]


@dataclass(slots=True)
class Sorted:
    new: dict[Key, Item] = field(default_factory=dict)
    known: dict[Key, Item] = field(default_factory=dict)
    doubtful: dict[Key, Doubtful] = field(default_factory=dict)
    # Offers that the file names again, at another price than before.
    contradicted: dict[int, Reading | Unreadable] = field(default_factory=dict)
    # How many rows are none of ours; the rows themselves are kept for the examples of a dry run only.
    unknown: int = 0
    unknown_rows: list[Sifted] = field(default_factory=list)
    matched: int = 0
    problems: list[Problem] = field(default_factory=list)


def sort(batch: Batch, *, merchant: Merchant, reader: Reader) -> Sorted:
    return _Sorting(merchant, reader, batch).done()


_TWICE = "The id is listed more than once, with different prices. None of them can be trusted; correct the feed."


class _Sorting:
    def __init__(self, merchant: Merchant, reader: Reader, batch: Batch) -> None:
        self._reader = reader
        self._batch = batch
        self._sorted = Sorted(problems=list(batch.problems))
        skus = [row.sku for row in batch.rows]
        skus += [sku for _, _, sku, _ in batch.strangers]
        self._offers = known_offers(merchant, skus, reader.read_at)
        doubted = [row.sku for row in batch.rows if isinstance(row.found, Doubt)]
        self._decided = decided(merchant, doubted) if doubted else set()
        self._twice: set[Key] = set()

    def done(self) -> Sorted:
        for row in self._in_order():
            try:
                self._sort(row)
            except RowError as error:
                self._problem(row, error)
        return self._sorted

    def _in_order(self) -> list[Sifted]:
        """What has to be looked at: rows whose codes say something, and strangers whose id we know."""
        offers, strangers = self._offers, self._batch.strangers
        known = [Sifted(*stranger) for stranger in strangers if stranger[2] in offers] if offers else []
        self._sorted.unknown = len(strangers) - len(known)
        self._sorted.unknown_rows = [
            Sifted(*stranger) for stranger in islice(strangers, 5 + len(known)) if stranger[2] not in offers
        ][:5]
        return sorted([*self._batch.rows, *known], key=attrgetter("row")) if known else self._batch.rows

    def _sort(self, row: Sifted) -> None:
        if isinstance(row.reading, RowError):
            raise row.reading
        condition = row.reading.condition if row.reading else self._reader.condition(row.cells)
        key = (row.sku, condition.value)
        offer = self._offers.get(row.sku, {}).get(condition.value)
        if isinstance(row.found, Match):
            self._match(row, condition, offer, row.found)
        elif offer is not None:
            self._match(row, condition, offer, Match(offer.product, "the merchant's id"))
        elif isinstance(row.found, Doubt) and key not in self._decided:
            reading = self._reader.described(row.cells, row.sku, row.price)
            self._sorted.doubtful[key] = Doubtful(row.row, reading, row.price is not None, row.found.candidates)
        else:
            self._sorted.unknown += 1

    def _match(self, row: Sifted, condition: Condition, offer: KnownOffer | None, match: Match) -> None:
        key = (row.sku, condition.value)
        if offer is not None:
            _refuse_misfit(offer, match)
        reading = row.reading
        if not isinstance(reading, Reading):
            reading = self._reader.reading(row.cells, row.sku, row.price, condition)
        item = Item(row.row, match.product, match.by, reading, row.price is not None, offer)
        earlier = self._earlier(key)
        if earlier is not None or key in self._twice:
            self._listed_twice(key, earlier, item)
            return
        asked = (reading.amount, reading.currency)
        if offer is not None and item.has_price and offer.said and asked not in offer.said:
            reason = f"The feed lists this id more than once, now at {reading.raw_price}."
            self._sorted.contradicted[offer.pk] = Unreadable(sku=row.sku, reason=reason, raw=reading.raw_price)
            raise RowError("sku", _TWICE, reading.raw_price)
        if damaged := self._reader.codes_problem(row.cells):
            self._problem(row, damaged, refused=False)
        self._sorted.matched += 1
        (self._sorted.new if offer is None else self._sorted.known)[key] = item

    def _earlier(self, key: Key) -> Item | None:
        return self._sorted.new.get(key) or self._sorted.known.get(key)

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


def _refuse_misfit(offer: KnownOffer, match: Match) -> None:
    if offer.is_withdrawn:
        raise RowError("sku", "The offer was withdrawn and stays so. Restore it under Offers if it is sold again.")
    if offer.product != match.product:
        raise RowError(
            "sku",
            f"The {match.by} names another product than this item's offer. Correct the offer or the code.",
        )


def condition_of(key: Key) -> Condition:
    return Condition(key[1])
