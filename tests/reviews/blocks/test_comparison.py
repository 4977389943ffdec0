from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from catalog.models import AudioSpecs
from reviews.blocks.base import ProductFacts
from reviews.blocks.comparison import SPECS, Comparison, ComparisonView
from tests.reviews.blocks.facts import here, product, spec


def build(*products: ProductFacts, specs: list[str]) -> ComparisonView:
    return Comparison().build({"title": "Side by side", "specs": specs}, products, here())


def table(*products: ProductFacts, specs: list[str]) -> str:
    return render_to_string("blocks/comparison.html", {"block": build(*products, specs=specs)})


def weighing(number: int, grams: str | None, **changes: Any) -> ProductFacts:
    fact = spec("weight_g", f"{grams} g" if grams else None, grams)
    return product(number, specs={"weight_g": fact}, **changes)


def test_every_spec_offered_is_a_column_that_exists() -> None:
    columns = {field.name for field in AudioSpecs._meta.get_fields()}
    assert {key for key, _ in SPECS} <= columns


def test_the_best_value_is_named_in_words() -> None:
    (row,) = build(weighing(1, "250"), weighing(2, "190"), specs=["weight_g"]).rows
    assert [cell.remark for cell in row.cells] == ["", "lightest"]
    assert "lightest" in table(weighing(1, "250"), weighing(2, "190"), specs=["weight_g"])


def test_equal_values_and_a_single_known_one_have_no_best() -> None:
    for pair in ((weighing(1, "250"), weighing(2, "250")), (weighing(1, "250"), weighing(2, None))):
        (row,) = build(*pair, specs=["weight_g"]).rows
        assert [cell.remark for cell in row.cells] == ["", ""]


def test_what_is_not_known_says_so_and_is_never_no() -> None:
    html = table(weighing(1, None), product(2, specs={}), specs=["weight_g", "anc"])
    assert html.count("Unknown") == 4
    assert "✗" not in html


def test_rows_and_columns_have_their_headers_and_the_region_takes_the_keyboard() -> None:
    html = table(weighing(1, "250"), weighing(2, "190"), specs=["weight_g"])
    assert html.count('scope="col"') == 3
    assert 'scope="row"' in html
    assert "<caption>" in html
    assert '<section class="table-scroll" aria-label=' in html
    assert 'tabindex="0"' in html


def test_every_product_s_link_has_its_own_place() -> None:
    html = table(weighing(1, "250"), weighing(2, "190"), specs=["weight_g"])
    assert "/go/code1/?p=a7.2.1-" in html
    assert "/go/code2/?p=a7.2.2-" in html


def test_a_product_without_a_shop_says_so() -> None:
    assert "No shop known" in table(weighing(1, "250", offers=()), weighing(2, "190"), specs=["weight_g"])


def test_a_product_that_is_no_longer_made_says_so_at_its_name() -> None:
    html = table(weighing(1, "250", is_discontinued=True), weighing(2, "190"), specs=["weight_g"])
    assert html.count("no longer made") == 1


def test_a_figure_that_is_hard_to_read_is_drawn_for_each_by_one_measure_which_is_said_once() -> None:
    html = table(weighing(1, "254"), weighing(2, "60"), weighing(3, None), specs=["weight_g", "anc"])
    assert html.count('class="spec-picture"') == 2
    assert "four eggs" in html
    assert html.count("On the scale: an egg 60 g") == 1


def test_a_single_figure_is_not_drawn_as_it_has_nothing_to_be_compared_with() -> None:
    html = table(weighing(1, "254"), weighing(2, None), specs=["weight_g"])
    assert "spec-picture" not in html
    assert "On the scale" not in html
