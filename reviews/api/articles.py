"""Articles for machines: what was published, block by block. No merchant's price is part of it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.lists import KnownParameters, Pages
from catalog.kinds import Kind, ProductType
from reviews import selectors
from reviews.models import Article


class ArticleSummaryOut(serializers.ModelSerializer[Article]):
    slug = serializers.CharField(source="public_slug", help_text="As in the article's address.")
    title = serializers.CharField(source="shown.title")
    standfirst = serializers.CharField(source="shown.standfirst")
    author = serializers.CharField(source="author.name")
    about_kind = serializers.CharField(source="shown.about_kind", help_text="The hub's kind; empty for both.")
    about_type = serializers.CharField(source="shown.about_type", help_text="The hub's type; may be empty.")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = [
            "slug",
            "kind",
            "title",
            "standfirst",
            "author",
            "about_kind",
            "about_type",
            "published_at",
            "revised_at",
            "url",
        ]

    def get_url(self, article: Article) -> str:
        return settings.SITE_URL + article.get_absolute_url()


BLOCK = inline_serializer(
    name="Block",
    fields={
        "kind": serializers.CharField(),
        "data": serializers.JSONField(help_text="The block's own fields; they depend on its kind."),
        "products": serializers.ListField(child=serializers.CharField(), help_text="Slugs, in the block's order."),
    },
    many=True,
)


class ArticleOut(ArticleSummaryOut):
    revision = serializers.IntegerField(source="live_revision.number")
    blocks = serializers.SerializerMethodField()

    class Meta(ArticleSummaryOut.Meta):
        fields = [*ArticleSummaryOut.Meta.fields, "revision", "blocks"]

    @extend_schema_field(BLOCK)
    def get_blocks(self, article: Article) -> list[dict[str, Any]]:
        revision = article.live_revision
        assert revision is not None  # `published()` promises it
        slugs = dict(revision.products.values_list("pk", "slug"))
        return [
            {"kind": block["kind"], "data": block["data"], "products": [slugs[pk] for pk in block["products"]]}
            for block in revision.content["blocks"]
        ]


class ArticleFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Article.ArticleKind.choices)
    about_kind = django_filters.ChoiceFilter(
        field_name="live_revision__content__article__about_kind", choices=[(kind.value, kind.label) for kind in Kind]
    )
    about_type = django_filters.ChoiceFilter(
        field_name="live_revision__content__article__about_type",
        choices=[(name.value, name.label) for name in ProductType],
    )
    author = django_filters.CharFilter(field_name="author__slug")

    class Meta:
        model = Article
        fields: list[str] = []


class ArticlePages(Pages):
    ordering: str | tuple[str, ...] = ("-published_at", "-id")


class ArticleList(KnownParameters, generics.ListAPIView[Article]):
    """Published articles, newest first."""

    serializer_class = ArticleSummaryOut
    filterset_class = ArticleFilter
    pagination_class = ArticlePages

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.published().select_related("author", "live_revision")


class ArticleDetail(generics.RetrieveAPIView[Article]):
    """One published article with its blocks, as readers see it. A former slug is led on to today's."""

    serializer_class = ArticleOut
    lookup_field = "public_slug"
    lookup_url_kwarg = "slug"

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.published().select_related("author", "live_revision")

    @extend_schema(
        responses={
            200: ArticleOut,
            308: OpenApiResponse(
                OpenApiTypes.OBJECT, description="The article has another slug now: `Location` is its address here."
            ),
        }
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            article = selectors.renamed_article(kwargs["slug"])
            if article is None:
                raise
        return _moved(article)


def _moved(article: Article) -> Response:
    """Where it is now, for who follows redirects and, as a problem document, for who does not."""
    address = reverse("api-article", kwargs={"slug": article.public_slug})
    return Response(
        {
            "type": "about:blank",
            "title": "Permanent Redirect",
            "status": 308,
            "detail": f"This article's slug is “{article.public_slug}” now: ask {settings.SITE_URL}{address}.",
        },
        status=308,
        headers={"Location": address},
        content_type="application/problem+json",
    )
