"""What does one row of a product file say, in the words of our own columns?

Rows are dictionaries; a missing key, null, "" or an empty list means *unknown*. Two spellings are read: our columns
by their own names, and the collected catalogue's (`microphone`, `freq_high_khz`, `battery_life_h`, …). Where a row has
both, our own column is believed. Nothing here touches the database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from catalog import product_codes
from catalog.kinds import Kind, ProductType
from catalog.models import AudioSpecs, Product, ProductCode
from catalog.services.importing import words
from catalog.services.importing.words import RowError


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    source: str
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    brand: str
    model: str
    kind: Kind | None
    type: ProductType | None
    # product columns other than the four above, known ones only
    product: Mapping[str, str]
    # AudioSpecs columns, known ones only
    specs: Mapping[str, Any]
    # pairs of scheme and value
    codes: tuple[tuple[str, str], ...]
    # by AudioSpecs column, or `kind` and `type`
    evidence: Mapping[str, Evidence]
    notes: tuple[str, ...] = field(default=())

    @property
    def base_slug(self) -> str:
        return slugify(f"{self.brand} {self.model}")


_SPEC_COLUMNS = {
    column.name: column
    for column in AudioSpecs._meta.get_fields()
    if column.concrete and column.name not in ("id", "product")
}


def parse(row: Mapping[str, object]) -> ImportRow:
    """Raises `RowError` with every problem of the row in one sentence each."""
    if not isinstance(row, Mapping):
        raise RowError(f"is {type(row).__name__}, not an object with keys.")
    problems: list[str] = []

    def attempt(read: Any, *args: Any) -> Any:
        try:
            return read(*args)
        except RowError as error:
            problems.append(str(error))
            return None

    brand = attempt(words.name, row, "brand", 80)
    model = attempt(words.name, row, "model", 160)
    kind = attempt(words.choice, row, "kind", Kind)
    specs = {column: value for column, value in attempt_specs(row, kind, attempt).items() if value is not None}
    notes: list[str] = []
    main_type = attempt(_main_type, row, kind, specs, notes)
    product = attempt(_product_columns, row) or {}
    codes = attempt(_codes, row, notes) or ()
    problems += [] if problems else _invalid_specs(specs)
    if not problems and not slugify(f"{brand} {model}"):
        problems.append("`brand` and `model` have no letter or digit that an address could be made of.")
    if problems:
        raise RowError(" ".join(problems))
    return ImportRow(
        brand=brand,
        model=model,
        kind=kind,
        type=main_type,
        product=product,
        specs=specs,
        codes=codes,
        evidence=_evidence(row, specs, kind=kind, main_type=main_type),
        notes=tuple(notes),
    )


def attempt_specs(row: Mapping[str, object], kind: Kind | None, attempt: Any) -> dict[str, Any]:
    """Each column from its own key, else from the collected catalogue's spelling."""
    found: dict[str, Any] = {}
    for column in _SPEC_COLUMNS:
        foreign = words.FOREIGN.get(column)
        if words.is_known(row.get(column)):
            found[column] = attempt(words.own_value, row, _SPEC_COLUMNS[column])
        elif foreign is not None:
            found[column] = attempt(foreign.read, row, kind)
    return found


def _invalid_specs(specs: Mapping[str, Any]) -> list[str]:
    low, high = specs.get("frequency_low_hz"), specs.get("frequency_high_hz")
    problems = []
    if low is not None and high is not None and low >= high:
        problems.append(f"The lowest frequency ({low} Hz) is not below the highest ({high} Hz).")
    for column, value in specs.items():
        try:
            _SPEC_COLUMNS[column].clean(value, None)
        except ValidationError as error:
            problems.append(f"`{column}` cannot be {value!r}: {' '.join(error.messages)}")
    return problems


def _main_type(
    row: Mapping[str, object], kind: Kind | None, specs: Mapping[str, Any], notes: list[str]
) -> ProductType | None:
    stated: ProductType | None = words.choice(row, "type", ProductType) or words.choice(
        row, "headset_type", ProductType
    )
    if stated is not None and kind is not None and stated.kind is not kind:
        notes.append(f"type {stated.value!r} belongs to {stated.kind.plural.lower()}; it was left out.")
        stated = None
    if stated is not None and kind is None:
        notes.append(f"type {stated.value!r} needs a known kind; it was left out.")
        return None
    if stated is None and kind is Kind.HEADPHONES:
        return words.headphone_type(specs)
    return stated


def _product_columns(row: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    if words.is_known(row.get("colour")):
        colour = str(row["colour"]).strip().lower()
        if not re.fullmatch(r"#[0-9a-f]{6}", colour):
            raise RowError(f"`colour` is {row['colour']!r}; write it as #rrggbb.")
        found["colour"] = colour
    if words.is_known(row.get("summary")):
        found["summary"] = words.name(row, "summary", 300)
    if words.is_known(row.get("status")):
        status = words.choice(row, "status", Product.Status)
        assert status is not None
        found["status"] = status.value
    return found


def _codes(row: Mapping[str, object], notes: list[str]) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], None] = {}
    for text in words.texts(row, "gtin"):
        code = product_codes.gtin(text)
        if code is None:
            notes.append(f"GTIN {text!r} has a wrong length or check digit; it was left out.")
        else:
            found[(ProductCode.Scheme.GTIN, code)] = None
    for text in words.texts(row, "asin"):
        code = product_codes.asin(text)
        if code is None:
            notes.append(f"ASIN {text!r} is not ten letters and digits; it was left out.")
        else:
            found[(ProductCode.Scheme.ASIN, code)] = None
    for text in words.texts(row, "mpn"):
        for code in product_codes.mpns(text):
            found[(ProductCode.Scheme.MPN, code)] = None
    return tuple(found)


def _evidence(
    row: Mapping[str, object], specs: Mapping[str, Any], *, kind: Kind | None, main_type: ProductType | None
) -> dict[str, Evidence]:
    """Who says each known value: the row's own word for it, else the row's sources as a whole, else nobody yet."""
    stated = row.get("evidence")
    said: Mapping[str, object] = stated if isinstance(stated, Mapping) else {}
    named = words.texts(row, "sources")
    everyone = Evidence(source=", ".join(named)[:200]) if named else Evidence(source="")
    if len(named) == 1:
        everyone = _one_evidence(named[0])
    known = [*specs, *(["kind"] if kind else []), *(["type"] if main_type else [])]
    found: dict[str, Evidence] = {}
    for column in known:
        keys = (column, *words.foreign_keys(column))
        word = next((said[key] for key in keys if words.is_known(said.get(key))), None)
        found[column] = _one_evidence(word) if word is not None else everyone
    return found


def _one_evidence(word: object) -> Evidence:
    if isinstance(word, Mapping):
        url = str(word.get("url") or word.get("source_url") or "")
        return Evidence(source=str(word.get("source") or url)[:200], source_url=url[:200])
    text = str(word).strip()
    if re.match(r"https?://", text):
        host = text.split("/")[2]
        return Evidence(source=host[:200], source_url=text if len(text) <= 200 else "")
    return Evidence(source=text[:200])
