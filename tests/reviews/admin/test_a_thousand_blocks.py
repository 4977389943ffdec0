"""An article of a thousand blocks opens, is saved, and saves again as it came."""

from __future__ import annotations

import pytest
from django.test import Client

from reviews.services.articles import BlockInput
from tests.factories import make_article, make_product, make_staff
from tests.reviews.admin.test_article_form import EDITOR, FormReader, change_url, page

pytestmark = pytest.mark.django_db

BLOCKS = 1000


def test_a_thousand_blocks_open_move_and_are_saved(client: Client) -> None:
    client.force_login(make_staff("editor", *EDITOR))
    product = make_product()
    article = make_article(
        blocks=[
            BlockInput("product_card", {"text": f"Card {number}."}, [product])
            if number % 10 == 0
            else BlockInput("prose", {"html": f"<p>Words {number}</p>"})
            for number in range(BLOCKS)
        ]
    )
    keys = [block.key for block in article.blocks.all()]
    sent = FormReader(page(client, change_url(article))).data(title="Long")
    assert client.post(change_url(article), sent).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.version) == ("Long", 2)
    assert [block.key for block in article.blocks.all()] == keys
    sent = FormReader(page(client, change_url(article))).data(**{f"blocks-{BLOCKS}-position": "0"})
    assert client.post(change_url(article), sent).status_code == 302
    assert [block.key for block in article.blocks.all()] == [keys[-1], *keys[:-1]]
