"""The reports of clicks, for machines: the rows and sums that editors see, as JSON or as the same CSV file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.csv_files import CsvFile, csv_file, wants_csv
from catalog.api.lists import KnownParameters
from catalog.asked_days import DAY_PARAMETERS, NAMES, asked_days
from partners.key_doors import ScopedView
from reviews.reports.page import Asked, sums_of
from reviews.reports.rows import COLUMNS, MOST_SHOWN, Row, cells, rows_of, seen_from
from reviews.reports.sides import SIDES

MOST = 1000
_LONGEST_KEY = 60


class EarnedOut(serializers.Serializer[Any]):
    conversions = serializers.IntegerField(help_text="Pending or approved.")
    declined = serializers.IntegerField()
    approved = serializers.DecimalField(max_digits=19, decimal_places=4, help_text="In the report's currency.")
    pending = serializers.DecimalField(max_digits=19, decimal_places=4, help_text="In the report's currency.")
    unconverted = serializers.IntegerField(help_text="Purchases whose currency had no rate: in no amount.")


class CountedOut(serializers.Serializer[Any]):
    clicks = serializers.IntegerField(help_text="Everything that was recorded.")
    net_clicks = serializers.IntegerField(help_text="People's, without staff, prefetches and repeats within an hour.")
    earned = EarnedOut()


class ReportRowOut(CountedOut):
    key = serializers.CharField(help_text="As `key` and, where one can look into it, `in` take it; may be empty.")
    name = serializers.CharField()
    path = serializers.CharField(help_text="The page's, where the row is about one; else empty.")
    net_views = serializers.IntegerField(allow_null=True, help_text="Of the page; null where there is none.")


class ReportOut(serializers.Serializer[Any]):
    by = serializers.CharField()
    since = serializers.DateField(help_text="In the site's time zone.")
    until = serializers.DateField(help_text="Included.")
    currency = serializers.CharField()
    total = CountedOut(help_text="Of all rows, also those beyond `limit`.")
    count = serializers.IntegerField(help_text="How many rows there are in all.")
    rows = ReportRowOut(many=True, help_text="Most net clicks first.")


class ClickReport(ScopedView, KnownParameters):
    """Clicks between two days and what they earned, seen from one side."""

    scopes = {"GET": "reports:read"}
    also_known = (*NAMES, "by", "in", "key", "limit")
    renderer_classes = (JSONRenderer, CsvFile)

    @extend_schema(
        responses={(200, "application/json"): ReportOut, (200, "text/csv"): OpenApiTypes.STR},
        parameters=[
            OpenApiParameter("by", str, enum=list(SIDES), description="What the rows are; else pages."),
            *DAY_PARAMETERS,
            OpenApiParameter("in", str, description="Only what lies in this page or block: its `key` and a point."),
            OpenApiParameter("key", str, description="Only this one."),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MOST},
                description=f"So many rows; else {MOST_SHOWN}. A CSV file has all.",
            ),
        ],
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked, limit = _asked(request), _limit(request)
        currency = settings.REPORT_CURRENCY
        seen = seen_from(asked.side, asked.window, currency=currency, begins=asked.begins, key=asked.key)
        if wants_csv(request):
            rows, _ = rows_of(asked.side, asked.window, seen, currency=currency, most=None)
            name = f"clicks-by-{asked.side.key}-{asked.window.since}-{asked.window.until}.csv"
            return csv_file(name, COLUMNS, cells(rows))
        rows, count = rows_of(asked.side, asked.window, seen, currency=currency, most=limit)
        counts, earned = sums_of(asked, asked.window, currency, seen)
        said = {
            "by": asked.side.key,
            "since": asked.window.since,
            "until": asked.window.until,
            "currency": currency,
            "total": {"clicks": counts.clicks, "net_clicks": counts.net_clicks, "earned": earned},
            "count": count,
            "rows": [_row(row) for row in rows],
        }
        return Response(ReportOut(said).data)


def _asked(request: Request) -> Asked:
    by = request.query_params.get("by", "page")
    if by not in SIDES:
        raise ValidationError({"by": [f"“{by[:20]}” is none of {', '.join(SIDES)}."]})
    begins, key = (request.query_params.get(name, "").replace("\0", "") for name in ("in", "key"))
    for name, text in (("in", begins), ("key", key)):
        if len(text) > _LONGEST_KEY:
            raise ValidationError({name: [f"No key is longer than {_LONGEST_KEY} letters."]})
    return Asked(side=SIDES[by], window=asked_days(request), begins=begins, key=key or None)


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "") or str(MOST_SHOWN)
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) and 1 <= int(text) <= MOST):
        raise ValidationError({"limit": [f"A whole number from 1 to {MOST}."]})
    return int(text)


def _row(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name.text,
        "path": row.name.path,
        "net_views": None if row.views is None else row.views.net_views,
        "clicks": row.counts.clicks,
        "net_clicks": row.counts.net_clicks,
        "earned": row.earned,
    }
