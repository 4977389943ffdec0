"""How do the doors of the API read an address: which page, which filters, and nothing that they do not know?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import django_filters
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView


class Pages(CursorPagination):
    """Stable pages: rows added or removed meanwhile neither repeat nor hide others."""

    page_size = 50
    invalid_cursor_message = "This cursor is none of ours: follow `next` as it was answered, or begin without one."
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering: str | tuple[str, ...] = "slug"

    def get_page_size(self, request: Request) -> int | None:
        """As asked for, 200 at most. Raises `ValidationError`: another number of rows than was meant is no answer."""
        asked = request.query_params.get(str(self.page_size_query_param))
        if asked is not None and not (asked.isascii() and asked.isdecimal() and int(asked[:9])):
            raise ValidationError({str(self.page_size_query_param): ["It must be a whole number from 1 on."]})
        return super().get_page_size(request)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in found:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = {"type": "integer", "minimum": 1, "default": self.page_size}
                parameter["description"] = f"How many rows; {self.max_page_size} at most."
        return found


class ByNumber(Pages):
    """In the order in which rows were made."""

    ordering = "id"


class KnownParameters(APIView):
    """A door that is read with the parameters of its filters and those in `also_known`; any other is refused.

    A misspelt filter that is silently ignored returns everything: it is said instead.
    """

    also_known: ClassVar[Iterable[str]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in SAFE_METHODS:
            _refuse_others(request, {*_filters_of(self), *self.also_known})
            _refuse_empty_choices(request, self)


def _filters_of(view: APIView) -> Iterable[str]:
    filters = getattr(view, "filterset_class", None)
    yield from filters.base_filters if filters else ()
    for backend in getattr(view, "filter_backends", ()):
        yield from getattr(backend, "names", ())


def _refuse_empty_choices(request: Request, view: APIView) -> None:
    """Nothing is none of the choices: who sends it may have lost what was meant."""
    filters = getattr(view, "filterset_class", None)
    choices = filters.base_filters.items() if filters else ()
    names = [name for name, one in choices if isinstance(one, django_filters.ChoiceFilter)]
    if empty := [name for name in names if request.query_params.get(name) == ""]:
        raise ValidationError({name: ["Choose one, or leave it out."] for name in empty})


def _refuse_others(request: Request, known: Iterable[str]) -> None:
    allowed = {*known, Pages.cursor_query_param, str(Pages.page_size_query_param), "format"}
    unknown = {
        name: [f"Unknown parameter; known are: {', '.join(sorted(allowed))}."]
        for name in request.query_params
        if name not in allowed
    }
    if unknown:
        raise ValidationError(unknown)
