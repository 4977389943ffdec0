"""How are records shown that nobody may change by hand?"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property

COUNTED_AT_MOST = 10_000


class CappedPaginator(Paginator[Any]):
    """Counts no further than it has pages to offer: counting all of a growing table costs seconds."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, models.QuerySet):
            return rows.order_by()[:COUNTED_AT_MOST].count()
        return len(rows)

    @property
    def is_capped(self) -> bool:
        """There may be more rows than were counted; `templates/admin/pagination.html` says so."""
        return self.count >= COUNTED_AT_MOST


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """A list to look at: no adding, changing or deleting."""

    show_full_result_count = False
    paginator = CappedPaginator
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
