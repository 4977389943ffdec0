"""What may machines say of a product? Name, kind, codes and specs, each as the spec registry has it, and who says so.

From here on a product is columns and values, as in the files that editors bring in (`catalog.tables.products`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.kinds import Kind, ProductType
from catalog.models import AudioSpecs, Product
from catalog.spec_sheet import SPECS, Sort, Spec
from catalog.tables import cells
from catalog.tables import products as table
from catalog.tables.base import CellError
from catalog.tables.products import ADDRESS, DAY, SOURCE, SPEC_NAMES, VOUCHED
from readers.exact_input import ExactInput

# Something is written, and nothing that is no text.
WORDS = r"^[^\x00-\x1f\ufffd]*[^\s\x00-\x1f\ufffd][^\x00-\x1f\ufffd]*$"
_ANY_WORDS = r"^[^\x00-\x1f\ufffd]*$"
_ADDRESS = r"^https?://[a-z0-9-]+(\.[a-z0-9-]+)+(/[!-~]*)?$"
_SLUG = r"^[a-z0-9_]+(-+[a-z0-9_]+)*$"
TYPES = [(item.value, item.label) for item in ProductType]
_MOST_CODES = 50
_MOST_WORDS = 20
_SMALL = frozenset({"release_year", "isolation_db"})
# Digits before the point of the numbers that have a decimal.
_DECIMAL_DIGITS = {"weight_g": 5, "driver_mm": 4, "battery_hours": 4}
_TEXT_LENGTHS = {"water_rating": 8, "driver_type": 30}
_CODES = ("gtin", "asin", "mpn")
# What a whole product has where nothing is said of it.
_NOTHING: Mapping[str, Any] = {
    "variant": "",
    "kind": None,
    "type": None,
    "status": Product.Status.CURRENT.value,
    "summary": "",
    "colour": str(Product._meta.get_field("colour").default),
    **dict.fromkeys(_CODES, ()),
    **dict.fromkeys(SPEC_NAMES),
}


class Cell(serializers.RegexField):
    """A text that is read as the cell of a file is: `read` raises `CellError`."""

    def __init__(self, read: Callable[[str], Any], regex: str = WORDS, **kwargs: Any) -> None:
        self.read = read
        super().__init__(regex, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        try:
            return self.read(value) if isinstance(value, str) and value else value
        except CellError as error:
            raise serializers.ValidationError(str(error)) from None


@extend_schema_field({"type": "string", "format": "gtin"})
class GtinCell(Cell):
    """GTIN-8 to GTIN-14, its check digit right."""


def _spec_field(spec: Spec) -> serializers.Field[Any, Any, Any, Any]:
    said: dict[str, Any] = {"required": False, "allow_null": True, "help_text": _meaning(spec)}
    words = _words(spec.key)
    if spec.sort is Sort.FLAG:
        return serializers.BooleanField(**said)
    if spec.sort is Sort.CHOICE:
        return serializers.ChoiceField(words, **said)
    if spec.sort is Sort.LIST:
        child: serializers.Field[Any, Any, Any, Any] = (
            serializers.ChoiceField(words) if words else serializers.RegexField(WORDS, max_length=40)
        )
        return serializers.ListField(child=child, max_length=_MOST_WORDS, **said)
    if spec.sort is Sort.TEXT:
        return serializers.RegexField(WORDS, max_length=_TEXT_LENGTHS[spec.key], **said)
    if spec.key in _DECIMAL_DIGITS:
        return Cell(Decimal, rf"^[0-9]{{1,{_DECIMAL_DIGITS[spec.key]}}}(\.[0-9])?$", **said)
    return serializers.IntegerField(min_value=0, max_value=32767 if spec.key in _SMALL else 2_147_483_647, **said)


def _words(column: str) -> list[tuple[str, str]]:
    """The closed list of the column's words, or of its list's; empty where any may stand there."""
    field: Any = AudioSpecs._meta.get_field(column)
    return list(getattr(field, "base_field", field).choices or ())


def _meaning(spec: Spec) -> str:
    unit = f", in {spec.unit}" if spec.unit else ""
    none = "; an empty list: known to have none" if spec.sort is Sort.LIST else ""
    return f"{spec.label}{unit}{none}. Null: not known."


class SpecsIn(ExactInput):
    """Every spec by its column name, as it is told."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {spec.key: _spec_field(spec) for spec in SPECS}


