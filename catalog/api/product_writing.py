"""How does a partner's machine change products? One by its address, if nobody else did meanwhile, or many at once.

What is stored is told by the same representation as to everybody (`catalog.api.products`).
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.product_input import ProductIn, ProductRow, columns_of, field_of, whole
from catalog.api.products import ProductDetail, ProductOut
from catalog.models import Product
from catalog.services.product_writing import MOST, for_writing, record_of, upsert_products, write_product
from catalog.services.table_imports.outcome import Did, Outcome
from catalog.table_rows import products_for_export
from catalog.tables import Problem, ReadRow
from partners.key_doors import ANYBODY, ScopedView
from partners.preconditions import IF_MATCH, IF_NONE_MATCH, DoesNotFitError, etag, must_be_new, must_match
from partners.safe_repeats import IDEMPOTENCY_KEY, safe_to_repeat
from readers.exact_input import ExactInput


class ProductDoor(ScopedView, ProductDetail):
    """One product by its slug."""

    scopes = {"GET": ANYBODY, "PUT": "products:write", "PATCH": "products:write"}

    def get_queryset(self) -> QuerySet[Product]:
        return products_for_export(super().get_queryset())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._told(self.get_object())

    @extend_schema(
        request=ProductIn,
        responses={200: ProductOut, 201: ProductOut},
        parameters=[IF_MATCH, IF_NONE_MATCH, IDEMPOTENCY_KEY],
    )
    @safe_to_repeat
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store the whole product: what is left out is not known any more. New with `If-None-Match: *`."""
        slug, product = kwargs["slug"], for_writing(kwargs["slug"])
        if product is None:
            must_be_new(request)
        else:
            must_match(request, record_of(product))
        self._write(slug, whole(self._given(request)))
        told = self._told(self._stored(slug), made=product is None)
        if product is None:
            told.headers["Location"] = request.build_absolute_uri(request.path)
        return told

    @extend_schema(request=ProductIn, responses={200: ProductOut}, parameters=[IF_MATCH, IDEMPOTENCY_KEY])
    @safe_to_repeat
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is named; the rest stays."""
        slug, product = kwargs["slug"], for_writing(kwargs["slug"])
        if product is None:
            raise NotFound("There is no product with this slug.")
        must_match(request, record_of(product))
        self._write(slug, self._given(request, partial=True))
        return self._told(self._stored(slug))

    def _given(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        sent = ProductIn(data=request.data, partial=partial)
        sent.is_valid(raise_exception=True)
        return columns_of(sent.validated_data)

    def _write(self, slug: str, columns: dict[str, Any]) -> None:
        outcome = write_product(slug=slug, columns=columns, now=timezone.now())
        if outcome.did is Did.WRONG:
            _refuse(outcome)

    def _stored(self, slug: str) -> Product:
        self.product = get_object_or_404(self.get_queryset(), slug=slug)
        return self.product

    def _told(self, product: Product, *, made: bool = False) -> Response:
        data = self.get_serializer(product).data
        return Response(data, status=201 if made else 200, headers={"ETag": etag(record_of(product), data)})


class Row(serializers.DictField):
    """Any object: one that is no `ProductRow` is refused by itself, and stops no other."""


class RowInTheSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """What the OpenAPI document says of rows."""

    target_class = Row

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        row = auto_schema.resolve_serializer(ProductRow, direction).ref
        return {"anyOf": [row, {"type": "object", "additionalProperties": {}}]}


class BulkIn(ExactInput):
    products = serializers.ListField(
        child=Row(),
        min_length=1,
        max_length=MOST,
        help_text="Each as `ProductRow` has it. One that cannot be read is refused by itself.",
    )


class RowProblemOut(serializers.Serializer[Any]):
    field = serializers.CharField(allow_blank=True, help_text="Empty: it is about the whole row.")
    problem = serializers.CharField()


class RowOut(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="The row's place in the list, from 0.")
    slug = serializers.CharField(allow_null=True, help_text="Where the product is; null for a row that was refused.")
    outcome = serializers.ChoiceField(["created", "changed", "same", "refused"])
    problems = RowProblemOut(many=True)


class BulkOut(serializers.Serializer[Any]):
    results = RowOut(many=True)


_OUTCOMES = {Did.NEW: "created", Did.CHANGED: "changed", Did.SAME: "same", Did.WRONG: "refused"}


class ProductBulk(ScopedView):
    """Many products at once."""

    scopes = {"POST": "products:write"}

    @extend_schema(request=BulkIn, responses={200: BulkOut}, parameters=[IDEMPOTENCY_KEY])
    @safe_to_repeat
    def post(self, request: Request) -> Response:
        """Add products that are new and change those that are here, each by itself; the answer says what became of
        each. Found by `slug`, else by a GTIN, else by brand and part number, else by brand, model and variant. Who is
        found by a code keeps its name; codes are added, never taken away; what is left out stays."""
        sent = BulkIn(data=request.data)
        sent.is_valid(raise_exception=True)
        rows = [_read(number, row) for number, row in enumerate(sent.validated_data["products"])]
        outcomes = upsert_products(rows=rows, now=timezone.now())
        return Response(BulkOut({"results": [_result(outcome) for outcome in outcomes]}).data)


def _read(number: int, row: Any) -> ReadRow:
    sent = ProductRow(data=row)
    if sent.is_valid():
        return ReadRow(number=number, values=columns_of(sent.validated_data))
    problems = tuple(Problem(column=where, message=words) for where, words in _flat(sent.errors, ""))
    return ReadRow(number=number, problems=problems)


def _flat(errors: Any, where: str) -> list[tuple[str, str]]:
    if isinstance(errors, dict):
        parts = [(f"{where}.{name}" if where else str(name), one) for name, one in errors.items()]
    elif isinstance(errors, list):
        parts = [(where if isinstance(one, str) else f"{where}.{place}", one) for place, one in enumerate(errors)]
    else:
        return [(where, str(errors))]
    return [found for name, one in parts for found in _flat(one, name)]


def _result(outcome: Outcome) -> dict[str, Any]:
    is_wrong = outcome.did is Did.WRONG
    return {
        "index": outcome.number,
        "slug": None if is_wrong else outcome.row.slug,
        "outcome": _OUTCOMES[outcome.did],
        "problems": _problems(outcome) if is_wrong else [],
    }


def _problems(outcome: Outcome) -> list[dict[str, str]]:
    return [{"field": field_of(one["column"]), "problem": one["message"]} for one in outcome.said]


def _refuse(outcome: Outcome) -> NoReturn:
    found: dict[str, list[str]] = {}
    for one in _problems(outcome):
        found.setdefault(one["field"] or "product", []).append(one["problem"])
    raise DoesNotFitError(found)
