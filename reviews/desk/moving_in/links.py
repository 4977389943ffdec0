"""How do the old site's short links go on leading where they led?

A link here leads to an offer: a product at a merchant. Who sells is told by the host; what is sold is the product of
the same name, or a record made for the link, which an editor merges into the real one (Products → Merge).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from catalog.models import Brand, Link, Merchant, Product
from catalog.services.links import LinkError, store_link
from catalog.services.merchants import MerchantError, save_merchant
from catalog.services.offers import OfferError, save_offer
from catalog.services.products import store_product
from catalog.targets import TargetError, owns, shop_address
from reviews.desk.moving_in.outcome import Did, Outcome
from reviews.models import FormerPath
from reviews.wordpress.short_links import BadLink, ShortLink

# The brand of products that were made for links; nobody sells under it.
UNSORTED = "Unsorted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What a merchant that we do not know yet starts with."""

    country: str
    currency: str


def take_over_links(links: Iterable[ShortLink | BadLink], *, shop: Shop, now: datetime) -> Iterator[Outcome]:
    """Each link in a transaction of its own; the same again changes nothing."""
    for link in links:
        if isinstance(link, BadLink):
            yield Outcome(what="link", name=link.name, did=Did.REFUSED, notes=(link.reason,))
            continue
        try:
            yield _taken_over(link, shop, now)
        except (LinkError, MerchantError, OfferError, TargetError, ValidationError) as error:
            yield Outcome(what="link", name=link.code, did=Did.REFUSED, notes=(_words(error),))


@transaction.atomic
def _taken_over(link: ShortLink, shop: Shop, now: datetime) -> Outcome:
    address = shop_address(link.url)
    there = Link.objects.select_related("offer").filter(code=link.code).first()
    if there is not None and there.offer.url != address:
        raise LinkError(f"/go/{link.code}/ is taken: it leads to {there.offer.url[:120]}.")
    notes: list[str] = []
    if there is None:
        merchant = _merchant(address, shop, notes)
        product = _product(link, now, notes)
        offer = save_offer(product=product, merchant=merchant, merchant_sku=f"wp-{link.code}", url=address, now=now)
        # The offer's first link has a code of our making; this one is the readers'.
        store_link(link=Link(code=link.code, offer=offer, redirect_status=link.status))
        if address != link.url:
            notes.append("Its network's own address was taken off: give the merchant its network and ids.")
    _remember_path(link)
    return Outcome(
        what="link", name=f"/go/{link.code}/", did=Did.MADE if there is None else Did.THERE, notes=tuple(notes)
    )


def _merchant(address: str, shop: Shop, notes: list[str]) -> Merchant:
    """Whose host it is; a new one is without prices and with the strictest terms until somebody reads its programme."""
    found = next((row for row in Merchant.objects.order_by("pk") if owns(row.hosts, address)), None)
    if found is not None:
        return found
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    notes.append(f"The merchant {host} was made: choose its network, its source of prices and its terms.")
    return save_merchant(
        slug=slugify(host.replace(".", "-")),
        name=host,
        homepage=f"https://{host}/",
        hosts=[host],
        country=shop.country,
        currency=shop.currency,
        source="manual",
        network="direct",
    )


def _product(link: ShortLink, now: datetime, notes: list[str]) -> Product:
    wanted = " ".join(link.name.split())
    found = [row for row in _named_alike(wanted) if row.name.casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    brand, _ = Brand.objects.get_or_create(slug=slugify(UNSORTED), defaults={"name": UNSORTED})
    model = wanted[:160] or link.code
    made = Product.objects.filter(brand=brand, model=model, variant="").first()
    if made is None:
        made = Product(brand=brand, model=model, slug=f"{slugify(UNSORTED)}-{link.code.lower()}"[:200])
        store_product(product=made, changed=[], on=now.date())
    notes.append(f"No product is called “{wanted}”: merge the record made for it into the real one.")
    return made


def _named_alike(name: str) -> Iterable[Product]:
    """Records whose model ends the name; few, whatever the catalogue's size."""
    words = name.split()
    models = {" ".join(words[start:]) for start in range(1, min(len(words), 8))}
    rows = Product.objects.filter(model__in=models, merged_into__isnull=True)
    return rows.select_related("brand") if models else ()


def _remember_path(link: ShortLink) -> None:
    path = "/" + link.former_path.strip("/")
    if path != f"/go/{link.code}" and len(path) <= 300:
        FormerPath.objects.update_or_create(path=path, defaults={"code": link.code, "article": None})


def _words(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
