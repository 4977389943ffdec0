from __future__ import annotations

from xml.etree import ElementTree

import pytest

from catalog.drawing import Looks, Shape, backdrop, picture, shape_of, sprite
from catalog.kinds import ProductType


@pytest.mark.parametrize("shape", Shape)
def test_every_shape_is_a_well_formed_picture_without_styles(shape: Shape) -> None:
    svg = picture(shape, "#8a1c2b", "Ear & Oak <One>")
    root = ElementTree.fromstring(svg)
    assert root[0].text == "Ear & Oak <One>"
    assert "style=" not in svg
    assert "currentColor" in svg


def test_no_two_shapes_look_the_same() -> None:
    assert len({picture(shape, "#3b4252", "x") for shape in Shape}) == len(Shape)


def test_the_sprite_holds_every_shape_under_its_name() -> None:
    root = ElementTree.fromstring(sprite())
    assert [symbol.get("id") for symbol in root] == [shape.value for shape in Shape]


@pytest.mark.parametrize(
    ("looks", "shape"),
    [
        (Looks(type="over-ear"), Shape.OVER_EAR),
        (Looks(type="over-ear", enclosure="open"), Shape.OPEN_BACK),
        (Looks(type="on-ear", form_factor="on-ear"), Shape.ON_EAR),
        (Looks(type="wireless", form_factor="on-ear", wireless=True), Shape.ON_EAR),
        (Looks(type="in-ear", form_factor="in-ear", wireless=True), Shape.IN_EAR),
        (Looks(type="in-ear", form_factor="in-ear", wireless=False), Shape.WIRED_BUDS),
        (Looks(type="in-ear", form_factor="earbud", wireless=True), Shape.EARBUD),
        (Looks(type="gaming", form_factor="over-ear"), Shape.GAMING),
        (Looks(type="business", form_factor="on-ear", ears="two"), Shape.BUSINESS),
        (Looks(type="call-centre", form_factor="on-ear", ears="one"), Shape.CALL_CENTRE),
        (Looks(type="call-centre", form_factor="on-ear", ears="two"), Shape.BUSINESS),
        (Looks(type="aviation", form_factor="over-ear"), Shape.AVIATION),
        (Looks(type="bluetooth", ears="one"), Shape.EARPIECE),
        (Looks(type="bluetooth", form_factor="on-ear", ears="two"), Shape.BUSINESS),
        (Looks(type="wireless", form_factor="open-ear", enclosure="open"), Shape.OPEN_EAR),
        (Looks(type="bluetooth", form_factor="open-ear", ears="two"), Shape.OPEN_EAR),
        (Looks(type=None), Shape.OVER_EAR),
    ],
)
def test_the_shape_follows_from_type_and_form(looks: Looks, shape: Shape) -> None:
    assert shape_of(looks) is shape


@pytest.mark.parametrize("name", ProductType)
def test_every_type_has_a_shape_when_nothing_else_is_known(name: ProductType) -> None:
    assert shape_of(Looks(type=name.value)) in Shape


def test_a_pale_product_stands_on_a_darker_ground_than_a_dark_one() -> None:
    assert int(backdrop("#ffffff")[1:3], 16) < int(backdrop("#101010")[1:3], 16)
