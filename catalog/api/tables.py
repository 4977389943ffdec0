"""How does a partner's machine bring in whole tables of products, offers or links, in the desk's own columns?

By the desk's own services (`catalog.services.table_imports`): taken and tried, then stored on another word.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from catalog.api.csv_files import ListOrFile, csv_file
from catalog.api.import_input import FILE_PARSERS, RAW, FileIn, TableOptions, file_of, options_of, what_came
from catalog.api.imports import NewestFirst
from catalog.api.lists import KnownParameters, Pages
from catalog.models import TableImport, TableImportRow
from catalog.services import table_imports as work
from catalog.tables import TABLES
from catalog.tasks import run_table_import
from partners.key_doors import ScopedView, ScopeMissing, key_behind
from partners.preconditions import DoesNotFitError
from partners.safe_repeats import IDEMPOTENCY_KEY, safe_to_repeat, safe_to_repeat_by

State = TableImport.State
# What a table writes asks for the scope of the door that writes the same.
ALSO_NEEDS = {"products": "products:write", "links": "links:write"}


class TableOut(serializers.ModelSerializer[TableImport]):
    file = serializers.CharField(source="file_name")
    rows_done = serializers.IntegerField(source="position", help_text="So many rows are tried, or stored for good.")
    is_stopping = serializers.BooleanField(source="stop_asked", help_text="It stops after the rows in hand.")
    remarks = serializers.ListField(child=serializers.CharField(), help_text="About the file, in sentences.")

    class Meta:
        model = TableImport
        fields = [
            "id",
            "kind",
            "file",
            "state",
            "is_stopping",
            "rows_done",
            "rows_total",
            "rows_new",
            "rows_changed",
            "rows_same",
            "rows_wrong",
            "remarks",
            "created_at",
            "finished_at",
            "error",
        ]
        read_only_fields = fields


class TableFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=[(kind.key, kind.label) for kind in TABLES.values()])
    state = django_filters.ChoiceFilter(choices=State.choices)

    class Meta:
        model = TableImport
        fields: list[str] = []


class TableList(ScopedView, KnownParameters, generics.ListAPIView[TableImport]):
    """Tables that were brought in within thirty days, the newest first."""

    scopes = {"GET": "imports:read", "POST": "imports:write"}
    serializer_class = TableOut
    filterset_class = TableFilter
    pagination_class = NewestFirst
    parser_classes = FILE_PARSERS
    queryset = TableImport.objects.all()

    @extend_schema(
        request={"multipart/form-data": FileIn, "application/octet-stream": RAW},
        responses={202: TableOut},
        parameters=[TableOptions, IDEMPOTENCY_KEY],
        filters=False,
    )
    @safe_to_repeat_by(what_came)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand in a table of products, offers or links, its first row naming the columns as the desk's template does.
        It is tried by a worker, and stored by `store/`. Products ask for `products:write` beside, links for
        `links:write`."""
        options = options_of(request, TableOptions)
        kind = options["kind"]
        _refuse_without_scope(request, kind)
        uploaded, _ = file_of(request, options.get("file_name", ""))
        assert uploaded is not None
        key = str(key_behind(request))
        try:
            made = work.take_table(kind=kind, content=uploaded, name=uploaded.name or "", by=None, by_key=key)
        except work.NotOursError as error:
            raise DoesNotFitError({"file": error.problems}) from None
        except work.ImportError_ as error:
            raise DoesNotFitError({"file": [str(error)]}) from None
        return _moving(request, made)


class TableDetail(ScopedView, generics.RetrieveAPIView[TableImport]):
    """One table: how far it is, and what became of its rows, or would."""

    scopes = {"GET": "imports:read"}
    serializer_class = TableOut
    queryset = TableImport.objects.all()


class ChangeOut(serializers.Serializer[Any]):
    column = serializers.CharField(help_text="Empty: it is about the whole row.")
    was = serializers.CharField(help_text="Empty for a row that is new or wrong.")
    becomes = serializers.CharField(help_text="The same.")
    problem = serializers.CharField(help_text="Why the row is wrong; else empty.")


