from __future__ import annotations

import dataclasses
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from reviews.block_fields import (
    Choice,
    Choices,
    Field,
    Lines,
    LongText,
    Number,
    PictureRef,
    ProductRef,
    Reference,
    RichText,
    Rows,
    Text,
    references,
)
from reviews.blocks import BLOCKS
from reviews.blocks.base import Block
from reviews.exact_fields import Day, Flag, Grid, WebAddress
from tests.reviews.blocks.facts import here, picture, product

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
# What has run scripts in other people's pages: by tag, by attribute, by address, by breaking out of what it stands in.
CORPUS = (
    HOSTILE,
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jAvAsCrIpT&colon;alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="price:x" onclick=alert(1)>x</a>',
    '<a href="price:&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<p style="background:url(javascript:alert(1))" onmouseover=alert(1)>x</p>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<!--><img src=x onerror=alert(1)>-->",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</form>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "' autofocus onfocus=alert(1) x='",
    '" autofocus onfocus=alert(1) x="',
    "{% load site %}{{ settings.SECRET_KEY }}",
    "</title></textarea></style></script><script>alert(1)</script>",
    "\x00<scr\x00ipt>alert(1)</script>\x000\x00",
    "javascript:alert(1)",
    "//evil.example/x",
    'https://a.example/" onmouseover="alert(1)',
)
_ADDRESSES = {"href", "src", "srcset", "action", "formaction", "data-player", "xlink:href", "ping", "poster"}
_TAGS = {"script", "iframe", "object", "embed", "base", "meta", "form", "style", "animate", "noscript", "textarea"}
every_block = pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())


def products_for(block: Block, count: int | None = None, **changes: Any) -> list[Any]:
    number = count if count is not None else max(block.products.minimum, min(1, block.products.maximum))
    return [product(i, **changes) for i in range(1, number + 1)]


def render(block: Block, data: dict[str, Any], named: list[Any], **surroundings: Any) -> str:
    view = block.build(data, named, here(**surroundings))
    return render_to_string(f"blocks/{block.key}.html", {"block": view})


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
def test_what_is_stored_comes_back_from_the_database_and_fits_as_it_was(block: Block) -> None:
    stored, _ = block.fit(block.example, product_count=block.products.minimum)
    back = json.loads(json.dumps(stored, sort_keys=True))
    assert block.fit(back, product_count=block.products.minimum) == (stored, [])


@every_block
def test_what_the_example_refers_to_survives_being_stored(block: Block) -> None:
    stored, _ = block.fit(block.example, product_count=block.products.minimum)
    for kind in (ProductRef, PictureRef):
        assert references(block.fields, stored, kind) == references(block.fields, block.example, kind)


@every_block
def test_it_is_drawn_while_what_it_refers_to_is_gone(block: Block) -> None:
    html = render(block, dict(block.example), products_for(block), products={}, pictures={})
    assert "None" not in html
    if block.key not in ("picture", "gallery"):
        assert f"block-{block.key.replace('_', '-')}" in html


@every_block
def test_the_view_is_a_frozen_dataclass_and_its_headings_are_known(block: Block) -> None:
    view = block.build(block.fit(block.example, product_count=99)[0], products_for(block), here())
    name = dataclasses.fields(view)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(view, name, "changed")
    title = block.example.get("title")
    if title and block.key != "video":  # its title is a caption
        assert view.headings[0].text == title  # type: ignore[attr-defined]


@every_block
def test_headings_are_in_order_and_those_that_are_known_are_those_that_are_printed(block: Block) -> None:
    view = block.build(dict(block.example), products_for(block), here())
    page = lxml_html.fragment_fromstring(render(block, dict(block.example), products_for(block)), create_parent="main")
    levels = [int(str(element.tag)[1]) for element in page.iter("h2", "h3", "h4", "h5", "h6")]
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels)), levels
    printed = [element.get("id") for element in page.iter("h2", "h3", "h4") if element.get("id")]
    assert printed == [heading.id for heading in getattr(view, "headings", ())]
    named = {place for element in page.iter() for place in (element.get("aria-labelledby") or "").split()}
    assert named <= set(printed)
    assert not any(element.text_content().strip() == "" for element in page.iter("h2", "h3", "h4"))


