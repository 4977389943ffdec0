"""How does a partner's machine make a link, and lead it elsewhere? What it sees of links is in `catalog.api.links`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.links import LinkDetail, LinkList, LinkOut, said_of, shown_links
from catalog.api.product_input import WORDS
from catalog.models import Link, Offer
from catalog.reading import Condition
from catalog.services.link_writing import (
    FIELDS,
    LinkRefusedError,
    change_link,
    for_writing,
    make_link,
    offer_named,
    record_of,
)
from partners.preconditions import IF_MATCH, DoesNotFitError, etag, must_match
from partners.safe_repeats import IDEMPOTENCY_KEY, safe_to_repeat
from readers.exact_input import ExactInput

_SLUG = r"^[-a-zA-Z0-9_]+$"


class LinkChangeIn(ExactInput):
    """Where a link leads and how it ends. `merchant` and `sku` go together; what is left out stays."""

    merchant = serializers.RegexField(_SLUG, max_length=80, required=False, help_text="The merchant's slug.")
    sku = serializers.RegexField(WORDS, max_length=120, required=False, help_text="Its own id of the item.")
    condition = serializers.ChoiceField([item.value for item in Condition], required=False)
    redirect_status = serializers.ChoiceField(Link.Redirect.choices, required=False)
    is_active = serializers.BooleanField(required=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    expires_after_clicks = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2_147_483_647
    )
    fallback_path = serializers.CharField(
        required=False, allow_blank=True, max_length=300, help_text="A page of ours, such as /guides/; empty: its own."
    )


class LinkIn(LinkChangeIn):
    """A new link. Its code is for good: it may stand in print."""

    code = serializers.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40, required=False, help_text="Left out: one made of the names."
    )
    merchant = serializers.RegexField(_SLUG, max_length=80, help_text="The merchant's slug.")
    sku = serializers.RegexField(WORDS, max_length=120, help_text="Its own id of the item.")


class LinkListDoor(LinkList):
    """Links in the order in which they were made, with the clicks of the last thirty days."""

    scopes = {**LinkList.scopes, "POST": "links:write"}

    @extend_schema(request=LinkIn, responses={201: LinkOut}, parameters=[IDEMPOTENCY_KEY])
    @safe_to_repeat
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a link to an offer. It leads to the offer's own page at the merchant, checked as at the desk."""
        given = _given(LinkIn(data=request.data))
        try:
            link = make_link(code=given.get("code", ""), offer=_offer(given), fields=_fields(given))
        except LinkRefusedError as refusal:
            raise _does_not_fit(refusal) from None
        told = _told(link.code, status=201)
        told.headers["Location"] = request.build_absolute_uri(f"{request.path}{link.code}/")
        return told


class LinkDoor(LinkDetail):
    """One link by its code."""

    scopes = {**LinkDetail.scopes, "PATCH": "links:write"}

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _told(kwargs["code"])

    @extend_schema(request=LinkChangeIn, responses={200: LinkOut}, parameters=[IF_MATCH, IDEMPOTENCY_KEY])
    @safe_to_repeat
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Lead it elsewhere, switch it off or have it end. Its code stays."""
        link = for_writing(kwargs["code"])
        if link is None:
            raise NotFound("There is no link with this code.")
        must_match(request, record_of(link))
        given = _given(LinkChangeIn(data=request.data, partial=True))
        try:
            offer = _offer(given) if {"merchant", "sku", "condition"} & set(given) else None
            change_link(link=link, offer=offer, fields=_fields(given))
        except LinkRefusedError as refusal:
            raise _does_not_fit(refusal) from None
        return _told(link.code)


def _given(sent: ExactInput) -> dict[str, Any]:
    sent.is_valid(raise_exception=True)
    given: dict[str, Any] = sent.validated_data
    return given


def _offer(given: Mapping[str, Any]) -> Offer:
    """Raises `LinkRefusedError`."""
    if missing := [name for name in ("merchant", "sku") if name not in given]:
        raise LinkRefusedError({name: ["Merchant and sku name the offer together."] for name in missing})
    return offer_named(merchant=given["merchant"], sku=given["sku"], condition=given.get("condition", "new"))


def _fields(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in FIELDS if name in given}


def _does_not_fit(refusal: LinkRefusedError) -> DoesNotFitError:
    return DoesNotFitError({name or "link": list(said) for name, said in refusal.problems.items()})


def _told(code: str, *, status: int = 200) -> Response:
    link = get_object_or_404(shown_links(), code=code)
    data = LinkOut(link, context=said_of([link])).data
    return Response(data, status=status, headers={"ETag": etag(record_of(link), data)})
