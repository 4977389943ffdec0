"""How does a row of a file of links become a link?"""

from __future__ import annotations

from collections.abc import Sequence

from catalog.models import Link, Offer
from catalog.reading import Condition
from catalog.services.link_checks import link_problems
from catalog.services.links import LinkError, free_code, store_link
from catalog.services.table_imports.offers import merchant_of, merchants_by_name, offers_by_sku
from catalog.services.table_imports.outcome import Around, Did, Outcome, RowProblemError, changes_of, wrong
from catalog.table_rows import link_values, same
from catalog.tables import Problem, ReadRow

_OWN = ("redirect_status", "is_active", "expires_at", "expires_after_clicks", "fallback_path")
_OFFER = ("merchant", "sku", "condition")


class LinkRows:
    """A stroke of rows: `load` reads all they need in a fixed number of queries, `take` deals with one."""

    def __init__(self, around: Around) -> None:
        self.around = around

    def load(self, rows: Sequence[ReadRow]) -> None:
        self._merchants = merchants_by_name()
        self._offers = offers_by_sku([row.values["sku"] for row in rows if "sku" in row.values])
        codes = [row.values["code"] for row in rows if "code" in row.values]
        with_offers = Link.objects.select_related("offer__merchant", "offer__product__brand")
        self._links = {link.code: link for link in with_offers.filter(code__in=codes)}
        own = with_offers.filter(offer__in=[offer.pk for offer in self._offers.values()])
        self._of_offers: dict[int, Link] = {}
        for link in own.order_by("-is_active", "pk"):
            self._of_offers.setdefault(link.offer_id, link)

    def take(self, row: ReadRow) -> Outcome:
        """Raises `RowProblemError` and what the database refuses; the caller has a savepoint."""
        values = row.values
        link, offer = self._links.get(values.get("code", "")), self._offer(row)
        if link is None and offer is not None and "code" not in values:
            link = self._of_offers.get(offer.pk)
        is_new = link is None
        if link is None:
            if offer is None:
                raise wrong("merchant", "The code is not here yet: a new link needs its offer's merchant and sku.")
            link = Link(code=values.get("code") or free_code(offer=offer), offer=offer)
        stored = {} if is_new else link_values(link)
        wanted = {name: values[name] for name in _OWN if name in values}
        if offer is not None and (is_new or offer.pk != link.offer_id):
            wanted |= {"merchant": offer.merchant.name, "sku": offer.merchant_sku, "condition": offer.condition}
        fresh = link_values(Link(code=link.code, offer=link.offer)) if is_new else stored
        changed = [name for name, value in wanted.items() if not same(fresh.get(name), value)]
        outcome = Outcome(number=row.number, did=Did.NEW if is_new else Did.CHANGED, name=str(link), row=link)
        outcome.said = changes_of(stored, wanted, list(wanted) if is_new else changed)
        if not is_new and not changed:
            outcome.did = Did.SAME
            return outcome
        self._refuse(is_new)
        for name in changed:
            if name in _OWN:
                setattr(link, name, wanted[name])
        link.offer = offer if offer is not None else link.offer
        _store(link)
        return outcome

    def _offer(self, row: ReadRow) -> Offer | None:
        values = row.values
        if "merchant" not in values and "sku" not in values:
            return None
        merchant = merchant_of(values, self._merchants)
        condition = values.get("condition", Condition.NEW.value)
        offer = self._offers.get((merchant.pk, values.get("sku", ""), condition))
        if offer is None:
            raise wrong(
                "sku",
                f"{merchant.name} has no {condition} offer with the number “{values.get('sku', '')}” here. Bring it in "
                "first, under Offers.",
            )
        return offer

    def _refuse(self, is_new: bool) -> None:
        rights = self.around.rights
        if is_new and not rights.may_add:
            raise wrong("", "It is not here yet, and your role may not add links. Ask somebody who may.")
        if not is_new and not rights.may_change:
            raise wrong("", "Your role may not change links.")


def _store(link: Link) -> None:
    stored = Link.objects.filter(pk=link.pk).select_related("offer__merchant").first() if link.pk else None
    if problems := link_problems(link, stored=stored):
        named = {"offer": "sku"}
        raise RowProblemError(
            *(
                Problem(column=named.get(name, name), message=" ".join(sentences))
                for name, sentences in problems.items()
            )
        )
    try:
        store_link(link=link)
    except LinkError as error:
        raise wrong("", str(error)) from error
