from __future__ import annotations

from reviews.preview_html import in_frame, on_paper, uncounted, with_styles


def test_a_paid_link_becomes_a_trial_that_names_no_place() -> None:
    html = '<p><a class="button"\n rel="sponsored" href="/go/one/?p=a1.2.1-abcdefg">Shop</a></p>'
    assert uncounted(html) == '<p><a class="button"\n rel="sponsored" href="/go/one/?test=1">Shop</a></p>'


def test_a_direct_link_is_followed_as_a_trial_and_told_to_nobody() -> None:
    for ours in ("/go/one/", "https://earmark.example/go/one/"):
        html = f'<a rel="sponsored" href="https://shop.example/x?tag=us-20" ping="{ours}?p=a1.2.1-abcdefg">Shop</a>'
        assert uncounted(html) == '<a rel="sponsored" href="/go/one/?test=1">Shop</a>'
    html = '<a href="https://shop.example/go/one/">Shop</a>'
    assert uncounted(html) == html


def test_other_links_stay() -> None:
    html = '<a href="/products/acme-one/?x=/go/y">One</a><abbr title="/go/">x</abbr>'
    assert uncounted(html) == html


def test_machines_are_told_nothing() -> None:
    html = (
        'a<script type="application/ld+json">{"url": "/go/one/?p=x"}</script>b<script src="/static/js/a.js"></script>'
    )
    assert uncounted(html) == 'ab<script src="/static/js/a.js"></script>'


def test_a_frame_has_its_look_and_lets_links_open_beside_it() -> None:
    html = '<html lang="en"><script src="/static/js/theme.3f.js" defer></script><a href="#x">x</a><a href="/y/">y</a>'
    assert in_frame(html, look="dark") == (
        '<html data-theme="dark" lang="en"><a href="#x">x</a><a href="/y/" target="_blank">y</a>'
    )


def test_rules_for_paper_hold_on_the_screen() -> None:
    html = '<link rel="stylesheet" href="/static/a.css"><link rel="stylesheet" href="/static/b.css">'
    assert with_styles(html, {"/static/a.css": "/paper/a.css"}) == html.replace("/static/a", "/paper/a")
    assert on_paper("@media print { a { color: red } }") == "@media all { a { color: red } }"
