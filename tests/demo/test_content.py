"""Does a broken content file say which file, where and what?"""

from __future__ import annotations

from pathlib import Path

import pytest

from demo import content
from demo.content import ContentError


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.jsonl"
    file.write_text('{"brand": "A"}\n{broken\n')
    with pytest.raises(ContentError, match=r"catalogue\.jsonl, line 2 is not JSON"):
        content.catalogue(file)


def test_an_article_with_an_unknown_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("slug: one\nkind: guide\ntitel: One\nblocks: []\n")
    with pytest.raises(ContentError, match=r"one\.yaml: .*titel"):
        content.articles(tmp_path)


def test_an_article_without_blocks_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("slug: one\n")
    with pytest.raises(ContentError, match=r"one\.yaml has no list of `blocks`"):
        content.articles(tmp_path)


def test_a_block_without_a_kind_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("blocks:\n  - data: {}\n")
    with pytest.raises(ContentError, match=r"one\.yaml, block 1: .*kind"):
        content.articles(tmp_path)


def test_authors_that_are_no_list_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "authors.yaml"
    file.write_text("name: Somebody\n")
    with pytest.raises(ContentError, match=r"authors\.yaml holds dict where list belongs"):
        content.authors(file)


def test_the_demo_authors_say_that_they_are_invented() -> None:
    authors = content.authors()
    assert len(authors) >= 2
    assert all("invented" in author.bio and author.credentials.startswith("Fictional") for author in authors)
