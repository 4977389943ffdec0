"""How do the sorted rows of one stroke get into the database, in as few statements as there are kinds of rows?

New offers come with their first price: the judge is asked as for every reading, and one statement writes the offer, its
link and its price. Known offers go the way of every other reading (`services.readings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, models

from catalog import sources
from catalog.models import FeedImport, Link, Merchant, Offer
from catalog.plausibility import Verdict as Judged
from catalog.plausibility import judge
from catalog.reading import Reading, Unreadable
from catalog.schedule import next_check
from catalog.services.feed_imports.catalogue import Catalogue
from catalog.services.feed_imports.doubts import file_doubts
from catalog.services.feed_imports.known import Key, known_offers
from catalog.services.feed_imports.making import STAGE, STAGED, insert_statement
from catalog.services.feed_imports.reader_of import read_at
from catalog.services.feed_imports.sorting import Item, Sorted, condition_of
from catalog.services.judging import is_storable
from catalog.services.links import LinkError, code_with_number, link_for_offer
from catalog.services.readings import store_answers
from catalog.services.reasons import storable


@dataclass(slots=True, kw_only=True)
class Written:
    made: int = 0
    changed: int = 0


class Writer:
    """Writes the strokes of one import. Called inside a transaction, once per stroke."""

    def __init__(self, feed_import: FeedImport, merchant: Merchant, catalogue: Catalogue, *, now: datetime) -> None:
        self._import = feed_import
        self._merchant = merchant
        self._catalogue = catalogue
        self._now = now
        self._read_at = read_at(feed_import)
        source = sources.SOURCES.get(merchant.source)
        # Offers of one feed are looked at together (services.prices).
        is_feed = source is not None and source.answers_for_all
        self._key_of_round = f"merchant {merchant.pk}" if is_feed else None
        self._same_next = self._next_check(self._key_of_round) if self._key_of_round else None
        self._insert = insert_statement()
        self._links_of: dict[int, int] = {}

    def write(self, found: Sorted) -> Written:
        """New offers, changed ones, readings and doubts. What is written twice is the same as once."""
        written = Written()
        if found.new:
            written.made = self._make(found.new)
        if found.known:
            written.changed = self._change(found.known.values())
        if found.contradicted:
            self._answer(found.contradicted)
        if found.doubtful:
            file_doubts(found.doubtful, merchant=self._merchant, feed_import=self._import)
        return written

    def _make(self, new: Mapping[Key, Item]) -> int:
        believed = {key: self._is_believed(key, item) for key, item in new.items()}
        codes = self._codes(new.values())
        with connection.cursor() as cursor:
            columns = ", ".join(f"{name} {kind}" for name, kind in STAGED.items())
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {STAGE} ({columns}) ON COMMIT DELETE ROWS")
            with cursor.copy(f"COPY {STAGE} FROM STDIN") as copy:
                for (key, item), code in zip(new.items(), codes, strict=True):
                    copy.write_row(self._staged(item, code, is_believed=believed[key]))
            constants: dict[str, Any] = {
                "merchant": self._merchant.pk,
                "source": self._merchant.source,
                "now": self._now,
                "seen_at": self._read_at,
            }
            cursor.execute(self._insert.text, {**self._insert.defaults, **constants})
            made = cursor.fetchall()
            cursor.execute(f"TRUNCATE {STAGE}")
        self._link_the_rest(pk for pk, _, _, is_linked in made if not is_linked)
        ids = {(sku, condition): pk for pk, sku, condition, _ in made}
        in_doubt: dict[int, Reading | Unreadable] = {
            pk: new[key].reading for key, pk in ids.items() if new[key].has_price and not believed[key]
        }
        self._answer(in_doubt)
        if len(ids) < len(new):
            # Somebody made the same offers in this very moment: they are known now.
            self._change(self._known_by_now({key: item for key, item in new.items() if key not in ids}).values())
        return len(ids)

    def _is_believed(self, key: Key, item: Item) -> bool:
        """The judge's word on a first price."""
        if not item.has_price or not is_storable(item.reading):
            return False
        judgement = judge(item.reading, None, self._merchant.currency, now=self._now, condition=condition_of(key))
        return judgement.verdict is Judged.ACCEPTED

    def _staged(self, item: Item, code: str, *, is_believed: bool) -> Sequence[object]:
        said = item.reading
        amount, currency, shipping, stock = None, "", None, "unknown"
        next_at = self._now
        if is_believed:
            amount, currency, stock = str(said.amount), said.currency, said.availability.value
            shipping = None if said.shipping_amount is None else str(said.shipping_amount)
            next_at = self._same_next or self._next_check(f"offer of {said.sku}")
        return (
            item.product,
            said.sku,
            said.condition.value,
            said.url,
            amount,
            currency,
            shipping,
            stock,
            said.raw_price if said.raw_price.isascii() else storable(said.raw_price),
            next_at,
            code,
        )

    def _next_check(self, key: str) -> datetime:
        merchant = self._merchant
        return next_check(
            now=self._now, refresh_every=merchant.refresh_every, key=key, price_lives=merchant.max_price_age
        )

    def _codes(self, items: Iterable[Item]) -> list[str]:
        """A link code for each, numbered on from those that the product's offers at this merchant have."""
        products = [item.product for item in items]
        missing = {product for product in products if product not in self._links_of}
        if missing:
            self._links_of.update(dict.fromkeys(missing, 0))
            self._links_of.update(self._counted_links(missing))
        codes = []
        for product in products:
            self._links_of[product] += 1
            slug = self._catalogue.slugs.get(product, f"product-{product}")
            codes.append(code_with_number(product=slug, merchant=self._merchant.slug, number=self._links_of[product]))
        return codes

    def _counted_links(self, products: Iterable[int]) -> dict[int, int]:
        rows = Link.objects.filter(offer__product__in=list(products), offer__merchant=self._merchant)
        counted = rows.order_by().values("offer__product").annotate(times=models.Count("pk"))
        return dict(counted.values_list("offer__product", "times"))

    def _link_the_rest(self, ids: Iterable[int]) -> None:
        """Those whose code was taken: one by one, each gets the next free code."""
        for offer in Offer.objects.filter(pk__in=list(ids)):
            link_for_offer(offer=offer)

    def _known_by_now(self, items: Mapping[Key, Item]) -> dict[Key, Item]:
        known = known_offers(self._merchant, [sku for sku, _ in items], self._read_at)
        return {
            (sku, condition): replace(item, offer=offer)
            for (sku, condition), item in items.items()
            if (offer := known.get(sku, {}).get(condition)) is not None
        }

    def _change(self, known: Iterable[Item]) -> int:
        """Pages that moved, prices that are news, and the time of those that are not; how many offers changed."""
        news: dict[int, Reading | Unreadable] = {}
        confirmed: list[int] = []
        moved: dict[int, str] = {}
        for item in known:
            assert item.offer is not None
            if item.is_news:
                news[item.offer.pk] = item.reading
            elif item.has_price and not item.is_settled:
                confirmed.append(item.offer.pk)
            if item.reading.url != item.offer.url:
                moved[item.offer.pk] = item.reading.url
            if not item.offer.is_linked:
                _link_if_possible(item.offer.pk)
        if moved:
            self._move(moved)
        if confirmed:
            self._confirm(confirmed)
        return max(len(moved), self._answer(news))

    def _move(self, moved: Mapping[int, str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE catalog_offer SET url = given.url FROM unnest(%s::bigint[], %s::text[]) AS given (id, url)"
                " WHERE catalog_offer.id = given.id",
                [list(moved), list(moved.values())],
            )

    def _confirm(self, ids: Sequence[int]) -> None:
        """The prices we hold were there at the time of the file; the plan of the offers' own source stays.

        Whatever was read meanwhile is newer than the file and is left alone.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE catalog_offer SET seen_at = %(at)s, checked_at = greatest(checked_at, %(at)s),"
                " rate_days = rate_days + extract(epoch FROM %(at)s - seen_at) / 86400"
                " WHERE id = ANY (string_to_array(%(ids)s, ',')::bigint[]) AND seen_at < %(at)s AND state = 'ok'",
                {"at": self._read_at, "ids": ",".join(map(str, ids))},
            )

    def _answer(self, said: Mapping[int, Reading | Unreadable]) -> int:
        """Through the judge and into the history, as every other reading; how many offers changed."""
        if not said:
            return 0
        offers = Offer.objects.filter(pk__in=said).select_related("product__brand")
        answers = [(offer, said[offer.pk]) for offer in offers]
        tally = store_answers(merchant=self._merchant, answers=answers, now=self._now, key_of_round=self._key_of_round)
        return tally.changed


def _link_if_possible(pk: int) -> None:
    try:
        link_for_offer(offer=Offer.objects.get(pk=pk))
    except LinkError:
        return  # its address was checked; what stands in the way is a setting of the merchant's, which says so itself
