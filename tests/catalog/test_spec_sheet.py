from __future__ import annotations

from catalog.models import AudioSpecs
from catalog.spec_sheet import GROUPS, SPECS


def test_the_spec_sheet_names_every_column_once() -> None:
    columns = {field.name for field in AudioSpecs._meta.fields} - {"id", "product"}
    assert sorted(spec.key for spec in SPECS) == sorted(columns)


def test_every_spec_is_in_a_known_group_with_a_label_of_its_own() -> None:
    assert {spec.group for spec in SPECS} == set(GROUPS)
    assert len({spec.label for spec in SPECS}) == len(SPECS)
