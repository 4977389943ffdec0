"""A post's HTML becomes blocks: nothing it says is lost without a word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.blocks import BLOCKS
from reviews.wordpress.post_blocks import PostBlocks, blocks_of, full_size


def made(html: str, **links: str) -> PostBlocks:
    return blocks_of(html, link=lambda address: links.get("instead", address))


def kinds(html: str) -> list[str]:
    return [block.kind for block in made(html).blocks]


def first(html: str) -> dict[str, Any]:
    return made(html).blocks[0].data


def test_text_stays_text_in_its_order() -> None:
    html = "<!-- wp:heading --><h2>Why</h2><!-- /wp:heading --><p>Because.</p><ul><li>a</li></ul><blockquote>q"
    assert kinds(html) == ["prose"]
    assert first(html)["html"].startswith("<h2>Why</h2>")
    assert "<li>a</li>" in first(html)["html"]


def test_blank_lines_of_the_classic_editor_are_paragraphs() -> None:
    assert first("One\nline\n\nTwo")["html"].replace("\n", "") == "<p>One<br>line</p><p>Two</p>"


def test_a_picture_stands_where_it_stood_with_its_caption() -> None:
    html = (
        "<p>Before</p><figure class='wp-block-image'><img src='/up/ear-300x200.jpg' alt='An ear'>"
        "<figcaption>Seen from the side</figcaption></figure><p>After</p>"
    )
    parts = made(html).blocks
    assert [block.kind for block in parts] == ["prose", "picture", "prose"]
    assert (parts[1].picture_url, parts[1].alt, parts[1].data["caption"]) == (
        "/up/ear.jpg",
        "An ear",
        "Seen from the side",
    )


def test_words_around_a_picture_are_kept() -> None:
    parts = made("<p>Left <img src='a.jpg' alt='A'> right</p>").blocks
    assert [block.kind for block in parts] == ["prose", "picture"]
    assert "Left" in parts[0].data["html"]
    assert "right" in parts[0].data["html"]


def test_a_caption_shortcode_is_a_caption() -> None:
    parts = made("[caption id='a' width='300']<img src='a.jpg' alt='A'> Ours[/caption]").blocks
    assert parts[0].data["caption"] == "Ours"


@pytest.mark.parametrize(
    "html",
    [
        "<figure><iframe src='https://www.youtube.com/embed/a1B2c3D4e5F'></iframe></figure>",
        "<p>https://www.youtube.com/watch?v=a1B2c3D4e5F</p>",
        "https://youtu.be/a1B2c3D4e5F",
        "[embed]https://www.youtube.com/watch?v=a1B2c3D4e5F[/embed]",
    ],
)
def test_a_video_is_a_block_however_it_was_written(html: str) -> None:
    assert kinds(html) == ["video"]


def test_a_table_keeps_its_cells_and_is_made_rectangular() -> None:
    html = "<table><tr><th>Model</th><th>Weight</th></tr><tr><td>One</td></tr></table>"
    assert first(html)["cells"] == [["Model", "Weight"], ["One", ""]]
    assert first(html)["has_header_row"] is True


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("[contact-form-7 id='3']", "[contact-form-7]"),
        ("<iframe src='https://maps.example/x'></iframe>", "maps.example"),
        ("<script>alert(1)</script>", "<script>"),
        ("<form><input></form>", "<form>"),
    ],
)
def test_what_no_block_carries_is_named(html: str, words: str) -> None:
    parts = made(f"<p>Text</p>{html}")
    assert any(words in note for note in parts.lost)
    assert [block.kind for block in parts.blocks] == ["prose"]


def test_links_are_asked_for_and_taken_off_where_there_is_nothing() -> None:
    html = '<p><a href="https://earnotes.example/go/x">pair</a></p>'
    assert 'href="product:pair"' in made(html, instead="product:pair").blocks[0].data["html"]
    assert "href" not in made(html, instead="").blocks[0].data["html"]


def test_headings_that_we_do_not_have_are_the_nearest() -> None:
    assert first("<h1>A</h1><h6>B</h6>")["html"].replace("\n", "") == "<h2>A</h2><h4>B</h4>"


def test_boxes_of_page_builders_are_opened() -> None:
    html = "<div class='et_pb'>Lead<div><p>Text</p><img src='a.jpg' alt='A'></div></div>"
    assert kinds(html) == ["prose", "picture"]


def test_the_name_of_a_smaller_size_leads_to_the_whole() -> None:
    assert full_size("https://a.example/up/x-1024x768.png") == "https://a.example/up/x.png"
    assert full_size("https://a.example/up/wh-1000xm5.png") == "https://a.example/up/wh-1000xm5.png"


@given(st.text(alphabet="<>/ab=\"'[]p!-\n&;é", max_size=200))
def test_no_text_breaks_it_and_every_block_fits_its_kind(html: str) -> None:
    for block in made(html).blocks:
        data = {**block.data, "picture": 1} if block.kind == "picture" else block.data
        assert BLOCKS[block.kind].fit(data, product_count=0)[1] == []


@pytest.mark.parametrize(
    "html",
    [
        "<p onclick='x()'>a</p>",
        "<p><a href='javascript:x()'>a</a></p>",
        "<p>a<svg onload=x()></p>",
        "<p>a<img src=x onerror=x()></p>",
        "<scr<script>ipt>x()</scr</script>ipt>a",
    ],
)
def test_nothing_executable_comes_through(html: str) -> None:
    told = repr([block.data for block in made(html).blocks])
    for bad in ("onclick", "javascript:", "onload", "onerror", "<script"):
        assert bad not in told
