"""How do editors find links by how they are doing, and see their clicks without a query for each?"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from catalog.link_states import STATES, clicks_of, in_state
from catalog.models import Link


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Link]) -> QuerySet[Link]:
        return in_state(queryset, self.value() or "", now=timezone.now())


class LinkList(ChangeList):
    """The rows of the page with their clicks: one more query, however many rows."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        found = clicks_of([link.code for link in self.result_list], today=timezone.localdate())
        for link in self.result_list:
            link.lately = found.get(link.code, (0, 0))
