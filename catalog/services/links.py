"""How does an offer get its short address?"""

from __future__ import annotations

from django.db import transaction

from catalog.models import Link, Offer
from catalog.targets import TargetError, destination

LONGEST_CODE = 40


class LinkError(Exception):
    """The offer cannot be linked to. The message says why and what to do; nothing was stored."""


@transaction.atomic
def link_for_offer(*, offer: Offer) -> Link:
    """The offer's link: the one it has (also when an editor switched it off), or a new one with a readable code.

    Raises `LinkError` when the offer's address is not on its merchant's hosts or its network cannot tag it.
    """
    # Two importers of the same offer take turns here, so that it gets one link and not two.
    offer = Offer.objects.select_for_update(of=("self",)).select_related("merchant", "product").get(pk=offer.pk)
    refuse_bad_target(offer=offer)
    existing = offer.links.order_by("-is_active", "pk").first()
    if existing is not None:
        return existing
    link, made = Link.objects.get_or_create(code=free_code(offer=offer), defaults={"offer": offer})
    if not made:  # somebody took the code in this very moment; the next free one is another
        link = Link.objects.create(code=free_code(offer=offer), offer=offer)
    return link


def refuse_bad_target(*, offer: Offer) -> None:
    """Raises `LinkError` when a visitor could not, or must not, be sent to this offer."""
    merchant = offer.merchant
    try:
        destination(
            offer.url,
            hosts=merchant.hosts,
            merchant=merchant.name,
            network=merchant.network,
            settings=merchant.network_settings,
        )
    except TargetError as error:
        raise LinkError(str(error)) from error


def free_code(*, offer: Offer) -> str:
    """`<product>-<merchant>`, shortened at a hyphen to 40 characters; `-2`, `-3` … when that is taken."""
    number = 1
    while True:
        code = code_with_number(product=offer.product.slug, merchant=offer.merchant.slug, number=number)
        if not Link.objects.filter(code=code).exists():
            return code
        number += 1


def code_with_number(*, product: str, merchant: str, number: int) -> str:
    """The code made of the two slugs; the first has no number."""
    suffix = f"-{merchant[:20].strip('-')}" + (f"-{number}" if number > 1 else "")
    return shortened(product, LONGEST_CODE - len(suffix)) + suffix


def shortened(slug: str, length: int) -> str:
    """The slug, cut at its last hyphen that fits when it is too long."""
    if len(slug) <= length:
        return slug
    whole_words, _, _ = slug[: length + 1].rpartition("-")
    return whole_words.strip("-") or slug[:length].strip("-")
