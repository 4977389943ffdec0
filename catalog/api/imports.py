"""How does a partner's machine see what was brought in from files and feeds, and how rounds of refreshing went?"""

from __future__ import annotations

import re

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import generics, serializers

from catalog.api.lists import KnownParameters, Pages
from catalog.models import FeedImport, ImportProblem, RefreshRun
from partners.key_doors import ScopedView

_ADDRESS = re.compile(r"https?://(?:[^\s/@]*@)?([^\s/:?#)]+)\S*?([)\].,:;]*)(?!\S)")


def without_addresses(words: str) -> str:
    """Of an address only its host: what else stands in it may be the key to a feed."""
    return _ADDRESS.sub(r"\1\2", words)


class NewestFirst(Pages):
    ordering = ("-id",)


class InOrder(Pages):
    ordering = ("row_number", "id")


class ImportOut(serializers.ModelSerializer[FeedImport]):
    """A file or a feed; where it lies is not told: addresses of feeds have keys in them."""

    merchant = serializers.CharField(source="merchant.slug", help_text="The merchant's slug.")
    file = serializers.CharField(source="file_name", help_text="The file's name; empty for a feed.")
    rows_done = serializers.IntegerField(source="position", help_text="So many rows are stored for good.")
    error = serializers.SerializerMethodField(help_text="What stopped it, in a sentence; empty where nothing did.")

    class Meta:
        model = FeedImport
        fields = [
            "id",
            "merchant",
            "file",
            "state",
            "rows_done",
            "rows_total",
            "rows_matched",
            "rows_doubtful",
            "rows_unknown",
            "rows_refused",
            "offers_made",
            "offers_changed",
            "created_at",
            "started_at",
            "finished_at",
            "error",
        ]
        read_only_fields = fields

    def get_error(self, row: FeedImport) -> str:
        return without_addresses(row.error)


class ImportFilter(django_filters.FilterSet):
    merchant = django_filters.CharFilter(field_name="merchant__slug")
    state = django_filters.ChoiceFilter(choices=FeedImport.State.choices)

    class Meta:
        model = FeedImport
        fields: list[str] = []


class ImportList(ScopedView, KnownParameters, generics.ListAPIView[FeedImport]):
    """Imports, the newest first."""

    scopes = {"GET": "imports:read"}
    serializer_class = ImportOut
    filterset_class = ImportFilter
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[FeedImport]:
        return FeedImport.objects.select_related("merchant")


class ImportDetail(ScopedView, generics.RetrieveAPIView[FeedImport]):
    """One import: how far it is, and what came of its rows."""

    scopes = {"GET": "imports:read"}
    serializer_class = ImportOut

    def get_queryset(self) -> QuerySet[FeedImport]:
        return FeedImport.objects.select_related("merchant")


class ImportProblemOut(serializers.ModelSerializer[ImportProblem]):
    row = serializers.IntegerField(source="row_number", help_text="As the file counts them.")
    field = serializers.CharField(help_text="Which of our fields; empty for the row as a whole.")
    problem = serializers.CharField(source="message")
    value = serializers.CharField(source="raw", help_text="What stood there, cut at 300 letters.")

    class Meta:
        model = ImportProblem
        fields = ["row", "field", "problem", "value"]


class ImportProblems(ScopedView, KnownParameters, generics.ListAPIView[ImportProblem]):
    """The rows of an import that were not taken, or the values in them; only so many are kept of each import."""

    scopes = {"GET": "imports:read"}
    serializer_class = ImportProblemOut
    filter_backends = ()
    pagination_class = InOrder
    queryset = ImportProblem.objects.none()

    def get_queryset(self) -> QuerySet[ImportProblem]:
        return get_object_or_404(FeedImport, pk=self.kwargs["pk"]).problems.all()


class RefreshOut(serializers.ModelSerializer[RefreshRun]):
    merchant = serializers.CharField(source="merchant.slug", help_text="The merchant's slug.")
    error = serializers.SerializerMethodField(help_text="Why it failed, in a sentence; empty where it did not.")

    class Meta:
        model = RefreshRun
        fields = [
            "id",
            "merchant",
            "source",
            "started_at",
            "finished_at",
            "outcome",
            "requests",
            "offers_claimed",
            "offers_read",
            "offers_changed",
            "offers_held",
            "offers_unreadable",
            "error",
        ]
        read_only_fields = fields

    def get_error(self, row: RefreshRun) -> str:
        return without_addresses(row.error)


class RefreshFilter(django_filters.FilterSet):
    merchant = django_filters.CharFilter(field_name="merchant__slug")
    outcome = django_filters.ChoiceFilter(choices=RefreshRun.Outcome.choices)

    class Meta:
        model = RefreshRun
        fields: list[str] = []


class RefreshList(ScopedView, KnownParameters, generics.ListAPIView[RefreshRun]):
    """Rounds in which merchants' prices were read, the newest first."""

    scopes = {"GET": "imports:read"}
    serializer_class = RefreshOut
    filterset_class = RefreshFilter
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[RefreshRun]:
        return RefreshRun.objects.select_related("merchant")
