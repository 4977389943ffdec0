"""Each check that reads HTML: what it lets pass, and what it names."""

from __future__ import annotations

import json

import pytest

from reviews.desk.gate import disclosure, headings, paid_links, pictures, structured_data, whole_page, wording
from reviews.desk.gate.remarks import Found
from tests.reviews.desk.gate.pages import PAID, TOLD, document


def messages(found: object) -> list[str]:
    return [one.message for one in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "main",
    [
        TOLD + PAID,
        f'<p class="note-disclosure">We earn a commission.</p>{PAID}',
        "<p>Nothing is sold here.</p>",
        '<p><a href="/guides/one/">A guide</a></p><p><a href="https://maker.example/">The maker</a></p>',
    ],
)
def test_a_page_that_tells_first_passes(main: str) -> None:
    assert list(disclosure.disclosure_late(document(main))) == []


@pytest.mark.parametrize(
    "main",
    [
        PAID,
        PAID + TOLD,
        f"<div hidden>{TOLD}</div>{PAID}",
        f'<div aria-hidden="true">{TOLD}</div>{PAID}',
        f'<div class="visually-hidden">{TOLD}</div>{PAID}',
        f"<details><summary>More</summary>{TOLD}</details>{PAID}",
        f"<template>{TOLD}</template>{PAID}",
        f"<noscript>{TOLD}</noscript>{PAID}",
        f"<footer>{TOLD}</footer>{PAID}",
        f'<aside class="block-disclosure"></aside>{PAID}',
        f"<p>Shops pay us a commission.</p>{PAID}",
        f'<a rel="sponsored" ping="/go/one/?p=x" href="https://shop.example/p/1">At Shop</a>{TOLD}',
        f'<a href="https://www.shop.example/p/1">At Shop</a>{TOLD}',
        f'<a href="https://our.example/go/one/">At Shop</a>{TOLD}',
        f'<p>It costs <span class="price-mention">$9.00</span>.</p>{TOLD}',
    ],
)
def test_a_shop_before_a_disclosure_that_is_seen_is_named(main: str) -> None:
    (found,) = disclosure.disclosure_late(document(main))
    assert "no disclosure that a reader can see stands before it" in found.message


def test_an_open_fold_is_seen() -> None:
    main = f"<details open><summary>More</summary>{TOLD}</details>{PAID}"
    assert list(disclosure.disclosure_late(document(main))) == []


def test_each_block_is_named_once() -> None:
    main = f"<!--block 4-->{PAID}{PAID}<!--block 7-->{PAID}<!--block end-->{PAID}{TOLD}"
    assert [one.block for one in disclosure.disclosure_late(document(main))] == [4, 7, None]


def test_the_bare_words_affiliate_link_tell_nothing() -> None:
    vague = '<aside class="block-disclosure"><p>This page contains affiliate links.</p></aside>'
    assert "plain words" in messages(disclosure.disclosure_vague(document(vague)))[0]
    assert list(disclosure.disclosure_vague(document(TOLD))) == []


@pytest.mark.parametrize("rel", ["", "nofollow noopener", "sponsoredlink"])
def test_a_paid_link_without_sponsored_is_named(rel: str) -> None:
    link = f'<a rel="{rel}" href="/go/one/">At Shop paid link</a>'
    assert 'lacks rel="sponsored"' in messages(paid_links.link_not_sponsored(document(link)))[0]
    assert list(paid_links.link_not_sponsored(document(PAID))) == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ('<a rel="sponsored" href="/go/one/">At Shop</a>', "lacks its label “paid link”"),
        ('<a rel="sponsored" href="/go/ad/">At Shop <span>paid link</span></a>', "lacks its label “Anzeige”"),
        ('<a rel="sponsored" href="/go/one/">At Shop <span hidden>paid link</span></a>', "lacks its label"),
        ('<a rel="sponsored" href="/go/two/">At Shop <span></span></a>', "its merchant's record names none"),
        ('<a rel="sponsored" href="https://shop.example/">At Shop</a>', "lacks its label “paid link”"),
    ],
)
def test_a_paid_link_without_its_merchants_label_is_named(link: str, said: str) -> None:
    assert said in messages(paid_links.link_unlabelled(document(link)))[0]


