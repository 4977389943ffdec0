"""How does a partner's machine see what was brought in from files and feeds, and how rounds of refreshing went?"""

from __future__ import annotations

import re
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers

from catalog.api.csv_files import ListOrFile, csv_file
from catalog.api.lists import KnownParameters, Pages
from catalog.models import FeedImport, ImportProblem, RefreshRun
from catalog.services.feed_imports import URL_TEMPLATE, errands
from catalog.services.feed_imports.progress import progress_of
from partners.key_doors import ScopedView

# What a file of problems is headed with, here and at the desk.
PROBLEM_COLUMNS = ("row", "field", "what_is_wrong", "what_stood_there")
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


class TriedProblemOut(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="As the file counts them.")
    field = serializers.CharField(help_text="Which of our fields, as the desk calls it; “Row” for the row as a whole.")
    problem = serializers.CharField(source="message")
    value = serializers.CharField(source="raw", help_text="What stood there, cut at 300 letters.")


class TrialOut(serializers.Serializer[Any]):
    """What the import would do, tried on its first rows; nothing of it is stored."""

    rows = serializers.IntegerField(help_text="So many were tried.")
    is_whole = serializers.BooleanField(help_text="Whether the file has no more than these.")
    matched = serializers.IntegerField(help_text="Items that are products of ours.")
    doubtful = serializers.IntegerField(help_text="Items that may be: an editor will decide.")
    unknown = serializers.IntegerField(help_text="Items that are none of ours: they are passed over.")
    refused = serializers.IntegerField(help_text="Rows that cannot be taken.")
    offers_new = serializers.IntegerField()
    offers_known = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Prices that would be held for a second look.")
    problems = TriedProblemOut(many=True, help_text="The first 200.")
    error = serializers.CharField(help_text="Why the file breaks off; empty: it does not.")


class ImportDetailOut(ImportOut):
    """One import with all that a page of the desk shows of it."""

    is_being_looked_at = serializers.SerializerMethodField(
        help_text="A worker reads the file to find out what it is and to try it: ask again in a moment."
    )
    is_stopping = serializers.BooleanField(
        source="cancel_asked", help_text="It was cancelled and stops after the rows in hand."
    )
    percent = serializers.SerializerMethodField(help_text="Of the rows; 100 only when it is done.")
    rows_per_second = serializers.SerializerMethodField(help_text="Since it began; null where nothing can be said.")
    seconds_left = serializers.SerializerMethodField(help_text="About; null where nothing can be said.")
    remarks = serializers.SerializerMethodField(help_text="What was found out about the file, in sentences.")
    file_columns = serializers.SerializerMethodField(help_text="How the file's columns are called.")
    columns = serializers.SerializerMethodField(help_text="Our field → the file's column that is read for it.")
    url_template = serializers.SerializerMethodField(help_text="The page's address with {sku}, in place of a column.")
    trial = serializers.SerializerMethodField(help_text="Null: it was not tried yet.")

    class Meta(ImportOut.Meta):
        fields = [
            *ImportOut.Meta.fields,
            "is_being_looked_at",
            "is_stopping",
            "percent",
            "rows_per_second",
            "seconds_left",
            "format",
            "encoding",
            "delimiter",
            "currency",
            "remarks",
            "file_columns",
            "columns",
            "url_template",
            "trial",
        ]
        read_only_fields = fields

    def get_is_being_looked_at(self, row: FeedImport) -> bool:
        return errands.is_waiting(row)

    def get_percent(self, row: FeedImport) -> int:
        return progress_of(row, now=timezone.now()).percent

    def get_rows_per_second(self, row: FeedImport) -> int | None:
        return round(progress_of(row, now=timezone.now()).speed) or None

    def get_seconds_left(self, row: FeedImport) -> int | None:
        left = progress_of(row, now=timezone.now()).left
        return None if left is None else round(left.total_seconds())

    def get_remarks(self, row: FeedImport) -> list[str]:
        return list(row.sample.get("remarks", ()))

    def get_file_columns(self, row: FeedImport) -> list[str]:
        return list(row.sample.get("columns", ()))

    def get_columns(self, row: FeedImport) -> dict[str, str]:
        return {field: column for field, column in row.mapping.items() if field != URL_TEMPLATE}

    def get_url_template(self, row: FeedImport) -> str:
        return str(row.mapping.get(URL_TEMPLATE, ""))

    @extend_schema_field(TrialOut(allow_null=True))
    def get_trial(self, row: FeedImport) -> Any:
        return TrialOut(row.report).data if row.report else None


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
    serializer_class = ImportDetailOut

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


@extend_schema_view(
    get=extend_schema(
        responses={(200, "application/json"): ImportProblemOut(many=True), (200, "text/csv"): OpenApiTypes.STR}
    )
)
class ImportProblems(ScopedView, KnownParameters, ListOrFile):
    """The rows of an import that were not taken, or the values in them; only so many are kept of each import."""

    scopes = {"GET": "imports:read"}
    serializer_class = ImportProblemOut
    filter_backends = ()
    pagination_class = InOrder
    queryset = ImportProblem.objects.none()

    def get_queryset(self) -> QuerySet[ImportProblem]:
        return get_object_or_404(FeedImport, pk=self.kwargs["pk"]).problems.all()

    def as_file(self, rows: QuerySet[ImportProblem]) -> StreamingHttpResponse:
        cells = rows.values_list("row_number", "field", "message", "raw").iterator()
        return csv_file(f"import-{self.kwargs['pk']}-problems.csv", PROBLEM_COLUMNS, cells)


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
