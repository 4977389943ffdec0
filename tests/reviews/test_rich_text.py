from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.rich_text import (
    PricePlace,
    SafeHtml,
    anchor,
    hrefs,
    own_links,
    paragraphs,
    plain_text,
    price_slugs,
    sanitised,
    shown,
)

PIECES = [
    "<script>alert(1)</script>", "<scr<script>ipt>", "</script>", "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">', "<a href=' jAvAsCrIpT:x'>", '<a href="java&#115;cript:x">',
    '<a href="data:text/html,x">', '<a href="https://e.example/" onclick="x()">', '<a href="product:x">', "</a>",
    '<p style="color:red">', "<h2 onmouseover=x>", "</h2>", "<h3>", "<svg/onload=x>", "<math><mtext><style>",
    "<iframe src=x>", "<!--", "-->", "<![CDATA[", "]]>", "&lt;script&gt;", "<ul><li>", "<b>", "<table><td>", "<p>",
    "\x00", '"', "'", "`", "<", ">", "words",
]  # fmt: skip
ANYTHING = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=14).map("".join)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in Tags(html).seen:
        assert tag in {"h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else {"id"} if tag in {"h2", "h3", "h4"} else set())
        target = re.sub(r"[\x00-\x20]", "", attributes.get("href") or "").lower()
        assert not target.startswith(("javascript:", "data:", "vbscript:"))


@pytest.mark.parametrize("piece", PIECES)
def test_no_single_trick_survives(piece: str) -> None:
    for html in (f"{piece}words", f"<p>{piece}words</p>", f"<h2>a{piece}b</h2>"):
        assert_harmless(sanitised(html))
        assert_harmless(shown(html, links={}).html)


@settings(max_examples=400)
@given(ANYTHING)
def test_nothing_active_survives_in_what_is_stored_or_shown(html: str) -> None:
    stored = sanitised(html)
    assert_harmless(stored)
    assert_harmless(shown(html, links={"product:x": "/products/x/"}).html)


@given(ANYTHING)
def test_sanitising_twice_is_sanitising_once(html: str) -> None:
    once = sanitised(html)
    assert sanitised(once) == once


def test_what_editors_write_is_kept() -> None:
    html = '<h2>A</h2><p>b <strong>c</strong> <em>d</em> <a href="product:x">e</a></p><ul><li>f</li></ul>'
    assert sanitised(html) == html


def test_the_page_title_s_level_and_dressing_are_unwrapped_and_words_kept() -> None:
    assert sanitised('<h1>Big</h1><div class="x"><span style="y">words</span></div>') == "Bigwords"


@pytest.mark.parametrize("html", ["", "  ", "<p></p>", "<p><br></p>", "<h2> </h2>", "<p>&nbsp;</p>"])
def test_text_without_words_is_nothing(html: str) -> None:
    assert sanitised(html) == ""


def test_a_heading_without_words_goes() -> None:
    assert sanitised("<h2></h2><p>Words</p>") == "<p>Words</p>"


def test_headings_get_ids_from_their_words_each_its_own() -> None:
    text = shown(
        "<h2>What’s new?</h2><p>x</p><h3>Über <em>all</em></h3><h2>What's new</h2>", links={}, taken={"uber-all"}
    )
    assert [(one.level, one.text, one.id) for one in text.headings] == [
        (2, "What’s new?", "whats-new"),
        (3, "Über all", "uber-all-2"),
        (2, "What's new", "whats-new-2"),
    ]
    assert '<h3 id="uber-all-2">Über <em>all</em></h3>' in text.html


def test_a_heading_in_another_script_still_has_an_id() -> None:
    assert anchor("耳機") == "section"


def test_own_links_get_their_address_and_lose_the_link_when_there_is_none() -> None:
    html = '<p><a href="product:a">A</a> and <a href="article:b">B</a></p>'
    assert own_links(html) == ("product:a", "article:b")
    text = shown(html, links={"product:a": "/products/a/"})
    assert text.html == '<p><a href="/products/a/">A</a> and B</p>'
    assert isinstance(text.html, SafeHtml)


def test_links_that_leave_the_site_say_so() -> None:
    html = '<p><a href="https://e.example/?a=1&amp;b=2">x</a> <a href="//e.example/">y</a> <a href="/here/">z</a></p>'
    assert hrefs(html) == ("https://e.example/?a=1&b=2", "//e.example/", "/here/")
    assert shown(html, links={}).html == (
        '<p><a href="https://e.example/?a=1&amp;b=2" rel="noopener external">x</a> '
        '<a href="//e.example/" rel="noopener external">y</a> <a href="/here/">z</a></p>'
    )


def test_a_target_that_is_no_address_breaks_nothing() -> None:
    assert "x" in shown('<p><a href="http://[">x</a></p>', links={}).html


def test_words_and_paragraphs_without_tags() -> None:
    assert plain_text("<p>Salt &amp; pepper</p><p>more</p>") == "Salt & pepper more"
    assert paragraphs("One\nline\r\n\r\n  two \n\n\n") == ("One line", "two")


def test_a_place_for_a_price_is_parted_from_the_words_around_it() -> None:
    text = shown('<p>It costs <a href="price:x">what <em>x</em> costs</a>.</p>', links={})
    assert text.pieces == ("<p>It costs ", PricePlace("x", SafeHtml("what <em>x</em> costs")), ".</p>")
    assert text.html == "<p>It costs what <em>x</em> costs.</p>"
    assert price_slugs('<p><a href="price:x">a</a> <a href="price:y">b</a> <a href="product:z">c</a></p>') == ("x", "y")


def test_a_heading_keeps_its_words_where_a_price_has_its_place() -> None:
    text = shown('<h2>From <a href="price:x">little</a> money</h2>', links={})
    assert [heading.text for heading in text.headings] == ["From little money"]
    assert text.pieces == ('<h2 id="from-little-money">From little money</h2>',)


@given(ANYTHING)
def test_no_text_brings_a_place_of_its_own(html: str) -> None:
    text = shown(f'{html}\x000\x00<p><a href="price:one">x</a></p>\x001\x00', links={})
    assert sum(isinstance(piece, PricePlace) and piece.slug == "one" for piece in text.pieces) <= 1
    assert "\x00" not in text.html
