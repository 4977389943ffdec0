from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from reviews.block_fields import Choice, Choices, Field, Lines, LongText, Number, RichText, Rows, Text
from reviews.blocks import BLOCKS
from reviews.blocks.base import Block
from tests.reviews.blocks.facts import here, product

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
every_block = pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())


def products_for(block: Block, count: int | None = None, **changes: Any) -> list[Any]:
    number = count if count is not None else max(block.products.minimum, min(1, block.products.maximum))
    return [product(i, **changes) for i in range(1, number + 1)]


def render(block: Block, data: dict[str, Any], products: list[Any]) -> str:
    return render_to_string(f"blocks/{block.key}.html", {"block": block.build(data, products, here())})


@every_block
def test_key_file_registry_and_template_have_one_name(block: Block) -> None:
    assert BLOCKS[block.key] is block
    assert type(block).__module__ == f"reviews.blocks.{block.key}"
    assert Path(f"templates/blocks/{block.key}.html").is_file()


@every_block
def test_the_example_fits(block: Block) -> None:
    stored, problems = block.fit(block.example, product_count=block.products.minimum)
    assert problems == []
    assert block.fit(stored, product_count=block.products.minimum) == (stored, []), "what is stored fits again"


@every_block
def test_the_view_is_a_frozen_dataclass_and_its_headings_are_known(block: Block) -> None:
    view = block.build(block.fit(block.example, product_count=99)[0], products_for(block), here())
    name = dataclasses.fields(view)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(view, name, "changed")
    title = block.example.get("title")
    if title:
        assert view.headings[0].text == title  # type: ignore[attr-defined]


@every_block
def test_the_template_prints_the_example_without_asking_the_database(block: Block) -> None:
    # No database mark on purpose: a query would raise.
    html = render(block, dict(block.example), products_for(block))
    assert f"block-{block.key.replace('_', '-')}" in html


@every_block
def test_affiliate_links_appear_only_in_blocks_that_say_so(block: Block) -> None:
    html = render(block, dict(block.example), products_for(block))
    assert ("/go/" in html) == block.carries_offers
    if block.carries_offers:
        assert 'rel="sponsored nofollow noopener"' in html
        assert "?p=a7.2.1-" in html
        assert "paid link" in html


@every_block
def test_nothing_hostile_survives_being_printed(block: Block) -> None:
    hostile = {field.name: _hostile(field) for field in block.fields}
    html = render(block, hostile, products_for(block, name=HOSTILE, summary=HOSTILE))
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "style=" not in html


@every_block
def test_words_of_the_wrong_shape_are_named_with_their_field(block: Block) -> None:
    for field in block.fields:
        wrong: Any = {"no": "fit"}
        _, problems = block.fit({**block.example, field.name: wrong}, product_count=block.products.minimum)
        assert problems, field.name
        assert problems[0].path[0] == field.name
        assert field.label in str(problems[0])


@every_block
def test_data_that_is_no_object_is_refused_in_words(block: Block) -> None:
    for nonsense in ([], "text", 7, None):
        stored, problems = block.fit(nonsense, product_count=block.products.minimum)
        assert stored == {}
        assert "must be a set of fields" in str(problems[0])


@every_block
def test_an_unknown_key_is_refused_by_name(block: Block) -> None:
    _, problems = block.fit({**block.example, "hokum": 1}, product_count=block.products.minimum)
    assert any("hokum: is not a field here" in str(problem) for problem in problems)


@every_block
def test_too_many_products_are_refused_with_both_numbers(block: Block) -> None:
    too_many = block.products.maximum + 1
    _, problems = block.fit(block.example, product_count=too_many)
    assert any(str(too_many) in str(problem) and problem.path == ("products",) for problem in problems)


def _hostile(field: Field) -> Any:
    match field:
        case Lines():
            return [HOSTILE]
        case Rows():
            return [{column.name: _hostile(column) for column in field.columns}]
        case Number():
            return "5"
        case Choice():
            return field.options[0][0]
        case Choices():
            return [field.options[0][0]]
        case Text() | LongText() | RichText():
            return HOSTILE
    raise AssertionError(field)
