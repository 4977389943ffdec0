from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.models import AudioSpecs
from catalog.spec_sheet import GROUPS, SPECS, Sort


def test_the_spec_sheet_names_every_column_once() -> None:
    columns = {field.name for field in AudioSpecs._meta.fields} - {"id", "product"}
    assert sorted(spec.key for spec in SPECS) == sorted(columns)


def test_every_spec_is_in_a_known_group_with_a_label_of_its_own() -> None:
    assert {spec.group for spec in SPECS} == set(GROUPS)
    assert len({spec.label for spec in SPECS}) == len(SPECS)


def test_each_spec_says_what_its_column_holds() -> None:
    by_column = {
        models.BooleanField: Sort.FLAG,
        ArrayField: Sort.LIST,
        models.DecimalField: Sort.NUMBER,
        models.IntegerField: Sort.NUMBER,
    }
    for spec in SPECS:
        column = AudioSpecs._meta.get_field(spec.key)
        assert isinstance(column, models.Field)
        fitting = next((sort for kind, sort in by_column.items() if isinstance(column, kind)), None)
        assert spec.sort is (fitting or (Sort.CHOICE if column.choices else Sort.TEXT)), spec.key


def test_only_numbers_have_a_better_end_and_each_has_a_word_for_it() -> None:
    better = [spec for spec in SPECS if spec.better]
    assert better
    assert all(spec.sort is Sort.NUMBER and spec.best for spec in better)
    assert not [spec.key for spec in SPECS if spec.best and not spec.better]
