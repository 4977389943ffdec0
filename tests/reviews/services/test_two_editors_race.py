"""Two transactions save one article at the same moment: one wins, the other is told, nothing is overwritten."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from reviews.models import Article
from reviews.services.articles import BlockInput, ConflictError, edit_article
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 6


def test_of_many_who_save_the_same_version_at_once_exactly_one_does() -> None:
    article = make_article()
    start = threading.Barrier(WRITERS)
    outcomes: list[tuple[int, str]] = []

    def write(number: int) -> None:
        try:
            mine = Article.objects.get(pk=article.pk)
            mine.title = f"Title {number}"
            start.wait(timeout=20)
            edit_article(
                article=mine,
                blocks=[BlockInput("prose", {"html": f"<p>Words {number}</p>"})],
                seen_version=article.version,
            )
            outcomes.append((number, "saved"))
        except ConflictError as error:
            outcomes.append((number, f"told of version {error.version}"))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    (winner,) = [number for number, outcome in outcomes if outcome == "saved"]
    assert sorted({outcome for _, outcome in outcomes}) == ["saved", "told of version 2"]
    assert len(outcomes) == WRITERS
    stored = Article.objects.get(pk=article.pk)
    assert (stored.title, stored.version) == (f"Title {winner}", 2)
    assert [block.data["html"] for block in stored.blocks.all()] == [f"<p>Words {winner}</p>"]


def test_who_names_no_version_replaces_what_is_there() -> None:
    article = make_article()
    make_article(title="Another")
    article.title = "Mine"
    edit_article(article=article, blocks=[])
    assert Article.objects.get().title == "Mine"


def test_a_conflict_changes_neither_fields_nor_blocks() -> None:
    article = make_article()
    make_article(title="Theirs")
    article.title = "Mine"
    with pytest.raises(ConflictError):
        edit_article(article=article, blocks=[], seen_version=1)
    stored = Article.objects.get()
    assert (stored.title, stored.version, stored.blocks.count()) == ("Theirs", 2, 1)
