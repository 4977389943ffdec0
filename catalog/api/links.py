"""How does a partner's machine see our links: where each leads, how it is doing, how often it is followed?"""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.lists import ByNumber, KnownParameters
from catalog.asked_days import DAY_PARAMETERS, NAMES, asked_days
from catalog.click_reports import Dimension, clicks_by_day
from catalog.link_states import DAYS, STATES, clicks_of, in_state, state_of, with_failovers
from catalog.models import Link, LinkRoute
from partners.key_doors import ScopedView


class LinkOut(serializers.Serializer[Link]):
    code = serializers.CharField(help_text="For good: a link never changes its code.")
    url = serializers.SerializerMethodField(help_text="Our address, for readers to follow.")
    destination = serializers.CharField(
        source="offer.url", help_text="The shop's page; the network's tag is added when somebody follows the link."
    )
    product = serializers.CharField(source="offer.product.slug", help_text="The product's slug.")
    merchant = serializers.CharField(source="offer.merchant.slug", help_text="The merchant's slug.")
    state = serializers.SerializerMethodField(help_text="; ".join(f"`{key}`: {text}" for key, text in STATES.items()))
    state_text = serializers.SerializerMethodField(help_text="The same in words, with its reason.")
    has_routes = serializers.BooleanField(help_text="Whether some visitors are led elsewhere.")
    redirect_status = serializers.IntegerField(help_text="HTTP status of the redirect.")
    is_active = serializers.BooleanField()
    expires_at = serializers.DateTimeField(allow_null=True, help_text="From then on it leads to its fallback, UTC.")
    expires_after_clicks = serializers.IntegerField(allow_null=True, help_text="After so many net clicks, the same.")
    fallback_path = serializers.CharField(allow_blank=True, help_text="Empty: the product's page.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    clicks = serializers.SerializerMethodField(help_text=f"Of the last {DAYS} days: everything that was recorded.")
    net_clicks = serializers.SerializerMethodField(
        help_text=f"Of the last {DAYS} days: people's, without staff, prefetches and repeats within an hour."
    )

    def get_url(self, link: Link) -> str:
        return settings.SITE_URL + link.get_absolute_url()

    def get_state(self, link: Link) -> str:
        return state_of(link, now=self.context["now"]).kind

    def get_state_text(self, link: Link) -> str:
        return state_of(link, now=self.context["now"]).text

    def get_clicks(self, link: Link) -> int:
        return self._lately(link)[0]

    def get_net_clicks(self, link: Link) -> int:
        return self._lately(link)[1]

    def _lately(self, link: Link) -> tuple[int, int]:
        found: dict[str, tuple[int, int]] = self.context["clicks"]
        return found.get(link.code, (0, 0))


class LinkFilter(django_filters.FilterSet):
    product = django_filters.CharFilter(field_name="offer__product__slug")
    merchant = django_filters.CharFilter(field_name="offer__merchant__slug")
    state = django_filters.ChoiceFilter(choices=list(STATES.items()), method="of_state")

    class Meta:
        model = Link
        fields: list[str] = []

    def of_state(self, rows: QuerySet[Link], name: str, value: str) -> QuerySet[Link]:
        return in_state(rows, value, now=timezone.now())


def shown_links() -> QuerySet[Link]:
    """Links with all that `LinkOut` says of them; their clicks come with `said_of`."""
    rows = Link.objects.select_related("offer__merchant", "offer__product__brand")
    return with_failovers(rows).annotate(has_routes=Exists(LinkRoute.objects.filter(link=OuterRef("pk"))))


def said_of(links: list[Link]) -> dict[str, Any]:
    """What `LinkOut` needs beside its rows. One query."""
    now = timezone.now()
    return {"now": now, "clicks": clicks_of([link.code for link in links], today=timezone.localdate(now))}


class LinkList(ScopedView, KnownParameters, generics.ListAPIView[Link]):
    """Links in the order in which they were made, with the clicks of the last thirty days."""

    scopes = {"GET": "links:read"}
    serializer_class = LinkOut
    filterset_class = LinkFilter
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[Link]:
        return shown_links()

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self.page_links = list(rows or ())
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), **said_of(getattr(self, "page_links", []))}


class LinkDetail(ScopedView, generics.RetrieveAPIView[Link]):
    """One link by its code."""

    scopes = {"GET": "links:read"}
    serializer_class = LinkOut
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Link]:
        return shown_links()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        link = self.get_object()
        return Response(LinkOut(link, context=said_of([link])).data)


class DayOut(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="In the site's time zone.")
    clicks = serializers.IntegerField(help_text="Everything that was recorded.")
    net_clicks = serializers.IntegerField(help_text="People's, without staff, prefetches and repeats within an hour.")


class LinkClicksOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField()
    days = DayOut(many=True, help_text="The days on which somebody came, in order.")


class LinkClicks(ScopedView, KnownParameters):
    """How often a link was followed, by day."""

    scopes = {"GET": "links:read"}
    also_known = NAMES

    @extend_schema(responses=LinkClicksOut, parameters=DAY_PARAMETERS)
    def get(self, request: Request, code: str) -> Response:
        link = get_object_or_404(Link, code=code)
        window = asked_days(request)
        found = clicks_by_day(Dimension.LINK, window, key=link.code)
        days = [{"day": day, "clicks": one.clicks, "net_clicks": one.net_clicks} for day, one in found.items()]
        said = {"code": link.code, "since": window.since, "until": window.until, "days": days}
        return Response(LinkClicksOut(said).data)
