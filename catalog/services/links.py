"""How does an offer get its short address, and who is led where from it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.models import Link, LinkRoute, Offer
from catalog.services.link_checks import Problems, link_problems, offer_problem, route_problems, target_problem
from catalog.services.page_changes import announce

LONGEST_CODE = 40


class LinkError(Exception):
    """The link cannot be made or stored so. The message says why and what to do; nothing was stored."""


@dataclass(frozen=True, slots=True)
class LinksMade:
    """`refused`: one sentence for each offer that cannot be linked to."""

    made: list[Link] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


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
    if why := target_problem(offer):
        raise LinkError(why)


def link_offers(*, offers: Iterable[Offer]) -> LinksMade:
    """Give each of the offers that has none its link. Each by itself: one that is refused stops no other."""
    done = LinksMade()
    for offer in offers:
        if offer.links.exists():
            continue
        try:
            if why := offer_problem(offer):
                raise LinkError(why)
            done.made.append(link_for_offer(offer=offer))
        except LinkError as error:
            done.refused.append(f"{offer}: {error}")
    return done


@transaction.atomic
def store_link(*, link: Link) -> None:
    """Store the link as it stands. A stored link keeps its code. Raises `LinkError` with every problem."""
    stored = Link.objects.select_for_update().filter(pk=link.pk).first() if link.pk else None
    _refuse(f"Link {link.code}", link_problems(link, stored=stored), link)
    if stored is None:
        link.save()
    else:
        # Only these: the shipper may be writing that its clicks are used up.
        columns = ["offer", "redirect_status", "is_active", "expires_at", "expires_after_clicks", "fallback_path"]
        if stored.expires_after_clicks != link.expires_after_clicks:
            link.expired_at = None  # the shipper holds the new number against its count again
            columns.append("expired_at")
        link.save(update_fields=[*columns, "updated_at"])
    announce(f"offer:{link.offer_id}")


@transaction.atomic
def store_routes(*, link: Link, routes: Sequence[LinkRoute], removed: Sequence[LinkRoute] = ()) -> None:
    """Store these routes of the link and delete the removed ones, all or nothing. Raises `LinkError`."""
    stored = {route.pk: route for route in LinkRoute.objects.select_for_update().filter(link=link)}
    for route in removed:
        route.delete()
    for route in routes:
        route.link = link
        _refuse(f"Route {route.position}", route_problems(route, stored=stored.get(route.pk)), route)
        route.save()


@transaction.atomic
def copy_link(*, link: Link, code: str) -> Link:
    """Another code that leads where this link leads, with its routes; both lead there from now on, counted apart.

    This is how a code is renamed: one that stands in print never stops leading. Raises `LinkError`.
    """
    copied = Link(
        code=code,
        offer=link.offer,
        redirect_status=link.redirect_status,
        is_active=link.is_active,
        expires_at=link.expires_at,
        fallback_path=link.fallback_path,
    )
    store_link(link=copied)
    for route in link.routes.all():
        route.pk, route._state.adding = None, True
        route.link = copied
        route.save()
    return copied


def _refuse(what: str, problems: Problems, row: Link | LinkRoute) -> None:
    """Raises `LinkError` when there are problems, or the columns cannot hold the values."""
    found = [f"`{name}`: {' '.join(sentences)}" for name, sentences in problems.items()]
    try:
        row.full_clean(exclude=set(problems))
    except ValidationError as error:
        found += [f"`{name}`: {' '.join(messages)}" for name, messages in error.message_dict.items()]
    if found:
        raise LinkError(f"{what}: {' '.join(found)}")


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
