"""Which columns does a file of products have? The product, its codes, every spec, and who says each of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catalog import product_codes
from catalog.kinds import Kind, ProductType
from catalog.spec_sheet import SPECS, Sort, Spec
from catalog.tables import cells
from catalog.tables.base import CellError, Column, TableKind

STATUSES = ("current", "discontinued")
# The words of the columns that have a closed list of them; a test compares them with the model's.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "form_factor": ("over-ear", "on-ear", "in-ear", "earbud", "open-ear"),
    "enclosure": ("closed", "open", "semi-open"),
    "ears": ("one", "two"),
    "mic_grade": ("none", "incidental", "communication"),
    "mic_form": ("boom", "boom-detachable", "built-in", "inline"),
    "sound_balance": ("neutral", "warm", "bright", "v-shaped", "mid-forward"),
    "latency": ("wired", "low", "ordinary"),
    "radios": ("bluetooth", "dect", "rf_24ghz"),
    "connectors": (
        *("jack_3_5mm", "jack_6_35mm", "dual_3_5mm", "balanced_4_4mm", "usb_a", "usb_c", "lightning_or_usb_c"),
        *("xlr", "ga_dual_plug", "helicopter_u174", "qd"),
    ),
    "platforms": (
        *("pc", "phone", "tablet", "tv", "dap", "xbox", "playstation", "switch", "desk_phone", "aircraft_intercom"),
    ),
}
# Decimals of the numbers that have any, and the largest the column holds.
_PLACES = {"weight_g": Decimal("99999.9"), "driver_mm": Decimal("9999.9"), "battery_hours": Decimal("9999.9")}
_LONGEST = {"water_rating": 8, "driver_type": 30}
_EXAMPLES = {
    "form_factor": "over-ear", "enclosure": "closed", "ears": "two", "weight_g": "254", "foldable": "yes",
    "water_rating": "IPX4", "mic_grade": "incidental", "mic_form": "built-in", "driver_mm": "40",
    "driver_type": "dynamic", "frequency_low_hz": "20", "frequency_high_hz": "20000", "impedance_ohm": "32",
    "sound_balance": "neutral", "isolation_db": "20",
    "anc": "yes", "wireless": "yes", "radios": "bluetooth", "connectors": "jack_3_5mm | usb_c",
    "platforms": "phone | pc", "latency": "ordinary", "multipoint": "yes", "battery_hours": "30",
    "release_year": "2026",
}  # fmt: skip
SPEC_NAMES = tuple(spec.key for spec in SPECS)
# What somebody can vouch for.
VOUCHED = ("kind", "type", *SPEC_NAMES)
SOURCE, ADDRESS, DAY = "_source", "_source_url", "_checked_on"


def _gtin(cell: str) -> str:
    found = product_codes.gtin(cell)
    if found is None:
        raise CellError(
            f"“{cell[:40]}” is no GTIN: check its length and its last digit, and that it is text, not 4E+12."
        )
    return found


def _asin(cell: str) -> str:
    found = product_codes.asin(cell)
    if found is None:
        raise CellError(f"“{cell[:40]}” is no ASIN: ten letters and digits, as in B0ACME0001.")
    return found


def _mpn(cell: str) -> str:
    return str(cells.text(64)(" ".join(cell.split()).upper()))


def _colour(cell: str) -> str:
    colour = cell.lower()
    if len(colour) != 7 or colour[0] != "#" or any(sign not in "0123456789abcdef" for sign in colour[1:]):
        raise CellError(f"“{cell[:20]}” is no colour; write it as #3b4252.")
    return colour


gtin, asin, mpn, colour = _gtin, _asin, _mpn, _colour

_PRODUCT = (
    Column(
        name="slug",
        meaning="The product's address on this site, by which it is found; empty: found by brand, model and variant, "
        "and a new product gets one made of them",
        format="small letters, digits, hyphens",
        example="acme-one",
        read=cells.slug(200),
    ),
    Column(name="brand", meaning="Who makes it", format="text, at most 80", example="Acme", read=cells.text(80)),
    Column(name="model", meaning="What it is called", format="text, at most 160", example="One", read=cells.text(160)),
    Column(
        name="variant",
        meaning="Only where a maker sells two different things under one name",
        format="text, at most 40",
        read=cells.text(40),
        may_clear=True,
        nothing="",
    ),
    Column(
        name="kind",
        meaning="Headphones or headset",
        format=", ".join(kind.value for kind in Kind),
        example="headphones",
        read=cells.one_of(kind.value for kind in Kind),
        may_clear=True,
    ),
    Column(
        name="type",
        meaning="The main type; it must be one of its kind",
        format=", ".join(kind.value for kind in ProductType),
        example="over-ear",
        read=cells.one_of(kind.value for kind in ProductType),
        may_clear=True,
    ),
    Column(
        name="status",
        meaning="Is it still made?",
        format=", ".join(STATUSES),
        example="current",
        read=cells.one_of(STATUSES),
    ),
    Column(
        name="summary",
        meaning="One sentence: what it is and for whom",
        format="text, at most 300",
        example="Light headphones for the train.",
        read=cells.text(300),
        may_clear=True,
        nothing="",
    ),
    Column(name="colour", meaning="The drawing's main colour", format="#rrggbb", example="#3b4252", read=_colour),
    Column(
        name="gtin",
        meaning="All its GTINs: one that is missing here is taken away",
        format="8, 12, 13 or 14 digits; several between bars",
        example="4006381333931",
        read=cells.listed(_gtin, splits_at=",;"),
        may_clear=True,
        nothing=(),
    ),
    Column(
        name="asin",
        meaning="All its ASINs",
        format="ten letters and digits; several between bars",
        read=cells.listed(_asin, splits_at=",;"),
        may_clear=True,
        nothing=(),
    ),
    Column(
        name="mpn",
        meaning="All its part numbers",
        format="text, at most 64; several between bars",
        example="AC-1 | AC-1B",
        read=cells.listed(_mpn),
        may_clear=True,
        nothing=(),
    ),
)


def _spec(spec: Spec) -> Column:
    read, written = _reading(spec)
    unit = f", in {spec.unit}" if spec.unit else ""
    return Column(
        name=spec.key,
        meaning=f"{spec.group}: {spec.label}{unit}",
        format=written,
        example=_EXAMPLES.get(spec.key, ""),
        read=read,
        may_clear=True,
    )


def _reading(spec: Spec) -> tuple[cells.Reader, str]:
    """How the spec's cell is read, and that in words."""
    words = CHOICES.get(spec.key, ())
    if spec.sort is Sort.FLAG:
        return cells.flag, "yes, no"
    if spec.sort is Sort.CHOICE:
        return cells.one_of(words), ", ".join(words)
    if spec.sort is Sort.LIST and words:
        several = f"{', '.join(words)}; several between bars; none: known to have none"
        return cells.listed(cells.one_of(words), has_none=True, splits_at=",;"), several
    if spec.sort is Sort.LIST:
        return cells.listed(cells.text(40), has_none=True), "text, at most 40; several between bars; none"
    if spec.sort is Sort.TEXT:
        return cells.text(_LONGEST[spec.key]), f"text, at most {_LONGEST[spec.key]}"
    if spec.key in _PLACES:
        return cells.number(places=1, most=_PLACES[spec.key]), "number with at most one decimal"
    largest = Decimal(32767 if spec.key in {"release_year", "isolation_db"} else 2_147_483_647)
    return cells.number(most=largest), "whole number"