def test_a_label_inside_marked_words_is_seen() -> None:
    link = '<a rel="sponsored" href="/go/one/"><strong>$9.00</strong> at Shop, <em>a paid link</em> of ours</a>'
    assert list(paid_links.link_unlabelled(document(link))) == []


@pytest.mark.parametrize(
    ("main", "said"),
    [
        ("<h3>Deep</h3>", "the heading “Deep” is level 3 after level 1; use level 2."),
        ("<h2>A</h2><h4>B</h4>", "the heading “B” is level 4 after level 2; use level 3."),
    ],
)
def test_a_skipped_level_is_named(main: str, said: str) -> None:
    assert messages(headings.heading_jump(document(main))) == [said]


def test_going_up_again_is_no_jump() -> None:
    assert list(headings.heading_jump(document("<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2>"))) == []


@pytest.mark.parametrize("inner", ["", " ", "<strong></strong>", "\u200b", "<br>"])
def test_an_empty_heading_is_named(inner: str) -> None:
    assert "is empty" in messages(headings.heading_empty(document(f"<h2>{inner}</h2>")))[0]


def test_shouting_is_named_and_an_abbreviation_is_not() -> None:
    assert "all capitals" in messages(headings.heading_shouted(document("<h2>BEST OF ALL</h2>")))[0]
    assert list(headings.heading_shouted(document("<h2>USB-C</h2><h3>JBL JR310</h3><h2>Best of all</h2>"))) == []


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/media/a.webp">',
        '<img src="/media/a.webp" alt="">',
        '<img src="/media/a.webp" alt="  ">',
        '<a href="/x/"><img src="/media/a.webp" alt=""></a>',
        "<svg></svg>",
    ],
)
def test_a_picture_that_says_nothing_is_named(picture: str) -> None:
    assert len(messages(pictures.alt_missing(document(picture)))) == 1


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/media/a.webp" alt="The hinge, folded">',
        '<img src="/pictures/acme-one.svg" alt="">',
        '<button><img src="/media/a.webp" alt=""> Play the video</button>',
        '<svg aria-hidden="true"></svg>',
        '<svg role="img" aria-label="Prices of 90 days"></svg>',
        "<svg><title>Prices of 90 days</title></svg>",
    ],
)
def test_a_picture_that_is_told_or_tells_nothing_new_passes(picture: str) -> None:
    assert list(pictures.alt_missing(document(picture))) == []


@pytest.mark.parametrize("alt", ["IMG_1234.jpg", "img_1234", "DSC00042", "photo", "hero-image.webp", "Screenshot 3"])
def test_the_name_of_a_file_is_no_description(alt: str) -> None:
    assert "is a file's name" in messages(pictures.alt_file_name(document(f'<img src="/m/a.webp" alt="{alt}">')))[0]


def test_words_are_a_description() -> None:
    assert list(pictures.alt_file_name(document('<img src="/m/a.webp" alt="A photo of the hinge">'))) == []


def test_an_id_twice_is_named_in_the_block_that_brings_it_again() -> None:
    main = '<!--block 1--><h2 id="fit">Fit</h2><!--block 2--><h2 id="fit">Fit</h2><!--block end-->'
    (found,) = whole_page.id_repeated(document(main))
    assert (found.block, "“fit” stands on the page 2 times" in found.message) == (2, True)