@every_block
def test_ids_that_are_taken_are_not_given_again(block: Block) -> None:
    first = getattr(block.build(dict(block.example), products_for(block), here()), "headings", ())
    taken = frozenset(heading.id for heading in first)
    again = getattr(block.build(dict(block.example), products_for(block), here(taken_ids=taken)), "headings", ())
    assert taken.isdisjoint(heading.id for heading in again)


@every_block
def test_the_template_prints_the_example_without_asking_the_database(block: Block) -> None:
    # No database mark on purpose: a query would raise.
    html = render(block, dict(block.example), products_for(block))
    assert f"block-{block.key.replace('_', '-')}" in html


@every_block
def test_affiliate_links_appear_only_in_blocks_that_say_so(block: Block) -> None:
    products = products_for(block)
    html = render(block, dict(block.example), products)
    assert ("/go/" in html) == block.carries_offers
    assert block.carries_offers_in(block.example, product_count=len(products)) == block.carries_offers
    if block.carries_offers:
        assert 'rel="sponsored nofollow noopener"' in html
        assert "?p=a7.2.1-" in html
        assert "paid link" in html


@every_block
def test_a_live_price_in_its_text_is_an_affiliate_link_and_the_block_says_so(block: Block) -> None:
    text = '<p>It costs <a href="price:model-1">less</a>.</p>'
    for field in block.fields:
        if isinstance(field, RichText):
            data = {**block.example, field.name: text}
            html = render(block, data, products_for(block), priced={"model-1": product(1)})
            assert "$99.00" in html
            assert 'rel="sponsored nofollow noopener"' in html
            assert block.carries_offers_in(data, product_count=0)


@every_block
@pytest.mark.parametrize("hostile", CORPUS, ids=range(len(CORPUS)))
def test_nothing_hostile_survives_being_printed(block: Block, hostile: str) -> None:
    data = {field.name: _filled(field, hostile) for field in block.fields}
    changes = {"name": hostile, "summary": hostile, "brand": hostile}
    pictures = {number: picture(number, alt=hostile, caption=hostile, credit=hostile) for number in (1, 2, 3)}
    html = render(
        block,
        data,
        products_for(block, **changes),
        products={number: product(number, **changes) for number in (1, 2, 3)},
        pictures=pictures,
        priced={"x": product(1, **changes)},
    )
    assert_harmless(html)
    stored, _ = block.fit(data, product_count=block.products.minimum)
    if set(stored) == {field.name for field in block.fields}:
        assert_harmless(render(block, stored, products_for(block, **changes)))


def assert_harmless(html: str) -> None:
    """As a browser reads it, not as it is written."""
    page = lxml_html.fragment_fromstring(html, create_parent="main")
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in _TAGS, html
        for name, value in element.attrib.items():
            assert not name.startswith("on"), html
            assert name not in ("style", "srcdoc", "autofocus"), html
            if name in _ADDRESSES:
                assert re.match(r"(/(?!/)|#|https?://)", value.strip()), html
                assert "evil.example" not in value, html


@every_block
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_fit_takes_anything_and_what_fits_can_be_drawn(block: Block, data: st.DataObject) -> None:
    nonsense = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
    changed = data.draw(st.dictionaries(st.sampled_from([field.name for field in block.fields]), nonsense, max_size=3))
    stored, problems = block.fit({**block.example, **changed}, product_count=block.products.minimum)
    assert all(str(problem).strip() for problem in problems)
    if not problems:
        assert block.fit(stored, product_count=block.products.minimum) == (stored, [])
        assert_harmless(render(block, stored, products_for(block)))


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


def _filled(field: Field, text: str) -> Any:
    """The field with this text wherever words fit; what cannot hold words holds what fits."""
    match field:
        case Lines():
            return [text]
        case Rows():
            return [{column.name: _filled(column, text) for column in field.columns}] * max(1, field.minimum)
        case Number():
            return "5"
        case Choice():
            return field.options[0][0]
        case Choices():
            return [field.options[0][0]]
        case Reference():
            return 1
        case Flag():
            return True
        case Grid():
            return [[text, text], [text, text]]
        case Text() | LongText() | RichText() | WebAddress() | Day():
            return text
    raise AssertionError(field)
