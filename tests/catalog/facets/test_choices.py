"""The table of facets has every spec, and spells its values as the models do."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField

from catalog.facets.choices import BY_KEY, FACET_GROUPS, FACETS, SORTS, FacetSort, Origin, is_sort
from catalog.facets.held import places_of
from catalog.facets.meanings import MEANINGS
from catalog.facets.rows import value_of
from catalog.models import AudioSpecs
from catalog.spec_sheet import SPECS


def test_every_spec_is_a_facet() -> None:
    assert [facet.key for facet in FACETS if facet.origin is Origin.SPECS] == [spec.key for spec in SPECS]
    assert {facet.group for facet in FACETS} <= set(FACET_GROUPS)
    assert len(BY_KEY) == len(FACETS)


def test_values_and_their_labels_are_those_of_the_models() -> None:
    for facet in FACETS:
        if facet.origin is not Origin.SPECS or facet.sort in {FacetSort.FLAG, FacetSort.NUMBER}:
            continue
        field = AudioSpecs._meta.get_field(facet.key)
        choices = field.base_field.choices if isinstance(field, ArrayField) else field.choices
        assert facet.values == tuple(choices or ()), facet.key
        assert facet.is_open is not bool(choices)


def test_a_number_is_kept_with_all_the_places_its_column_has() -> None:
    for facet in FACETS:
        if facet.origin is Origin.SPECS and facet.sort is FacetSort.NUMBER:
            field = AudioSpecs._meta.get_field(facet.key)
            assert places_of(facet.key) == getattr(field, "decimal_places", 0), facet.key


def test_what_words_mean_are_choices_that_exist() -> None:
    for word, meaning in MEANINGS.items():
        for key, value in meaning.choices:
            facet = BY_KEY[key]
            assert facet.is_open or value in dict(facet.values), word
            assert value_of(value) == value or not facet.is_open


def test_orders_are_written_as_the_table_has_them() -> None:
    assert all(is_sort(sort) for sort in SORTS)
    assert is_sort("score:travel")
    assert not is_sort("score:")
    assert not is_sort("random")