@pytest.mark.parametrize(
    "piece",
    [
        '<img src="https://other.example/a.png" alt="x">',
        '<img src="/a.png" srcset="/a.png 1x, //other.example/b.png 2x" alt="x">',
        '<iframe src="https://www.youtube.example/embed/1"></iframe>',
        '<script src="//other.example/a.js"></script>',
        '<link rel="stylesheet" href="https://other.example/a.css">',
        '<video poster="https://other.example/a.png"></video>',
        '<form action="https://other.example/"></form>',
        '<p style="background: url(https://other.example/a.png)">x</p>',
        '<svg aria-hidden="true"><use href="https://other.example/a.svg#x"></use></svg>',
    ],
)
def test_a_request_to_somebody_else_is_named(piece: str) -> None:
    assert "from somebody else" in messages(whole_page.third_party_request(document(piece)))[0]


def test_links_and_our_own_files_are_no_requests_to_others() -> None:
    own = (
        '<a href="https://other.example/">x</a><img src="/a.png" alt="x"><img src="https://our.example/b.png" alt="x">'
        '<link rel="canonical" href="https://elsewhere.example/">'
    )
    assert list(whole_page.third_party_request(document(own))) == []


def test_a_link_to_a_place_that_is_not_on_the_page_is_named() -> None:
    main = '<p id="a b"><a href="#gone">Sound</a> <a href="#a%20b">Here it is</a> <a href="#">Top</a></p>'
    assert messages(whole_page.anchor_missing(document(main))) == [
        "the link “Sound” leads to “#gone”, and no such place is on this page. Link to a heading that is there."
    ]


def ld(*nodes: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@graph": nodes})}</script>'


def test_data_that_cannot_be_read_are_named() -> None:
    broken = document("", head='<script type="application/ld+json">{"a": </script>')
    assert "cannot be read" in messages(structured_data.json_ld_invalid(broken))[0]
    assert list(structured_data.json_ld_unseen(broken)) == [], "said once"


def test_data_against_the_rules_are_named() -> None:
    found = messages(structured_data.json_ld_invalid(document("", head=ld({"@type": "Product", "name": "One"}))))
    assert found == ["The data for search engines are wrong: Product: it needs one of review, aggregateRating, offers."]


@pytest.mark.parametrize(
    ("node", "seen", "unseen"),
    [
        ({"@type": "Offer", "price": "80.00"}, "$80.00 at Shop", "$180.00 and 80.005"),
        ({"@type": "Offer", "price": "1299.00"}, "$1,299.00", "$299.00"),
        ({"@type": "Offer", "price": "1299"}, "¥1,299", "¥1,299.50"),
        ({"@type": "Rating", "ratingValue": "8.4"}, "8.4 out of 10", "8.45, 18.4"),
        ({"@type": "Product", "name": "Acme One"}, "The <em>Acme</em> One", "Acme Two"),
        ({"@type": "Answer", "text": "So.\n\nAnd so."}, "<p>So.</p><p>And so.</p>", "<p>So.</p>"),
    ],
)
def test_what_machines_read_has_to_be_seen(node: dict[str, str], seen: str, unseen: str) -> None:
    assert list(structured_data.json_ld_unseen(document(f"<p>{seen}</p>", head=ld(node)))) == []
    assert len(list(structured_data.json_ld_unseen(document(f"<p>{unseen}</p>", head=ld(node))))) == 1


@pytest.mark.parametrize("said", ["here", "Click here", "this", "Read more", "more…"])
def test_a_link_that_does_not_say_where_it_leads_is_named(said: str) -> None:
    main = f'<!--block 1--><p><a href="/x/">{said}</a></p><!--block end-->'
    assert len(list(wording.link_text_vague(document(main)))) == 1


def test_long_text_is_named_and_the_rest_of_the_page_is_not_the_editors() -> None:
    long = " ".join(["word"] * 200)
    sentence = " ".join(["word"] * 50) + ". Short."
    main = f"<p>{long}</p><!--block 3--><p>{long}.</p><p>{sentence}</p><p>Short.</p><!--block end-->"
    found = list(wording.text_long(document(main)))
    assert [one.block for one in found] == [3, 3]
    assert "has 200 words" in found[0].message
    assert "a sentence of 50 words" in found[1].message


def test_what_is_found_is_a_plain_value() -> None:
    assert Found(1, "x") == Found(1, "x")
