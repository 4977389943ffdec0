"""The short links of both plug-ins are read with their codes, and each bad one is named."""

from __future__ import annotations

import io

import pytest

from reviews.wordpress.short_links import BadLink, ShortLink, ShortLinksError, pretty_links, thirsty_links
from reviews.wordpress.wxr import WpItem, read
from tests.reviews.wordpress.exports import export, item


def thirsty(**told: object) -> ShortLink | BadLink:
    meta = {"_ta_destination_url": "https://shop.example/p/1?a=1&amp;b=2", "_ta_redirect_type": "301"}
    values = {"kind": "thirstylink", "slug": "pair", "link": "https://earnotes.example/recommends/pair/", "meta": meta}
    items = [part for part in read(export(item(**{**values, **told}))) if isinstance(part, WpItem)]
    (found,) = thirsty_links(items)
    return found


def pretty(text: str) -> list[ShortLink | BadLink]:
    return list(pretty_links(io.StringIO(text, newline="")))


def test_a_thirsty_link_keeps_code_path_address_and_status() -> None:
    assert thirsty() == ShortLink(
        code="pair",
        former_path="/recommends/pair/",
        url="https://shop.example/p/1?a=1&b=2",
        name="Two pairs for the night train",
        status=301,
    )


def test_pretty_links_are_read_by_the_names_of_their_columns() -> None:
    (link,) = pretty("id,URL,slug,name,redirect_type\n3,https://shop.example/p/1,go/pair,The pair,307\n")
    assert link == ShortLink(
        code="pair", former_path="/go/pair/", url="https://shop.example/p/1", name="The pair", status=307
    )


def test_an_unknown_redirect_is_a_temporary_one() -> None:
    (link,) = pretty("slug,url,redirect_type\na,https://shop.example/,cloak\n")
    assert isinstance(link, ShortLink)
    assert link.status == 302


@pytest.mark.parametrize(
    ("slug", "url", "words"),
    [
        ("", "https://shop.example/", "is no code"),
        ("a b", "https://shop.example/", "is no code"),
        ("x" * 41, "https://shop.example/", "is no code"),
        ("ok", "javascript:alert(1)", "no web address"),
        ("ok", "https://", "no web address"),
        ("ok", "https://user:pass@shop.example/", "no web address"),
        ("ok", "http://[broken", "no web address"),
    ],
)
def test_a_link_that_cannot_be_one_is_named_with_its_reason(slug: str, url: str, words: str) -> None:
    (bad,) = pretty(f"slug,url\n{slug},{url}\n")
    assert isinstance(bad, BadLink)
    assert words in bad.reason


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(ShortLinksError, match="needs the columns `slug` and `url`; it has a, b"):
        pretty("a,b\n1,2\n")
