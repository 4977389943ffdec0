"""How does a row of a file of offers become an offer, and a price in it a reading that is judged like any other?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.models import Merchant, Offer, Product, ProductCode
from catalog.reading import Availability, Condition, NotSold, Reading
from catalog.services.offers import OfferError, restore_offers, store_offer, withdraw_offers
from catalog.services.pushed_readings import result_of
from catalog.services.readings import store_answers
from catalog.services.table_imports.outcome import Around, Did, Outcome, change, changes_of, wrong
from catalog.table_rows import offer_values, same
from catalog.tables import ReadRow
from catalog.tables.offers import PRICE
from catalog.targets import TargetError, refuse_foreign

_GONE = (Availability.OUT_OF_STOCK, Availability.DISCONTINUED)
_SAID_OF_THE_PRICE = ("price", "currency", "shipping", "availability")
# The source of these readings: no merchant's feed said them.
SOURCE = "manual"


class OfferRows:
    """A stroke of rows: `load` reads all they need in a fixed number of queries, `take` deals with one."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self._merchants: dict[str, Merchant] = {}
        self._offers: dict[tuple[int, str, str], Offer] = {}
        self._products: dict[str, Product] = {}
        self._codes: dict[tuple[str, str], Product] = {}

    def load(self, rows: Sequence[ReadRow]) -> None:
        self._merchants = merchants_by_name()
        self._offers = offers_by_sku([row.values["sku"] for row in rows if "sku" in row.values])
        slugs = {row.values["product"] for row in rows if "product" in row.values}
        found = Product.objects.filter(slug__in=slugs).select_related("brand", "merged_into")
        self._products = {product.slug: product for product in found}
        values = {row.values[scheme] for row in rows for scheme in ("gtin", "asin") if scheme in row.values}
        codes = ProductCode.objects.filter(scheme__in=("gtin", "asin"), value__in=values)
        self._codes = {
            (code.scheme, code.value): code.product
            for code in codes.select_related("product__brand", "product__merged_into")
        }

    def take(self, row: ReadRow) -> Outcome:
        """Raises `RowProblemError` and what the database refuses; the caller has a savepoint."""
        values = row.values
        merchant = merchant_of(values, self._merchants)
        sku = values.get("sku") or _needed("sku")
        condition = values.get("condition", Condition.NEW.value)
        offer = self._offers.get((merchant.pk, sku, condition))
        product = self._product(values)
        is_new = offer is None
        if offer is None:
            offer = self._new(merchant, sku, condition, product, values)
        stored = {} if is_new else offer_values(offer)
        wanted = {name: values[name] for name in ("url", "withdrawn") if name in values}
        if product is not None:
            wanted["product"] = product.slug
        changed = [name for name, value in wanted.items() if not same(stored.get(name, _NOTHING.get(name)), value)]
        outcome = Outcome(number=row.number, did=Did.NEW if is_new else Did.CHANGED, row=offer)
        outcome.name = f"{(product or offer.product).name} at {merchant.name}"
        outcome.said = changes_of(stored, wanted, changed)
        answer = self._answer(offer, stored, values, is_about_another="product" in changed and not is_new)
        if answer is not None:
            outcome.said += _price_said(stored, values, answer)
        if not is_new and not changed and answer is None:
            outcome.did = Did.SAME
            return outcome
        self._refuse(is_new)
        self._store(offer, product, wanted, changed, is_new=is_new)
        if answer is not None:
            outcome.said += self._read(offer, answer, values)
        return outcome

    def _product(self, values: Mapping[str, Any]) -> Product | None:
        """The product that the row names; None when it names none. All that name one must name the same."""
        named: dict[str, Product] = {}
        if slug := values.get("product"):
            if slug not in self._products:
                raise wrong("product", f"There is no product “{slug}” here. Bring it in first, under Products.")
            named["product"] = self._products[slug]
        for scheme in ("gtin", "asin"):
            if code := values.get(scheme):
                if (scheme, code) not in self._codes:
                    raise wrong(scheme, f"{code} names no product here. Add it to the product, or empty this cell.")
                named[scheme] = self._codes[scheme, code]
        for column, product in named.items():
            first = next(iter(named.values()))
            if product.pk != first.pk:
                raise wrong(column, f"It names {product.name} ({product.slug}), the row {first.name} ({first.slug}).")
            if product.merged_into is not None:
                raise wrong(column, f"{product.name} was merged into {product.merged_into.slug}. Write that one.")
        return next(iter(named.values()), None)

    def _new(
        self, merchant: Merchant, sku: str, condition: str, product: Product | None, values: Mapping[str, Any]
    ) -> Offer:
        if product is None:
            raise wrong("product", "The offer is not here yet: it needs its product's slug, or a GTIN or ASIN.")
        if "url" not in values:
            raise wrong("url", "The offer is not here yet: it needs the item's page at the merchant.")
        return Offer(merchant=merchant, merchant_sku=sku, condition=condition, product=product, url=values["url"])

    def _refuse(self, is_new: bool) -> None:
        rights = self.around.rights
        if is_new and not rights.may_add:
            raise wrong("", "It is not here yet, and your role may not add offers. Ask somebody who may.")
        if not is_new and not rights.may_change:
            raise wrong("", "Your role may not change offers.")

    def _answer(
        self, offer: Offer, stored: Mapping[str, Any], values: Mapping[str, Any], *, is_about_another: bool
    ) -> Reading | NotSold | None:
        """What the row says of the price, as a source would; None when that is known already."""
        known = {} if is_about_another else stored
        said = {name: values[name] for name in PRICE if name in values}
        seen_at: datetime = said.get("seen_at") or self.around.seen_at
        is_same = all(same(known.get(name), value) for name, value in said.items() if name in _SAID_OF_THE_PRICE)
        is_newer = "seen_at" in said and known.get("seen_at") is not None and not same(known["seen_at"], seen_at)
        if is_same and not (is_newer and seen_at > known["seen_at"]):
            return None
        if known.get("seen_at") is not None and same(known["seen_at"], seen_at):
            seen_at = self.around.seen_at  # the time in the cell was about the price before
        return self._reading(offer, known, said, seen_at)

    def _reading(
        self, offer: Offer, known: Mapping[str, Any], said: Mapping[str, Any], seen_at: datetime
    ) -> Reading | NotSold | None:
        merchant = offer.merchant
        if not merchant.prices_allowed:
            raise wrong("price", f"{merchant.name}'s terms allow no prices. Empty price, shipping and availability.")
        amount: Decimal | None = said.get("price", known.get("price"))
        availability = Availability(said.get("availability") or known.get("availability") or Availability.UNKNOWN)
        if amount is None:
            if availability in _GONE:
                return NotSold(
                    sku=offer.merchant_sku,
                    seen_at=seen_at,
                    availability=availability,
                    condition=Condition(offer.condition),
                )
            if not {"shipping", "availability", "seen_at"} & set(said) or availability is Availability.UNKNOWN:
                return None
            raise wrong("price", "No price is known: shipping and availability need one beside them.")
        return Reading(
            sku=offer.merchant_sku,
            amount=amount,
            currency=said.get("currency") or known.get("currency") or merchant.currency,
            seen_at=seen_at,
            availability=availability,
            condition=Condition(offer.condition),
            shipping_amount=said.get("shipping", known.get("shipping")),
            raw_price=f"{amount:f}, {self.around.file_name}"[:200],
        )

    def _store(
        self, offer: Offer, product: Product | None, wanted: Mapping[str, Any], changed: Sequence[str], *, is_new: bool
    ) -> None:
        now = self.around.now
        if is_new or {"url", "product"} & set(changed):
            offer.url = wanted.get("url", offer.url)
            offer.product = product or offer.product
            try:
                refuse_foreign(offer.url, offer.merchant.hosts, merchant=offer.merchant.name)
                store_offer(offer=offer, now=now)
            except TargetError as error:
                raise wrong("url", str(error)) from error
            except OfferError as error:
                raise wrong("", str(error)) from error
        if "withdrawn" in changed:
            (withdraw_offers if wanted["withdrawn"] else restore_offers)(offers=[offer], now=now)

    def _read(self, offer: Offer, answer: Reading | NotSold, values: Mapping[str, Any]) -> list[dict[str, str]]:
        """Judged and stored like what a source answers. Held: said so. Not believed: the whole row is wrong."""
        now = self.around.now
        merchant = Merchant.objects.get(pk=offer.merchant_id)
        offer = Offer.objects.get(pk=offer.pk)
        store_answers(merchant=merchant, answers=[(offer, answer)], now=now, source=SOURCE)
        # An unchanged feed would give this price its own time: the next look reads all of it again.
        Merchant.objects.filter(pk=merchant.pk).update(feed_etag="", feed_last_modified="", feed_sha256="")
        result = result_of(0, answer, Offer.objects.filter(pk=offer.pk).first(), now=now)
        if result.outcome == "held":
            return [change("price", "", f"held until a second look agrees: {result.reason}")]
        if result.outcome == "older":
            leave = "Empty price, shipping, availability and seen_at to leave it, or only seen_at if you saw yours now."
            raise wrong("seen_at", f"{result.reason} {leave}")
        if result.outcome != "accepted":
            raise wrong("price", result.reason)
        return []


