"""How does a partner's machine make and change links? As the desk does: the same checks, and a code is for good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from catalog.models import Link, Offer
from catalog.services.link_checks import link_problems
from catalog.services.links import LinkError, free_code, store_link

# What can be said of a link beside the offer it leads to.
FIELDS = ("redirect_status", "is_active", "expires_at", "expires_after_clicks", "fallback_path")


class LinkRefusedError(Exception):
    """The link is not stored. `problems`: sentences by field; empty text is the whole."""

    def __init__(self, problems: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(said)}" for name, said in problems.items()))
        self.problems = problems


def record_of(link: Link) -> str:
    """16 hex digits that are others as soon as the link is."""
    values = [link.code, link.offer_id, *(getattr(link, name) for name in FIELDS)]
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]


def for_writing(code: str) -> Link | None:
    """The link, locked until the transaction ends; None: there is none."""
    rows = Link.objects.select_for_update(of=("self",)).select_related("offer__merchant", "offer__product__brand")
    return rows.filter(code=code).first()


def offer_named(*, merchant: str, sku: str, condition: str) -> Offer:
    """The merchant's offer of this item. Raises `LinkRefusedError`."""
    rows = Offer.objects.select_related("merchant", "product__brand")
    offer = rows.filter(merchant__slug=merchant, merchant_sku=sku, condition=condition).first()
    if offer is None:
        said = f"There is no {condition} offer “{sku}” of a merchant “{merchant}” here. Bring it in first."
        raise LinkRefusedError({"sku": [said]})
    return offer


@transaction.atomic
def make_link(*, code: str, offer: Offer, fields: Mapping[str, Any]) -> Link:
    """A new link; without a code it gets a readable one. Raises `LinkRefusedError`, and then nothing is stored."""
    if code and Link.objects.filter(code=code).exists():
        raise LinkRefusedError({"code": [f"/go/{code}/ is taken. Choose another code, or change that link."]})
    if not code and (known := offer.links.order_by("-is_active", "pk").first()) is not None:
        raise LinkRefusedError({"code": [f"The offer has {known} already. Change that one, or give another code."]})
    return _stored(Link(code=code or free_code(offer=offer), offer=offer, **fields), stored=None)


@transaction.atomic
def change_link(*, link: Link, offer: Offer | None, fields: Mapping[str, Any]) -> Link:
    """Lead it elsewhere or end it. Raises `LinkRefusedError`, and then nothing is stored."""
    stored = Link.objects.select_related("offer__merchant").get(pk=link.pk)
    for name, value in fields.items():
        setattr(link, name, value)
    link.offer = offer or link.offer
    return _stored(link, stored=stored)


def _stored(link: Link, *, stored: Link | None) -> Link:
    if problems := link_problems(link, stored=stored):
        raise LinkRefusedError({"sku" if name == "offer" else name: said for name, said in problems.items()})
    try:
        with transaction.atomic():
            store_link(link=link)
    except LinkError as error:
        raise LinkRefusedError({"": [str(error)]}) from error
    except IntegrityError as error:  # somebody took the code in this very moment
        raise LinkRefusedError({"code": ["Somebody took this code just now. Choose another."]}) from error
    return link
