"""The columns say what the models hold, and the guide says what the columns say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from hypothesis import given
from hypothesis import strategies as st

from catalog.csv_cells import cell, without_apostrophe
from catalog.models import AudioSpecs, Link, Product
from catalog.tables import TABLES, TableKind
from catalog.tables.base import CLEAR, read_row
from catalog.tables.cells import joined, parts
from catalog.tables.guide import guide_lines
from catalog.tables.links import REDIRECTS
from catalog.tables.products import CHOICES, SPEC_NAMES, STATUSES
from config.embedded import PROJECT

KINDS = list(TABLES.values())


def columns_of(model: Any) -> dict[str, Any]:
    return {column.name: column for column in model._meta.concrete_fields}


def test_every_spec_is_a_column() -> None:
    assert set(SPEC_NAMES) == set(columns_of(AudioSpecs)) - {"id", "product"}


def test_closed_lists_are_those_of_the_models() -> None:
    found = {}
    for name, column in columns_of(AudioSpecs).items():
        inner = column.base_field if isinstance(column, ArrayField) else column
        if inner.choices:
            found[name] = tuple(str(value) for value, _ in inner.choices)
    assert dict(CHOICES) == found
    assert tuple(Product.Status.values) == STATUSES
    assert sorted(Link.Redirect.values) == sorted(REDIRECTS)


@pytest.mark.parametrize("kind", KINDS, ids=list(TABLES))
def test_every_column_reads_its_own_example(kind: TableKind) -> None:
    assert len(set(kind.names)) == len(kind.names)
    header = [column.name for column in kind.columns]
    row = read_row(kind, header, 2, [column.example for column in kind.columns])
    assert row.problems == ()
    assert all(any(set(names) <= set(row.values) for names in kind.needs) for _ in [0])


@pytest.mark.parametrize("kind", KINDS, ids=list(TABLES))
@given(text=st.text(max_size=40))
def test_any_text_is_a_value_or_a_problem_at_its_column(kind: TableKind, text: str) -> None:
    for column in kind.columns:
        row = read_row(kind, [column.name], 2, [text])
        assert {problem.column for problem in row.problems} <= {column.name}


@pytest.mark.parametrize("kind", KINDS, ids=list(TABLES))
def test_what_may_be_cleared_can_be_and_the_rest_says_no(kind: TableKind) -> None:
    for column in kind.columns:
        row = read_row(kind, [column.name], 2, [CLEAR])
        assert bool(row.problems) is not (column.may_clear or column.is_told), column.name


@given(st.lists(st.text(st.characters(blacklist_characters="\\", blacklist_categories=["Cs"])).map(str.strip)))
def test_lists_come_back_as_they_were_written(values: list[str]) -> None:
    assert parts(joined(values)) == (values or [""])


@given(st.text())
def test_the_guard_against_formulas_is_undone_exactly(text: str) -> None:
    written = cell(text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert without_apostrophe(written) == text.replace("\0", "")


def test_times_and_numbers_are_read_as_they_are_written() -> None:
    kind = TABLES["links"]
    moment = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert read_row(kind, ["expires_at"], 2, [cell(moment)]).values == {"expires_at": moment}
    products = TABLES["products"]
    row = read_row(products, ["weight_g", "anc_source", "anc_checked_on"], 2, ["254.50", "Acme", str(date(2026, 5, 1))])
    assert row.values == {"weight_g": Decimal("254.5"), "anc_source": ("Acme",), "anc_checked_on": (date(2026, 5, 1),)}


@pytest.mark.parametrize("kind", KINDS, ids=list(TABLES))
def test_the_editors_guide_lists_every_column(kind: TableKind) -> None:
    guide = (PROJECT / "docs" / "editors.md").read_text()
    assert "\n".join(guide_lines(kind)) in guide, f"Put these into docs/editors.md: {kind.label}"