class TableRowOut(serializers.ModelSerializer[TableImportRow]):
    row = serializers.IntegerField(source="number", help_text="As a spreadsheet counts: the header is row 1.")
    outcome = serializers.CharField(source="did", help_text="new, changed or wrong.")
    said = serializers.SerializerMethodField()

    class Meta:
        model = TableImportRow
        fields = ["row", "outcome", "name", "said"]
        read_only_fields = fields

    @extend_schema_field(ChangeOut(many=True))
    def get_said(self, row: TableImportRow) -> list[dict[str, str]]:
        names = {"column": "column", "was": "was", "becomes": "becomes", "problem": "message"}
        return [{ours: str(one.get(theirs) or "") for ours, theirs in names.items()} for one in row.said]


class TableRowFilter(django_filters.FilterSet):
    outcome = django_filters.ChoiceFilter(field_name="did", choices=TableImportRow.Did.choices)

    class Meta:
        model = TableImportRow
        fields: list[str] = []


class InRows(Pages):
    ordering = ("number", "id")


@extend_schema_view(
    get=extend_schema(
        responses={(200, "application/json"): TableRowOut(many=True), (200, "text/csv"): OpenApiTypes.STR}
    )
)
class TableRows(ScopedView, KnownParameters, ListOrFile):
    """The rows that are not the same as what was known: what became of each, or would."""

    scopes = {"GET": "imports:read"}
    serializer_class = TableRowOut
    filterset_class = TableRowFilter
    pagination_class = InRows
    queryset = TableImportRow.objects.none()

    def get_queryset(self) -> QuerySet[TableImportRow]:
        return get_object_or_404(TableImport, pk=self.kwargs["pk"]).rows.all()

    def as_file(self, rows: QuerySet[TableImportRow]) -> StreamingHttpResponse:
        cells = work.change_cells(rows.iterator(chunk_size=2000))
        return csv_file(f"table-{self.kwargs['pk']}-rows.csv", work.CHANGE_COLUMNS, cells)


class TableStore(ScopedView):
    """Store a table."""

    scopes = {"POST": "imports:write"}

    @extend_schema(request=None, responses={202: TableOut}, parameters=[IDEMPOTENCY_KEY])
    @safe_to_repeat
    def post(self, request: Request, pk: int) -> Response:
        """Store the rows that were tried and are not wrong; one that stopped or failed goes on where it was."""
        found = _allowed(request, pk)
        is_at_rest = found.state in (State.STOPPED, State.FAILED)
        try:
            (work.go_on_later if is_at_rest else work.store_later)(table_import=found)
        except work.ImportError_ as error:
            raise DoesNotFitError({"table": [str(error)]}) from None
        return _moving(request, found)


class TableStop(ScopedView):
    """Stop a table."""

    scopes = {"POST": "imports:write"}

    @extend_schema(request=None, responses={202: TableOut}, parameters=[IDEMPOTENCY_KEY])
    @safe_to_repeat
    def post(self, request: Request, pk: int) -> Response:
        """Stop it after the rows in hand. What was stored stays. Of one that stopped nothing changes; one that is not
        being stored cannot be stopped (409)."""
        found = _allowed(request, pk)
        if found.state not in (State.STORING, State.STOPPED):
            state = found.get_state_display().lower()
            raise DoesNotFitError({"table": [f"This table is not being stored; it is {state}."]})
        work.stop(table_import=found)
        return _told(request, found)


def _allowed(request: Request, pk: int) -> TableImport:
    """The table, locked until the transaction ends. Raises `Http404`, `ScopeMissing`."""
    found = get_object_or_404(TableImport.objects.select_for_update(), pk=pk)
    _refuse_without_scope(request, found.kind)
    return found


def _refuse_without_scope(request: Request, kind: str) -> None:
    needed, key = ALSO_NEEDS.get(kind), key_behind(request)
    if needed is not None and (key is None or needed not in key.scopes):
        raise ScopeMissing(needed)


def _moving(request: Request, found: TableImport) -> Response:
    run_table_import.delay_on_commit(found.pk)  # type: ignore[attr-defined]
    return _told(request, found)


def _told(request: Request, found: TableImport) -> Response:
    found.refresh_from_db()
    address = reverse("api-table", kwargs={"pk": found.pk}, request=request)
    return Response(TableOut(found).data, status=202, headers={"Location": address})
