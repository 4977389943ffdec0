"""How do the sorted rows of one stroke get into the database, in as few statements as there are kinds of rows?

New offers come with their first price: the judge is asked as for every reading, and one statement writes the offer, its
link and its price. Known offers go the way of every other reading (`services.readings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from catalog import sources
from catalog.models import DoubtfulMatch, FeedImport, Link, Merchant, Offer, Price
from catalog.models.price import Verdict
from catalog.plausibility import Verdict as Judged
from catalog.plausibility import judge
from catalog.reading import Reading, Unreadable
from catalog.schedule import next_check
from catalog.services.feed_imports.catalogue import Catalogue
from catalog.services.feed_imports.rows import gtin_of
from catalog.services.feed_imports.sorting import Doubtful, Item, Key, Sorted, condition_of
from catalog.services.judging import is_storable
from catalog.services.links import LinkError, code_with_number, link_for_offer
from catalog.services.readings import store_answers
from catalog.services.reasons import storable

_STAGE = "feed_import_stage"
_STAGED = {
    "product_id": "bigint",
    "merchant_sku": "text",
    "condition": "text",
    "url": "text",
    "amount": "numeric",
    "currency": "text",
    "shipping_amount": "numeric",
    "availability": "text",
    "raw": "text",
    "next_check_at": "timestamptz",
    "code": "text",
}


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
        source = sources.SOURCES.get(merchant.source)
        # Offers of one feed are looked at together (services.prices).
        is_feed = source is not None and source.answers_for_all
        self._key_of_round = f"merchant {merchant.pk}" if is_feed else None
        self._same_next = self._next_check(self._key_of_round) if self._key_of_round else None
        self._insert = _insert_statement()
        self._links_of: dict[int, int] = {}

    def write(self, found: Sorted) -> Written:
        """New offers, changed ones, readings and doubts. What is written twice is the same as once."""
        written = Written()
        if found.new:
            written.made = self._make(found.new)
        if found.known:
            written.changed = self._change(found.known)
        if found.contradicted:
            self._answer(found.contradicted)
        if found.doubtful:
            self._doubt(found.doubtful)
        return written

    def _make(self, new: Mapping[Key, Item]) -> int:
        believed = {key: self._is_believed(key, item) for key, item in new.items()}
        codes = self._codes(new.values())
        with connection.cursor() as cursor:
            columns = ", ".join(f"{name} {kind}" for name, kind in _STAGED.items())
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {_STAGE} ({columns}) ON COMMIT DELETE ROWS")
            with cursor.copy(f"COPY {_STAGE} FROM STDIN") as copy:
                for (key, item), code in zip(new.items(), codes, strict=True):
                    copy.write_row(self._staged(item, code, is_believed=believed[key]))
            constants: dict[str, Any] = {
                "merchant": self._merchant.pk,
                "source": self._merchant.source,
                "now": self._now,
                "seen_at": next(iter(new.values())).reading.seen_at,
            }
            cursor.execute(self._insert.text, {**self._insert.defaults, **constants})
            made = cursor.fetchall()
            cursor.execute(f"TRUNCATE {_STAGE}")
        self._link_the_rest(pk for pk, _, _, is_linked in made if not is_linked)
        ids = {(sku, condition): pk for pk, sku, condition, _ in made}
        in_doubt: dict[int, Reading | Unreadable] = {
            pk: new[key].reading for key, pk in ids.items() if new[key].has_price and not believed[key]
        }
        self._answer(in_doubt)
        if len(ids) < len(new):
            # Somebody made the same offers in this very moment: they are known now.
            self._change(self._known_by_now({key: item for key, item in new.items() if key not in ids}))
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

    def _known_by_now(self, items: Mapping[Key, Item]) -> dict[Key, tuple[int, Item]]:
        rows = Offer.objects.filter(merchant=self._merchant, merchant_sku__in=[sku for sku, _ in items])
        ids = {(sku, condition): pk for pk, sku, condition in rows.values_list("pk", "merchant_sku", "condition")}
        return {key: (ids[key], item) for key, item in items.items() if key in ids}

    def _change(self, known: Mapping[Key, tuple[int, Item]]) -> int:
        readings: dict[int, Reading | Unreadable] = {
            pk: item.reading for pk, item in known.values() if item.has_price and not item.is_settled
        }
        moved = self._move(known.values())
        return max(moved, self._answer(readings))

    def _move(self, known: Iterable[tuple[int, Item]]) -> int:
        """Pages that moved at the merchant; how many."""
        pairs = [(pk, storable(item.reading.url)) for pk, item in known]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE catalog_offer SET url = given.url FROM unnest(%s::bigint[], %s::text[]) AS given (id, url)"
                " WHERE catalog_offer.id = given.id AND catalog_offer.url <> given.url RETURNING catalog_offer.id",
                [[pk for pk, _ in pairs], [url for _, url in pairs]],
            )
            moved = [pk for (pk,) in cursor.fetchall()]
        unlinked = Offer.objects.filter(pk__in=[pk for pk, _ in pairs], links__isnull=True)
        for offer in unlinked:
            _link_if_possible(offer)
        return len(moved)

    def _answer(self, said: Mapping[int, Reading | Unreadable]) -> int:
        """Through the judge and into the history, as every other reading; how many offers changed."""
        if not said:
            return 0
        offers = Offer.objects.filter(pk__in=said).select_related("product__brand")
        answers = [(offer, said[offer.pk]) for offer in offers]
        tally = store_answers(merchant=self._merchant, answers=answers, now=self._now, key_of_round=self._key_of_round)
        return tally.changed

    def _doubt(self, doubtful: Mapping[Key, Doubtful]) -> None:
        DoubtfulMatch.objects.bulk_create(
            [self._doubtful_match(key, doubt) for key, doubt in doubtful.items()],
            update_conflicts=True,
            unique_fields=["merchant", "merchant_sku", "condition"],
            update_fields=[
                "feed_import",
                "url",
                "title",
                "brand",
                "gtin",
                "mpn",
                "asin",
                "amount",
                "currency",
                "candidates",
            ],
        )

    def _doubtful_match(self, key: Key, doubt: Doubtful) -> DoubtfulMatch:
        said = doubt.reading
        is_kept = doubt.has_price and is_storable(said)
        return DoubtfulMatch(
            merchant=self._merchant,
            feed_import=self._import,
            merchant_sku=key[0],
            condition=key[1],
            url=storable(said.url),
            title=storable(said.title),
            brand=storable(said.brand),
            gtin=gtin_of(said.gtin),
            mpn=storable(said.mpn),
            asin=storable(said.asin)[:10],
            amount=said.amount if is_kept else None,
            currency=said.currency if is_kept else "",
            candidates=[candidate.as_json() for candidate in doubt.candidates],
        )


def _link_if_possible(offer: Offer) -> None:
    try:
        link_for_offer(offer=offer)
    except LinkError:
        return  # its address was checked; what stands in the way is a setting of the merchant's, which says so itself


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    defaults: Mapping[str, Any]


def _insert_statement() -> _Statement:
    """Offers, links and prices out of the staged rows, in one statement; returns what was made.

    Columns that nobody named get the model's own default, so that a new column needs no change here.
    """
    defaults: dict[str, Any] = {}
    offers = _columns(
        Offer,
        {
            **{name: f"s.{name}" for name in _STAGED if name not in {"raw", "code"}},
            "merchant_id": "%(merchant)s",
            "seen_at": "CASE WHEN s.amount IS NULL THEN NULL ELSE %(seen_at)s END",
            "checked_at": "CASE WHEN s.amount IS NULL THEN NULL ELSE %(now)s END",
            "state": f"CASE WHEN s.amount IS NULL THEN '{Offer.State.NEW}' ELSE '{Offer.State.OK}' END",
            "created_at": "%(now)s",
        },
        defaults,
    )
    links = _columns(
        Link, {"code": "s.code", "offer_id": "made.id", "created_at": "%(now)s", "updated_at": "%(now)s"}, defaults
    )
    prices = _columns(
        Price,
        {
            "offer_id": "made.id",
            "seen_at": "%(seen_at)s",
            "source": "%(source)s",
            "verdict": f"'{Verdict.ACCEPTED}'",
            **{name: f"s.{name}" for name in ("amount", "currency", "shipping_amount", "availability", "raw")},
        },
        defaults,
    )
    staged = f"made JOIN {_STAGE} s USING (merchant_sku, condition)"
    # Names of tables and columns are ours, values are parameters.
    return _Statement(
        f"""
        WITH made AS (
            INSERT INTO catalog_offer ({offers.names}) SELECT {offers.values} FROM {_STAGE} s
            ON CONFLICT (merchant_id, merchant_sku, condition) DO NOTHING RETURNING id, merchant_sku, condition
        ), linked AS (
            INSERT INTO catalog_link ({links.names}) SELECT {links.values} FROM {staged}
            ON CONFLICT (code) DO NOTHING RETURNING offer_id
        ), priced AS (
            INSERT INTO catalog_price ({prices.names}) SELECT {prices.values} FROM {staged} WHERE s.amount IS NOT NULL
        )
        SELECT made.id, made.merchant_sku, made.condition, linked.offer_id IS NOT NULL
        FROM made LEFT JOIN linked ON linked.offer_id = made.id
        """,  # noqa: S608
        defaults,
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    names: str
    values: str


def _columns(model: type[models.Model], given: Mapping[str, str], defaults: dict[str, Any]) -> _Columns:
    values = dict(given)
    for field in model._meta.concrete_fields:
        column = field.column or field.name
        if column in values or field.primary_key:
            continue
        name = f"{model.__name__}_{column}"
        defaults[name] = field.get_db_prep_save(field.get_default(), connection)
        values[column] = f"%({name})s"
    return _Columns(", ".join(f'"{name}"' for name in values), ", ".join(values.values()))
