from __future__ import annotations

import re

import pytest

from catalog.links.countries import NAMES, country_name


@pytest.mark.parametrize(
    ("code", "name"),
    [("DE", "Germany"), ("de", "Germany"), ("NL", "the Netherlands"), ("CI", "Côte d’Ivoire"), ("ZZ", "ZZ"), ("", "")],
)
def test_a_country_is_called_what_readers_call_it(code: str, name: str) -> None:
    assert country_name(code) == name


def test_the_table_is_whole() -> None:
    # the 249 officially assigned codes, and Kosovo's, which shops use
    assert len(NAMES) == 250
    assert all(re.fullmatch(r"[A-Z]{2}", code) and name == name.strip() and name for code, name in NAMES.items())
    assert len(set(NAMES.values())) == len(NAMES)