class SourceIn(ExactInput):
    """Who says that something is so: a line of the product's claim ledger."""

    spec = serializers.ChoiceField(VOUCHED)
    source = serializers.RegexField(WORDS, max_length=200)  # type: ignore[assignment]  # DRF takes fields off the class
    url = Cell(cells.address(200), _ADDRESS, max_length=200, required=False)
    checked_on = serializers.DateField(required=False, help_text="When that was last looked at; left out: today.")


def _codes(
    read: Callable[[str], Any], said: str, regex: str, cell: type[Cell] = Cell, **kwargs: Any
) -> serializers.ListField:
    child = cell(read, regex, **kwargs)
    return serializers.ListField(child=child, max_length=_MOST_CODES, required=False, help_text=said)


class ProductIn(ExactInput):
    """A product as a machine says it."""

    brand = serializers.RegexField(WORDS, max_length=80, help_text="Who makes it; one that is new is added.")
    model = serializers.RegexField(WORDS, max_length=160, help_text="What it is called.")
    variant = serializers.RegexField(
        _ANY_WORDS,
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="Only where a maker sells two different things under one name.",
    )
    kind = serializers.ChoiceField([(kind.value, kind.label) for kind in Kind], required=False, allow_null=True)
    type = serializers.ChoiceField(
        TYPES,
        required=False,
        allow_null=True,
        help_text="It must be one of its kind.",
    )
    status = serializers.ChoiceField(Product.Status.choices, required=False)
    summary = serializers.RegexField(_ANY_WORDS, max_length=300, required=False, allow_blank=True)
    colour = Cell(table.colour, r"^#[0-9a-f]{6}$", required=False, help_text="The drawing's main colour.")
    gtin = _codes(table.gtin, "All its GTINs, with valid check digits.", r"^[0-9]{8,14}$", GtinCell)
    asin = _codes(table.asin, "All its ASINs.", r"^([0-9]{9}[0-9X]|[A-Z][A-Z0-9]{9})$")
    mpn = _codes(table.mpn, "All its maker's part numbers.", WORDS, max_length=64)
    specs = SpecsIn(required=False, help_text="What is left out stays as it is; with PUT it becomes unknown.")
    sources = SourceIn(many=True, required=False, help_text="Added to the claim ledger; nobody is taken out of it.")


class ProductRow(ProductIn):
    """A product among many: found by `slug`, else by a GTIN, else by brand and part number, else by its whole name."""

    slug = Cell(cells.slug(200), _SLUG, max_length=200, required=False)
    brand = serializers.RegexField(WORDS, max_length=80, required=False)
    model = serializers.RegexField(WORDS, max_length=160, required=False)


def columns_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Column → value of what was said; what was not said is not there."""
    values = {name: value for name, value in given.items() if name not in ("specs", "sources")}
    for name in _CODES:
        if name in values:
            values[name] = tuple(dict.fromkeys(values[name]))
    for name, value in given.get("specs", {}).items():
        values[name] = tuple(dict.fromkeys(value)) if isinstance(value, list) else value
    return values | _ledger(given.get("sources", ()))


def whole(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The same, and nothing where nothing was said."""
    return {**_NOTHING, **columns}


def field_of(column: str) -> str:
    """Where in the message this column was said."""
    if column in SPEC_NAMES:
        return f"specs.{column}"
    return "sources" if column.endswith((SOURCE, ADDRESS, DAY)) else column


def _ledger(sources: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for one in sources:
        for ending, value in ((SOURCE, one["source"]), (ADDRESS, one.get("url")), (DAY, one.get("checked_on"))):
            found.setdefault(one["spec"] + ending, []).append(value)
    return {name: tuple(values) for name, values in found.items()}
