from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_article, make_author, make_product, make_published_article, make_review

pytestmark = pytest.mark.django_db


def test_the_list_names_every_published_article_by_its_text_and_no_draft(client: Client) -> None:
    make_published_article("plain", title="Plain words", standfirst="What the words mean.")
    make_review(make_product())
    make_article("draft", title="Not yet")
    answer = client.get("/llms.txt")
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert text.startswith("# Earmark\n\n> ")
    assert "/guides/plain.md): What the words mean." in text
    assert "/reviews/acme-one-review.md)" in text
    assert "Not yet" not in text


def test_every_address_in_it_answers(client: Client) -> None:
    make_published_article("plain")
    text = client.get("/llms.txt").content.decode()
    paths = [line.split("](", 1)[1].split(")", 1)[0] for line in text.splitlines() if line.startswith("- [")]
    assert len(paths) >= 6
    for address in paths:
        path = "/" + address.split("/", 3)[3]
        assert client.get(path).status_code == 200, path
    assert "/method/" not in text, "no method is active"


def test_more_articles_ask_no_more_questions(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/llms.txt", headers={"cookie": "sessionid=x"})
        return len(captured)

    author = make_author()
    make_published_article("first", author=author)
    few = queries()
    for number in range(6):
        make_published_article(f"more-{number}", author=author)
    assert queries() == few
