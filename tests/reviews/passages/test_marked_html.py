"""Marks stand behind their words, whatever tags are in between, and never where a link may not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.passages.marked_html import Mark, with_marks


def mark(exact: str, html: str = "<sup>1</sup>", prefix: str = "", suffix: str = "") -> Mark:
    return Mark(exact=exact, prefix=prefix, suffix=suffix, html=html)


@pytest.mark.parametrize(
    ("html", "exact", "marked"),
    [
        ("<p>It folds flat.</p>", "folds flat", "<p>It folds flat<sup>1</sup>.</p>"),
        ("<p>It <em>folds</em> flat.</p>", "It folds", "<p>It <em>folds<sup>1</sup></em> flat.</p>"),
        ("<p>Pads &amp; band.</p>", "pads & band", "<p>Pads &amp; band<sup>1</sup>.</p>"),
        ("<p>R&eacute;sum&#233; here.</p>", "résumé", "<p>R&eacute;sum&#233;<sup>1</sup> here.</p>"),
        (
            "<p>See <a href='/x/'>our test</a> of it.</p>",
            "our",
            "<p>See <a href='/x/'>our test</a><sup>1</sup> of it.</p>",
        ),
        (
            "<h2><a href='#x'>Sound</a></h2><p>Even.</p>",
            "Sound",
            "<h2><a href='#x'>Sound</a></h2><sup>1</sup><p>Even.</p>",
        ),
        ("<p>One</p><p>two</p>", "One two", "<p>One</p><p>two<sup>1</sup></p>"),
        ("<p>a<br>b 1 &lt; 2</p>", "1 < 2", "<p>a<br>b 1 &lt; 2<sup>1</sup></p>"),
        ("<p>סמיך מאוד</p>", "מאוד", "<p>סמיך מאוד<sup>1</sup></p>"),
        ("<p>音质很好，佩戴舒适。</p>", "佩戴", "<p>音质很好，佩戴<sup>1</sup>舒适。</p>"),
        ("<svg><text>flat</text></svg><p>flat</p>", "flat", "<svg><text>flat</text></svg><p>flat<sup>1</sup></p>"),
        ("<!-- flat --><p>flat</p>", "flat", "<!-- flat --><p>flat<sup>1</sup></p>"),
    ],
)
def test_a_mark_stands_behind_its_words(html: str, exact: str, marked: str) -> None:
    assert with_marks(html, [mark(exact)]) == marked


def test_of_words_that_stand_twice_the_neighbours_decide() -> None:
    html = "<p>The left pad is warm.</p><p>The right pad is warm.</p>"
    marked = with_marks(html, [mark("pad is warm", prefix="The right ")])
    assert marked == "<p>The left pad is warm.</p><p>The right pad is warm<sup>1</sup>.</p>"


def test_words_that_are_not_shown_are_marked_at_the_end() -> None:
    assert with_marks("<p>Even.</p>", [mark("quite another thing")]) == (
        '<p>Even.</p><p class="remark-marks"><sup>1</sup></p>'
    )


def test_several_marks_keep_their_order() -> None:
    marks = [mark("flat", "<sup>1</sup>"), mark("flat", "<sup>2</sup>"), mark("It", "<sup>3</sup>")]
    assert with_marks("<p>It folds flat.</p>", marks) == "<p>It<sup>3</sup> folds flat<sup>1</sup><sup>2</sup>.</p>"


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<a href='x'>", "</a>", "<em>", "</em>", "<br>", "&amp;", "&", "<", " one", "two "]
        )
    )
)
def test_whatever_the_html_only_the_mark_is_added(parts: list[str]) -> None:
    html = "".join(parts)
    assert (
        with_marks(html, [mark("one two", "§")]).replace('<p class="remark-marks">§</p>', "").replace("§", "") == html
    )