_NOTHING: dict[str, Any] = {"withdrawn": False}


def _needed(column: str) -> str:
    raise wrong(column, "It is needed: merchant and sku say which offer is meant.")


def _price_said(
    stored: Mapping[str, Any], values: Mapping[str, Any], answer: Reading | NotSold
) -> list[dict[str, str]]:
    told = {name: values[name] for name in _SAID_OF_THE_PRICE if name in values}
    if isinstance(answer, NotSold):
        told["price"] = None
    told["seen_at"] = answer.seen_at
    return changes_of(stored, told, [name for name, value in told.items() if not same(stored.get(name), value)])


def merchants_by_name() -> dict[str, Merchant]:
    """Every merchant by its name and by its slug, in small letters; a slug wins over a name."""
    rows = list(Merchant.objects.all())
    return {row.name.casefold(): row for row in rows} | {row.slug: row for row in rows}


def merchant_of(values: Mapping[str, Any], merchants: Mapping[str, Merchant]) -> Merchant:
    name = values.get("merchant") or _needed("merchant")
    if (found := merchants.get(name.casefold())) is None:
        raise wrong("merchant", f"There is no merchant “{name}” here. Check the spelling, or add it under Merchants.")
    return found


def offers_by_sku(skus: Sequence[str]) -> dict[tuple[int, str, str], Offer]:
    rows = Offer.objects.filter(merchant_sku__in=set(skus)).select_related("merchant", "product__brand")
    return {(row.merchant_id, row.merchant_sku, row.condition): row for row in rows}
