"""A reader's words become a little HTML and never more than that, in any script and of any length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from reviews.comments.text import (
    LONGEST_TEXT,
    clean_name,
    clean_text,
    comment_html,
    count_links,
    is_blank,
    text_key,
    words_in,
)
from tests.xss.corpus import FAMILIES


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Two\nlines", '<p dir="auto">Two<br>lines</p>'),
        ("One\n\nTwo", '<p dir="auto">One</p><p dir="auto">Two</p>'),
        ("**loud** and *soft* and _low_", '<p dir="auto"><strong>loud</strong> and <em>soft</em> and <em>low</em></p>'),
        ("`a < b`", '<p dir="auto"><code>a &lt; b</code></p>'),
        ("> said\n> so\nNo.", '<blockquote dir="auto">said<br>so</blockquote><p dir="auto">No.</p>'),
        ("```\nx = *1*\n\ny\n```\nend", '<pre><code>x = *1*\n\ny</code></pre><p dir="auto">end</p>'),
        ("```\nnever closed", "<pre><code>never closed</code></pre>"),
        ("3 * 4 * 5 and snake_case_name", '<p dir="auto">3 * 4 * 5 and snake_case_name</p>'),
        ("<b>no</b>", '<p dir="auto">&lt;b&gt;no&lt;/b&gt;</p>'),
    ],
)
def test_markdown_light(typed: str, shown: str) -> None:
    assert comment_html(clean_text(typed)) == shown


@pytest.mark.parametrize("typed", ["https://shop.example/a?b=1&c=2.", "[here](https://shop.example/a?b=1&c=2)"])
def test_every_link_says_that_it_is_a_readers_own(typed: str) -> None:
    html = comment_html(typed)
    assert 'href="https://shop.example/a?b=1&amp;c=2"' in html
    assert 'rel="ugc nofollow noopener"' in html


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "product:one", "/go/x/"]
)
def test_a_link_leads_to_the_web_or_nowhere(target: str) -> None:
    assert "<a" not in comment_html(f"[here]({target})")


@pytest.mark.parametrize("family", FAMILIES)
def test_whatever_is_typed_only_our_own_elements_come_out(family: str) -> None:
    for payload in FAMILIES[family]:
        for typed in (payload, f"**{payload}**", f"[{payload}](https://a.example)", f"> {payload}"):
            made = lxml_html.fragment_fromstring(comment_html(clean_text(typed)), create_parent="main")
            for element in made.iterdescendants():
                assert element.tag in {"p", "br", "strong", "em", "code", "pre", "blockquote", "a"}
                assert set(element.attrib) <= {"dir", "href", "rel"}
                assert element.get("href", "https://").startswith(("http://", "https://"))


@given(st.text(max_size=400))
def test_any_text_is_shown_without_a_failure_and_cleaning_twice_is_cleaning_once(typed: str) -> None:
    cleaned = clean_text(typed)
    assert clean_text(cleaned) == cleaned
    comment_html(cleaned)
    cleaned.encode()


@pytest.mark.parametrize("piece", ["*", "_", "`", "[", "**a", "> ", "https://a ", "[a](", "```\n", "́"])
def test_ten_thousand_characters_of_marks_take_no_longer_than_words(piece: str) -> None:
    typed = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    began = time.process_time()
    comment_html(clean_text(typed))
    assert time.process_time() - began < 2


def test_names_keep_their_script_and_lose_what_turns_the_line_around() -> None:
    assert clean_name("  שירה \n כהן ") == "שירה כהן"
    assert clean_name("نور\u200f") == "نور\u200f"
    assert clean_name("\u202eniboR") == "niboR"
    assert clean_name("Zoë 🎧") == "Zoë 🎧"


@pytest.mark.parametrize(
    "typed", ["", " ", "\u200b\u200d", "\ufeff", "\u3164", "\u2800\u00a0", "\u0301", "\ufe0f", "\u00ad"]
)
def test_what_nobody_would_see_is_blank(typed: str) -> None:
    assert is_blank(clean_text(typed))


@pytest.mark.parametrize("typed", ["!", "🎧", "٣", "क्ष", "می\u200cخواهم", "👩\u200d🎤"])
def test_whatever_can_be_seen_is_a_text_and_stays_as_it_was_typed(typed: str) -> None:
    assert not is_blank(typed)
    assert clean_text(typed) == typed


def test_signs_without_a_width_do_not_hide_words() -> None:
    assert words_in("c\u200ba\u00adsino", ("casino",)) == ("casino",)
    assert text_key("buy n\u2060ow") == text_key("buy now")


def test_the_same_words_have_one_key_however_they_are_dressed() -> None:
    assert text_key("Buy NOW!!  cheap") == text_key("buy now, cheap")
    assert text_key("buy now") != text_key("buy later")
    assert text_key("!!!") != text_key("???")


def test_words_are_found_as_words_in_any_script() -> None:
    assert words_in("Best CASINO ever", ("casino", "bet")) == ("casino",)
    assert words_in("Alphabet", ("bet",)) == ()
    assert words_in("easy  money, now", ("easy money",)) == ("easy money",)
    assert words_in("лучшее Казино", ("казино",)) == ("казино",)


def test_links_are_counted_however_they_are_written() -> None:
    assert count_links("http://a.example [b](https://b.example) www.c.example") == 3
