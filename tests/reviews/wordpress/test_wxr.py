"""A WordPress export is read whole, and what is none is said so."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reviews.wordpress.wxr import WpAuthor, WpItem, WpSite, WxrError, read
from tests.reviews.wordpress.exports import FOOT, HEAD, comment, export, item


def only_item(*items: str) -> WpItem:
    (found,) = [part for part in read(export(*items)) if isinstance(part, WpItem)]
    return found


def test_site_authors_and_items_are_read() -> None:
    author, post, site = read(export(item()))
    assert author == WpAuthor(login="nora", name="Nora Beck")
    assert site == WpSite(title="Ear Notes", address="https://earnotes.example")
    assert isinstance(post, WpItem)
    assert (post.kind, post.slug, post.author, post.excerpt) == ("post", "night-train", "nora", "What we slept with.")
    assert post.published_at == datetime(2024, 3, 5, 21, 10, tzinfo=UTC)
    assert post.path == "/2024/03/night-train/"
    assert post.categories == ("travel",)


def test_comments_keep_whom_they_answer_and_no_address_of_the_net() -> None:
    told = comment(1, "First") + comment(2, "Answer", parent=1) + comment(3, "ping", kind="pingback")
    post = only_item(item(comments=told))
    assert [(one.comment_id, one.parent_id, one.text) for one in post.comments] == [
        ("1", "", "First"),
        ("2", "1", "Answer"),
    ]
    assert "203.0.113.9" not in repr(post)


def test_a_draft_without_a_date_or_an_address_has_none() -> None:
    post = only_item(item(status="draft", date="0000-00-00 00:00:00", link="https://earnotes.example/?p=7"))
    assert post.published_at is None
    assert post.path == ""


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_of_the_form_is_read(version: str) -> None:
    text = (HEAD + item() + FOOT).replace("export/1.2/", f"export/{version}/")
    kinds = [type(part).__name__ for part in read(io.BytesIO(text.encode()))]
    assert kinds == ["WpAuthor", "WpItem", "WpSite"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "broken"),
        ("not xml", "broken"),
        ("<html><body/></html>", "begins with <html>"),
        ("<rss><channel><item><title>a feed</title></item></channel></rss>", "a feed, not an export"),
        ("<rss><channel><title>empty</title></channel></rss>", "no wp:wxr_version"),
        (HEAD + item()[:-20], "broken at line"),
        (HEAD + item(title="a \x08 control character") + FOOT, "broken at line"),
    ],
)
def test_what_is_no_export_is_refused_with_what_to_do(text: str, words: str) -> None:
    with pytest.raises(WxrError, match=words):
        list(read(io.BytesIO(text.encode())))


def test_no_file_of_ours_is_read_and_no_entity_grows(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    for entity, doctype in (("&x;", f'<!ENTITY x SYSTEM "{secret.as_uri()}">'), ("&e11;", entities)):
        text = (HEAD + item(title=entity) + FOOT).replace("<rss", f"<!DOCTYPE rss [{doctype}]><rss", 1)
        try:
            told = repr(list(read(io.BytesIO(text.encode()))))
        except WxrError:
            continue
        assert "do not tell" not in told
        assert len(told) < 10_000


def test_a_thousand_items_are_read_one_by_one() -> None:
    parts = read(export(*[item(number) for number in range(1000)]))
    assert sum(isinstance(part, WpItem) for part in parts) == 1000
