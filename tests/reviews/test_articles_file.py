"""Is any upload either read as a file of articles or refused in words, and never anything else?"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import packed_articles
from reviews.articles_file import ArticlesFileError, read, written
from reviews.packed_articles import packed, unpacked

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
ARTICLE: dict[str, Any] = {
    "slug": "one", "kind": "guide", "title": "One", "standfirst": "In short.", "obtained": "", "about_kind": "",
    "about_type": "", "seo_title": "", "seo_description": "", "use_case": "", "author": "ada", "reviewer": None,
    "subject": None, "picture": None, "planned_for": None, "expires_at": None, "watches": [],
    "blocks": [{"key": "a", "kind": "prose", "data": {"html": "<p>Words.</p>"}, "products": []}],
}  # fmt: skip


def zipped(*files: tuple[str, bytes]) -> bytes:
    with BytesIO() as out:
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for name, content in files:
                archive.writestr(name, content)
        return out.getvalue()


@given(st.dictionaries(st.sampled_from(sorted(ARTICLE)), JSON))
def test_an_article_with_anything_in_it_is_read_or_refused_by_its_path(wrong: dict[str, Any]) -> None:
    (entry,) = read(written({"articles": [{**ARTICLE, **wrong}]})).articles

    assert all(problem.startswith("articles[0]") for problem in entry.problems)
    if not wrong:
        assert not entry.problems


@given(JSON)
def test_a_block_with_anything_for_a_kind_never_breaks_the_reader(wrong: Any) -> None:
    (entry,) = read(written({"articles": [{**ARTICLE, "blocks": [{"kind": wrong, "data": wrong}]}]})).articles

    assert entry.problems


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_in_words(content: bytes) -> None:
    for start in (b"", b"PK", b"PK\x03\x04"):
        with pytest.raises(ArticlesFileError):
            read(unpacked(start + content).listed)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[]", "one object"),
        (b'{"form": "other"}', "not a file of articles"),
        (b'{"form": "earmark-articles", "version": 2}', "version: 2 is not known"),
        (b'{"form": "earmark-articles", "version": 1, "articles": {}}', "articles: must be a list"),
        (b'{"form": "earmark-articles", "version": NaN}', "not JSON"),
        (b'{"form": "\\ud800"}', "half a character"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff", "not UTF-8"),
    ],
    ids=["list", "other-form", "later-version", "no-list", "nan", "surrogate", "deep", "latin-1"],
)
def test_a_file_that_is_none_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ArticlesFileError, match=words):
        read(content)


def test_the_same_slug_twice_is_refused_once() -> None:
    first, second = read(written({"articles": [ARTICLE, ARTICLE]})).articles

    assert not first.problems
    assert second.problems == ("articles[1].slug: 'one' is there twice.",)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "c:x", "a\\..\\x"])
def test_a_zip_whose_names_lead_out_of_it_is_refused(name: str) -> None:
    with pytest.raises(ArticlesFileError, match="leads out of it"):
        unpacked(zipped(("articles.json", b"{}"), (name, b"x")))


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_articles, "MAX_UNPACKED", 1_000)
    with pytest.raises(ArticlesFileError, match="would unpack to more"):
        unpacked(zipped(("articles.json", b"{}"), ("x", b"0" * 5_000)))


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(zipped(("articles.json", b"{}"), ("x", b"0" * 5_000)))
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(ArticlesFileError):
        unpacked(bytes(content))


def test_what_was_packed_is_unpacked_and_packed_the_same_again() -> None:
    files = {"pictures/a.jpg": b"a"}

    content = packed(b"{}", files)

    assert (unpacked(content).listed, unpacked(content).files) == (b"{}", files)
    assert packed(b"{}", files) == content
    with pytest.raises(ArticlesFileError, match="holds no articles"):
        unpacked(zipped(("a.json", json.dumps(ARTICLE).encode())))