def _evidence(name: str) -> tuple[Column, Column, Column]:
    return (
        Column(
            name=name + SOURCE,
            meaning="Who says so; several between bars. Who is not named here stays in the claim ledger",
            format="text, at most 200",
            read=cells.listed(cells.text(200)),
            group="`…_source`",
        ),
        Column(
            name=name + ADDRESS,
            meaning="Where they say it, in the order of the sources",
            format="https://…, at most 200",
            read=cells.beside(cells.address(200)),
            group="`…_source_url`",
        ),
        Column(
            name=name + DAY,
            meaning="When that was last looked at, in the order of the sources; empty: today",
            format="2026-11-26",
            read=cells.beside(cells.day),
            group="`…_checked_on`",
        ),
    )


def _identity(values: Mapping[str, Any]) -> Any:
    if values.get("slug"):
        return values["slug"]
    return tuple(str(values.get(name) or "").casefold() for name in ("brand", "model", "variant"))


PRODUCTS = TableKind(
    key="products",
    label="Products",
    one="product",
    model="product",
    columns=(
        *_PRODUCT,
        *(_spec(spec) for spec in SPECS),
        Column(name="merged_into", meaning="The record that took it over", format="told only", is_told=True),
        Column(name="updated_at", meaning="When it was last changed", format="told only", is_told=True),
        *(column for name in VOUCHED for column in _evidence(name)),
    ),
    needs=(("slug",), ("brand", "model")),
    identity=_identity,
)
