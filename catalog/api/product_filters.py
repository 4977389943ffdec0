"""By what can products be narrowed over the API? By the catalogue's own facets and words, from the same table.

Not by price and stock: a merchant whose terms keep its prices from the API would be asked them bit by bit.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Lookup
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from catalog.facets.asked import Asked, Range
from catalog.facets.choices import FACETS, Facet, FacetSort
from catalog.facets.written import LONGEST_VALUE, LONGEST_WORDS, MOST_VALUES, is_crossed, range_of, sorted_out, split
from catalog.product_index import StillReadingError, find_products

_KEPT_BACK = frozenset({"price", "stock"})
FILTERS: dict[str, Facet] = {facet.key: facet for facet in FACETS if facet.key not in _KEPT_BACK}
WORDS = "q"
NAMES = (WORDS, *FILTERS)
# As a script writes it, beside the catalogue's own spelling.
_SPELT = {"true": "yes", "1": "yes", "false": "no", "0": "no"}
_NUMBER = r"([0-9]{1,9}([.][0-9]{1,3})?)?"
_EVERYTHING = 10_000_000  # products


class AnyOf(Lookup[Any]):
    """One of many thousands of numbers, handed to PostgreSQL as one array: as a list each of them is a parameter."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, self.rhs)


class NotReadYet(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The products are being read into memory. Ask again in a minute; unfiltered they can be had now."


class CatalogueFilters(BaseFilterBackend):
    """One parameter for each facet and `q` for words, as the catalogue's address has them."""

    names = NAMES

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        asked = asked_for(request)
        if not (asked.words or asked.choices or asked.ranges):
            return queryset
        try:
            found = find_products(asked, start=0, size=_EVERYTHING, now=timezone.now())
        except StillReadingError:
            raise NotReadYet from None
        return queryset.filter(AnyOf(F("pk"), list(found.ids)))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        words = {"type": "string", "maxLength": LONGEST_WORDS}
        said = "Words as one types them: misspelt ones are understood, others are taken for a filter."
        found = [{"name": WORDS, "in": "query", "required": False, "schema": words, "description": said}]
        return found + [_parameter(facet) for facet in FILTERS.values()]


def asked_for(request: Request) -> Asked:
    """What the request asks of the catalogue. Raises `ValidationError` with a sentence for each part that is none."""
    problems: dict[str, list[str]] = {}
    words = " ".join(request.query_params.get(WORDS, "").replace("\x00", "").split())
    if len(words) > LONGEST_WORDS:
        problems[WORDS] = [f"{LONGEST_WORDS} letters at most."]
    choices, ranges = {}, {}
    for key, facet in FILTERS.items():
        said = request.query_params.getlist(key)
        if facet.sort.is_range:
            ranges[key] = _range(facet, said[-1] if said else "", problems)
        else:
            choices[key] = _values(facet, said, problems)
    if problems:
        raise ValidationError(problems)
    return Asked(
        words=words,
        choices={key: frozenset(values) for key, values in choices.items() if values},
        ranges={key: one for key, one in ranges.items() if one != Range()},
        sort="name",
    )


def _values(facet: Facet, said: list[str], problems: dict[str, list[str]]) -> list[str]:
    parts = [part for one in said for part in one.split(",")]
    if any(len(part) > LONGEST_VALUE for part in parts):
        # The page cuts what is too long; a machine is told.
        problems[facet.key] = [f"A value has {LONGEST_VALUE} letters at most."]
        return []
    written = split(said)
    if facet.sort is FacetSort.FLAG:
        written = [_SPELT.get(one, one) for one in written]
    found, wrong = sorted_out(facet, written)
    if wrong:
        known = ", ".join(value for value, _ in facet.values)
        problems[facet.key] = [f"“{one[:40]}” is none of {known}." for one in wrong[:3]]
    elif len(parts) > MOST_VALUES:
        problems[facet.key] = [f"{MOST_VALUES} values at most."]
    return found


def _range(facet: Facet, text: str, problems: dict[str, list[str]]) -> Range:
    if text == "":
        return Range()
    found = range_of(text)
    if found is None:
        key = facet.key
        problems[key] = [f"“{text[:40]}” is no range. Write {key}=100-250, {key}=100- (from) or {key}=-250 (up to)."]
        return Range()
    return Range(low=found.high, high=found.low) if is_crossed(found) else found


def _parameter(facet: Facet) -> dict[str, Any]:
    found: dict[str, Any] = {"name": facet.key, "in": "query", "required": False}
    unit = f" ({facet.unit})" if facet.unit else ""
    if facet.sort.is_range:
        span = {"type": "string", "pattern": f"^({_NUMBER}-{_NUMBER})?$"}
        return found | {"schema": span, "description": f"{facet.label}{unit}: 100-250, 100- or -250."}
    values: dict[str, Any] = {"type": "string", "maxLength": LONGEST_VALUE}
    if facet.values:
        values = {"type": "string", "enum": [value for value, _ in facet.values]}
    several = {"type": "array", "items": values, "maxItems": MOST_VALUES}
    said = f"{facet.label}: one value, or several with commas between of which any fits."
    return found | {"schema": several, "explode": False, "style": "form", "description": said}
