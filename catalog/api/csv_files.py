"""How does a door of the API answer with a CSV file, sent row by row, whose cells no spreadsheet takes for a formula?

A list whose rows are wanted both page by page and as a file is a `ListOrFile`; other doors ask `wants_csv` themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from rest_framework import generics, mixins
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from catalog.api.lists import Pages
from catalog.csv_cells import lines


class CsvFile(BaseRenderer):
    """Asked for by `?format=csv` or `Accept: text/csv`. The file is sent row by row; what comes here is a problem."""

    media_type = "text/csv"
    format = "csv"

    def render(
        self, data: Any, accepted_media_type: str | None = None, context: Mapping[str, Any] | None = None
    ) -> bytes:
        return json.dumps(data).encode()


def wants_csv(request: Request) -> bool:
    """Whether a file was asked for rather than JSON."""
    return bool(request.accepted_renderer.format == CsvFile.format)


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """The answer. `name`: ours, without quotes."""
    answer = StreamingHttpResponse(lines(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class ListOrFile(mixins.ListModelMixin, generics.GenericAPIView[Any]):
    """Rows as JSON, page by page, or all of them as a file (`format=csv`)."""

    renderer_classes = (JSONRenderer, CsvFile)

    def as_file(self, rows: QuerySet[Any]) -> StreamingHttpResponse:
        """All rows that were asked for."""
        raise NotImplementedError

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As JSON, page by page, or all of them as a CSV file (`format=csv`)."""
        if not wants_csv(request):
            return self.list(request, *args, **kwargs)
        if isinstance(self.paginator, Pages):
            self.paginator.get_page_size(request)  # what cannot be read is refused here, too
        return self.as_file(self.filter_queryset(self.get_queryset()))
