"""Readers see who measured or said a spec, and who says otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from catalog.models import Product, SpecEvidence
from catalog.services.products import vouch
from catalog.spec_sheet import agrees
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def prove(product: Product, source: str = "Acme", **fields: Any) -> SpecEvidence:
    values: dict[str, Any] = {"spec": "weight_g", "checked_on": date(2026, 5, 3)}
    return SpecEvidence.objects.create(product=product, source=source, **{**values, **fields})


def page(client: Client, product: Product) -> str:
    answer = client.get(product.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_measurement_is_quoted_before_a_younger_word_of_the_maker(client: Client) -> None:
    product = make_product(specs={"weight_g": 250, "anc": True})
    prove(product, "Our lab", is_measured=True, tester="Ada Field", sample="bought May 2026", firmware="1.2")
    prove(product, "Acme", checked_on=date(2026, 6, 1))
    said = "Measured on 3 May 2026 by Ada Field, firmware 1.2, unit: bought May 2026: Our lab"
    assert said in page(client, product)


def test_another_value_is_said_beside_the_sheets(client: Client) -> None:
    product = make_product(specs={"weight_g": 254})
    prove(product, "Our lab", is_measured=True, tester="Ada Field", value="254 g")
    prove(product, "Acme", value="250 g", source_url="https://acme.example/one")
    html = page(client, product)
    assert "Another source says <strong>250 g</strong>, checked on 3 May 2026" in html
    assert html.count("Another source says") == 1


def test_correcting_the_sheet_keeps_who_says_otherwise() -> None:
    product = make_product(specs={"weight_g": 254})
    prove(product, "Acme", value="250 g")
    prove(product, "Shop")
    vouch(product=product, columns=["weight_g"], on=date(2026, 6, 1))
    assert set(product.evidence.values_list("source", flat=True)) == {"Acme", "editor"}


@pytest.mark.parametrize(
    ("said", "is_same"), [("254", True), ("254.0 g", True), ("1,254 g", False), ("light", False), ("", False)]
)
def test_a_number_is_compared_as_a_number(said: str, is_same: bool) -> None:
    from decimal import Decimal

    assert agrees(said, printed="254\N{NO-BREAK SPACE}g", number=Decimal(254)) is is_same


@pytest.mark.django_db
def test_a_spec_that_is_hard_to_read_is_drawn_and_said_and_others_are_not(client: Client) -> None:
    product = make_product(specs={"weight_g": 254, "driver_mm": 40, "isolation_db": 35, "sound_balance": "warm"})
    html = client.get(product.get_absolute_url()).content.decode()
    assert html.count('class="spec-picture"') == 3
    for words in ("four eggs", "about a tenth as loud", "Bass stands out"):
        assert words in html
