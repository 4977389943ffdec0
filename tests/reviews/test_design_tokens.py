from __future__ import annotations

import pytest
from django.test import Client

from catalog.drawing import Shape
from catalog.spec_pictures import PICTURES
from reviews.design_tokens import Colour, colours, contrast, sizes, tokens
from reviews.pages.design import TEXT_NEEDS, Reading, readings
from reviews.samples import SAMPLE_SPECS

CSS = """
:root {
  --ink: light-dark(#1a2125, #e8ecee);
  --white: light-dark(#fff, #000);
  --tag: #F3B63F;
  --size-body: clamp(1rem, 2vw, 2rem);
  --shadow: 0 1px 2px rgb(0 0 0 / 6%);
}
.dark { --ink: #fff; }
"""


def test_colours_are_read_from_the_stylesheet_in_both_schemes() -> None:
    assert colours(CSS) == {
        "ink": Colour("#1a2125", "#e8ecee"),
        "white": Colour("#ffffff", "#000000"),
        "tag": Colour("#f3b63f", "#f3b63f"),
    }


def test_the_first_value_of_a_token_counts() -> None:
    assert tokens(CSS)["ink"] == "light-dark(#1a2125, #e8ecee)"
    assert sizes(CSS, "size-") == {"size-body": "clamp(1rem, 2vw, 2rem)"}


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize("reading", readings(), ids=lambda one: f"{one.text} on {one.ground}")
def test_every_text_can_be_read_on_its_ground(reading: Reading) -> None:
    assert float(reading.light) >= TEXT_NEEDS
    assert float(reading.dark) >= TEXT_NEEDS


@pytest.mark.django_db
def test_the_gallery_shows_every_part_and_lets_nobody_follow_an_invented_offer(client: Client) -> None:
    html = client.get("/design/").content.decode()
    for part in ("note-good", "note-bad", "button-tag", "type-card", "offer-link", "score-large", "chip", "badge"):
        assert part in html
    before = html.split("offer-link")[0]
    assert "inert" in before
    assert 'content="noindex"' in html


@pytest.mark.django_db
def test_the_gallery_draws_every_shape_and_every_spec_that_has_a_picture(client: Client) -> None:
    html = client.get("/design/").content.decode()
    for shape in Shape:
        assert f"#{shape.value}" in html
    assert {key for key, _ in SAMPLE_SPECS} == set(PICTURES)
    assert html.count('class="spec-picture"') == sum(len(values) for _, values in SAMPLE_SPECS)
